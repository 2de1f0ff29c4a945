//! Compiles the text of a rules file into Rust expressions, or reports the line and the reason of its first mistake.

use saphyr::{LoadableYamlNode, MarkedYaml, YamlData};
use std::collections::HashSet;
use std::fmt::Write;

/// What is wrong with the file, and in which line (from 1).
#[derive(Debug, PartialEq)]
pub struct Fault {
    pub line: usize,
    pub reason: String,
}

pub type Result<T> = std::result::Result<T, Fault>;

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Compiles a whole file into one `RouteRule` expression per entry, each followed by a comma.
pub fn compile(text: &str) -> Result<String> {
    let documents = MarkedYaml::load_from_str(text)
        .map_err(|error| Fault { line: error.marker().line(), reason: error.info().to_owned() })?;
    let [document] = documents.as_slice() else {
        return Err(Fault { line: 1, reason: "must be one YAML document".to_owned() });
    };
    let YamlData::Sequence(entries) = &document.data else {
        return fault(document, "must be a list of routes");
    };
    let mut seen = HashSet::new();
    let mut rules = String::new();
    for entry in entries {
        let (route, requires) = members(entry)?;
        let rule = Route::parse(route)?;
        if !seen.insert(rule.shape()) {
            return fault(route, format!("`{} {}` is listed twice", rule.method, rule.path));
        }
        let requires = rule.requires(requires)?;
        let _ = writeln!(
            rules,
            "RouteRule {{ method: {:?}, path: {:?}, requires: {requires} }},",
            rule.method, rule.path
        );
    }
    Ok(rules)
}

/// The two members of an entry, and no other.
fn members<'a, 'i>(entry: &'a MarkedYaml<'i>) -> Result<(&'a MarkedYaml<'i>, &'a MarkedYaml<'i>)> {
    let YamlData::Mapping(members) = &entry.data else {
        return fault(entry, "must be a mapping with `route` and `requires`");
    };
    for name in members.keys() {
        if !matches!(name.data.as_str(), Some("route" | "requires")) {
            return fault(name, "must have no member but `route` and `requires`");
        }
    }
    match (entry.data.as_mapping_get("route"), entry.data.as_mapping_get("requires")) {
        (Some(route), Some(requires)) => Ok((route, requires)),
        _ => fault(entry, "must have both `route` and `requires`"),
    }
}

pub struct Route<'a> {
    method: &'a str,
    pub path: &'a str,
    pub placeholders: Vec<&'a str>,
}

impl<'a> Route<'a> {
    fn parse(node: &'a MarkedYaml<'_>) -> Result<Self> {
        let text = scalar(node)?;
        let Some((method, path)) = text.split_once(' ') else {
            return fault(node, format!("`{text}` must be a method, a space and a path"));
        };
        if method != "ANY" && !METHODS.contains(&method) {
            return fault(
                node,
                format!("`{method}` must be `ANY` or one of {}", METHODS.join(", ")),
            );
        }
        let mut placeholders = Vec::new();
        let Some(rest) = path.strip_prefix('/') else {
            return fault(node, format!("path `{path}` must begin with `/`"));
        };
        let mut segments = rest.split('/').peekable();
        while let Some(segment) = segments.next() {
            let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let bare = name.unwrap_or(segment);
            if name.is_some_and(|name| name.ends_with('+')) && segments.peek().is_some() {
                return fault(node, format!("`{segment}` must be the last segment"));
            }
            let bare = if name.is_some() { bare.strip_suffix('+').unwrap_or(bare) } else { bare };
            if bare.is_empty() || bare.contains(['{', '}', '+', '%', '?', '#', '\\', '*', ' ']) {
                return fault(node, format!("`{segment}` is no segment of a path"));
            }
            if let Some(name) = name {
                if placeholders.contains(&name) {
                    return fault(node, format!("`{segment}` is used twice"));
                }
                placeholders.push(name);
            }
        }
        Ok(Self { method, path, placeholders })
    }

    /// The route with its placeholders' names left out: API Gateway cannot tell `/a/{x}` from `/a/{y}`.
    fn shape(&self) -> String {
        let segments = self.path.split('/').map(|segment| match segment {
            greedy if greedy.ends_with("+}") => "{+}",
            placeholder if placeholder.starts_with('{') => "{}",
            literal => literal,
        });
        format!("{} {}", self.method, segments.collect::<Vec<_>>().join("/"))
    }

    fn is_management(&self) -> bool {
        self.path == "/v1" || self.path.starts_with("/v1/")
    }

    fn requires(&self, node: &MarkedYaml<'_>) -> Result<String> {
        let YamlData::Mapping(methods) = &node.data else {
            return Ok(format!("Requires::Always({})", self.requirement(node)?));
        };
        if self.method != "ANY" {
            return fault(
                node,
                "only a route of `ANY` method may require something of each method",
            );
        }
        if methods.is_empty() {
            return fault(node, "must require something");
        }
        let mut arms = String::new();
        for (method, requirement) in methods {
            let name = scalar(method)?;
            if !METHODS.contains(&name) {
                return fault(method, format!("`{name}` must be one of {}", METHODS.join(", ")));
            }
            let _ = write!(arms, "({name:?}, {}), ", self.requirement(requirement)?);
        }
        Ok(format!("Requires::PerMethod(&[{arms}])"))
    }

    fn requirement(&self, node: &MarkedYaml<'_>) -> Result<String> {
        if let YamlData::Sequence(lines) = &node.data {
            self.may_be_weaker(node)?;
            return self.lines(node, lines);
        }
        let (word, variant) = match scalar(node)? {
            "superAdmin" => return Ok("Requirement::SuperAdmin".to_owned()),
            word @ "authenticated" => (word, "Authenticated"),
            word @ "routesGrant" => (word, "RoutesGrant"),
            word => {
                let forms = "`superAdmin`, `authenticated`, `routesGrant` or a list of needs";
                return fault(node, format!("`{word}` must be {forms}"));
            }
        };
        self.may_be_weaker(node).map_err(|mut fault| {
            fault.reason = format!("{}, not `{word}`", fault.reason);
            fault
        })?;
        Ok(format!("Requirement::{variant}"))
    }

    fn may_be_weaker(&self, node: &MarkedYaml<'_>) -> Result<()> {
        if self.is_management() {
            return fault(
                node,
                format!("`{}` is a management route and must require `superAdmin`", self.path),
            );
        }
        Ok(())
    }
}

pub fn scalar<'a>(node: &'a MarkedYaml<'_>) -> Result<&'a str> {
    node.data
        .as_str()
        .ok_or_else(|| Fault { line: line_of(node), reason: "must be a text".to_owned() })
}

fn line_of(node: &MarkedYaml<'_>) -> usize {
    node.span.start.line()
}

pub fn fault<T>(node: &MarkedYaml<'_>, reason: impl Into<String>) -> Result<T> {
    Err(Fault { line: line_of(node), reason: reason.into() })
}
