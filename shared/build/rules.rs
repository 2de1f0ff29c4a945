//! Compiles the text of a rules file into Rust expressions.

use super::method::ROUTABLE;
use super::permission::Vocabulary;
use super::yaml::{self, Result, error, string};
use saphyr::{MarkedYaml, YamlData};
use std::collections::HashSet;
use std::fmt::Write;

/// The management routes that may require less than a super admin, with the one such requirement that each may have.
const OPEN_MANAGEMENT_ROUTES: [(&str, &str, &str); 4] = [
    ("GET", "/v1/tokens/self", "authenticated"),
    ("DELETE", "/v1/tokens/self", "authenticated"),
    ("POST", "/v1/tokens/self/regenerate", "authenticated"),
    ("POST", "/v1/introspect", "routesGrant"),
];

/// A compiled rules file.
#[derive(Debug)]
pub struct Compiled {
    /// What a path without any rule requires: a `Requirement` as a Rust expression.
    pub default: &'static str,
    /// The rules, in the order of the file.
    pub rules: Vec<Rule>,
}

/// A compiled rule.
#[derive(Debug)]
pub struct Rule {
    /// The path of its route, without the names of placeholders.
    pub path_shape: String,
    /// A `RouteRule` as a Rust expression.
    pub expression: String,
}

/// What happens to a rule with an invalid access, for example with a name that the vocabulary does not have.
#[derive(Clone, Copy)]
pub enum OnInvalidAccess {
    /// The file is rejected.
    Reject,
    /// The rule requires a super admin.
    RequireSuperAdmin,
}

/// Compiles a whole file.
pub fn compile(
    text: &str,
    vocabulary: &Vocabulary,
    on_invalid: OnInvalidAccess,
) -> Result<Compiled> {
    let document = yaml::document(text)?;
    let YamlData::Sequence(entries) = &document.data else {
        return error(&document, "must be a list of routes");
    };
    let (default, entries) = match entries.split_first() {
        Some((first, rest)) if first.data.contains_mapping_key("default") => {
            (default(first)?, rest)
        }
        _ => ("Requirement::RoutesGrant", entries.as_slice()),
    };
    let mut seen = HashSet::new();
    let mut rules = Vec::new();
    for entry in entries {
        let (route, requires) = fields(entry)?;
        let rule = Route::parse(route, vocabulary, on_invalid)?;
        if !seen.insert((rule.method, rule.path_shape())) {
            return error(route, format!("`{} {}` is listed twice", rule.method, rule.path));
        }
        let requires = rule.requires(requires)?;
        let expression = format!(
            "RouteRule {{ method: {:?}, path: {:?}, requires: {requires} }}",
            rule.method, rule.path
        );
        rules.push(Rule { path_shape: rule.path_shape(), expression });
    }
    Ok(Compiled { default, rules })
}

/// Returns what a path without any rule requires, from the entry with `default`.
fn default(entry: &MarkedYaml<'_>) -> Result<&'static str> {
    match entry.data.as_mapping().map(|members| members.len()) {
        Some(1) => {}
        _ => return error(entry, "`default` must be an entry of its own"),
    }
    match entry.data.as_mapping_get("default").and_then(|word| word.data.as_str()) {
        Some("superAdmin") => Ok("Requirement::SuperAdmin"),
        Some("routesGrant") => Ok("Requirement::RoutesGrant"),
        _ => error(entry, "`default` must be `superAdmin` or `routesGrant`"),
    }
}

/// Returns the two fields of an entry, and rejects any other.
fn fields<'a, 'i>(entry: &'a MarkedYaml<'i>) -> Result<(&'a MarkedYaml<'i>, &'a MarkedYaml<'i>)> {
    let YamlData::Mapping(fields) = &entry.data else {
        return error(entry, "must be a mapping with `route` and `requires`");
    };
    for name in fields.keys() {
        if !matches!(name.data.as_str(), Some("route" | "requires")) {
            return error(name, "must be `route` or `requires`");
        }
    }
    match (entry.data.as_mapping_get("route"), entry.data.as_mapping_get("requires")) {
        (Some(route), Some(requires)) => Ok((route, requires)),
        _ => error(entry, "must have both `route` and `requires`"),
    }
}

/// The route of a rule.
pub struct Route<'a> {
    pub vocabulary: &'a Vocabulary,
    on_invalid: OnInvalidAccess,
    method: &'a str,
    pub path: &'a str,
    pub placeholders: Vec<&'a str>,
}

impl<'a> Route<'a> {
    fn parse(
        node: &'a MarkedYaml<'_>,
        vocabulary: &'a Vocabulary,
        on_invalid: OnInvalidAccess,
    ) -> Result<Self> {
        let text = string(node)?;
        let Some((method, path)) = text.split_once(' ') else {
            return error(node, format!("`{text}` must be a method, a space and a path"));
        };
        if method != "ANY" && !ROUTABLE.contains(&method) {
            return error(
                node,
                format!("`{method}` must be `ANY` or one of {}", ROUTABLE.join(", ")),
            );
        }
        let mut placeholders = Vec::new();
        let Some(rest) = path.strip_prefix('/') else {
            return error(node, format!("path `{path}` must start with `/`"));
        };
        // The root has no segments.
        let mut segments = rest.split('/').filter(|_| path != "/").peekable();
        while let Some(segment) = segments.next() {
            let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            if name.is_some_and(|name| name.ends_with('+')) && segments.peek().is_some() {
                return error(node, format!("`{segment}` must be the last segment"));
            }
            // The literal, or the name of the placeholder without `+`.
            let bare = name.map_or(segment, |name| name.strip_suffix('+').unwrap_or(name));
            if bare.is_empty() || bare.contains(['{', '}', '+', '%', '?', '#', ';', '\\', '*', ' '])
            {
                return error(
                    node,
                    format!("`{segment}` must be a literal, `{{name}}` or a last `{{name+}}`"),
                );
            }
            if let Some(name) = name {
                if placeholders.iter().any(|one: &&str| one.trim_end_matches('+') == bare) {
                    return error(node, format!("placeholder `{bare}` is used twice"));
                }
                placeholders.push(name);
            }
        }
        Ok(Self { vocabulary, on_invalid, method, path, placeholders })
    }

    /// Returns the path without the names of its placeholders: API Gateway cannot tell `/a/{x}` from `/a/{y}`.
    fn path_shape(&self) -> String {
        let segments = self.path.split('/').map(|segment| match segment {
            greedy if greedy.ends_with("+}") => "{+}",
            placeholder if placeholder.starts_with('{') => "{}",
            literal => literal,
        });
        segments.collect::<Vec<_>>().join("/")
    }

    fn is_management(&self) -> bool {
        self.path == "/v1" || self.path.starts_with("/v1/")
    }

    /// Returns the `Requires` of a rule with this route as a Rust expression.
    fn requires(&self, node: &MarkedYaml<'_>) -> Result<String> {
        let YamlData::Mapping(methods) = &node.data else {
            return Ok(format!("Requires::Always({})", self.requirement(node)?));
        };
        if self.method != "ANY" {
            return error(
                node,
                "must not depend on the method; only a route for `ANY` may list methods",
            );
        }
        if methods.is_empty() {
            return error(node, "must list at least one method");
        }
        let mut arms = String::new();
        for (method, requirement) in methods {
            let name = string(method)?;
            if !ROUTABLE.contains(&name) {
                return error(method, format!("`{name}` must be one of {}", ROUTABLE.join(", ")));
            }
            let _ = write!(arms, "({name:?}, {}), ", self.requirement(requirement)?);
        }
        Ok(format!("Requires::PerMethod(&[{arms}])"))
    }

    /// Returns one `Requirement` of a rule with this route as a Rust expression.
    fn requirement(&self, node: &MarkedYaml<'_>) -> Result<String> {
        if node.data.is_sequence() {
            self.check_is_not_management(node)?;
            return match (self.accesses(node), self.on_invalid) {
                (Err(_), OnInvalidAccess::RequireSuperAdmin) => {
                    Ok("Requirement::SuperAdmin".to_owned())
                }
                (accesses, _) => accesses,
            };
        }
        let (word, variant) = match string(node)? {
            "superAdmin" => return Ok("Requirement::SuperAdmin".to_owned()),
            word @ "authenticated" => (word, "Authenticated"),
            word @ "routesGrant" => (word, "RoutesGrant"),
            word => {
                let forms = "`superAdmin`, `authenticated`, `routesGrant` or a list of accesses";
                return error(node, format!("`{word}` must be {forms}"));
            }
        };
        if !OPEN_MANAGEMENT_ROUTES.contains(&(self.method, self.path, word)) {
            self.check_is_not_management(node).map_err(|mut error| {
                error.reason = format!("{}, not `{word}`", error.reason);
                error
            })?;
        }
        Ok(format!("Requirement::{variant}"))
    }

    /// Checks that this is not a management route. Only those in `OPEN_MANAGEMENT_ROUTES` may require less than a super admin.
    fn check_is_not_management(&self, node: &MarkedYaml<'_>) -> Result<()> {
        if self.is_management() {
            return error(
                node,
                format!("`{}` is a management route and must require `superAdmin`", self.path),
            );
        }
        Ok(())
    }
}

/// Returns `Rules` with these rules, as a Rust expression.
pub fn expression<'a>(default: &str, rules: impl Iterator<Item = &'a Rule>) -> String {
    let routes = rules.map(|rule| rule.expression.as_str()).collect::<Vec<_>>().join(",\n");
    format!("Rules {{ default: &{default}, routes: &[\n{routes}\n] }}")
}
