//! Which rule applies to a request.

use super::path::{has_same_shape, match_path, matches_segments, specificity};
use super::route::RouteRequest;
use super::rule::{Requirement, RouteRule, precedence};
use super::segment::{has_one_reading, may_be_read_as};
use std::cmp::Reverse;

/// The rules that are in force.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'r> {
    /// The rules. No two have the same method and paths of the same shape: see [`has_same_shape`].
    pub routes: &'r [RouteRule],
    /// What a path without any rule requires: `RoutesGrant`, or `SuperAdmin` with `default: superAdmin` in the file.
    pub default: &'r Requirement,
}

/// A rule that applies to a request, if any, and what the request must prove.
///
/// If a path has only rules for other methods, it is one of them, and the requirement is a super-admin token.
pub type Applicable<'r> = (Option<&'r RouteRule>, &'r Requirement);

impl<'r> Rules<'r> {
    /// Returns the rule that applies to a request. If several do, it is the strictest one.
    pub fn find(&self, request: &RouteRequest) -> Option<&'r RouteRule> {
        self.applicable(request, request.filled_path().as_deref()).first()?.0
    }

    /// Returns all that applies to a request with this [filled path](RouteRequest::filled_path), the strictest first. It is never
    /// empty, and the request must prove all of it.
    ///
    /// This is the rule of the route that API Gateway matched. Its placeholders may have other names than those of the route.
    /// If the route has only rules for other methods, it requires a super-admin token.
    ///
    /// A program behind the gateway may choose another route for the same path. So the path is also matched to management
    /// routes, and to more specific routes that have a rule for the method. The rule of the most specific of these applies, too.
    ///
    /// If the matched route has no rule, [`Self::find_by_path`] chooses one by the path of the request. The default applies as
    /// well if it is stricter, or if there is none. Without a matched route, as for `$default`, only the default applies.
    pub(super) fn applicable(
        &self,
        request: &RouteRequest,
        path: Option<&[&str]>,
    ) -> Vec<Applicable<'r>> {
        let default = (None, self.default);
        let Some(route) = request.route.as_deref() else {
            return vec![default];
        };
        let method = request.method.as_str();
        let mut matched = self.by_shape(route, method);
        let mut rule_path = route;
        if matched.is_empty() {
            rule_path = path.and_then(|path| self.rule_path(method, path)).unwrap_or(route);
            matched = self.by_shape(rule_path, method);
            if matched.iter().all(|(_, one)| one.strictness() < self.default.strictness()) {
                matched.push(default);
            }
        }
        let mut all = Vec::new();
        if let Some(path) = path {
            if !path.iter().all(|segment| has_one_reading(segment)) {
                // A program behind the gateway may read a segment as another name.
                all.extend(self.by_path(rule_path, method, path, may_be_read_as));
            }
            all.extend(self.by_path(rule_path, method, path, |segment, name| segment == name));
        }
        all.extend(matched);
        all.sort_by_key(|(_, one)| Reverse(one.strictness()));
        all
    }

    /// Returns what the rules of a route require of a method. It is empty if the route has no rules.
    fn by_shape(&self, route: &str, method: &str) -> Vec<Applicable<'r>> {
        let rules = self.routes.iter().filter(|rule| has_same_shape(rule.path, route));
        require(&rules.collect::<Vec<_>>(), method, of_path)
    }

    /// Returns the path of the rule that [`Self::find_by_path`] returns for a path with these segments.
    fn rule_path(&self, method: &str, path: &[&str]) -> Option<&'r str> {
        self.find_by_path(method, &format!("/{}", path.join("/"))).map(|(rule, _)| rule.path)
    }

    /// Returns what the most specific of these rules require of a method: those of management routes, and those for the method
    /// whose routes are more specific than `route`. Their routes must match a path with these segments. `is` compares a segment
    /// with a literal of a route.
    fn by_path(
        &self,
        route: &str,
        method: &str,
        path: &[&str],
        is: fn(&str, &str) -> bool,
    ) -> Vec<Applicable<'r>> {
        let route = specificity(route);
        let candidates = self.routes.iter().filter(|rule| {
            let is_more_specific = || {
                specificity(rule.path) < route && precedence(method).any(|one| one == rule.method)
            };
            matches_segments(rule.path, path, is) && (rule.is_management() || is_more_specific())
        });
        require(&candidates.collect::<Vec<_>>(), method, most_specific)
    }

    /// Returns the rule for a method and a path as it was sent, and the values of its placeholders as they are in the path.
    ///
    /// This is the rule whose route API Gateway would choose: the most specific one for the method or `ANY`. If there is none,
    /// it is the most specific rule for `GET` if the method is `HEAD`, and otherwise the most specific rule for any other
    /// method.
    pub fn find_by_path<'a>(
        &self,
        method: &str,
        path: &'a str,
    ) -> Option<(&'r RouteRule, Vec<(&'a str, &'a str)>)>
    where
        'r: 'a,
    {
        // API Gateway does not match a `HEAD` request to a route for `GET`, so a rule for `GET` applies only if no rule for
        // `HEAD` or `ANY` matches.
        let rank = |rule: &RouteRule| match rule.method {
            one if one == method => (0, 0),
            "ANY" => (0, 1),
            "GET" if method == "HEAD" => (1, 0),
            _ => (2, 0),
        };
        let matches =
            self.routes.iter().filter_map(|rule| Some((rule, match_path(rule.path, path)?)));
        matches.min_by_key(|(rule, _)| {
            let (group, any_last) = rank(rule);
            (group, specificity(rule.path), any_last)
        })
    }
}

/// Returns what `choose` finds that these rules require of a method.
///
/// For `HEAD`, the rules for `GET` count too, because a program behind the gateway treats both alike. But API Gateway matches
/// `HEAD` only to routes for `HEAD` and `ANY`. So what `choose` finds among those is required as well.
fn require<'r>(
    rules: &[&'r RouteRule],
    method: &str,
    choose: fn(&[&'r RouteRule], &str) -> Option<Applicable<'r>>,
) -> Vec<Applicable<'r>> {
    let mut required = Vec::from_iter(choose(rules, method));
    if method == "HEAD" {
        let matched = rules.iter().copied().filter(|rule| ["HEAD", "ANY"].contains(&rule.method));
        required.extend(choose(&matched.collect::<Vec<_>>(), method));
    }
    required
}

/// Returns what the rules with the most specific path require of a method. Returns `None` if there are no rules.
fn most_specific<'r>(rules: &[&'r RouteRule], method: &str) -> Option<Applicable<'r>> {
    let first = rules.iter().map(|rule| specificity(rule.path)).min()?;
    let rules = rules.iter().copied().filter(|rule| specificity(rule.path) == first);
    of_path(&rules.collect::<Vec<_>>(), method)
}

/// Returns what the rules of one path require of a method. If there are only rules for other methods, the requirement is
/// a super-admin token. Returns `None` if there are no rules.
fn of_path<'r>(rules: &[&'r RouteRule], method: &str) -> Option<Applicable<'r>> {
    let first = *rules.first()?;
    let rule = precedence(method).find_map(|one| rules.iter().find(|rule| rule.method == one));
    Some(match rule {
        Some(rule) => (Some(*rule), rule.requirement(method)),
        None => (Some(first), &Requirement::SuperAdmin),
    })
}

#[cfg(test)]
mod tests {
    use super::super::rule::Requires;
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
