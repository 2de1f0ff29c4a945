//! Parses accesses, written `resource:action:object`: those that the roles of a vocabulary allow, and those that rules require.

use super::permission::{Resource, Vocabulary};
use super::rules::Route;
use super::yaml::{Result, error, list, string};
use saphyr::MarkedYaml;
use std::fmt::Write;

/// Splits an access into its resource, action and object.
pub fn split<'a>(
    vocabulary: &Vocabulary,
    node: &'a MarkedYaml<'_>,
) -> Result<(&'static Resource, &'a str, &'a str)> {
    let text = string(node)?;
    let mut parts = text.splitn(3, ':');
    let (Some(name), Some(action), Some(object)) = (parts.next(), parts.next(), parts.next())
    else {
        return error(node, format!("`{text}` must be `resource:action:object`"));
    };
    match vocabulary.resource(name) {
        Some(resource) => Ok((resource, action, object)),
        None => {
            let known: Vec<_> = vocabulary.resources.iter().map(|one| one.name).collect();
            error(node, format!("resource `{name}` must be one of {}", known.join(", ")))
        }
    }
}

/// Returns a list with only the action that has this name, as a part of the vocabulary's list of actions.
pub fn action(
    vocabulary: &Vocabulary,
    node: &MarkedYaml<'_>,
    name: &str,
) -> Result<&'static [&'static str]> {
    let actions = vocabulary.actions;
    match actions.iter().position(|action| *action == name) {
        Some(index) => Ok(actions.get(index..=index).unwrap_or_default()),
        None => error(node, format!("action `{name}` must be one of {}", actions.join(", "))),
    }
}

/// Checks that an object of `resource` has this number of segments.
pub fn check_count(node: &MarkedYaml<'_>, resource: &Resource, count: usize) -> Result<()> {
    let (name, expected) = (resource.name, resource.segments.len());
    if count != expected {
        let plural = if expected == 1 { "" } else { "s" };
        return error(
            node,
            format!("an object of `{name}` must have {expected} segment{plural}, not {count}"),
        );
    }
    Ok(())
}

impl Route<'_> {
    /// Returns the `Requirement` of these accesses as a Rust expression.
    pub fn accesses(&self, node: &MarkedYaml<'_>) -> Result<String> {
        let mut accesses = Vec::new();
        let mut text = String::from("Requirement::Access(&[");
        for access in list(node, "accesses")? {
            let (resource, action, object) = self.access(access)?;
            accesses.push((resource, action));
            let _ = write!(
                text,
                "RequiredAccess {{ resource: {resource:?}, action: {action:?}, object: &[{object}] }}, "
            );
        }
        if !self.vocabulary.can_allow(&accesses) {
            return error(
                node,
                "must be accesses that a single grant can allow; no role allows all",
            );
        }
        text.push_str("])");
        Ok(text)
    }

    /// Returns an access's resource and action, and its object as Rust expressions of `ObjectSegment` values.
    fn access<'a>(&self, node: &'a MarkedYaml<'_>) -> Result<(&'static str, &'a str, String)> {
        let (resource, name, object) = split(self.vocabulary, node)?;
        action(self.vocabulary, node, name)?;
        let segments: Vec<_> = object.split('/').collect();
        check_count(node, resource, segments.len())?;
        let segments: Result<Vec<_>> =
            segments.into_iter().map(|segment| self.segment(node, segment)).collect();
        Ok((resource.name, name, segments?.join(", ")))
    }

    /// Returns the `ObjectSegment` of a segment of an object as a Rust expression.
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
