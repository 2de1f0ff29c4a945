//! What protected routes require: `infra/routes.yaml` and `infra/demo/routes.yaml`, compiled in at build time.

use super::path::{match_path, specificity};
use super::permission::{Action, Resource};
use std::fmt;

/// The rules of `infra/routes.yaml`. A mistake in the file fails the build with its line and the reason.
pub static RULES: &[RouteRule] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The same rules, followed by those of `infra/demo/routes.yaml`: for deployments that serve the demo. Where both files
/// have a rule for a route, the first one applies.
pub static RULES_WITH_DEMO: &[RouteRule] =
    include!(concat!(env!("OUT_DIR"), "/rules_with_demo.rs"));

/// What one route requires.
#[derive(Debug)]
pub struct RouteRule {
    /// An HTTP method, or `ANY`.
    pub method: &'static str,
    /// The route's path with its placeholders.
    pub path: &'static str,
    /// What it requires.
    pub requires: Requires,
}

/// A requirement, for all methods or each its own.
#[derive(Debug)]
pub enum Requires {
    /// The same whatever the method.
    Always(Requirement),
    /// By method. One that is left out is for super admins only.
    PerMethod(&'static [(&'static str, Requirement)]),
}

/// What a token must be or hold.
#[derive(Debug, PartialEq)]
pub enum Requirement {
    /// A super admin's.
    SuperAdmin,
    /// Any valid one.
    Authenticated,
    /// A `routes` grant that covers method and path.
    RoutesGrant,
    /// One grant that allows all of these.
    Access(&'static [RequiredAccess]),
}

/// One triple, with placeholders of the route.
#[derive(Debug, PartialEq)]
pub struct RequiredAccess {
    /// What it is about.
    pub resource: Resource,
    /// What is to be done.
    pub action: Action,
    /// The object, segment by segment.
    pub object: &'static [ObjectSegment],
}

/// One segment of a line's object.
#[derive(Debug, PartialEq)]
pub enum ObjectSegment {
    /// Itself.
    Literal(&'static str),
    /// The value of this placeholder.
    Placeholder(&'static str),
}

impl RouteRule {
    /// The rule for a method on a route's path: the method's own, else the `ANY` of that path.
    pub fn find<'r>(rules: &'r [RouteRule], method: &str, path: &str) -> Option<&'r RouteRule> {
        let on_path = |rule: &&RouteRule| rule.path == path;
        let mut own = rules.iter().filter(on_path);
        own.find(|rule| rule.method == method)
            .or_else(|| rules.iter().filter(on_path).find(|rule| rule.method == "ANY"))
    }

    /// The rule whose route API Gateway would choose for a method and a path as it was sent, and the values of its
    /// placeholders as they stand in the path: the most specific one, and a method's own before `ANY`.
    pub fn matching<'a>(
        rules: &'a [RouteRule],
        method: &str,
        path: &'a str,
    ) -> Option<(&'a RouteRule, Vec<(&'a str, &'a str)>)> {
        let admits = |rule: &&RouteRule| rule.method == method || rule.method == "ANY";
        let matches = rules
            .iter()
            .filter(admits)
            .filter_map(|rule| Some((rule, match_path(rule.path, path)?)));
        matches.min_by_key(|(rule, _)| (specificity(rule.path), rule.method == "ANY"))
    }

    /// What the rule requires of `method`.
    pub fn requirement(&self, method: &str) -> &Requirement {
        match &self.requires {
            Requires::Always(requirement) => requirement,
            Requires::PerMethod(methods) => methods
                .iter()
                .find(|(one, _)| *one == method)
                .map_or(&Requirement::SuperAdmin, |(_, requirement)| requirement),
        }
    }
}

impl fmt::Display for RouteRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn rule(method: &'static str, path: &'static str) -> RouteRule {
        RouteRule { method, path, requires: Requires::Always(Requirement::Authenticated) }
    }

    #[test]
    fn the_most_specific_path_counts_and_on_it_a_methods_own_rule_before_any() {
        let rules = [
            rule("ANY", "/a/{proxy+}"),
            rule("ANY", "/a/{b}"),
            rule("GET", "/a/{b}"),
            rule("POST", "/a/c"),
        ];
        for (method, path, expected) in [
            ("GET", "/a/b", Some("GET /a/{b}")),
            ("POST", "/a/b", Some("ANY /a/{b}")),
            ("POST", "/a/c", Some("POST /a/c")),
            ("GET", "/a/c", Some("GET /a/{b}")),
            ("GET", "/a/b/c", Some("ANY /a/{proxy+}")),
            ("GET", "/b", None),
        ] {
            let found = RouteRule::matching(&rules, method, path);
            let found = found.map(|(rule, _)| rule.to_string());
            assert_eq!(found.as_deref(), expected, "{method} {path}");
        }
    }
}
