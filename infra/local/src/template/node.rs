//! Reads the YAML of a template, and reports mistakes with the path of the value.

use super::{Result, Source, TemplateError};
use saphyr::Yaml;

/// A value in the template, with its path, such as `Resources.Table.Type`. An intrinsic function such as `!Ref` is read as its
/// argument.
#[derive(Clone)]
pub(super) struct Node<'a> {
    source: &'a Source<'a>,
    path: String,
    yaml: &'a Yaml<'a>,
}

impl<'a> Node<'a> {
    pub(super) fn root(source: &'a Source<'a>, yaml: &'a Yaml<'a>) -> Self {
        Node { source, path: String::new(), yaml }
    }

    pub(super) fn get(&self, name: &str) -> Result<Node<'a>> {
        let path =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        let yaml = without_tag(self.yaml).as_mapping_get(name);
        match yaml {
            Some(yaml) => Ok(Node { source: self.source, path, yaml }),
            None => Err(self.source.error(format!("{path} is missing"))),
        }
    }

    pub(super) fn text(&self) -> Result<&'a str> {
        without_tag(self.yaml).as_str().ok_or_else(|| self.invalid("a string"))
    }

    pub(super) fn integer(&self) -> Result<i64> {
        without_tag(self.yaml).as_integer().ok_or_else(|| self.invalid("a number"))
    }

    pub(super) fn elements(&self) -> Result<impl Iterator<Item = Node<'a>>> {
        let Yaml::Sequence(elements) = without_tag(self.yaml) else {
            return Err(self.invalid("a list"));
        };
        let path = self.path.clone();
        let source = self.source;
        let place = move |(index, yaml)| Node { source, path: format!("{path}[{index}]"), yaml };
        Ok(elements.iter().enumerate().map(place))
    }

    /// Returns the properties of every resource of a type.
    pub(super) fn of_type(&self, kind: &'static str) -> impl Iterator<Item = Node<'a>> {
        let members = without_tag(self.yaml).as_mapping().into_iter().flatten();
        let names: Vec<_> = members.filter_map(|(name, _)| name.as_str()).collect();
        let has_type = |one: &Node<'_>| {
            one.get("Type").and_then(|given| given.text()).is_ok_and(|given| given == kind)
        };
        let resources = names.into_iter().filter_map(|name| self.get(name).ok()).filter(has_type);
        resources.filter_map(|one| one.get("Properties").ok()).collect::<Vec<_>>().into_iter()
    }

    pub(super) fn invalid(&self, expected: &str) -> TemplateError {
        self.source.error(format!("{} must be {expected}", self.path))
    }
}

fn without_tag<'a>(yaml: &'a Yaml<'a>) -> &'a Yaml<'a> {
    match yaml {
        Yaml::Tagged(_, inner) => without_tag(inner),
        other => other,
    }
}
