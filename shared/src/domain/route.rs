//! A request as API Gateway describes it: the route that matched, and the values of its placeholders.

use super::path::{EncodedPath, RouteSegment, decode, route_segments};
use super::rules::Rules;
use super::segment::is_safe;

/// A request to a protected route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteRequest {
    /// The HTTP method of the request, never `ANY`.
    pub method: String,
    /// The path of the route that API Gateway matched, with its placeholders, e.g. `/orders/{proxy+}`. `None` for the
    /// route `$default`, which has no path.
    pub route: Option<String>,
    /// The values of the placeholders, by name, decoded exactly once.
    pub parameters: Vec<(String, String)>,
    /// The path of the request, decoded exactly once. It may start with a stage or a mapping.
    pub raw_path: String,
}

impl RouteRequest {
    /// Creates a request from a method and an encoded path, by [`Self::new`]. Returns `None` if the decoded path is not
    /// UTF-8.
    pub fn parse(method: &str, path: &str, rules: Rules<'_>) -> Option<Self> {
        Some(Self::new(method, EncodedPath::new(path)?, rules))
    }

    /// Creates a request from a method and an encoded path, by [`Self::new`]. If the decoded path is not UTF-8, the request
    /// has no route, so only super admins are allowed to send it.
    pub fn predict(method: &str, path: &str, rules: Rules<'_>) -> Self {
        Self::parse(method, path, rules).unwrap_or_else(|| Self {
            method: method.to_owned(),
            route: None,
            parameters: Vec::new(),
            raw_path: String::new(),
        })
    }

    /// Creates a request of which only the method and the path are known, by predicting what API Gateway would match.
    ///
    /// A path that no rule matches becomes a route of its own. A path that matches another rule once it is decoded gets
    /// no route, so nothing can be granted on it.
    pub fn new(method: &str, path: EncodedPath, rules: Rules<'_>) -> Self {
        let EncodedPath { encoded, decoded } = path;
        let sent = rules.find_by_path(method, &encoded);
        let meant = rules.find_by_path(method, &decoded);
        let slashes = |path: &str| path.matches('/').count();
        let (route, values) = match (sent, meant) {
            (Some((rule, values)), Some((same, _))) if std::ptr::eq(rule, same) => {
                (Some(rule.path.to_owned()), values)
            }
            (None, None) if slashes(&encoded) == slashes(&decoded) => {
                (Some(decoded.clone()), Vec::new())
            }
            _ => (None, Vec::new()),
        };
        // A value that could not be decoded would be left out, and a rule that needs it would deny.
        let parameters = values
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), decode(value)?)))
            .collect();
        Self { method: method.to_owned(), route, parameters, raw_path: decoded }
    }

    /// Returns whether the route acts on the calling token, such as `DELETE /v1/tokens/self`.
    pub fn acts_on_caller(&self) -> bool {
        self.route.as_deref().is_some_and(|route| route.starts_with("/v1/tokens/self"))
    }

    /// Returns the value at the place that `placeholder` has in `pattern`, a path with the shape of the matched route.
    ///
    /// Returns `None` if there is none, or if it is unsafe, as [`is_safe`] decides.
    pub fn safe_value(&self, pattern: &str, placeholder: &str) -> Option<&str> {
        let mut places = route_segments(pattern).zip(route_segments(self.route.as_deref()?));
        let name = places.find_map(|place| match place {
            (RouteSegment::Placeholder(one), RouteSegment::Placeholder(name))
                if one == placeholder =>
            {
                Some(name)
            }
            _ => None,
        })?;
        self.value(name).filter(|value| is_safe(value))
    }

    /// Returns the segments of the route's path with its placeholders filled in. The root has none.
    ///
    /// Returns `None` if a segment is unsafe, as [`is_safe`] decides, or if the path of the request does not end in
    /// exactly this path. A stage or a mapping may precede it.
    pub fn filled_path(&self) -> Option<Vec<&str>> {
        let mut segments = Vec::new();
        let route = self.route.as_deref().filter(|route| route.starts_with('/'))?;
        for segment in route_segments(route) {
            match segment {
                RouteSegment::Literal(literal) => segments.push(literal),
                RouteSegment::Placeholder(name) => segments.push(self.value(name)?),
                RouteSegment::Greedy(name) => segments.extend(self.value(name)?.split('/')),
            }
        }
        let are_safe = segments.iter().all(|segment| is_safe(segment));
        (are_safe && self.ends_in(&segments)).then_some(segments)
    }

    fn value(&self, placeholder: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        parameters.find(|(name, _)| name == placeholder).map(|(_, value)| value.as_str())
    }

    fn ends_in(&self, segments: &[&str]) -> bool {
        if segments.is_empty() {
            return self.raw_path.ends_with('/');
        }
        let mut rest = self.raw_path.as_str();
        for segment in segments.iter().rev() {
            let before = rest.strip_suffix(segment).and_then(|rest| rest.strip_suffix('/'));
            let Some(before) = before else {
                return false;
            };
            rest = before;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rule::{Requirement, Requires, RouteRule};

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
    fn filled_path_rejects_unsafe_values() {
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
    fn filled_path_rejects_a_request_path_with_another_end() {
        for raw in
            ["/orders/8", "/orders/7/", "/orders/7/x", "orders/7", "/reorders/7", "/orders%2F7", ""]
        {
            assert_eq!(filled("/orders/{id}", &[("id", "7")], raw), None, "{raw}");
        }
    }

    #[test]
    fn a_missing_value_and_the_default_route_have_no_filled_path() {
        assert_eq!(filled("/orders/{id}", &[("other", "7")], "/orders/7"), None);
        let request = request(None, &[], "/orders");
        assert_eq!(request.filled_path(), None);
        let default = RouteRequest { route: Some("$default".to_owned()), ..request };
        assert_eq!(default.filled_path(), None);
    }

    #[test]
    fn parse_finds_the_route_and_decodes_once() {
        let rules = [RouteRule {
            method: "ANY",
            path: "/orders/{proxy+}",
            requires: Requires::Always(Requirement::RoutesGrant),
        }];
        let rules = Rules { routes: &rules, default: &Requirement::RoutesGrant };
        let order = RouteRequest::parse("GET", "/orders/a%20b/%2525", rules).unwrap();
        assert_eq!(
            order,
            request(Some("/orders/{proxy+}"), &[("proxy", "a b/%25")], "/orders/a b/%25")
        );
        let unknown = RouteRequest::parse("GET", "/elsewhere/a%20b", rules).unwrap();
        assert_eq!(unknown, request(Some("/elsewhere/a b"), &[], "/elsewhere/a b"));
        assert_eq!(RouteRequest::parse("GET", "/orders/%ff", rules), None);
    }

    #[test]
    fn safe_value_rejects_what_could_move_a_boundary() {
        let name =
            |value| request(Some("/{x}"), &[("x", value)], "/").safe_value("/{y}", "y").is_some();
        for value in ["payments", "a.b", "*", "…", "a b", "a:b"] {
            assert!(name(value), "{value:?}");
        }
        for value in ["", ".", "..", "a/b", "a%2fb", "a\\b", "a?b", "a#b", "a\u{0}b", "a\u{85}b"] {
            assert!(!name(value), "{value:?}");
        }
    }

    #[test]
    fn a_path_that_matches_another_rule_once_decoded_has_no_route() {
        let rule = |path| RouteRule {
            method: "GET",
            path,
            requires: Requires::Always(Requirement::Authenticated),
        };
        let rules = [rule("/a/{b}"), rule("/a/c")];
        let route = |path| {
            RouteRequest::parse(
                "GET",
                path,
                Rules { routes: &rules, default: &Requirement::RoutesGrant },
            )
            .unwrap()
            .route
        };
        assert_eq!(route("/a/c").as_deref(), Some("/a/c"));
        assert_eq!(route("/a/%64").as_deref(), Some("/a/{b}"));
        assert_eq!(route("/a/%63"), None);
    }
}
