//! Path patterns of `routes` grants.

use super::super::violation::Violation;
use super::value::{MAX_LENGTH, check_stored_value, check_value};
use crate::domain::segment::is_safe;
use serde::Serialize;

/// A pattern for request paths: literal segments, `*` for any one segment, and at the end `**` for any number of further
/// segments, including none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PathPattern(String);

impl PathPattern {
    /// Parses a pattern that a caller sent. Rejects a segment that no request could match.
    ///
    /// # Errors
    /// The violation `path`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        Self::parse_with(check_literal, text)
    }

    /// Parses a stored pattern. Earlier releases accepted more than [`Self::parse`] does.
    pub(super) fn from_stored(text: &str) -> Option<Self> {
        Self::parse_with(check_stored_value, text).ok()
    }

    fn parse_with(check: fn(&str) -> Result<(), Violation>, text: &str) -> Result<Self, Violation> {
        let invalid = |detail: String| Err(Violation::new("path", detail));
        if text.chars().count() > MAX_LENGTH {
            return invalid(format!("must have at most {MAX_LENGTH} characters"));
        }
        let Some(rest) = text.strip_prefix('/') else {
            return invalid("must start with `/`".to_owned());
        };
        // The root, `/`, has no segments.
        let mut segments = rest.split('/').filter(|_| text != "/").peekable();
        while let Some(segment) = segments.next() {
            match segment {
                "" => return invalid("must not contain an empty segment".to_owned()),
                "*" => {}
                "**" if segments.peek().is_none() => {}
                "**" => return invalid("must contain `**` only as its last segment".to_owned()),
                literal if literal.contains(['?', '#']) => {
                    return invalid("must not contain `?` or `#`".to_owned());
                }
                literal => {
                    if let Err(violation) = check(literal) {
                        return invalid(format!("each segment {}", violation.detail));
                    }
                }
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns whether the pattern matches a path with these segments.
    pub fn matches(&self, segments: &[&str]) -> bool {
        let mut path = segments.iter();
        for expected in self.0.split('/').skip(1).filter(|_| self.0 != "/") {
            match (expected, path.next()) {
                ("**", _) => return true,
                ("*", Some(_)) => {}
                (literal, Some(&segment)) if literal == segment => {}
                _ => return false,
            }
        }
        path.next().is_none()
    }
}

/// Checks a literal segment. Requests carry values where routes have placeholders, so a pattern that names a placeholder
/// would never match.
fn check_literal(literal: &str) -> Result<(), Violation> {
    check_value(literal)?;
    let has_braces = literal.split_once('{').is_some_and(|(_, rest)| rest.contains('}'));
    if has_braces || literal.starts_with(':') {
        let detail = "must not be a placeholder; use `*` to match any one segment";
        return Err(Violation::new("path", detail));
    }
    if !is_safe(literal) {
        let detail = "must not become another path when it is normalised";
        return Err(Violation::new("path", detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        let segments: Vec<_> = path.split('/').skip(1).filter(|_| path != "/").collect();
        PathPattern::parse(pattern).unwrap().matches(&segments)
    }

    #[test]
    fn a_star_matches_exactly_one_segment() {
        assert!(matches("/orders/*", "/orders/7"));
        assert!(!matches("/orders/*", "/orders"));
        assert!(!matches("/orders/*", "/orders/7/items"));
        assert!(matches("/*/items", "/orders/items"));
    }

    #[test]
    fn a_double_star_matches_any_or_no_further_segments() {
        for path in ["/orders", "/orders/7", "/orders/7/items"] {
            assert!(matches("/orders/**", path), "{path}");
        }
        assert!(!matches("/orders/**", "/ordersx"));
        assert!(!matches("/orders/**", "/"));
        assert!(matches("/**", "/anything/at/all"));
    }

    #[test]
    fn literals_match_exactly() {
        assert!(matches("/orders/7", "/orders/7"));
        for path in ["/orders", "/orders/7/", "/Orders/7", "/orders/77", "/orders/*"] {
            assert!(!matches("/orders/7", path), "{path}");
        }
    }

    #[test]
    fn parse_rejects_patterns_that_never_match_or_look_like_other_wildcards() {
        let long = format!("/{}", "a".repeat(256));
        for text in [
            "", "orders", "//", "/a//b", "/a/", "/**/a", "/a*", "/pay*", "/***", "/a/../b", "/.",
            "/a%2Fb", "/a\\b", "/a?b", "/a#b", "/a\nb", &long,
        ] {
            assert_eq!(PathPattern::parse(text).unwrap_err().code, "path", "{text:?}");
        }
    }

    #[test]
    fn parse_rejects_placeholders_and_unsafe_segments_that_earlier_releases_stored() {
        for (text, detail) in [
            ("/orders/{id}", "use `*`"),
            ("/orders/{id}.json", "use `*`"),
            ("/{proxy+}", "use `*`"),
            ("/orders/:id", "use `*`"),
            ("/:id/items", "use `*`"),
            ("/a;b", "`;`"),
            ("/a/ b", "white space"),
            ("/a\u{200b}", "invisible"),
            ("/\u{ff0e}\u{ff0e}", "normalised"),
        ] {
            let violation = PathPattern::parse(text).unwrap_err();
            assert!(violation.detail.contains(detail), "{text:?}: {}", violation.detail);
            assert!(PathPattern::from_stored(text).is_some(), "{text:?}");
        }
        for text in ["/a:b", "/a{b", "/a}b{"] {
            assert!(PathPattern::parse(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn a_pattern_has_256_characters_at_most() {
        let of_length = |length: usize| format!("/{}", "a/".repeat(length / 2 - 1) + "a");
        assert_eq!(of_length(256).len(), 256);
        assert!(PathPattern::parse(&of_length(256)).is_ok());
        let longer = of_length(256) + "a";
        assert_eq!(PathPattern::parse(&longer).unwrap_err().code, "path");
    }

    #[test]
    fn the_root_matches_its_own_pattern_and_a_double_star() {
        assert!(matches("/", "/") && matches("/**", "/"));
        for (pattern, path) in [("/", "/a"), ("/*", "/"), ("/a", "/")] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }
}
