//! The accesses that a rule requires, as `resource:action:object`, and whether one grant could allow all of them.

use super::compile::{Result, Route, error, string};
use super::permission::{Action, Kind, Resource, Role};
use saphyr::MarkedYaml;
use std::fmt::Write;

impl Route<'_> {
    pub fn accesses(&self, node: &MarkedYaml<'_>, list: &[MarkedYaml<'_>]) -> Result<String> {
        if list.is_empty() {
            return error(node, "must list at least one access");
        }
        let mut accesses = Vec::new();
        let mut text = String::from("Requirement::Access(&[");
        for access in list {
            let (resource, action, object) = self.access(access)?;
            accesses.push((resource, action));
            let _ = write!(
                text,
                "RequiredAccess {{ resource: Resource::{resource:?}, action: Action::{action:?}, object: &[{object}] }}, "
            );
        }
        if !can_be_allowed(&accesses) {
            return error(
                node,
                "must be accesses that a single grant can allow; no role allows all",
            );
        }
        text.push_str("])");
        Ok(text)
    }

    fn access(&self, node: &MarkedYaml<'_>) -> Result<(Resource, Action, String)> {
        let text = string(node)?;
        let mut parts = text.splitn(3, ':');
        let (Some(resource), Some(action), Some(object)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return error(node, format!("`{text}` must be `resource:action:object`"));
        };
        let Some((resource, name, count)) =
            Resource::ALL.iter().find(|(_, name, _)| *name == resource)
        else {
            let known: Vec<_> = Resource::ALL.iter().map(|(_, name, _)| *name).collect();
            return error(
                node,
                format!("resource `{resource}` must be one of {}", known.join(", ")),
            );
        };
        let Some((action, _)) = Action::ALL.iter().find(|(_, name)| *name == action) else {
            let known: Vec<_> = Action::ALL.iter().map(|(_, name)| *name).collect();
            return error(node, format!("action `{action}` must be one of {}", known.join(", ")));
        };
        let segments: Vec<_> = object.split('/').collect();
        if segments.len() != *count {
            return error(
                node,
                format!("an object of `{name}` must have {count} segments, not {}", segments.len()),
            );
        }
        let segments: Result<Vec<_>> =
            segments.into_iter().map(|segment| self.segment(node, segment)).collect();
        Ok((*resource, *action, segments?.join(", ")))
    }

    fn segment(&self, node: &MarkedYaml<'_>, segment: &str) -> Result<String> {
        if let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            if name.ends_with('+') || self.placeholders.contains(&format!("{name}+").as_str()) {
                return error(node, format!("`{segment}` must be a placeholder for one segment"));
            }
            if !self.placeholders.contains(&name) {
                return error(
                    node,
                    format!("`{segment}` must be a placeholder of `{}`", self.path),
                );
            }
            return Ok(format!("ObjectSegment::Placeholder({name:?})"));
        }
        if segment.is_empty() || segment.contains(['{', '}', '*', '%', '\\']) {
            return error(node, format!("`{segment}` must be a placeholder or a literal name"));
        }
        Ok(format!("ObjectSegment::Literal({segment:?})"))
    }
}

/// Returns whether one role allows all of these, for some objects.
fn can_be_allowed(accesses: &[(Resource, Action)]) -> bool {
    let roles = Kind::ALL
        .iter()
        .flat_map(|(kind, ..)| Role::ALL.iter().filter_map(|(role, _)| kind.permissions(*role)));
    roles.into_iter().any(|permissions| {
        accesses
            .iter()
            .all(|(resource, action)| permissions.iter().any(|one| one.matches(*resource, *action)))
    })
}
