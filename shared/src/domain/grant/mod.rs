//! A token's permissions: super admin, or a list of grants.
//!
//! Everything is denied unless a grant allows it; no grant denies. Names match exactly and case-sensitively. `"*"` alone
//! matches everything, existing and future. There is no other wildcard in names, except that the second segment of a pair
//! may be `*`. Grants are never combined: one grant must allow the whole request.

mod json;
mod path;
mod stored;
mod value;

pub use path::PathPattern;
use value::check_stored_name;
pub use value::{check_method, check_name};

use super::access::AccessRequest;
use super::permission::{Kind, ObjectPattern, ROUTES, Role, SegmentPattern, Vocabulary};
use super::violation::Violation;
use serde_json::Value;
use smallvec::SmallVec;
use smol_str::SmolStr;

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
    /// A stored grant that this deployment's vocabulary does not describe: it was written by a newer release, or before
    /// the vocabulary changed. It is kept as it is, allows nothing, and leaves the other grants in force.
    Unknown(Value),
}

/// A role on the objects that its members name.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceGrant {
    kind: &'static Kind,
    role: &'static Role,
    /// The names in each member, in the order of [`Kind::members`].
    names: Vec<Names>,
}

/// Methods on paths.
#[derive(Clone, Debug, PartialEq)]
pub struct RoutesGrant {
    /// The methods.
    pub methods: Names,
    /// The paths.
    pub paths: Vec<PathPattern>,
}

/// The names in one member of a grant, or the methods of a `routes` grant. There is usually only one, so a list of one is
/// kept without an allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// `*`: all, existing and future.
    All,
    /// Exactly these.
    These(SmallVec<[SmolStr; 1]>),
}

/// The kind of a grant, which its `resource` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantKind {
    /// A grant of a role on objects.
    Resources(&'static Kind),
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
    /// The violation `grants-count`.
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
    /// The violation `permissions-size`.
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
    /// The violation `resource`.
    pub fn parse(vocabulary: &Vocabulary, resource: &str) -> Result<Self, Violation> {
        Self::find(vocabulary, resource).ok_or_else(|| {
            let known: Vec<_> = vocabulary.kinds.iter().map(|kind| kind.name).collect();
            let detail = format!("must be one of `{}`, `{ROUTES}`", known.join("`, `"));
            Violation::new("resource", detail)
        })
    }

    fn find(vocabulary: &Vocabulary, resource: &str) -> Option<Self> {
        if resource == ROUTES {
            return Some(Self::Routes);
        }
        vocabulary.kind(resource).map(Self::Resources)
    }
}

/// Parses the `role` of a grant of this kind.
///
/// # Errors
/// The violation `role`.
pub fn parse_role(kind: &Kind, role: &str) -> Result<&'static Role, Violation> {
    kind.role(role).ok_or_else(|| {
        let known: Vec<_> = kind.roles.iter().map(|role| role.name).collect();
        Violation::new("role", format!("must be one of `{}`", known.join("`, `")))
    })
}

impl Names {
    const MAX: usize = 100;

    /// Checks the length of a list of names, methods or paths.
    ///
    /// # Errors
    /// The violation `list-length`.
    pub fn check_length(length: usize) -> Result<(), Violation> {
        if (1..=Self::MAX).contains(&length) {
            return Ok(());
        }
        Err(Violation::new("list-length", format!("must contain 1 to {} values", Self::MAX)))
    }

    /// Creates the names in a list. If the list contains `*`, that must be its only element.
    ///
    /// # Errors
    /// The violation `wildcard`, at the place of the `*`.
    pub fn from_list<N: Into<SmolStr>>(
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, Violation> {
        let names: SmallVec<[SmolStr; 1]> = names.into_iter().map(N::into).collect();
        match names.iter().position(|name| **name == *"*") {
            None => Ok(Self::These(names)),
            Some(_) if names.len() == 1 => Ok(Self::All),
            Some(index) => {
                let detail = "must be the only value; `*` matches everything, existing and future";
                Err(Violation::new("wildcard", detail).at(index))
            }
        }
    }

    /// Returns whether the list contains `name`, or is `*`.
    pub fn matches(&self, name: &str) -> bool {
        match self {
            Names::All => true,
            Names::These(names) => names.iter().any(|one| **one == *name),
        }
    }

    /// Returns whether one of the names is a pair (`first/second` or `first/*`) that matches these two segments, or the list is
    /// `*`.
    fn matches_pair(&self, first: &str, second: &str) -> bool {
        match self {
            Names::All => true,
            // Only the first segment may contain slashes, for example as the ARN of a cluster, so split at the last one.
            Names::These(names) => names
                .iter()
                .filter_map(|name| name.rsplit_once('/'))
                .any(|(one, rest)| one == first && (rest == "*" || rest == second)),
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
    /// Creates a grant with the names of each member, in the order of [`Kind::members`]. A member that the role does not
    /// use must be `*`: a list that changes nothing would mislead.
    ///
    /// # Errors
    /// The violation `names`, at the member.
    pub fn new(
        kind: &'static Kind,
        role: &'static Role,
        names: Vec<Names>,
    ) -> Result<Self, Violation> {
        let mut members = kind.members.iter().zip(&names).enumerate();
        match members.find(|(index, (_, names))| **names != Names::All && !role.uses(*index)) {
            Some((_, (member, _))) => {
                let all = if member.single { "*" } else { r#"["*"]"# };
                let detail = format!("must be `{all}`; this role always applies to all of them");
                Err(Violation::new("names", detail).at(member.name))
            }
            None => Ok(Self { kind, role, names }),
        }
    }

    fn allows(&self, access: &AccessRequest<'_>) -> bool {
        self.role
            .permissions
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
                SegmentPattern::Names(member) => {
                    self.names.get(*member).is_some_and(|names| names.matches(segment))
                }
                SegmentPattern::Pairs(member) => {
                    let pairs = self.names.get(*member).zip(segments.next());
                    pairs.is_some_and(|(pairs, second)| pairs.matches_pair(segment, second))
                }
            };
            if !matches {
                return false;
            }
        }
        segments.next().is_none()
    }
}
