//! The requirements of protected routes: `infra/routes.yaml` and `infra/demo/routes.yaml`, compiled in at build time.

use super::path::{match_path, specificity};
use super::permission::{Action, Resource};
use std::fmt;

/// The rules of `infra/routes.yaml`. A mistake in the file fails the build with its line and the reason.
pub static RULES: &[RouteRule] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The same rules, followed by those of `infra/demo/routes.yaml`: for deployments that serve the demo. Where both files
/// have a rule for a route, the first one applies.
pub static RULES_WITH_DEMO: &[RouteRule] =
    include!(concat!(env!("OUT_DIR"), "/rules_with_demo.rs"));

/// The requirement of one route.
#[derive(Debug)]
pub struct RouteRule {
    /// An HTTP method, or `ANY`.
    pub method: &'static str,
    /// The route's path with its placeholders.
    pub path: &'static str,
    /// The requirement.
    pub requires: Requires,
}

/// A requirement for all methods, or one per method.
#[derive(Debug)]
pub enum Requires {
    /// The same for every method.
    Always(Requirement),
    /// One per method. A method that is not listed requires a super-admin token.
    PerMethod(&'static [(&'static str, Requirement)]),
}

/// What a request must prove.
#[derive(Debug, PartialEq)]
pub enum Requirement {
    /// A super-admin token.
    SuperAdmin,
    /// Any valid token.
    Authenticated,
    /// A `routes` grant that covers the method and path.
    RoutesGrant,
    /// One grant that allows all of these accesses.
    Access(&'static [RequiredAccess]),
}

/// One access that a rule requires. Its object may contain placeholders of the route.
#[derive(Debug, PartialEq)]
pub struct RequiredAccess {
    /// The resource.
    pub resource: Resource,
    /// The action.
    pub action: Action,
    /// The object, segment by segment.
    pub object: &'static [ObjectSegment],
}

/// One segment of the object that a rule requires.
#[derive(Debug, PartialEq)]
pub enum ObjectSegment {
    /// A literal name.
    Literal(&'static str),
    /// The value of this placeholder.
    Placeholder(&'static str),
}

impl RouteRule {
    /// Returns the rule for a method on a route's path: the rule of the method itself, or else the one for `ANY`.
    pub fn find<'r>(rules: &'r [RouteRule], method: &str, path: &str) -> Option<&'r RouteRule> {
        let find = |method: &str| rules.iter().find(|one| one.path == path && one.method == method);
        find(method).or_else(|| find("ANY"))
    }

    /// Returns the rule of the route that API Gateway would choose for a method and an encoded path, and the values of
    /// its placeholders as they are in the path.
    ///
    /// The most specific route is chosen, and on it the rule of the method itself before the one for `ANY`.
    pub fn find_by_path<'a>(
        rules: &'a [RouteRule],
        method: &str,
        path: &'a str,
    ) -> Option<(&'a RouteRule, Vec<(&'a str, &'a str)>)> {
        rules
            .iter()
            .filter(|rule| rule.method == method || rule.method == "ANY")
            .filter_map(|rule| Some((rule, match_path(rule.path, path)?)))
            .min_by_key(|(rule, _)| (specificity(rule.path), rule.method == "ANY"))
    }

    /// Returns what the rule requires for `method`.
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
    fn find_by_path_prefers_the_most_specific_path_and_then_the_method_itself() {
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
            let found = RouteRule::find_by_path(&rules, method, path);
            let found = found.map(|(rule, _)| rule.to_string());
            assert_eq!(found.as_deref(), expected, "{method} {path}");
        }
    }
}
