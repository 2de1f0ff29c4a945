//! Names of tokens.

use super::violation::Violation;
use std::fmt;

/// A token's name: 3–50 characters, `^[a-z0-9][a-z0-9_-]*[a-z0-9]$`, unique among live tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenName(String);

impl TokenName {
    /// The minimum length in characters.
    pub const MIN: usize = 3;
    /// The maximum length in characters.
    pub const MAX: usize = 50;

    /// Parses a name.
    ///
    /// # Errors
    /// The violation `name-length` or `name-format`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if !(Self::MIN..=Self::MAX).contains(&text.chars().count()) {
            let detail = format!("must have {} to {} characters", Self::MIN, Self::MAX);
            return Err(Violation::new("name-length", detail));
        }
        let starts_well = text.bytes().next().is_some_and(is_letter_or_digit);
        let ends_well = text.bytes().next_back().is_some_and(is_letter_or_digit);
        if !starts_well || !ends_well || !text.bytes().all(is_allowed) {
            let detail = "must consist of `a-z`, `0-9`, `-` and `_`, and start and end with a letter or digit";
            return Err(Violation::new("name-format", detail));
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns whether a name can start with `prefix`. Every name starts with the empty prefix.
    pub fn can_start_with(prefix: &str) -> bool {
        prefix.len() <= Self::MAX
            && prefix.bytes().next().is_none_or(is_letter_or_digit)
            && prefix.bytes().all(is_allowed)
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_letter_or_digit(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_allowed(byte: u8) -> bool {
    is_letter_or_digit(byte) || byte == b'-' || byte == b'_'
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_accepts_three_to_fifty_of_the_allowed_characters_only() {
        for text in ["abc", "0_9", "a-b", "a--__b", &"a".repeat(50)] {
            assert_eq!(TokenName::parse(text).unwrap().as_str(), text);
        }
        for (text, code) in [
            ("", "name-length"),
            ("ab", "name-length"),
            (&"a".repeat(51), "name-length"),
            ("Abc", "name-format"),
            ("-ab", "name-format"),
            ("ab-", "name-format"),
            ("_ab", "name-format"),
            ("ab_", "name-format"),
            ("a b", "name-format"),
            ("a.b", "name-format"),
            ("аbc", "name-format"), // the first letter is Cyrillic
            ("abc\n", "name-format"),
        ] {
            assert_eq!(TokenName::parse(text).unwrap_err().code, code, "{text:?}");
        }
    }

    #[test]
    fn display_shows_the_name_unchanged() {
        let name = TokenName::parse("ci-deployer_7").unwrap();
        assert_eq!((name.as_str(), name.to_string().as_str()), ("ci-deployer_7", "ci-deployer_7"));
    }

    #[test]
    fn can_start_with_accepts_only_the_prefixes_of_possible_names() {
        for prefix in ["", "a", "ci-", "9_", &"a".repeat(50)] {
            assert!(TokenName::can_start_with(prefix), "{prefix}");
        }
        for prefix in ["-", "_a", "A", "a%", "a b", &"a".repeat(51)] {
            assert!(!TokenName::can_start_with(prefix), "{prefix}");
        }
    }
}
