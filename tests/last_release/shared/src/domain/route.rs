//! A request as API Gateway describes it: the route that it matched, and the values that filled its placeholders.

use super::path::{RouteSegment, decode, route_segments};
use super::rule::RouteRule;

/// A request to a protected route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteRequest {
    /// The request's own HTTP method, never `ANY`.
    pub method: String,
    /// The path of the route that the gateway matched, with its placeholders, e.g. `/orders/{proxy+}`; `None` on
    /// `$default`, which has none.
    pub route: Option<String>,
    /// The values of the placeholders, by name, decoded exactly once.
    pub parameters: Vec<(String, String)>,
    /// The path that was requested, decoded exactly once. It may begin with a stage or a mapping.
    pub raw_path: String,
}

impl RouteRequest {
    /// A request of which only method and path are known, the path as it was sent: what API Gateway would make of it,
    /// as far as these rules tell. A path that no rule knows is taken for a route of its own; one that leads elsewhere
    /// once it is decoded has no route, so that nothing may be granted on it.
    ///
    /// `None` if the path is not UTF-8 once decoded.
    pub fn to(method: &str, path: &str, rules: &[RouteRule]) -> Option<Self> {
        let raw_path = decode(path)?;
        let sent = RouteRule::matching(rules, method, path);
        let meant = RouteRule::matching(rules, method, &raw_path);
        let (route, values) = match (sent, meant) {
            (Some((rule, values)), Some((same, _))) if std::ptr::eq(rule, same) => {
                (Some(rule.path.to_owned()), values)
            }
            (None, None) if slashes(path) == slashes(&raw_path) => {
                (Some(raw_path.clone()), Vec::new())
            }
            _ => (None, Vec::new()),
        };
        let decoded =
            values.into_iter().map(|(name, value)| Some((name.to_owned(), decode(value)?)));
        let parameters = decoded.collect::<Option<Vec<_>>>()?;
        Some(Self { method: method.to_owned(), route, parameters, raw_path })
    }

    /// The value of a placeholder, if it is one that a triple may be built from.
    ///
    /// `None` for what could be read as more than one name by anything behind the gateway: a value with `/`, `\`,
    /// `%`, `?`, `#` or a control character, `.`, `..` or nothing.
    pub fn name(&self, placeholder: &str) -> Option<&str> {
        self.value(placeholder)
            .filter(|value| is_plain(value) && is_segment(value) && !value.contains('/'))
    }

    /// The segments of the route's path with its placeholders filled in, for `routes` grants.
    ///
    /// `None` if a value could be read in two ways, a segment is empty, `.` or `..`, or the request's path does not
    /// end in exactly this path.
    pub fn filled_path(&self) -> Option<Vec<&str>> {
        let mut segments = Vec::new();
        let route = self.route.as_deref().filter(|route| route.starts_with('/'))?;
        for segment in route_segments(route) {
            match segment {
                RouteSegment::Literal(literal) => segments.push(literal),
                RouteSegment::Placeholder(name) => {
                    segments.push(self.value(name).filter(|value| !value.contains('/'))?);
                }
                RouteSegment::Greedy(name) => segments.extend(self.value(name)?.split('/')),
            }
        }
        let sound = segments.iter().all(|segment| is_plain(segment) && is_segment(segment));
        (sound && self.ends_in(&segments)).then_some(segments)
    }

    fn value(&self, placeholder: &str) -> Option<&str> {
        let mut named = self.parameters.iter().filter(|(name, _)| name == placeholder);
        named.next().map(|(_, value)| value.as_str())
    }

    fn ends_in(&self, segments: &[&str]) -> bool {
        let mut rest = self.raw_path.as_str();
        segments.iter().rev().all(|segment| {
            let stripped = rest.strip_suffix(segment).and_then(|rest| rest.strip_suffix('/'));
            stripped.map(|before| rest = before).is_some()
        })
    }
}

fn slashes(path: &str) -> usize {
    path.matches('/').count()
}

fn is_plain(value: &str) -> bool {
    !value
        .chars()
        .any(|character| character.is_control() || ['\\', '%', '?', '#'].contains(&character))
}

fn is_segment(value: &str) -> bool {
    !matches!(value, "" | "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rule::{RULES_WITH_DEMO, Requirement, Requires};

    fn request(route: Option<&str>, parameters: &[(&str, &str)], raw_path: &str) -> RouteRequest {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        RouteRequest {
            method: "GET".to_owned(),
            route: route.map(str::to_owned),
            parameters: parameters.iter().map(owned).collect(),
            raw_path: raw_path.to_owned(),
        }
    }

    fn filled(route: &str, parameters: &[(&str, &str)], raw_path: &str) -> Option<String> {
        let request = request(Some(route), parameters, raw_path);
        request.filled_path().map(|segments| segments.join("/"))
    }

    #[test]
    fn placeholders_are_filled_and_stage_prefixes_do_not_count() {
        let items = "/orders/{id}/items";
        assert_eq!(filled(items, &[("id", "7")], "/orders/7/items").unwrap(), "orders/7/items");
        assert_eq!(
            filled(items, &[("id", "7")], "/prod/orders/7/items").unwrap(),
            "orders/7/items"
        );
        assert_eq!(
            filled("/orders/{proxy+}", &[("proxy", "7/items")], "/orders/7/items").unwrap(),
            "orders/7/items"
        );
        assert_eq!(filled("/a/{id}", &[("id", "é ü")], "/a/é ü").unwrap(), "a/é ü");
    }

    #[test]
    fn a_path_that_can_be_read_in_two_ways_is_none() {
        for value in ["", ".", "..", "a/b", "a%2Fb", "a\\b", "a?b", "a#b", "a\nb", "%2e%2e"] {
            assert_eq!(
                filled("/orders/{id}", &[("id", value)], &format!("/orders/{value}")),
                None,
                "{value:?}"
            );
        }
        for value in ["", "a//b", "/a", "a/", "a/..", "./a", "a%2Fb", "a\\b", "a/b?c"] {
            assert_eq!(
                filled("/orders/{p+}", &[("p", value)], &format!("/orders/{value}")),
                None,
                "{value:?}"
            );
        }
    }

    #[test]
    fn a_path_that_is_not_the_end_of_the_requested_one_is_none() {
        for raw in
            ["/orders/8", "/orders/7/", "/orders/7/x", "orders/7", "/reorders/7", "/orders%2F7", ""]
        {
            assert_eq!(filled("/orders/{id}", &[("id", "7")], raw), None, "{raw}");
        }
    }

    #[test]
    fn a_missing_value_and_the_default_route_have_no_path() {
        assert_eq!(filled("/orders/{id}", &[("other", "7")], "/orders/7"), None);
        let request = request(None, &[], "/orders");
        assert_eq!(request.filled_path(), None);
        let default = RouteRequest { route: Some("$default".to_owned()), ..request };
        assert_eq!(default.filled_path(), None);
    }

    #[test]
    fn a_path_alone_finds_its_route_and_is_decoded_once() {
        let order = RouteRequest::to("GET", "/orders/a%20b/%2525", RULES_WITH_DEMO).unwrap();
        assert_eq!(
            order,
            request(Some("/orders/{proxy+}"), &[("proxy", "a b/%25")], "/orders/a b/%25")
        );
        let unknown = RouteRequest::to("GET", "/elsewhere/a%20b", RULES_WITH_DEMO).unwrap();
        assert_eq!(unknown, request(Some("/elsewhere/a b"), &[], "/elsewhere/a b"));
        assert_eq!(RouteRequest::to("GET", "/orders/%ff", RULES_WITH_DEMO), None);
    }

    #[test]
    fn names_for_triples_hold_nothing_that_could_shift_a_boundary() {
        let name = |value| request(Some("/{x}"), &[("x", value)], "/").name("x").is_some();
        for value in ["payments", "a.b", "*", "…", "a b", "a:b"] {
            assert!(name(value), "{value:?}");
        }
        for value in ["", ".", "..", "a/b", "a%2fb", "a\\b", "a?b", "a#b", "a\u{0}b", "a\u{85}b"] {
            assert!(!name(value), "{value:?}");
        }
    }

    #[test]
    fn a_path_that_is_another_rules_once_decoded_has_no_route() {
        let rule = |path| RouteRule {
            method: "GET",
            path,
            requires: Requires::Always(Requirement::Authenticated),
        };
        let rules = [rule("/a/{b}"), rule("/a/c")];
        let route = |path| RouteRequest::to("GET", path, &rules).unwrap().route;
        assert_eq!(route("/a/c").as_deref(), Some("/a/c"));
        assert_eq!(route("/a/%64").as_deref(), Some("/a/{b}"));
        assert_eq!(route("/a/%63"), None);
    }
}
