//! A token's permissions: super admin, or a list of grants.
//!
//! Everything is denied unless a grant allows it; no grant denies. Names match exactly and case-sensitively. `"*"` alone
//! matches everything, existing and future, and is the only wildcard in names. Grants are never combined: one grant must
//! allow the whole request.

mod json;
mod path;
mod value;

pub use path::PathPattern;
use value::check_stored_name;
pub use value::{check_method, check_name};

use super::access::AccessRequest;
use super::permission::{Field, Kind, ObjectPattern, Permission, Role, SegmentPattern};
use super::violation::Violation;
use serde_json::Value;

/// The `resource` of a grant on methods and paths.
const ROUTES: &str = "routes";

/// The permissions of a token.
#[derive(Clone, Debug, PartialEq)]
pub enum Permissions {
    /// Full access, including managing tokens.
    SuperAdmin,
    /// What at least one of these grants allows.
    Specific(Vec<Grant>),
}

/// One grant.
#[derive(Clone, Debug, PartialEq)]
pub enum Grant {
    /// A role on named objects.
    Resources(ResourceGrant),
    /// Methods on request paths.
    Routes(RoutesGrant),
    /// A grant of a newer release, with a kind or role that this release does not know. It is kept as it is, allows
    /// nothing, and leaves the other grants in force.
    Unknown(Value),
}

/// A role on the objects that its fields name.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceGrant {
    kind: Kind,
    role: Role,
    permissions: &'static [Permission],
    names: Vec<(Field, Names)>,
}

/// Methods on paths.
#[derive(Clone, Debug, PartialEq)]
pub struct RoutesGrant {
    /// The methods.
    pub methods: Names,
    /// The paths.
    pub paths: Vec<PathPattern>,
}

/// The names in one field of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// `*`: all, existing and future.
    All,
    /// Exactly these.
    These(Vec<String>),
}

/// The kind of a grant, which its `resource` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantKind {
    /// A grant on the objects of a resource.
    Resources(Kind),
    /// A grant on methods and paths.
    Routes,
}

impl Permissions {
    /// The maximum size in bytes, as compact JSON.
    pub const MAX_BYTES: usize = 14 * 1024;

    const MAX_GRANTS: usize = 100;

    /// Checks the number of grants.
    ///
    /// # Errors
    /// `grants-count`.
    pub fn check_count(grants: usize) -> Result<(), Violation> {
        let detail = match grants {
            0 => "must contain at least one grant; without one, the token could do nothing"
                .to_owned(),
            1..=Self::MAX_GRANTS => return Ok(()),
            _ => format!("must contain at most {} grants", Self::MAX_GRANTS),
        };
        Err(Violation::new("grants-count", detail))
    }

    /// Returns the permissions unless they are larger than [`Self::MAX_BYTES`].
    ///
    /// # Errors
    /// `permissions-size`.
    pub fn check_size(self) -> Result<Self, Violation> {
        if serde_json::to_string(&self).is_ok_and(|text| text.len() > Self::MAX_BYTES) {
            let detail = format!("must have at most {} bytes as compact JSON", Self::MAX_BYTES);
            return Err(Violation::new("permissions-size", detail));
        }
        Ok(self)
    }
}

impl GrantKind {
    /// Parses the `resource` of a grant.
    ///
    /// # Errors
    /// `resource`.
    pub fn parse(resource: &str) -> Result<Self, Violation> {
        if resource == ROUTES {
            return Ok(Self::Routes);
        }
        match Kind::ALL.iter().find(|(_, name, _)| *name == resource) {
            Some((kind, ..)) => Ok(Self::Resources(*kind)),
            None => {
                let known: Vec<_> = Kind::ALL.iter().map(|(_, name, _)| *name).collect();
                let detail = format!("must be one of `{}`, `{ROUTES}`", known.join("`, `"));
                Err(Violation::new("resource", detail))
            }
        }
    }
}

/// Parses the `role` of a grant of this kind.
///
/// # Errors
/// `role`.
pub fn parse_role(kind: Kind, role: &str) -> Result<Role, Violation> {
    let exists = |role: &Role| kind.permissions(*role).is_some();
    match Role::ALL.iter().find(|(one, name)| *name == role && exists(one)) {
        Some((role, _)) => Ok(*role),
        None => {
            let roles = Role::ALL.iter().filter(|(role, _)| exists(role));
            let known: Vec<_> = roles.map(|(_, name)| *name).collect();
            let detail = format!("must be one of `{}`", known.join("`, `"));
            Err(Violation::new("role", detail))
        }
    }
}

impl Names {
    const MAX: usize = 100;

    /// Checks the length of a list of names, methods or paths.
    ///
    /// # Errors
    /// `list-length`.
    pub fn check_length(length: usize) -> Result<(), Violation> {
        if (1..=Self::MAX).contains(&length) {
            return Ok(());
        }
        Err(Violation::new("list-length", format!("must contain 1 to {} values", Self::MAX)))
    }

    /// Creates the names of a list, in which `*` must be the only one.
    ///
    /// # Errors
    /// `wildcard`, at the place of the `*`.
    pub fn from_list(names: Vec<String>) -> Result<Self, Violation> {
        match names.iter().position(|name| name == "*") {
            None => Ok(Self::These(names)),
            Some(_) if names.len() == 1 => Ok(Self::All),
            Some(index) => {
                let detail = "must be the only value; `*` matches everything, existing and future";
                Err(Violation::new("wildcard", detail).at(index))
            }
        }
    }

    /// Returns whether `name` is one of them.
    pub fn matches(&self, name: &str) -> bool {
        match self {
            Names::All => true,
            Names::These(names) => names.iter().any(|one| one == name),
        }
    }

    /// Returns whether a Helm environment among them (`cluster/namespace` or `cluster/*`) is this namespace.
    fn matches_namespace(&self, cluster: &str, namespace: &str) -> bool {
        match self {
            Names::All => true,
            // Split at the last slash: a cluster's name may contain one, a namespace never does.
            Names::These(names) => names
                .iter()
                .filter_map(|name| name.rsplit_once('/'))
                .any(|(one, rest)| one == cluster && (rest == "*" || rest == namespace)),
        }
    }
}

impl Grant {
    /// Returns whether this grant alone allows `access`.
    pub fn allows(&self, access: &AccessRequest<'_>) -> bool {
        match self {
            Grant::Resources(grant) => grant.allows(access),
            Grant::Routes(_) | Grant::Unknown(_) => false,
        }
    }

    /// Returns whether this is a `routes` grant for this method on a path with these segments.
    pub fn matches_route(&self, method: &str, segments: &[&str]) -> bool {
        match self {
            Grant::Routes(grant) => {
                grant.matches_method(method)
                    && grant.paths.iter().any(|path| path.matches(segments))
            }
            Grant::Resources(_) | Grant::Unknown(_) => false,
        }
    }
}

impl RoutesGrant {
    /// `GET` includes `HEAD`, the same request without the content of its response (RFC 9110, section 9.3.2).
    fn matches_method(&self, method: &str) -> bool {
        self.methods.matches(method) || method == "HEAD" && self.methods.matches("GET")
    }
}

impl ResourceGrant {
    /// Creates a grant. A field that the role does not use must be `*`: a list that changes nothing would mislead.
    ///
    /// # Errors
    /// `names`, at the field.
    pub fn new(kind: Kind, role: Role, names: Vec<(Field, Names)>) -> Result<Self, Violation> {
        let permissions = kind.permissions(role).unwrap_or_default();
        let is_used = |field: Field| {
            let pattern = SegmentPattern::Field(field);
            permissions.iter().any(|permission| permission.object.contains(&pattern))
        };
        match names.iter().find(|(field, names)| *names != Names::All && !is_used(*field)) {
            Some((field, _)) => {
                let detail = "must be `[\"*\"]`; this role always applies to all of them";
                Err(Violation::new("names", detail).at(field.name()))
            }
            None => Ok(Self { kind, role, permissions, names }),
        }
    }

    fn allows(&self, access: &AccessRequest<'_>) -> bool {
        self.permissions
            .iter()
            .filter(|permission| permission.matches(access.resource, access.action))
            .any(|permission| self.matches(permission.object, access.object()))
    }

    fn matches(&self, pattern: &ObjectPattern, object: &[&str]) -> bool {
        let mut segments = object.iter();
        for expected in pattern {
            let Some(segment) = segments.next() else {
                return false;
            };
            let matches = match expected {
                SegmentPattern::Any => true,
                SegmentPattern::Field(Field::HelmEnvironments) => {
                    let names = self.names(Field::HelmEnvironments).zip(segments.next());
                    names.is_some_and(|(names, namespace)| {
                        names.matches_namespace(segment, namespace)
                    })
                }
                SegmentPattern::Field(field) => {
                    self.names(*field).is_some_and(|names| names.matches(segment))
                }
            };
            if !matches {
                return false;
            }
        }
        segments.next().is_none()
    }

    fn names(&self, field: Field) -> Option<&Names> {
        self.names.iter().find(|(named, _)| *named == field).map(|(_, names)| names)
    }
}
