//! Base62, names and descriptions: the texts that have a form.

use super::violation::Invalid;
use std::fmt;

/// The alphabet of tokens, in ascending order of value: one double-click selects all of it.
pub const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Whether `byte` is a base62 digit.
pub fn is_base62(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// Writes the big-endian `number` into `digits`, most significant first and zero-padded, and leaves in `number` what
/// did not fit: its quotient by 62 to the power of the digits, which is zero where they are enough.
pub fn write_base62(number: &mut [u8], digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        let mut remainder = 0_u32;
        for byte in number.iter_mut() {
            let dividend = remainder * 256 + u32::from(*byte);
            *byte = (dividend / 62) as u8;
            remainder = dividend % 62;
        }
        *digit = BASE62.get(remainder as usize).copied().unwrap_or(b'0');
    }
}

/// A token's name: 3–50 characters, `^[a-z0-9][a-z0-9_-]*[a-z0-9]$`, unique among live tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenName(String);

impl TokenName {
    /// The fewest characters of a name.
    pub const MIN: usize = 3;
    /// The most characters of a name.
    pub const MAX: usize = 50;

    /// The name that `text` spells.
    ///
    /// # Errors
    /// `name-length` or `name-format`, with what would be right.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if !(Self::MIN..=Self::MAX).contains(&text.chars().count()) {
            return Err(Invalid::new("name-length", "must have 3 to 50 characters"));
        }
        let edge = |byte: Option<u8>| {
            byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let (first, last) = (text.bytes().next(), text.bytes().next_back());
        if !edge(first) || !edge(last) || !text.bytes().all(Self::admits) {
            let rule =
                "must consist of a-z, 0-9, `-` and `_`, and begin and end with a letter or digit";
            return Err(Invalid::new("name-format", rule));
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether some name could begin with `prefix`. Every name begins with the empty prefix.
    pub fn could_begin_with(prefix: &str) -> bool {
        let first_is_edge = prefix.bytes().next().is_none_or(|byte| byte != b'-' && byte != b'_');
        prefix.len() <= Self::MAX && first_is_edge && prefix.bytes().all(Self::admits)
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn admits(byte: u8) -> bool {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a token is for, in a person's words: at most 350 characters (Unicode scalar values), without control
/// characters but newline and tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// The most characters of a description, as Unicode scalar values.
    pub const MAX: usize = 350;

    /// The description that `text` spells.
    ///
    /// # Errors
    /// `description-length` or `description-characters`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.chars().count() > Self::MAX {
            return Err(Invalid::new("description-length", "must have at most 350 characters"));
        }
        if text
            .chars()
            .any(|character| character.is_control() && character != '\n' && character != '\t')
        {
            let rule = "must hold no control character but newline and tab";
            return Err(Invalid::new("description-characters", rule));
        }
        Ok(Self(text.to_owned()))
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_three_to_fifty_of_the_allowed_characters() {
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
    fn a_name_is_shown_as_it_is_spelled() {
        let name = TokenName::parse("ci-deployer_7").unwrap();
        assert_eq!((name.as_str(), name.to_string().as_str()), ("ci-deployer_7", "ci-deployer_7"));
    }

    #[test]
    fn a_prefix_is_admitted_only_if_a_name_could_begin_with_it() {
        for prefix in ["", "a", "ci-", "9_", &"a".repeat(50)] {
            assert!(TokenName::could_begin_with(prefix), "{prefix}");
        }
        for prefix in ["-", "_a", "A", "a%", "a b", &"a".repeat(51)] {
            assert!(!TokenName::could_begin_with(prefix), "{prefix}");
        }
    }

    #[test]
    fn descriptions_are_counted_in_unicode_scalar_values() {
        let longest = "é".repeat(350);
        assert_eq!(Description::parse(&longest).unwrap().as_str(), longest);
        assert_eq!(Description::parse(&"é".repeat(351)).unwrap_err().code, "description-length");
    }

    #[test]
    fn descriptions_hold_newlines_and_tabs_but_no_other_control_character() {
        assert!(Description::parse("two\nlines\tand a tab").is_ok());
        for text in ["\r", "\0", "\u{7f}", "\u{85}", "\u{1b}[31m"] {
            assert_eq!(
                Description::parse(text).unwrap_err().code,
                "description-characters",
                "{text:?}"
            );
        }
    }
}
