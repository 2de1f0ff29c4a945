//! The requirements of protected routes, as `infra/routes.yaml` states them.

use super::path::{has_same_shape, match_path, matches_segments, specificity};
use super::route::RouteRequest;
use super::segment::{has_one_reading, may_be_read_as};
use std::fmt;

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

impl Requirement {
    /// Returns a number that is greater for a requirement that fewer tokens meet.
    fn strictness(&self) -> u8 {
        match self {
            Self::Authenticated => 0,
            Self::RoutesGrant => 1,
            Self::Access(_) => 2,
            Self::SuperAdmin => 3,
        }
    }
}

/// One access that a rule requires. Its object may contain placeholders of the route.
#[derive(Debug, PartialEq)]
pub struct RequiredAccess {
    /// The resource.
    pub resource: &'static str,
    /// The action.
    pub action: &'static str,
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

/// The rules that are in force.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'r> {
    /// One per method and shape of a path.
    pub routes: &'r [RouteRule],
    /// What a path without any rule requires: `RoutesGrant`, or `SuperAdmin` with `default: superAdmin` in the file.
    pub default: &'r Requirement,
}

/// The rule that applies to a request, if any, and what it requires of the request's method.
pub type Applicable<'r> = (Option<&'r RouteRule>, &'r Requirement);

impl<'r> Rules<'r> {
    /// Returns the rule that applies to a request.
    pub fn find(&self, request: &RouteRequest) -> Option<&'r RouteRule> {
        self.applicable(request, request.filled_path().as_deref()).0
    }

    /// Returns what applies to a request with this [filled path](RouteRequest::filled_path).
    ///
    /// The shape of the matched route decides. If its path has rules but none for the method, only super admins pass. A path
    /// that also leads to a management route, or to a narrower route with a rule for the method, requires what that route
    /// requires, unless that is less: the request reaches the function of the matched route.
    ///
    /// A route without a rule is treated as the one that has a rule for its path, but requires at least the default.
    pub(super) fn applicable(
        &self,
        request: &RouteRequest,
        path: Option<&[&str]>,
    ) -> Applicable<'r> {
        let default = (None, self.default);
        let Some(route) = request.route.as_deref() else {
            return default;
        };
        let method = request.method.as_str();
        let (route, matched) = match self.by_shape(route, method) {
            Some(matched) => (route, matched),
            None => {
                let covering = path.and_then(|path| self.covering(method, path));
                let route = covering.unwrap_or(route);
                (route, stricter(self.by_shape(route, method), default))
            }
        };
        let Some(path) = path else {
            return matched;
        };
        let as_written = |segment: &str, name: &str| segment == name;
        let matched = stricter(self.by_path(route, method, path, as_written), matched);
        if path.iter().all(|segment| has_one_reading(segment)) {
            return matched;
        }
        // A program behind the gateway may read a segment as another name. Each reading may need more than the other.
        stricter(self.by_path(route, method, path, may_be_read_as), matched)
    }

    fn by_shape(&self, route: &str, method: &str) -> Option<Applicable<'r>> {
        let alike = self.routes.iter().filter(|rule| has_same_shape(rule.path, route));
        Self::for_method(&alike.collect::<Vec<_>>(), method)
    }

    /// Returns the path of the rule for a request whose route has none.
    fn covering(&self, method: &str, path: &[&str]) -> Option<&'r str> {
        self.find_by_path(method, &format!("/{}", path.join("/"))).map(|(rule, _)| rule.path)
    }

    fn by_path(
        &self,
        route: &str,
        method: &str,
        path: &[&str],
        is: fn(&str, &str) -> bool,
    ) -> Option<Applicable<'r>> {
        let matched = specificity(route);
        let leads_there = self.routes.iter().filter(|rule| {
            let is_narrower = || {
                specificity(rule.path) < matched && precedence(method).any(|one| one == rule.method)
            };
            matches_segments(rule.path, path, is) && (rule.is_management() || is_narrower())
        });
        let leads_there: Vec<_> = leads_there.collect();
        let nearest = Self::nearest(&leads_there, method)?;
        if method != "HEAD" {
            return Some(nearest);
        }
        // A gateway never takes a route of GET for HEAD, so the nearest of the others may be the one that it would take.
        let others: Vec<_> = leads_there.into_iter().filter(|rule| rule.method != "GET").collect();
        Some(stricter(Self::nearest(&others, method), nearest))
    }

    fn nearest(rules: &[&'r RouteRule], method: &str) -> Option<Applicable<'r>> {
        let nearest = rules.iter().map(|rule| specificity(rule.path)).min()?;
        let rules = rules.iter().copied().filter(|rule| specificity(rule.path) == nearest);
        Self::for_method(&rules.collect::<Vec<_>>(), method)
    }

    /// The rule for a method among those of one path: the method's own, for `HEAD` then that of `GET`, then `ANY`.
    fn for_method(rules: &[&'r RouteRule], method: &str) -> Option<Applicable<'r>> {
        let first = rules.first()?;
        let rule = precedence(method).find_map(|one| rules.iter().find(|rule| rule.method == one));
        Some(match rule {
            Some(rule) => (Some(rule), rule.requirement(method)),
            None => (Some(first), &Requirement::SuperAdmin),
        })
    }

    /// Returns the rule whose route API Gateway would choose for a method and a path as it was sent, and the values of
    /// its placeholders as they are in the path.
    ///
    /// The most specific path that has a rule for the method comes first; where no path has one, the most specific.
    pub fn find_by_path<'a>(
        &self,
        method: &str,
        path: &'a str,
    ) -> Option<(&'r RouteRule, Vec<(&'a str, &'a str)>)>
    where
        'r: 'a,
    {
        // A gateway never takes a route of GET for HEAD, but where it has no other, the rule for GET applies.
        let rank = |rule: &RouteRule| match rule.method {
            one if one == method => (0, 0),
            "ANY" => (0, 1),
            "GET" if method == "HEAD" => (1, 0),
            _ => (2, 0),
        };
        let matches =
            self.routes.iter().filter_map(|rule| Some((rule, match_path(rule.path, path)?)));
        matches.min_by_key(|(rule, _)| {
            let (group, own_before_any) = rank(rule);
            (group, specificity(rule.path), own_before_any)
        })
    }
}

/// Returns `other`, if there is one and it requires no less than `matched`.
fn stricter<'r>(other: Option<Applicable<'r>>, matched: Applicable<'r>) -> Applicable<'r> {
    other.filter(|other| other.1.strictness() >= matched.1.strictness()).unwrap_or(matched)
}

/// The methods whose rules apply to a method, the nearest first.
fn precedence(method: &str) -> impl Iterator<Item = &str> {
    let get = (method == "HEAD").then_some("GET");
    std::iter::once(method).chain(get).chain(std::iter::once("ANY"))
}

impl RouteRule {
    /// Returns what the rule requires of `method`, which a rule for `GET` or `ANY` may apply to.
    pub fn requirement(&self, method: &str) -> &Requirement {
        match &self.requires {
            Requires::Always(requirement) => requirement,
            Requires::PerMethod(methods) => precedence(method)
                .find_map(|one| methods.iter().find(|(of, _)| *of == one))
                .map_or(&Requirement::SuperAdmin, |(_, requirement)| requirement),
        }
    }

    /// Returns whether this is a route of the management API.
    pub fn is_management(&self) -> bool {
        self.path == "/v1" || self.path.starts_with("/v1/")
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
            let rules = Rules { routes: &rules, default: &Requirement::RoutesGrant };
            let found = rules.find_by_path(method, path);
            let found = found.map(|(rule, _)| rule.to_string());
            assert_eq!(found.as_deref(), expected, "{method} {path}");
        }
    }
}
