//! Paths of routes with placeholders, and how API Gateway matches request paths to them.

use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// Decodes percent-encoding exactly once. Returns `None` if the result is not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned)
}

/// A request's path as it was sent, with its decoded form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedPath {
    /// As it was sent, percent-encoded.
    pub encoded: String,
    /// Decoded exactly once.
    pub decoded: String,
}

impl EncodedPath {
    /// Decodes a path. Returns `None` if the result is not UTF-8.
    pub fn new(encoded: &str) -> Option<Self> {
        Some(Self { encoded: encoded.to_owned(), decoded: decode(encoded)? })
    }
}

/// One segment of a route's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteSegment<'a> {
    /// A literal segment.
    Literal(&'a str),
    /// `{name}`: exactly one segment.
    Placeholder(&'a str),
    /// `{name+}`: everything to the end, which may be empty.
    Greedy(&'a str),
}

impl<'a> RouteSegment<'a> {
    fn parse(segment: &'a str) -> Self {
        match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            None => Self::Literal(segment),
            Some(name) => name.strip_suffix('+').map_or(Self::Placeholder(name), Self::Greedy),
        }
    }
}

/// Returns the segments of a route's path, which starts with a slash. The root, `/`, has none.
pub fn route_segments(path: &str) -> impl Iterator<Item = RouteSegment<'_>> {
    let mut rest = path.strip_prefix('/').filter(|rest| !rest.is_empty());
    std::iter::from_fn(move || {
        let (first, after) = split_first(rest?);
        rest = after;
        Some(RouteSegment::parse(first))
    })
}

/// Returns the first segment of a path without its leading slash, and what follows the next slash, if there is one.
fn split_first(path: &str) -> (&str, Option<&str>) {
    // Segments are short, so this is faster than `split_once`, and every request is compared with every rule.
    let slash = path.bytes().position(|byte| byte == b'/');
    match slash.and_then(|slash| path.split_at_checked(slash)) {
        Some((first, after)) => (first, after.strip_prefix('/')),
        None => (path, None),
    }
}

/// Matches `path` to a route's path, as API Gateway does. Returns the values of the placeholders as they are in `path`,
/// or `None` if the route does not match.
///
/// A placeholder matches one segment that is not empty, a greedy one the whole rest after its slash.
pub fn match_path<'a>(route: &'a str, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut values = Vec::new();
    let mut rest = Some(path.strip_prefix('/')?).filter(|_| path != "/");
    for segment in route_segments(route) {
        let remaining = rest?;
        let (first, after) = split_first(remaining);
        match segment {
            RouteSegment::Literal(literal) if literal == first => {}
            RouteSegment::Placeholder(name) if !first.is_empty() => values.push((name, first)),
            RouteSegment::Greedy(name) => {
                values.push((name, remaining));
                return Some(values);
            }
            _ => return None,
        }
        rest = after;
    }
    rest.is_none().then_some(values)
}

/// Returns whether a route's path matches a path with these segments, none of which is empty. `is` compares a segment with a
/// literal of the route.
pub fn matches_segments(route: &str, segments: &[&str], is: fn(&str, &str) -> bool) -> bool {
    let mut rest = segments.iter();
    for expected in route_segments(route) {
        match (expected, rest.next()) {
            (RouteSegment::Greedy(_), Some(_)) => return true,
            (RouteSegment::Placeholder(_), Some(_)) => {}
            (RouteSegment::Literal(name), Some(segment)) if is(segment, name) => {}
            _ => return false,
        }
    }
    rest.next().is_none()
}

/// Returns whether two routes' paths have the same shape: they differ at most in the names of placeholders, so API
/// Gateway cannot tell them apart.
pub fn has_same_shape(one: &str, other: &str) -> bool {
    let shape = |path| {
        route_segments(path).map(|segment| match segment {
            RouteSegment::Literal(_) => segment,
            RouteSegment::Placeholder(_) => RouteSegment::Placeholder(""),
            RouteSegment::Greedy(_) => RouteSegment::Greedy(""),
        })
    };
    shape(one).eq(shape(other))
}

/// Returns the sort key of routes that match the same path; the most specific route sorts first.
///
/// Segment by segment, a literal is more specific than a placeholder, and a placeholder than a greedy one.
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
        assert_eq!(match_path("/orders/{proxy+}", "/orders/"), Some(vec![("proxy", "")]));
        assert_eq!(match_path("/a/{x}/b/{y}", "/a/1/b/2"), Some(vec![("x", "1"), ("y", "2")]));
        for (route, path) in [
            ("/v1/tokens", "/v1/tokens/"),
            ("/v1/tokens", "/v1"),
            ("/v1/tokens", "/v1/Tokens"),
            ("/v1/tokens/{id}", "/v1/tokens/"),
            ("/v1/tokens/{id}", "/v1/tokens/a/b"),
            ("/orders/{proxy+}", "/orders"),
            ("/orders/{proxy+}", "orders/7"),
        ] {
            assert_eq!(match_path(route, path), None, "{route} {path}");
        }
    }

    #[test]
    fn specificity_sorts_the_most_specific_route_first() {
        let mut routes = ["/{proxy+}", "/a/{x}", "/a/{x+}", "/a/b", "/{x}/b"];
        routes.sort_by_key(|route| specificity(route));
        assert_eq!(routes, ["/a/b", "/a/{x}", "/a/{x+}", "/{x}/b", "/{proxy+}"]);
    }

    #[test]
    fn the_root_has_no_segments_and_matches_only_itself() {
        assert_eq!(route_segments("/").count(), 0);
        assert_eq!(match_path("/", "/"), Some(vec![]));
        for (route, path) in [("/", "/a"), ("/", ""), ("/{x}", "/"), ("/{x+}", "/"), ("/a", "/")] {
            assert_eq!(match_path(route, path), None, "{route} {path}");
        }
    }

    #[test]
    fn paths_with_the_same_shape_differ_at_most_in_the_names_of_placeholders() {
        for (one, other) in [("/a/{b}", "/a/{c}"), ("/{p+}", "/{q+}"), ("/", "/"), ("/a", "/a")] {
            assert!(has_same_shape(one, other), "{one} {other}");
        }
        for (one, other) in
            [("/a/{b}", "/a/{b+}"), ("/a/{b}", "/a/b"), ("/a/{b}", "/{a}/b"), ("/a", "/a/{b}")]
        {
            assert!(!has_same_shape(one, other), "{one} {other}");
        }
    }
}
