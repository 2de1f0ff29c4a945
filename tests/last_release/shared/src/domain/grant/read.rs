//! Permissions from JSON: strictly from a caller, and with room for a newer release's grants from the table.

use super::super::document::{Member, Object};
use super::super::permission::{Field, Kind, Role};
use super::super::violation::{Invalid, Pointer, Violations};
use super::form::{helm_environment, method, value};
use super::{Grant, Names, PathPattern, Permissions, ResourceGrant, RoutesGrant};
use serde_json::Value;

/// The most bytes of permissions as compact JSON.
pub const MAX_DOCUMENT: usize = 14 * 1024;

/// The name of the kind of grant that speaks of methods and paths.
pub(super) const ROUTES: &str = "routes";

const MAX_GRANTS: usize = 100;
const MAX_NAMES: usize = 100;

/// Whether a kind or role that this release does not know is a violation or a grant that allows nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unknown {
    Refused,
    Kept,
}

impl Permissions {
    /// Reads a caller's permissions: every kind, role, name and path must be known and right.
    pub fn read(value: &Value, pointer: &Pointer, violations: &mut Violations) -> Option<Self> {
        let permissions = read(value, pointer, Unknown::Refused, violations)?;
        // A value is never longer than the body that it came in, so this measures at most 64 KiB.
        if serde_json::to_string(&permissions).is_ok_and(|text| text.len() > MAX_DOCUMENT) {
            let rule = format!("must be at most {MAX_DOCUMENT} bytes as compact JSON");
            violations.add(pointer, Invalid::new("permissions-size", rule));
            return None;
        }
        Some(permissions)
    }

    /// Reads what the table holds.
    ///
    /// # Errors
    /// Every way in which it is not permissions, without its place. A kind or role that is not known here is no error.
    pub fn from_stored(value: &Value) -> Result<Self, Violations> {
        let mut violations = Violations::default();
        let permissions = read(value, &Pointer::nowhere(), Unknown::Kept, &mut violations);
        violations.none_or(permissions)
    }
}

fn read(
    value: &Value,
    pointer: &Pointer,
    unknown: Unknown,
    violations: &mut Violations,
) -> Option<Permissions> {
    let mut object = Object::begin(value, pointer, violations)?;
    let kind = object.required("type", violations)?;
    let permissions = match kind.text(violations)? {
        "superAdmin" => Some(Permissions::SuperAdmin),
        "specific" => object
            .required("grants", violations)
            .and_then(|grants| read_grants(&grants, unknown, violations))
            .map(Permissions::Specific),
        _ => {
            violations.add(
                &kind.pointer,
                Invalid::new("permissions-type", "must be `superAdmin` or `specific`"),
            );
            return None;
        }
    };
    object.finish(violations);
    permissions
}

fn read_grants(
    member: &Member<'_>,
    unknown: Unknown,
    violations: &mut Violations,
) -> Option<Vec<Grant>> {
    let array = member.array(violations)?;
    if array.is_empty() {
        let rule = "must hold at least one grant: a token without any could do nothing";
        violations.add(&member.pointer, Invalid::new("grants-count", rule));
        return None;
    }
    if array.len() > MAX_GRANTS {
        violations.add(
            &member.pointer,
            Invalid::new("grants-count", format!("must hold at most {MAX_GRANTS} grants")),
        );
        return None;
    }
    let grants: Vec<_> = array
        .iter()
        .enumerate()
        .map(|(index, grant)| read_grant(grant, &member.pointer.at(index), unknown, violations))
        .collect();
    grants.into_iter().collect()
}

fn read_grant(
    value: &Value,
    pointer: &Pointer,
    unknown: Unknown,
    violations: &mut Violations,
) -> Option<Grant> {
    let mut object = Object::begin(value, pointer, violations)?;
    let resource = object.required("resource", violations)?;
    let name = resource.text(violations)?;
    let grant = if name == ROUTES {
        read_routes(&mut object, violations)
    } else if let Some((kind, _, fields)) = Kind::ALL.iter().find(|(_, known, _)| *known == name) {
        match read_role(&mut object, *kind, unknown, violations) {
            Some(None) => return Some(Grant::Unknown(value.clone())),
            role => read_resources(&mut object, *kind, fields, role.flatten(), violations),
        }
    } else if unknown == Unknown::Kept {
        return Some(Grant::Unknown(value.clone()));
    } else {
        let known: Vec<_> = Kind::ALL.iter().map(|(_, known, _)| *known).collect();
        let rule = format!("must be one of `{}` and `{ROUTES}`", known.join("`, `"));
        violations.add(&resource.pointer, Invalid::new("resource", rule));
        return None;
    };
    object.finish(violations);
    grant
}

/// The role of a grant. `Some(None)` is a role that this release does not know and keeps.
fn read_role(
    object: &mut Object<'_>,
    kind: Kind,
    unknown: Unknown,
    violations: &mut Violations,
) -> Option<Option<Role>> {
    let member = object.required("role", violations)?;
    let name = member.text(violations)?;
    let knows = |role: &Role| kind.permissions(*role).is_some();
    match Role::ALL.iter().find(|(role, known)| *known == name && knows(role)) {
        Some((role, _)) => Some(Some(*role)),
        None if unknown == Unknown::Kept => Some(None),
        None => {
            let known: Vec<_> =
                Role::ALL.iter().filter(|(role, _)| knows(role)).map(|(_, name)| *name).collect();
            let rule = format!("must be one of `{}`", known.join("`, `"));
            violations.add(&member.pointer, Invalid::new("role", rule));
            None
        }
    }
}

fn read_resources(
    object: &mut Object<'_>,
    kind: Kind,
    fields: &[Field],
    role: Option<Role>,
    violations: &mut Violations,
) -> Option<Grant> {
    let named: Vec<_> = fields
        .iter()
        .map(|field| {
            let member = object.required(field.name(), violations)?;
            let names = if field.is_single() {
                let text = member.text(violations)?;
                let name = violations.check(&member.pointer, name_unless_all(text, value))?;
                name.map_or(Names::All, |name| Names::These(vec![name]))
            } else if *field == Field::HelmEnvironments {
                read_names(&member, helm_environment, violations)?
            } else {
                read_names(&member, value, violations)?
            };
            if kind == Kind::ChartGroups
                && matches!(role, Some(Role::View | Role::Admin))
                && names != Names::All
            {
                let rule = "must be [\"*\"]: this role means all chart groups";
                violations.add(&member.pointer, Invalid::new("names", rule));
            }
            Some((*field, names))
        })
        .collect();
    let named = named.into_iter().collect::<Option<_>>()?;
    Some(Grant::Resources(ResourceGrant { kind, role: role?, named }))
}

fn read_routes(object: &mut Object<'_>, violations: &mut Violations) -> Option<Grant> {
    let methods = object
        .required("methods", violations)
        .and_then(|member| read_names(&member, method, violations));
    let paths = object
        .required("paths", violations)
        .and_then(|member| read_list(&member, PathPattern::parse, violations));
    Some(Grant::Routes(RoutesGrant { methods: methods?, paths: paths? }))
}

/// A list of names, or `["*"]`.
fn read_names(
    member: &Member<'_>,
    check: impl Fn(&str) -> Result<(), Invalid>,
    violations: &mut Violations,
) -> Option<Names> {
    // `None` stands for `*`.
    let names: Vec<Option<String>> =
        read_list(member, |text| name_unless_all(text, &check), violations)?;
    match names.iter().position(Option::is_none) {
        Some(place) if names.len() > 1 => {
            let rule = "must stand alone: it means all, existing and future";
            violations.add(&member.pointer.at(place), Invalid::new("wildcard", rule));
            None
        }
        _ => {
            let names: Option<Vec<_>> = names.into_iter().collect();
            Some(names.map_or(Names::All, Names::These))
        }
    }
}

/// A list of 1 to 100 different texts, each read by `read`.
fn read_list<T>(
    member: &Member<'_>,
    read: impl Fn(&str) -> Result<T, Invalid>,
    violations: &mut Violations,
) -> Option<Vec<T>> {
    let array = member.array(violations)?;
    if !(1..=MAX_NAMES).contains(&array.len()) {
        violations.add(
            &member.pointer,
            Invalid::new("list-length", format!("must hold 1 to {MAX_NAMES} values")),
        );
        return None;
    }
    let values: Vec<_> = array
        .iter()
        .enumerate()
        .map(|(index, listed)| {
            let element = Member { value: Some(listed), pointer: member.pointer.at(index) };
            let text = element.text(violations)?;
            let value = violations.check(&element.pointer, read(text))?;
            if array.iter().take(index).any(|earlier| earlier == listed) {
                violations
                    .add(&element.pointer, Invalid::new("duplicate", "must not be listed twice"));
                return None;
            }
            Some(value)
        })
        .collect();
    values.into_iter().collect()
}

/// A name, or `None` for `*`.
fn name_unless_all(
    text: &str,
    check: impl Fn(&str) -> Result<(), Invalid>,
) -> Result<Option<String>, Invalid> {
    if text == "*" {
        return Ok(None);
    }
    check(text).map(|()| Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_paths_and_names(paths: Value, names: Value) -> Vec<(String, &'static str)> {
        let document = json!({ "type": "specific", "grants": [
            { "resource": "routes", "methods": ["GET"], "paths": paths },
            { "resource": "chartGroups", "names": names, "role": "edit" },
        ] });
        let mut violations = Violations::default();
        let read = Permissions::read(&document, &Pointer::root(), &mut violations);
        let noted = violations.iter().map(|one| {
            let place = one.pointer.as_str().trim_start_matches("/grants/");
            (place.to_owned(), one.invalid.code)
        });
        let noted: Vec<_> = noted.collect();
        assert_eq!(read.is_some(), noted.is_empty());
        noted
    }

    #[test]
    fn what_is_listed_twice_is_refused_at_each_later_place() {
        let names = json!(["a", "b", "a", "A", "b", "a"]);
        let expected =
            ["1/names/2", "1/names/4", "1/names/5"].map(|place| (place.to_owned(), "duplicate"));
        assert_eq!(read_paths_and_names(json!(["/a"]), names), expected);
        let paths = json!(["/a", "/a/*", "/a"]);
        let expected = [("0/paths/2".to_owned(), "duplicate")];
        assert_eq!(read_paths_and_names(paths, json!(["a"])), expected);
    }

    #[test]
    fn what_is_wrong_each_time_is_not_called_a_duplicate() {
        let expected = ["1/names/0", "1/names/1"].map(|place| (place.to_owned(), "value"));
        let noted = read_paths_and_names(json!(["/a"]), json!(["a*", "a*"]));
        assert_eq!(noted, expected);
    }

    #[test]
    fn a_star_among_names_is_refused_where_it_is() {
        let noted = read_paths_and_names(json!(["/a"]), json!(["a", "*"]));
        assert_eq!(noted, [("1/names/1".to_owned(), "wildcard")]);
        assert_eq!(read_paths_and_names(json!(["/a"]), json!(["*"])), []);
    }

    #[test]
    fn a_list_has_1_to_100_values() {
        let of_length =
            |length: usize| json!((0..length).map(|n| n.to_string()).collect::<Vec<_>>());
        assert_eq!(read_paths_and_names(json!(["/a"]), of_length(100)), []);
        for length in [0, 101] {
            let noted = read_paths_and_names(json!(["/a"]), of_length(length));
            assert_eq!(noted, [("1/names".to_owned(), "list-length")]);
        }
    }
}
