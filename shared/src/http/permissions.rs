//! The permissions in a request body.

use super::fields::{Fields, Rejected};
use crate::domain::grant::{
    Grant, GrantKind, Names, PathPattern, Permissions, ResourceGrant, RoutesGrant, check_method,
    check_name, parse_role,
};
use crate::domain::permission::{Kind, Member, Vocabulary};
use crate::domain::violation::Violation;

impl Fields<'_> {
    /// Reads the required field `permissions`, with grants of this vocabulary.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn permissions(&mut self, vocabulary: &Vocabulary) -> Result<Permissions, Rejected> {
        self.object("permissions", |fields| {
            let permissions = match fields.discriminator("type", parse_type)? {
                Type::SuperAdmin => Permissions::SuperAdmin,
                Type::Specific => Permissions::Specific(fields.objects(
                    "grants",
                    Permissions::check_count,
                    |fields| grant(fields, vocabulary),
                )?),
            };
            fields.check(permissions.check_size())
        })
    }
}

enum Type {
    SuperAdmin,
    Specific,
}

fn parse_type(text: &str) -> Result<Type, Violation> {
    match text {
        "superAdmin" => Ok(Type::SuperAdmin),
        "specific" => Ok(Type::Specific),
        _ => Err(Violation::new("permissions-type", "must be `superAdmin` or `specific`")),
    }
}

fn grant(fields: &mut Fields<'_>, vocabulary: &Vocabulary) -> Result<Grant, Rejected> {
    match fields.discriminator("resource", |name| GrantKind::parse(vocabulary, name))? {
        GrantKind::Resources(kind) => resource_grant(fields, kind).map(Grant::Resources),
        GrantKind::Routes => routes_grant(fields).map(Grant::Routes),
    }
}

fn resource_grant(fields: &mut Fields<'_>, kind: &'static Kind) -> Result<ResourceGrant, Rejected> {
    let role = fields.required("role", |role| parse_role(kind, role));
    // All members are read before the first error is returned, so that the violations of all members are recorded.
    let names: Vec<_> = kind.members.iter().map(|member| names(fields, member)).collect();
    let names = names.into_iter().collect::<Result<_, _>>()?;
    fields.check(ResourceGrant::new(kind, role?, names))
}

fn routes_grant(fields: &mut Fields<'_>) -> Result<RoutesGrant, Rejected> {
    let methods = list(fields, "methods", check_method);
    let paths = fields.list("paths", Names::check_length, PathPattern::parse);
    Ok(RoutesGrant { methods: methods?, paths: paths? })
}

fn names(fields: &mut Fields<'_>, member: &Member) -> Result<Names, Rejected> {
    let check = |name: &str| check_name(member, name);
    if member.single {
        let name = fields.required(member.name, |name| check(name).map(|()| name.to_owned()))?;
        fields.check_at(member.name, Names::from_list([name]))
    } else {
        list(fields, member.name, check)
    }
}

fn list(
    fields: &mut Fields<'_>,
    name: &'static str,
    check: impl Fn(&str) -> Result<(), Violation>,
) -> Result<Names, Rejected> {
    let parse = |text: &str| check(text).map(|()| text.to_owned());
    let names = fields.list(name, Names::check_length, parse)?;
    fields.check_at(name, Names::from_list(names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::VOCABULARY;
    use serde_json::{Value, json};

    fn violations(grants: Value) -> Vec<(String, &'static str)> {
        let document = json!({ "permissions": { "type": "specific", "grants": grants } });
        let read = |fields: &mut Fields<'_>| fields.permissions(&VOCABULARY);
        let violations = Fields::parse(&document, read).err().unwrap_or_default();
        let place = |pointer: &str| pointer.trim_start_matches("/permissions").to_owned();
        violations.into_iter().map(|one| (place(&one.pointer), one.code)).collect()
    }

    fn paths_and_names(paths: Value, names: Value) -> Vec<(String, &'static str)> {
        violations(json!([
            { "resource": "routes", "methods": ["GET"], "paths": paths },
            { "resource": "labels", "names": names, "role": "edit" },
        ]))
    }

    #[test]
    fn a_duplicate_is_rejected_at_each_later_place() {
        let names = json!(["a", "b", "a", "A", "b", "a"]);
        let expected = ["/grants/1/names/2", "/grants/1/names/4", "/grants/1/names/5"]
            .map(|place| (place.to_owned(), "duplicate"));
        assert_eq!(paths_and_names(json!(["/a"]), names), expected);
        let paths = json!(["/a", "/a/*", "/a"]);
        let expected = [("/grants/0/paths/2".to_owned(), "duplicate")];
        assert_eq!(paths_and_names(paths, json!(["a"])), expected);
    }

    #[test]
    fn a_repeated_invalid_value_is_not_a_duplicate() {
        let expected = ["/grants/1/names/0", "/grants/1/names/1"];
        let expected = expected.map(|place| (place.to_owned(), "value"));
        assert_eq!(paths_and_names(json!(["/a"]), json!(["a*", "a*"])), expected);
    }

    #[test]
    fn a_star_among_names_is_rejected_at_its_place() {
        let found = paths_and_names(json!(["/a"]), json!(["a", "*"]));
        assert_eq!(found, [("/grants/1/names/1".to_owned(), "wildcard")]);
        assert_eq!(paths_and_names(json!(["/a"]), json!(["*"])), []);
    }

    #[test]
    fn a_list_has_1_to_100_values() {
        let of_length =
            |length: usize| json!((0..length).map(|n| n.to_string()).collect::<Vec<_>>());
        assert_eq!(paths_and_names(json!(["/a"]), of_length(100)), []);
        for length in [0, 101] {
            let found = paths_and_names(json!(["/a"]), of_length(length));
            assert_eq!(found, [("/grants/1/names".to_owned(), "list-length")]);
        }
    }

    #[test]
    fn a_member_that_the_role_does_not_use_must_be_a_star() {
        for (role, names, accepted) in [
            ("view", "team", false),
            ("view", "*", true),
            ("edit", "team", true),
            ("edit", "*", true),
        ] {
            let grant = json!({ "resource": "labels", "names": [names], "role": role });
            let expected =
                if accepted { vec![] } else { vec![("/grants/0/names".to_owned(), "names")] };
            assert_eq!(violations(json!([grant])), expected, "{role} {names}");
        }
    }

    #[test]
    fn permissions_have_14_kib_at_most() {
        // The length of the last path sets the size of the document.
        let grants = |spare: usize| {
            let longest = (0..99).map(|number| format!("/{number:02}{}", "a".repeat(136)));
            let last = format!("/{}", "b".repeat(spare));
            let paths: Vec<_> = longest.chain([last]).collect();
            json!([{ "resource": "routes", "methods": ["*"], "paths": paths }])
        };
        let size = json!({ "type": "specific", "grants": grants(0) }).to_string().len();
        let spare = Permissions::MAX_BYTES - size;
        assert_eq!(violations(grants(spare)), []);
        for spare in [spare + 1, spare + 2] {
            assert_eq!(violations(grants(spare)), [(String::new(), "permissions-size")]);
        }
    }
}
