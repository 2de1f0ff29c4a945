//! Permissions as JSON: the same form in responses and in the table.

use super::{
    Grant, GrantKind, Names, PathPattern, Permissions, ROUTES, ResourceGrant, RoutesGrant,
    check_method, check_stored_name, parse_role,
};
use crate::domain::permission::{Field, Kind, Role};
use serde::de::{Deserialize, DeserializeOwned};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

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
        match self {
            Grant::Resources(grant) => grant.serialize(serializer),
            Grant::Routes(grant) => grant.serialize(serializer),
            Grant::Unknown(value) => value.serialize(serializer),
        }
    }
}

impl Serialize for ResourceGrant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("resource", self.kind.name())?;
        for (field, names) in &self.names {
            match names {
                Names::All if field.is_single() => map.serialize_entry(field.name(), "*")?,
                Names::These(names) if field.is_single() => {
                    map.serialize_entry(field.name(), &names.first())?;
                }
                names => map.serialize_entry(field.name(), names)?,
            }
        }
        map.serialize_entry("role", self.role.name())?;
        map.end()
    }
}

impl Serialize for RoutesGrant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("resource", ROUTES)?;
        map.serialize_entry("methods", &self.methods)?;
        map.serialize_entry("paths", &self.paths)?;
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

/// The form of stored permissions.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredPermissions<'a> {
    r#type: StoredType,
    #[serde(borrow)]
    grants: Option<Vec<StoredGrant<'a>>>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
enum StoredType {
    SuperAdmin,
    Specific,
}

/// The fields of a stored grant. They are parsed only once the kind is known.
type StoredGrant<'a> = BTreeMap<String, &'a RawValue>;

impl Permissions {
    /// Reads permissions from the table. Returns `None` for a text that no release wrote.
    ///
    /// A grant whose kind or role is unknown was written by a newer release and becomes [`Grant::Unknown`].
    pub fn from_stored(text: &str) -> Option<Self> {
        let stored: StoredPermissions<'_> = serde_json::from_str(text).ok()?;
        match (stored.r#type, stored.grants) {
            (StoredType::SuperAdmin, None) => Some(Self::SuperAdmin),
            (StoredType::Specific, Some(grants)) => {
                grants.iter().map(Grant::from_stored).collect::<Option<_>>().map(Self::Specific)
            }
            _ => None,
        }
    }
}

impl Grant {
    fn from_stored(fields: &StoredGrant<'_>) -> Option<Self> {
        match GrantKind::parse(&value::<String>(fields, "resource")?) {
            Ok(GrantKind::Routes) => RoutesGrant::from_stored(fields).map(Self::Routes),
            Ok(GrantKind::Resources(kind)) => {
                match parse_role(kind, &value::<String>(fields, "role")?) {
                    Ok(role) => ResourceGrant::from_stored(kind, role, fields).map(Self::Resources),
                    Err(_) => Self::unknown(fields),
                }
            }
            Err(_) => Self::unknown(fields),
        }
    }

    fn unknown(fields: &StoredGrant<'_>) -> Option<Self> {
        let fields = fields.iter().map(|(name, value)| Some((name.clone(), parse(value)?)));
        fields.collect::<Option<Map<_, _>>>().map(|fields| Self::Unknown(Value::Object(fields)))
    }
}

impl ResourceGrant {
    fn from_stored(kind: Kind, role: Role, fields: &StoredGrant<'_>) -> Option<Self> {
        let names = kind.fields().iter().map(|field| Some((*field, names(fields, *field)?)));
        let names: Vec<_> = names.collect::<Option<_>>()?;
        let has_only_known_fields = fields.len() == names.len() + ["resource", "role"].len();
        Self::new(kind, role, names).ok().filter(|_| has_only_known_fields)
    }
}

impl RoutesGrant {
    fn from_stored(fields: &StoredGrant<'_>) -> Option<Self> {
        let methods: Vec<String> = value(fields, "methods")?;
        methods.iter().try_for_each(|method| check_method(method)).ok()?;
        let methods = Names::from_list(methods).ok()?;
        let paths: Vec<String> = value(fields, "paths")?;
        let paths =
            paths.iter().map(|path| PathPattern::from_stored(path)).collect::<Option<_>>()?;
        let has_only_known_fields = fields.len() == ["resource", "methods", "paths"].len();
        has_only_known_fields.then_some(Self { methods, paths })
    }
}

fn names(fields: &StoredGrant<'_>, field: Field) -> Option<Names> {
    let names = if field.is_single() {
        vec![value::<String>(fields, field.name())?]
    } else {
        value(fields, field.name())?
    };
    names.iter().try_for_each(|name| check_stored_name(field, name)).ok()?;
    Names::from_list(names).ok()
}

fn value<T: DeserializeOwned>(fields: &StoredGrant<'_>, name: &str) -> Option<T> {
    parse(fields.get(name)?)
}

fn parse<'a, T: Deserialize<'a>>(value: &'a RawValue) -> Option<T> {
    serde_json::from_str(value.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn round_trip(document: &Value) -> Value {
        serde_json::to_value(Permissions::from_stored(&document.to_string()).unwrap()).unwrap()
    }

    #[test]
    fn permissions_of_every_kind_are_written_as_they_were_read() {
        for document in [
            json!({ "type": "superAdmin" }),
            json!({ "type": "specific", "grants": [
                { "resource": "devtronApps", "project": "pay", "environments": ["prod", "dev"], "applications": ["*"], "role": "trigger" },
                { "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["sh\"op"], "role": "manager" },
                { "resource": "helmApps", "project": "pay", "environments": ["c/web", "c/*"], "applications": ["redis"], "role": "edit" },
                { "resource": "jobs", "project": "data", "environments": ["*"], "jobs": ["nightly"], "workflows": ["*"], "role": "view" },
                { "resource": "kubernetes", "cluster": "c", "namespaces": ["web"], "apiGroups": ["core"], "kinds": ["*"], "names": ["*"], "role": "admin" },
                { "resource": "chartGroups", "names": ["team"], "role": "edit" },
                { "resource": "routes", "methods": ["GET", "POST"], "paths": ["/a/*", "/b/**"] },
                { "resource": "routes", "methods": ["*"], "paths": ["/**"] },
            ] }),
        ] {
            assert_eq!(round_trip(&document), document);
        }
    }

    #[test]
    fn grants_of_a_newer_release_are_kept_and_allow_nothing() {
        let grants = json!([
            { "resource": "moon", "phases": { "full": true }, "role": 7 },
            { "resource": "chartGroups", "names": ["team"], "role": "owner", "since": 2 },
        ]);
        let document = json!({ "type": "specific", "grants": grants });
        assert_eq!(round_trip(&document), document);
        let Some(Permissions::Specific(grants)) = Permissions::from_stored(&document.to_string())
        else {
            panic!("{document}");
        };
        assert!(grants.iter().all(|grant| matches!(grant, Grant::Unknown(_))));
    }

    #[test]
    fn a_text_that_no_release_wrote_is_rejected() {
        let grant = |grant: Value| json!({ "type": "specific", "grants": [grant] });
        for document in [
            json!("superAdmin"),
            json!({ "type": "admin" }),
            json!({ "type": "superAdmin", "more": true }),
            json!({ "type": "superAdmin", "grants": [] }),
            json!({ "type": "specific" }),
            grant(json!({ "role": "view" })),
            grant(json!({ "resource": "chartGroups", "names": ["team"] })),
            grant(json!({ "resource": "chartGroups", "names": "team", "role": "edit" })),
            grant(json!({ "resource": "chartGroups", "names": ["te/am"], "role": "edit" })),
            grant(json!({ "resource": "chartGroups", "names": ["team"], "role": "view" })),
            grant(json!({ "resource": "chartGroups", "names": ["team", "*"], "role": "edit" })),
            grant(json!({ "resource": "chartGroups", "names": ["a"], "role": "edit", "more": 1 })),
            grant(json!({ "resource": "routes", "methods": ["get"], "paths": ["/a"] })),
            grant(json!({ "resource": "routes", "methods": ["GET"], "paths": ["a"] })),
            grant(
                json!({ "resource": "routes", "methods": ["GET"], "paths": ["/a"], "role": "x" }),
            ),
        ] {
            assert_eq!(Permissions::from_stored(&document.to_string()), None, "{document}");
        }
        assert_eq!(Permissions::from_stored("{"), None);
    }
}
