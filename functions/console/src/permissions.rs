//! The vocabulary of permissions as the page reads it.

use serde_json::{Value, json};
use shared::domain::permission::{Kind, Permission, SegmentPattern, Vocabulary};

/// Returns the kinds of grants with their members and roles, in the words of `infra/permissions.yaml`.
pub(crate) fn document(vocabulary: &Vocabulary) -> Value {
    let kinds = vocabulary.kinds.iter().map(|kind| {
        let members = kind.members.iter().map(|member| {
            json!({
                "name": member.name,
                "title": member.title,
                "example": member.example,
                "hint": member.hint,
                "single": member.single,
                "pair": member.pair,
            })
        });
        let roles = kind.roles.iter().map(|role| {
            let allows = role.permissions.iter();
            let allows = allows.flat_map(|permission| accesses(vocabulary, kind, permission));
            json!({
                "name": role.name,
                "description": role.description,
                "allows": allows.collect::<Value>(),
            })
        });
        json!({
            "resource": kind.name,
            "title": kind.title,
            "description": kind.description,
            "members": members.collect::<Value>(),
            "roles": roles.collect::<Value>(),
        })
    });
    json!({ "kinds": kinds.collect::<Value>() })
}

/// Returns the accesses that one permission of a role allows, as `resource:action:object`. In the object, `{name}` stands for
/// the values of this member of the grant. `*` stands for every action or every name.
fn accesses(vocabulary: &Vocabulary, kind: &Kind, permission: &Permission) -> Vec<String> {
    let object = permission.object.iter().map(|pattern| match pattern {
        SegmentPattern::Any => "*".to_owned(),
        SegmentPattern::Names(index) | SegmentPattern::Pairs(index) => {
            let name = kind.members.get(*index).map_or("", |member| member.name);
            format!("{{{name}}}")
        }
    });
    let object = object.collect::<Vec<_>>().join("/");
    let actions =
        if permission.actions == vocabulary.actions { &["*"] } else { permission.actions };
    let access = |action| format!("{}:{action}:{object}", permission.resource);
    actions.iter().map(access).collect()
}
