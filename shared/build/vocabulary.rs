//! Compiles the text of a vocabulary, `infra/permissions.yaml`.
//!
//! The strings and lists of the result are leaked, because the Lambda functions use the same types, whose fields are `'static`.
//! The build script ends soon, so this does no harm.

use super::permission::{
    Kind, MAX_SEGMENTS, Member, Permission, ROUTES, Resource, Role, SegmentPattern, Vocabulary,
};
use super::roles::{self, RoleNodes};
use super::yaml::{Result, document, error, fields, list, mapping, string};
use saphyr::MarkedYaml;

/// Fields of a grant that no member may be named after.
const FIELDS: [&str; 2] = ["resource", "role"];

/// Compiles a whole file.
pub fn compile(text: &str) -> Result<Vocabulary> {
    let document = document(text)?;
    let [actions, resources, grants] = fields(&document, ["actions", "resources", "grants"])?;
    let (Some(actions), Some(resource_nodes), Some(grants)) = (actions, resources, grants) else {
        return error(&document, "must have `actions`, `resources` and `grants`");
    };
    let actions = compile_actions(actions)?;
    let resource_nodes = mapping(resource_nodes, "resources")?;
    let resources: Result<Vec<_>> =
        resource_nodes.iter().map(|(name, segments)| compile_resource(name, segments)).collect();
    let mut vocabulary = Vocabulary { actions, resources: resources?.leak(), kinds: &[] };
    let kinds = mapping(grants, "kinds of grants")?.into_iter();
    let kinds: Result<Vec<_>> =
        kinds.map(|(name, kind)| compile_kind(&vocabulary, name, kind)).collect();
    vocabulary.kinds = kinds?.leak();
    for ((node, _), resource) in resource_nodes.iter().zip(vocabulary.resources) {
        let permissions =
            vocabulary.kinds.iter().flat_map(|kind| kind.roles).flat_map(|role| role.permissions);
        if permissions.into_iter().all(|permission| permission.resource != resource.name) {
            let name = resource.name;
            return error(node, format!("resource `{name}` must be allowed by at least one role"));
        }
    }
    Ok(vocabulary)
}

fn compile_actions(node: &MarkedYaml<'_>) -> Result<&'static [&'static str]> {
    let mut actions = Vec::new();
    for action in list(node, "actions")? {
        let name = name(action)?;
        if actions.contains(&name) {
            return error(action, format!("action `{name}` is listed twice"));
        }
        actions.push(name);
    }
    Ok(actions.leak())
}

fn compile_resource(node: &MarkedYaml<'_>, segments: &MarkedYaml<'_>) -> Result<Resource> {
    let text = string(segments)?;
    let names: Vec<_> = text.split('/').map(leak).collect();
    if !names.iter().all(|name| is_name(name)) || names.len() > MAX_SEGMENTS {
        return error(
            segments,
            format!(
                "`{text}` must be 1 to {MAX_SEGMENTS} names joined by `/`, such as `project/application`"
            ),
        );
    }
    Ok(Resource { name: name(node)?, segments: names.leak() })
}

fn compile_kind(
    vocabulary: &Vocabulary,
    node: &MarkedYaml<'_>,
    kind: &MarkedYaml<'_>,
) -> Result<Kind> {
    let kind_name = name(node)?;
    if kind_name == ROUTES {
        return error(node, format!("kind `{ROUTES}` is built in; choose another name"));
    }
    let [title, description, members, role_nodes] =
        fields(kind, ["title", "description", "members", "roles"])?;
    let (Some(members), Some(role_nodes)) = (members, role_nodes) else {
        return error(node, format!("kind `{kind_name}` must have `members` and `roles`"));
    };
    let member_nodes = mapping(members, "members")?;
    let members: Result<Vec<_>> =
        member_nodes.iter().map(|(name, member)| compile_member(name, member)).collect();
    let mut members = members?;
    let nodes: Result<Vec<_>> = mapping(role_nodes, "roles")?
        .into_iter()
        .map(|(node, role)| RoleNodes::read(name(node)?, node, role))
        .collect();
    let roles = roles::compile(vocabulary, &members, &nodes?)?;
    for (index, (member, (node, _))) in members.iter_mut().zip(&member_nodes).enumerate() {
        if !roles.iter().any(|role| role.uses(index)) {
            return error(node, format!("member `{}` must be used by a role", member.name));
        }
        if member.pair.is_some() {
            member.pair = pair_names(vocabulary, &roles, index);
        }
    }
    Ok(Kind {
        name: kind_name,
        title: optional(title)?.unwrap_or(kind_name),
        description: optional(description)?.unwrap_or(""),
        members: members.leak(),
        roles: roles.leak(),
    })
}

fn compile_member(node: &MarkedYaml<'_>, member: &MarkedYaml<'_>) -> Result<Member> {
    let member_name = name(node)?;
    if FIELDS.contains(&member_name) {
        return error(
            node,
            format!("member `{member_name}` must have another name; every grant has this field"),
        );
    }
    let [title, example, hint, single, segments] =
        fields(member, ["title", "example", "hint", "single", "segments"])?;
    let single = match single {
        None => false,
        Some(node) => match node.data.as_bool() {
            Some(single) => single,
            None => return error(node, "`single` must be `true` or `false`"),
        },
    };
    let pair = match segments {
        None => None,
        // Placeholders: `compile_kind` replaces them by what `pair_names` returns, which depends on the roles.
        Some(node) if node.data.as_integer() == Some(2) => Some(["first", "second"]),
        Some(node) => {
            return error(node, "`segments` must be 2; without it, a value is one segment");
        }
    };
    Ok(Member {
        name: member_name,
        title: optional(title)?.unwrap_or(member_name),
        example: optional(example)?.unwrap_or(""),
        hint: optional(hint)?.unwrap_or(""),
        single,
        pair,
    })
}

/// Returns the names of the two segments of a pair, which are those of the first resource whose objects contain the pair.
fn pair_names(vocabulary: &Vocabulary, roles: &[Role], member: usize) -> Option<[&'static str; 2]> {
    let mut permissions = roles.iter().flat_map(|role| role.permissions);
    let pattern = SegmentPattern::Pairs(member);
    let permission = permissions.find(|permission| permission.object.contains(&pattern))?;
    let before = permission.object.iter().take_while(|one| **one != pattern);
    let start = before.map(|one| width(*one)).sum::<usize>();
    let segments = vocabulary.resource(permission.resource)?.segments;
    Some([*segments.get(start)?, *segments.get(start + 1)?])
}

/// Returns how many segments a pattern stands for.
pub fn width(pattern: SegmentPattern) -> usize {
    match pattern {
        SegmentPattern::Pairs(_) => 2,
        SegmentPattern::Names(_) | SegmentPattern::Any => 1,
    }
}

pub fn optional(node: Option<&MarkedYaml<'_>>) -> Result<Option<&'static str>> {
    node.map(|node| string(node).map(leak)).transpose()
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.into())
}

fn name(node: &MarkedYaml<'_>) -> Result<&'static str> {
    let text = string(node)?;
    if !is_name(text) {
        let rule = "must be 1 to 64 letters and digits, the first one a letter";
        return error(node, format!("`{text}` {rule}"));
    }
    Ok(leak(text))
}

fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns a vocabulary as a Rust expression.
pub fn expression(vocabulary: &Vocabulary) -> String {
    let Vocabulary { actions, resources, kinds } = vocabulary;
    format!(
        "Vocabulary {{ actions: {}, resources: {}, kinds: {} }}",
        array(actions, |action| format!("{action:?}")),
        array(resources, |Resource { name, segments }| {
            let segments = array(segments, |segment| format!("{segment:?}"));
            format!("Resource {{ name: {name:?}, segments: {segments} }}")
        }),
        array(kinds, |Kind { name, title, description, members, roles }| {
            let members = array(members, |member| format!("{member:?}"));
            let roles = array(roles, role_expression);
            format!(
                "Kind {{ name: {name:?}, title: {title:?}, description: {description:?}, members: {members}, roles: {roles} }}"
            )
        }),
    )
}

fn role_expression(role: &Role) -> String {
    let Role { name, description, permissions } = role;
    let permissions = array(permissions, |Permission { resource, actions, object }| {
        let actions = array(actions, |action| format!("{action:?}"));
        let object = array(object, |pattern| format!("SegmentPattern::{pattern:?}"));
        format!("Permission {{ resource: {resource:?}, actions: {actions}, object: {object} }}")
    });
    format!("Role {{ name: {name:?}, description: {description:?}, permissions: {permissions} }}")
}

fn array<T>(elements: &[T], expression: impl Fn(&T) -> String) -> String {
    format!("&[{}]", elements.iter().map(expression).collect::<Vec<_>>().join(", "))
}
