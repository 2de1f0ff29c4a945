//! Writes permissions as JSON: the same form in responses and in the table.

use super::{Grant, Names, Permissions, ROUTES, ResourceGrant, RoutesGrant};
use serde::ser::{Serialize, SerializeMap, Serializer};

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
        map.serialize_entry("resource", self.kind.name)?;
        for (member, names) in self.kind.members.iter().zip(&self.names) {
            match names {
                Names::All if member.single => map.serialize_entry(member.name, "*")?,
                Names::These(names) if member.single => {
                    map.serialize_entry(member.name, &names.first())?;
                }
                names => map.serialize_entry(member.name, names)?,
            }
        }
        map.serialize_entry("role", self.role.name)?;
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
            Names::These(names) => names.as_slice().serialize(serializer),
        }
    }
}
