//! Reads permissions from the table, directly into [`Permissions`].
//!
//! The kind of a grant, in its member `resource`, determines what its other members may be, but need not precede them in the
//! text. So all members are first read as strings and lists of strings, which borrow from the text.

use super::{
    Grant, GrantKind, Names, PathPattern, Permissions, ResourceGrant, RoutesGrant, check_method,
    check_stored_name,
};
use crate::domain::permission::{Kind, Member, Vocabulary};
use crate::domain::violation::Violation;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::fmt;
use std::slice;

impl Permissions {
    /// Reads permissions from the table. Returns `None` for a text that no release wrote.
    ///
    /// A grant that the vocabulary does not describe becomes [`Grant::Unknown`].
    pub fn from_stored(vocabulary: &Vocabulary, text: &str) -> Option<Self> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let permissions = reader.deserialize_map(PermissionsVisitor(vocabulary)).ok()?;
        reader.end().ok().map(|()| permissions)
    }
}

struct PermissionsVisitor<'v>(&'v Vocabulary);

impl<'de> Visitor<'de> for PermissionsVisitor<'_> {
    type Value = Permissions;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("permissions")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Permissions, A::Error> {
        let (mut super_admin, mut grants) = (None, None);
        while let Some(Text(name)) = map.next_key()? {
            match &*name {
                "type" if super_admin.is_none() => {
                    super_admin = match &*map.next_value::<Text<'_>>()?.0 {
                        "superAdmin" => Some(true),
                        "specific" => Some(false),
                        _ => return Err(A::Error::custom("must be a known type")),
                    };
                }
                "grants" if grants.is_none() => {
                    grants = Some(map.next_value_seed(GrantsSeed(self.0))?);
                }
                _ => return Err(A::Error::custom("must be `type` and `grants`, once each")),
            }
        }
        match (super_admin, grants) {
            (Some(true), None) => Ok(Permissions::SuperAdmin),
            (Some(false), Some(grants)) => Ok(Permissions::Specific(grants)),
            _ => Err(A::Error::custom("must have grants only if the type is `specific`")),
        }
    }
}

struct GrantsSeed<'v>(&'v Vocabulary);

impl<'de> DeserializeSeed<'de> for GrantsSeed<'_> {
    type Value = Vec<Grant>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Vec<Grant>, D::Error> {
        reader.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for GrantsSeed<'_> {
    type Value = Vec<Grant>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of grants")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Grant>, A::Error> {
        let (mut grants, mut members) = (Vec::new(), Vec::new());
        while let Some(grant) = list.next_element_seed(GrantSeed(self.0, &mut members))? {
            grants.push(grant);
        }
        Ok(grants)
    }
}

/// Reads one grant. The members of all grants are read into the same list, so that it is allocated once.
struct GrantSeed<'v, 'm, 'de>(&'v Vocabulary, &'m mut Vec<StoredMember<'de>>);

impl<'de> DeserializeSeed<'de> for GrantSeed<'_, '_, 'de> {
    type Value = Grant;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Grant, D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for GrantSeed<'_, '_, 'de> {
    type Value = Grant;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a grant")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Grant, A::Error> {
        let Self(vocabulary, members) = self;
        members.clear();
        while let Some(Text(name)) = map.next_key()? {
            members.push((name, map.next_value()?));
        }
        let grant = StoredGrant(members).resolve(vocabulary);
        grant.ok_or_else(|| A::Error::custom("must be a grant that some release wrote"))
    }
}

/// The name of a member and its value.
type StoredMember<'de> = (Cow<'de, str>, StoredValue<'de>);

/// The members of a stored grant.
#[derive(Clone, Copy)]
struct StoredGrant<'m, 'de>(&'m [StoredMember<'de>]);

/// The value of one member.
enum StoredValue<'de> {
    One(Cow<'de, str>),
    Many(SmallVec<[Cow<'de, str>; 1]>),
    /// A value that no grant of this release has, such as a number or an object.
    Other(Value),
}

impl<'m, 'de> StoredGrant<'m, 'de> {
    fn resolve(self, vocabulary: &Vocabulary) -> Option<Grant> {
        match GrantKind::find(vocabulary, self.string("resource")?) {
            Some(GrantKind::Routes) => self.routes().map(Grant::Routes),
            Some(GrantKind::Resources(kind)) => {
                Some(self.resources(kind).map_or_else(|| self.unknown(), Grant::Resources))
            }
            None => Some(self.unknown()),
        }
    }

    /// Returns the grant, if its members are exactly those that the kind describes.
    fn resources(self, kind: &'static Kind) -> Option<ResourceGrant> {
        let role = kind.role(self.string("role")?)?;
        let mut names = Vec::with_capacity(kind.members.len());
        for member in kind.members {
            names.push(self.names(member)?);
        }
        let has_no_other_members = self.0.len() == names.len() + ["resource", "role"].len();
        ResourceGrant::new(kind, role, names).ok().filter(|_| has_no_other_members)
    }

    fn names(self, member: &Member) -> Option<Names> {
        let list = match self.get(member.name)? {
            StoredValue::One(name) if member.single => slice::from_ref(name),
            StoredValue::Many(list) if !member.single => list,
            StoredValue::One(_) | StoredValue::Many(_) | StoredValue::Other(_) => return None,
        };
        checked(list, |name| check_stored_name(member, name))
    }

    fn routes(self) -> Option<RoutesGrant> {
        let methods = checked(self.list("methods")?, check_method)?;
        let paths = self.list("paths")?.iter().map(|path| PathPattern::from_stored(path));
        let paths = paths.collect::<Option<_>>()?;
        let has_no_other_members = self.0.len() == ["resource", "methods", "paths"].len();
        has_no_other_members.then_some(RoutesGrant { methods, paths })
    }

    fn unknown(self) -> Grant {
        let members = self.0.iter().map(|(name, value)| (name.to_string(), value.into()));
        Grant::Unknown(Value::Object(members.collect()))
    }

    fn get(self, member: &str) -> Option<&'m StoredValue<'de>> {
        self.0.iter().find(|(name, _)| name == member).map(|(_, value)| value)
    }

    fn string(self, member: &str) -> Option<&'m str> {
        match self.get(member)? {
            StoredValue::One(text) => Some(text),
            StoredValue::Many(_) | StoredValue::Other(_) => None,
        }
    }

    fn list(self, member: &str) -> Option<&'m [Cow<'de, str>]> {
        match self.get(member)? {
            StoredValue::Many(list) => Some(list),
            StoredValue::One(_) | StoredValue::Other(_) => None,
        }
    }
}

/// Returns the names in a list, if each passes the check.
fn checked(list: &[Cow<'_, str>], check: impl Fn(&str) -> Result<(), Violation>) -> Option<Names> {
    list.iter().try_for_each(|name| check(name)).ok()?;
    Names::from_list(list.iter().map(AsRef::as_ref)).ok()
}

impl From<&StoredValue<'_>> for Value {
    fn from(value: &StoredValue<'_>) -> Self {
        match value {
            StoredValue::One(text) => text.as_ref().into(),
            StoredValue::Many(list) => list.iter().cloned().collect(),
            StoredValue::Other(value) => value.clone(),
        }
    }
}

/// A string, borrowed from the text unless it contains escapes.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for StoredValue<'de> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = StoredValue<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(StoredValue::One(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(StoredValue::One(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut names = SmallVec::<[Cow<'_, str>; 1]>::new();
        while let Some(element) = list.next_element::<StoredValue<'_>>()? {
            let StoredValue::One(name) = element else {
                let mut values: Vec<_> = names.into_iter().map(Value::from).collect();
                values.push(Value::from(&element));
                while let Some(value) = list.next_element()? {
                    values.push(value);
                }
                return Ok(StoredValue::Other(Value::Array(values)));
            };
            names.push(name);
        }
        Ok(StoredValue::Many(names))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(StoredValue::Other)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(StoredValue::Other(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(StoredValue::Other(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(StoredValue::Other(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(StoredValue::Other(value.into()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(StoredValue::Other(Value::Null))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::VOCABULARY;
    use serde_json::json;

    fn read(document: &Value) -> Option<Permissions> {
        Permissions::from_stored(&VOCABULARY, &document.to_string())
    }

    fn specific(grants: Value) -> Value {
        json!({ "type": "specific", "grants": grants })
    }

    #[test]
    fn permissions_of_every_kind_are_written_as_they_were_read() {
        for document in [
            r#"{"type":"superAdmin"}"#,
            r#"{"type":"specific","grants":[]}"#,
            r#"{"type":"specific","grants":[{"resource":"orders","region":"eu","stores":["rome/a","oslo/*"],"numbers":["*"],"role":"view"}]}"#,
            r#"{"type":"specific","grants":[{"resource":"orders","region":"*","stores":["*"],"numbers":["7","é \"8\""],"role":"edit"}]}"#,
            r#"{"type":"specific","grants":[{"resource":"labels","names":["a;b"," c"],"role":"edit"}]}"#,
            r#"{"type":"specific","grants":[{"resource":"routes","methods":["GET","POST"],"paths":["/a/{id}","/b/**"]}]}"#,
            r#"{"type":"specific","grants":[{"resource":"routes","methods":["*"],"paths":["/**"]}]}"#,
        ] {
            let permissions = Permissions::from_stored(&VOCABULARY, document).unwrap();
            assert_eq!(serde_json::to_string(&permissions).unwrap(), document);
            if let Permissions::Specific(grants) = permissions {
                assert!(
                    grants.iter().all(|grant| !matches!(grant, Grant::Unknown(_))),
                    "{document}"
                );
            }
        }
    }

    #[test]
    fn the_order_of_members_does_not_matter() {
        let ordered =
            r#"{"type":"specific","grants":[{"resource":"labels","names":["a"],"role":"edit"}]}"#;
        let other = r#" {"grants":[{"role":"edit","names":["\u0061"],"resource":"l\u0061bels"}],"type":"specific"} "#;
        let read = |text| Permissions::from_stored(&VOCABULARY, text).unwrap();
        assert_eq!(read(ordered), read(other));
    }

    #[test]
    fn a_grant_that_the_vocabulary_does_not_describe_is_kept_and_leaves_the_others_in_force() {
        let known = json!({ "resource": "labels", "names": ["a"], "role": "edit" });
        for grant in [
            json!({ "resource": "moon", "phases": { "full": true }, "role": 7, "x": [1, "a", null] }),
            json!({ "resource": "moon", "names": ["a", { "b": 1 }, "c"], "on": [true, -1.5, []] }),
            json!({ "resource": "labels", "names": ["a"], "role": "owner", "since": 2 }),
            // The vocabulary may have changed since.
            json!({ "resource": "labels", "names": ["a"] }),
            json!({ "resource": "labels", "names": "a", "role": "edit" }),
            json!({ "resource": "labels", "names": ["c/a"], "role": "edit" }),
            json!({ "resource": "labels", "names": ["a"], "role": "view" }),
            json!({ "resource": "labels", "names": ["a", "*"], "role": "edit" }),
            json!({ "resource": "labels", "names": ["a"], "role": "edit", "more": ["*"] }),
            json!({ "resource": "orders", "region": ["eu"], "stores": ["*"], "numbers": ["*"], "role": "view" }),
            json!({ "resource": "orders", "region": "eu", "stores": ["rome"], "numbers": ["*"], "role": "view" }),
            json!({ "resource": "orders", "region": "eu", "stores": ["rome/a"], "role": "view" }),
        ] {
            let document = specific(json!([grant, known]));
            let permissions = read(&document).unwrap();
            assert_eq!(serde_json::to_value(&permissions).unwrap(), document);
            let Permissions::Specific(grants) = permissions else { panic!("{document}") };
            assert!(matches!(grants[0], Grant::Unknown(_)), "{grant}");
            assert!(matches!(grants[1], Grant::Resources(_)), "{grant}");
        }
    }

    #[test]
    fn a_text_that_no_release_wrote_is_rejected() {
        let grant = |grant: Value| specific(json!([grant]));
        for document in [
            json!("superAdmin"),
            json!({ "type": "admin" }),
            json!({ "type": 1 }),
            json!({ "type": "superAdmin", "more": true }),
            json!({ "type": "superAdmin", "grants": [] }),
            json!({ "type": "specific" }),
            json!({ "grants": [] }),
            json!({ "type": "specific", "grants": {} }),
            grant(json!("labels")),
            grant(json!({ "role": "view" })),
            grant(json!({ "resource": 7, "role": "view" })),
            grant(json!({ "resource": "routes", "methods": ["get"], "paths": ["/a"] })),
            grant(json!({ "resource": "routes", "methods": ["GET"], "paths": ["a"] })),
            grant(json!({ "resource": "routes", "methods": ["GET"], "paths": "/a" })),
            grant(json!({ "resource": "routes", "methods": ["GET", "*"], "paths": ["/a"] })),
            grant(
                json!({ "resource": "routes", "methods": ["GET"], "paths": ["/a"], "role": "x" }),
            ),
        ] {
            assert_eq!(read(&document), None, "{document}");
        }
        for text in
            ["{", r#"{"type":"superAdmin"} x"#, r#"{"type":"superAdmin","type":"superAdmin"}"#]
        {
            assert_eq!(Permissions::from_stored(&VOCABULARY, text), None, "{text}");
        }
    }
}
