//! A token's permissions as data: super admin, or a set of grants.
//!
//! Default deny, no deny grants, exact and case-sensitive matching. `"*"` alone means all, existing and future; there
//! are no other wildcards in names. One grant must allow everything that a request needs: two grants never add up.

mod form;
mod path;
mod read;

pub use path::PathPattern;
pub use read::MAX_DOCUMENT;

use super::permission::{Action, Field, Kind, ObjectPattern, Resource, Role, SegmentPattern};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// What a token may do.
#[derive(Clone, Debug, PartialEq)]
pub enum Permissions {
    /// Everything, token management included.
    SuperAdmin,
    /// What at least one of these grants allows: 1 to 100.
    Specific(Vec<Grant>),
}

/// One grant.
#[derive(Clone, Debug, PartialEq)]
pub enum Grant {
    /// Rights on named things, as a role.
    Resources(ResourceGrant),
    /// Methods on request paths.
    Routes(RoutesGrant),
    /// A kind or role that this release does not know, written by a newer one: it allows nothing, is kept as it is,
    /// and leaves the other grants in force.
    Unknown(Value),
}

/// A role on what the members name.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceGrant {
    kind: Kind,
    role: Role,
    named: Vec<(Field, Names)>,
}

/// Methods on paths.
#[derive(Clone, Debug, PartialEq)]
pub struct RoutesGrant {
    methods: Names,
    paths: Vec<PathPattern>,
}

/// The names in one member of a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// `*`: all, existing and future.
    All,
    /// Exactly these.
    These(Vec<String>),
}

/// One (resource, action, object) that a request needs. `object` has as many segments as the resource's objects.
#[derive(Clone, Copy, Debug)]
pub struct Need<'a> {
    /// What it is about.
    pub resource: Resource,
    /// What is to be done.
    pub action: Action,
    /// To which object: its segments.
    pub object: &'a [&'a str],
}

impl Names {
    /// Whether `name` is among them.
    pub fn cover(&self, name: &str) -> bool {
        match self {
            Names::All => true,
            Names::These(names) => names.iter().any(|one| one == name),
        }
    }

    /// Whether a Helm environment among them (`cluster/namespace` or `cluster/*`) is this cluster and namespace.
    fn cover_namespace(&self, cluster: &str, namespace: &str) -> bool {
        match self {
            Names::All => true,
            // Split at the last slash: a cluster's name may hold one, a namespace never does.
            Names::These(names) => names
                .iter()
                .filter_map(|one| one.rsplit_once('/'))
                .any(|(of, within)| of == cluster && (within == "*" || within == namespace)),
        }
    }
}

impl Grant {
    /// Whether this grant allows `need`, all by itself.
    pub fn allows(&self, need: &Need<'_>) -> bool {
        match self {
            Grant::Resources(grant) => grant.allows(need),
            Grant::Routes(_) | Grant::Unknown(_) => false,
        }
    }

    /// Whether this is a `routes` grant that covers a method on a path, given as its segments.
    pub fn covers_route(&self, method: &str, segments: &[&str]) -> bool {
        match self {
            Grant::Routes(grant) => {
                grant.methods.cover(method) && grant.paths.iter().any(|path| path.covers(segments))
            }
            Grant::Resources(_) | Grant::Unknown(_) => false,
        }
    }
}

impl ResourceGrant {
    fn allows(&self, need: &Need<'_>) -> bool {
        self.kind.permissions(self.role).is_some_and(|permissions| {
            permissions
                .iter()
                .filter(|permission| permission.matches(need.resource, need.action))
                .any(|permission| self.covers(permission.object, need.object))
        })
    }

    fn covers(&self, pattern: &ObjectPattern, object: &[&str]) -> bool {
        let mut segments = object.iter();
        let covered = pattern.iter().all(|expected| match expected {
            SegmentPattern::Any => segments.next().is_some(),
            SegmentPattern::Field(Field::HelmEnvironments) => {
                match (segments.next(), segments.next()) {
                    (Some(cluster), Some(namespace)) => self
                        .names(Field::HelmEnvironments)
                        .is_some_and(|names| names.cover_namespace(cluster, namespace)),
                    _ => false,
                }
            }
            SegmentPattern::Field(field) => match (self.names(*field), segments.next()) {
                (Some(names), Some(segment)) => names.cover(segment),
                _ => false,
            },
        });
        covered && segments.next().is_none()
    }

    fn names(&self, field: Field) -> Option<&Names> {
        self.named.iter().find(|(named, _)| *named == field).map(|(_, names)| names)
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Permissions::SuperAdmin => map.serialize_entry("type", "superAdmin")?,
            Permissions::Specific(grants) => {
                map.serialize_entry("type", "specific")?;
                map.serialize_entry("grants", grants)?;
            }
        }
        map.end()
    }
}

impl Serialize for Grant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = match self {
            Grant::Unknown(value) => return value.serialize(serializer),
            Grant::Resources(_) | Grant::Routes(_) => serializer.serialize_map(None)?,
        };
        if let Grant::Resources(grant) = self {
            let kind =
                Kind::ALL.iter().find(|(kind, ..)| *kind == grant.kind).map(|(_, name, _)| name);
            map.serialize_entry("resource", &kind)?;
            for (field, names) in &grant.named {
                match names {
                    Names::These(names) if field.is_single() => {
                        map.serialize_entry(field.name(), &names.first())?
                    }
                    Names::All if field.is_single() => map.serialize_entry(field.name(), "*")?,
                    names => map.serialize_entry(field.name(), names)?,
                }
            }
            let role = Role::ALL.iter().find(|(role, _)| *role == grant.role).map(|(_, name)| name);
            map.serialize_entry("role", &role)?;
        }
        if let Grant::Routes(grant) = self {
            map.serialize_entry("resource", read::ROUTES)?;
            map.serialize_entry("methods", &grant.methods)?;
            map.serialize_entry("paths", &grant.paths)?;
        }
        map.end()
    }
}

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Names::All => ["*"].serialize(serializer),
            Names::These(names) => names.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::violation::{Pointer, Violations};
    use super::*;
    use serde_json::json;

    #[test]
    fn permissions_of_every_kind_are_written_as_they_were_read() {
        for document in [
            json!({ "type": "superAdmin" }),
            json!({ "type": "specific", "grants": [
                { "resource": "devtronApps", "project": "pay", "environments": ["prod", "dev"], "applications": ["*"], "role": "trigger" },
                { "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["shop"], "role": "manager" },
                { "resource": "helmApps", "project": "pay", "environments": ["c/web", "c/*"], "applications": ["redis"], "role": "edit" },
                { "resource": "jobs", "project": "data", "environments": ["*"], "jobs": ["nightly"], "workflows": ["*"], "role": "view" },
                { "resource": "kubernetes", "cluster": "c", "namespaces": ["web"], "apiGroups": ["core"], "kinds": ["*"], "names": ["*"], "role": "admin" },
                { "resource": "chartGroups", "names": ["team"], "role": "edit" },
                { "resource": "routes", "methods": ["GET", "POST"], "paths": ["/a/*", "/b/**"] },
                { "resource": "routes", "methods": ["*"], "paths": ["/**"] },
            ] }),
        ] {
            let mut violations = Violations::default();
            let read = Permissions::read(&document, &Pointer::root(), &mut violations);
            let read = read.unwrap_or_else(|| panic!("{violations:?}"));
            assert_eq!(serde_json::to_value(&read).unwrap(), document);
        }
    }

    #[test]
    fn a_document_has_14_kib_at_most() {
        // The last path makes the difference.
        let document = |spare: usize| {
            let longest = (0..99).map(|number| format!("/{number:02}{}", "a".repeat(136)));
            let last = format!("/{}", "b".repeat(spare));
            let paths: Vec<_> = longest.chain([last]).collect();
            json!({ "type": "specific", "grants": [{ "resource": "routes", "methods": ["*"], "paths": paths }] })
        };
        let spare = MAX_DOCUMENT - document(0).to_string().len();
        let read = |spare| {
            let mut violations = Violations::default();
            let read = Permissions::read(&document(spare), &Pointer::root(), &mut violations);
            (read.is_some(), violations.iter().next().map(|one| one.invalid.code))
        };
        assert_eq!(read(spare), (true, None));
        assert_eq!(read(spare + 1), (false, Some("permissions-size")));
        assert_eq!(read(spare + 2), (false, Some("permissions-size")));
    }
}
