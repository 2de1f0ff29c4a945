//! Paths of routes, with placeholders, and how API Gateway matches requests to them.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// The text that percent-encoding stands for, decoded exactly once; `None` if that is not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned)
}

/// One segment of a route's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteSegment<'a> {
    /// Itself.
    Literal(&'a str),
    /// `{name}`: exactly one segment.
    Placeholder(&'a str),
    /// `{name+}`: one or more segments, to the end.
    Greedy(&'a str),
}

/// The segments of a route's path, which begins with a slash.
pub fn route_segments(path: &str) -> impl Iterator<Item = RouteSegment<'_>> {
    path.split('/').skip(1).map(|segment| {
        match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            None => RouteSegment::Literal(segment),
            Some(name) => {
                name.strip_suffix('+').map_or(RouteSegment::Placeholder(name), RouteSegment::Greedy)
            }
        }
    })
}

/// The values with which `path` fills the placeholders of a route's path, as they stand in it; `None` if the route
/// does not match.
///
/// As API Gateway matches: a placeholder is one segment that is not empty, a greedy one the whole rest that is not.
pub fn match_path<'a>(route: &'a str, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut values = Vec::new();
    let mut rest = Some(path.strip_prefix('/')?);
    for segment in route_segments(route) {
        let remaining = rest?;
        let (first, after) = match remaining.split_once('/') {
            Some((first, after)) => (first, Some(after)),
            None => (remaining, None),
        };
        match segment {
            RouteSegment::Literal(literal) if literal == first => {}
            RouteSegment::Placeholder(name) if !first.is_empty() => values.push((name, first)),
            RouteSegment::Greedy(name) if !remaining.is_empty() => {
                values.push((name, remaining));
                return Some(values);
            }
            _ => return None,
        }
        rest = after;
    }
    rest.is_none().then_some(values)
}

/// What orders routes that match the same path: the more specific one comes first. Segment by segment, a literal
/// beats a placeholder, and a placeholder a greedy one.
pub fn specificity(route: &str) -> Vec<u8> {
    let rank = |segment| match segment {
        RouteSegment::Literal(_) => 0,
        RouteSegment::Placeholder(_) => 1,
        RouteSegment::Greedy(_) => 2,
    };
    route_segments(route).map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_match_as_api_gateway_matches_them() {
        assert_eq!(match_path("/v1/tokens", "/v1/tokens"), Some(vec![]));
        assert_eq!(match_path("/v1/tokens/{id}", "/v1/tokens/a%20b"), Some(vec![("id", "a%20b")]));
        assert_eq!(
            match_path("/orders/{proxy+}", "/orders/7/items/"),
            Some(vec![("proxy", "7/items/")])
        );
        assert_eq!(match_path("/a/{x}/b/{y}", "/a/1/b/2"), Some(vec![("x", "1"), ("y", "2")]));
        for (route, path) in [
            ("/v1/tokens", "/v1/tokens/"),
            ("/v1/tokens", "/v1"),
            ("/v1/tokens", "/v1/Tokens"),
            ("/v1/tokens/{id}", "/v1/tokens/"),
            ("/v1/tokens/{id}", "/v1/tokens/a/b"),
            ("/orders/{proxy+}", "/orders"),
            ("/orders/{proxy+}", "/orders/"),
            ("/orders/{proxy+}", "orders/7"),
        ] {
            assert_eq!(match_path(route, path), None, "{route} {path}");
        }
    }

    #[test]
    fn the_more_specific_route_comes_first() {
        let mut routes = ["/{proxy+}", "/a/{x}", "/a/{x+}", "/a/b", "/{x}/b"];
        routes.sort_by_key(|route| specificity(route));
        assert_eq!(routes, ["/a/b", "/a/{x}", "/a/{x+}", "/{x}/b", "/{proxy+}"]);
    }
}
