//! Path patterns of `routes` grants.

use super::super::violation::Invalid;
use super::form::{MAX_VALUE, value};
use serde::{Serialize, Serializer};

/// A pattern for request paths: literal segments, `*` for any one, and a last `**` for any rest, also none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern(String);

impl PathPattern {
    /// The pattern that `text` spells.
    ///
    /// # Errors
    /// `path`, with what would be right.
    pub(super) fn parse(text: &str) -> Result<Self, Invalid> {
        let invalid = |why: &str| Err(Invalid::new("path", why));
        if text.chars().count() > MAX_VALUE {
            return invalid("must have at most 256 characters");
        }
        let Some(rest) = text.strip_prefix('/') else {
            return invalid("must begin with `/`");
        };
        let mut segments = rest.split('/').peekable();
        while let Some(segment) = segments.next() {
            match segment {
                "" => return invalid("must have no empty segment"),
                "*" => {}
                "**" if segments.peek().is_none() => {}
                "**" => return invalid("may have `**` only as its last segment"),
                literal if literal.contains(['?', '#']) => {
                    return invalid("must hold no `?` and no `#`");
                }
                literal => {
                    value(literal).map_err(|why| {
                        Invalid::new("path", format!("has a segment that {}", why.detail))
                    })?;
                }
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether the pattern covers a path of these segments.
    pub fn covers(&self, segments: &[&str]) -> bool {
        let mut path = segments.iter();
        for expected in self.0.split('/').skip(1) {
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

impl Serialize for PathPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, path: &str) -> bool {
        let segments: Vec<_> = path.split('/').skip(1).collect();
        PathPattern::parse(pattern).unwrap().covers(&segments)
    }

    #[test]
    fn a_star_is_exactly_one_segment() {
        assert!(covers("/orders/*", "/orders/7"));
        assert!(!covers("/orders/*", "/orders"));
        assert!(!covers("/orders/*", "/orders/7/items"));
        assert!(covers("/*/items", "/orders/items"));
    }

    #[test]
    fn a_double_star_is_any_rest_and_also_none() {
        for path in ["/orders", "/orders/7", "/orders/7/items"] {
            assert!(covers("/orders/**", path), "{path}");
        }
        assert!(!covers("/orders/**", "/ordersx"));
        assert!(!covers("/orders/**", "/"));
        assert!(covers("/**", "/anything/at/all"));
    }

    #[test]
    fn literals_match_exactly() {
        assert!(covers("/orders/7", "/orders/7"));
        for path in ["/orders", "/orders/7/", "/Orders/7", "/orders/77", "/orders/*"] {
            assert!(!covers("/orders/7", path), "{path}");
        }
    }

    #[test]
    fn what_could_never_match_or_reads_as_another_wildcard_is_refused() {
        let long = format!("/{}", "a".repeat(256));
        for text in [
            "", "orders", "/", "//", "/a//b", "/a/", "/**/a", "/a*", "/pay*", "/***", "/a/../b",
            "/.", "/a%2Fb", "/a\\b", "/a?b", "/a#b", "/a\nb", &long,
        ] {
            assert_eq!(PathPattern::parse(text).unwrap_err().code, "path", "{text:?}");
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
}
