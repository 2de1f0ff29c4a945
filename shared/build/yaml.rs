//! Reads YAML with the line of each node, or reports the line and the reason of the first mistake.

use saphyr::{LoadableYamlNode, MarkedYaml, YamlData};

/// A mistake in a file, with its line (from 1).
#[derive(Debug, PartialEq)]
pub struct CompileError {
    pub line: usize,
    pub reason: String,
}

pub type Result<T> = std::result::Result<T, CompileError>;

/// Reads the one document of a file.
pub fn document(text: &str) -> Result<MarkedYaml<'_>> {
    let mut documents = MarkedYaml::load_from_str(text).map_err(|error| CompileError {
        line: error.marker().line(),
        reason: error.info().to_owned(),
    })?;
    match (documents.pop(), documents.is_empty()) {
        (Some(document), true) => Ok(document),
        _ => Err(CompileError { line: 1, reason: "must be one YAML document".to_owned() }),
    }
}

pub fn string<'a>(node: &'a MarkedYaml<'_>) -> Result<&'a str> {
    node.data.as_str().ok_or_else(|| mistake(node, "must be a string"))
}

/// Returns the elements of a list, which must have at least one. `of` names the elements in the error.
pub fn list<'a, 'i>(node: &'a MarkedYaml<'i>, of: &str) -> Result<&'a [MarkedYaml<'i>]> {
    match &node.data {
        YamlData::Sequence(list) if !list.is_empty() => Ok(list),
        _ => error(node, format!("must be a list of {of}, at least one")),
    }
}

/// Returns the names and values of a mapping, which must have at least one. `of` names the values in the error.
pub fn mapping<'a, 'i>(
    node: &'a MarkedYaml<'i>,
    of: &str,
) -> Result<Vec<(&'a MarkedYaml<'i>, &'a MarkedYaml<'i>)>> {
    match &node.data {
        YamlData::Mapping(entries) if !entries.is_empty() => Ok(entries.iter().collect()),
        _ => error(node, format!("must be a mapping of {of}, at least one")),
    }
}

/// Returns the values of a mapping's fields, in the order of `names`. An absent field is `None`; any other field is an error.
pub fn fields<'a, 'i, const N: usize>(
    node: &'a MarkedYaml<'i>,
    names: [&str; N],
) -> Result<[Option<&'a MarkedYaml<'i>>; N]> {
    let known = format!("`{}`", names.join("`, `"));
    let YamlData::Mapping(fields) = &node.data else {
        return error(node, format!("must be a mapping with {known}"));
    };
    for name in fields.keys() {
        match name.data.as_str() {
            Some(text) if names.contains(&text) => {}
            Some(text) => return error(name, format!("`{text}` must be one of {known}")),
            None => return error(name, format!("must be one of {known}")),
        }
    }
    Ok(names.map(|name| node.data.as_mapping_get(name)))
}

pub fn error<T>(node: &MarkedYaml<'_>, reason: impl Into<String>) -> Result<T> {
    Err(mistake(node, reason))
}

fn mistake(node: &MarkedYaml<'_>, reason: impl Into<String>) -> CompileError {
    CompileError { line: node.span.start.line(), reason: reason.into() }
}
