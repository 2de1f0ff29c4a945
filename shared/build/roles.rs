//! Compiles the roles of a kind of grant. A role also allows what the role that it includes allows.

use super::access;
use super::permission::{Member, Permission, Role, SegmentPattern, Vocabulary};
use super::vocabulary::{optional, width};
use super::yaml::{Result, error, fields, list, string};
use saphyr::MarkedYaml;

/// A role as it is written in the file.
pub struct RoleNodes<'a, 'i> {
    name: &'static str,
    node: &'a MarkedYaml<'i>,
    description: &'static str,
    includes: Option<&'a MarkedYaml<'i>>,
    allows: Option<&'a MarkedYaml<'i>>,
}

impl<'a, 'i> RoleNodes<'a, 'i> {
    /// Reads the fields of `role`. `node` is the role's name in the file.
    pub fn read(
        name: &'static str,
        node: &'a MarkedYaml<'i>,
        role: &'a MarkedYaml<'i>,
    ) -> Result<Self> {
        let [description, includes, allows] = fields(role, ["description", "includes", "allows"])?;
        if includes.is_none() && allows.is_none() {
            return error(node, format!("role `{name}` must have `allows` or `includes`"));
        }
        let description = optional(description)?.unwrap_or("");
        Ok(Self { name, node, description, includes, allows })
    }
}

/// Compiles the roles of a kind with these members.
pub fn compile(
    vocabulary: &Vocabulary,
    members: &[Member],
    nodes: &[RoleNodes<'_, '_>],
) -> Result<Vec<Role>> {
    let compiler = Compiler { vocabulary, members, nodes };
    let compile_role = |role: &RoleNodes<'_, '_>| {
        let permissions = compiler.permissions(role, &mut Vec::new())?;
        let (name, description) = (role.name, role.description);
        Ok(Role { name, description, permissions: permissions.leak() })
    };
    nodes.iter().map(compile_role).collect()
}

struct Compiler<'a> {
    vocabulary: &'a Vocabulary,
    members: &'a [Member],
    nodes: &'a [RoleNodes<'a, 'a>],
}

impl Compiler<'_> {
    /// Returns what a role allows. `above` contains the names of the roles that include it, directly or through others.
    fn permissions(
        &self,
        role: &RoleNodes<'_, '_>,
        above: &mut Vec<&'static str>,
    ) -> Result<Vec<Permission>> {
        if above.contains(&role.name) {
            let cycle = above.join("` includes `");
            let reason = format!("must not include itself: `{cycle}` includes `{}`", role.name);
            return error(role.includes.unwrap_or(role.node), reason);
        }
        above.push(role.name);
        let mut permissions = match role.includes {
            Some(node) => self.permissions(self.included(node)?, above)?,
            None => Vec::new(),
        };
        if let Some(allows) = role.allows {
            for line in list(allows, "accesses")? {
                let permission = self.permission(line)?;
                if permissions.contains(&permission) {
                    let text = string(line)?;
                    return error(line, format!("`{text}` is allowed already"));
                }
                permissions.push(permission);
            }
        }
        Ok(permissions)
    }

    fn included(&self, node: &MarkedYaml<'_>) -> Result<&RoleNodes<'_, '_>> {
        let name = string(node)?;
        match self.nodes.iter().find(|role| role.name == name) {
            Some(role) => Ok(role),
            None => {
                let known: Vec<_> = self.nodes.iter().map(|role| role.name).collect();
                error(node, format!("role `{name}` must be one of {}", known.join(", ")))
            }
        }
    }

    fn permission(&self, node: &MarkedYaml<'_>) -> Result<Permission> {
        let (resource, action, object) = access::split(self.vocabulary, node)?;
        let actions = match action {
            "*" => self.vocabulary.actions,
            action => access::action(self.vocabulary, node, action)?,
        };
        let patterns: Result<Vec<_>> =
            object.split('/').map(|segment| self.pattern(node, segment)).collect();
        let patterns = patterns?;
        access::check_count(node, resource, patterns.iter().map(|one| width(*one)).sum())?;
        Ok(Permission { resource: resource.name, actions, object: patterns.leak() })
    }

    /// Returns the pattern of one part of an object, which stands for one segment or for a pair.
    fn pattern(&self, node: &MarkedYaml<'_>, segment: &str) -> Result<SegmentPattern> {
        if segment == "*" {
            return Ok(SegmentPattern::Any);
        }
        let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            return error(
                node,
                format!("`{segment}` must be `*` or a member, such as `{{project}}`"),
            );
        };
        match self.members.iter().enumerate().find(|(_, member)| member.name == name) {
            Some((index, member)) if member.pair.is_some() => Ok(SegmentPattern::Pairs(index)),
            Some((index, _)) => Ok(SegmentPattern::Names(index)),
            None => {
                let known: Vec<_> = self.members.iter().map(|member| member.name).collect();
                error(node, format!("member `{name}` must be one of {}", known.join(", ")))
            }
        }
    }
}
