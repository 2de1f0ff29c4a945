//! The needs of a rule: `resource:action:object` lines, and whether any grant could meet them together.

use super::compile::{Result, Route, fault, scalar};
use super::permission::{Action, Kind, Resource, Role};
use saphyr::MarkedYaml;
use std::fmt::Write;

impl Route<'_> {
    pub fn lines(&self, node: &MarkedYaml<'_>, lines: &[MarkedYaml<'_>]) -> Result<String> {
        if lines.is_empty() {
            return fault(node, "must list at least one need");
        }
        let mut needs = Vec::new();
        let mut text = String::from("Requirement::Access(&[");
        for line in lines {
            let (resource, action, object) = self.line(line)?;
            needs.push((resource, action));
            let _ = write!(
                text,
                "RequiredAccess {{ resource: Resource::{resource:?}, action: Action::{action:?}, object: &[{object}] }}, "
            );
        }
        if !together(&needs) {
            return fault(node, "no single grant could ever allow all of these together");
        }
        text.push_str("])");
        Ok(text)
    }

    fn line(&self, node: &MarkedYaml<'_>) -> Result<(Resource, Action, String)> {
        let text = scalar(node)?;
        let mut parts = text.splitn(3, ':');
        let (Some(resource), Some(action), Some(object)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return fault(node, format!("`{text}` must be resource:action:object"));
        };
        let Some((resource, name, count)) =
            Resource::ALL.iter().find(|(_, name, _)| *name == resource)
        else {
            let known: Vec<_> = Resource::ALL.iter().map(|(_, name, _)| *name).collect();
            return fault(
                node,
                format!("resource `{resource}` must be one of {}", known.join(", ")),
            );
        };
        let Some((action, _)) = Action::ALL.iter().find(|(_, name)| *name == action) else {
            let known: Vec<_> = Action::ALL.iter().map(|(_, name)| *name).collect();
            return fault(node, format!("action `{action}` must be one of {}", known.join(", ")));
        };
        let segments: Vec<_> = object.split('/').collect();
        if segments.len() != *count {
            return fault(
                node,
                format!("an object of `{name}` has {count} segments, not {}", segments.len()),
            );
        }
        let segments: Result<Vec<_>> =
            segments.into_iter().map(|segment| self.segment(node, segment)).collect();
        Ok((*resource, *action, segments?.join(", ")))
    }

    fn segment(&self, node: &MarkedYaml<'_>, segment: &str) -> Result<String> {
        if let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            if name.ends_with('+') || self.placeholders.contains(&format!("{name}+").as_str()) {
                return fault(
                    node,
                    format!("`{segment}` stands for many segments and cannot name one thing"),
                );
            }
            if !self.placeholders.contains(&name) {
                return fault(node, format!("`{segment}` is no placeholder of `{}`", self.path));
            }
            return Ok(format!("ObjectSegment::Placeholder({name:?})"));
        }
        if segment.is_empty() || segment.contains(['{', '}', '*', '%', '\\']) {
            return fault(node, format!("`{segment}` must be a placeholder or a plain name"));
        }
        Ok(format!("ObjectSegment::Literal({segment:?})"))
    }
}

/// Whether some role of some kind allows all of these, whatever the objects.
fn together(needs: &[(Resource, Action)]) -> bool {
    let roles = Kind::ALL
        .iter()
        .flat_map(|(kind, ..)| Role::ALL.iter().filter_map(|(role, _)| kind.permissions(*role)));
    roles.into_iter().any(|permissions| {
        needs
            .iter()
            .all(|(resource, action)| permissions.iter().any(|one| one.matches(*resource, *action)))
    })
}
