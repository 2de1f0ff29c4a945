//! Descriptions of tokens.

use super::violation::Violation;

/// What a token is for: at most 350 characters, without control characters except newline and tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// The maximum length in characters, counted as Unicode scalar values.
    pub const MAX: usize = 350;

    /// Parses a description. A line end `\r\n` is stored as a newline.
    ///
    /// # Errors
    /// The violation `description-length` or `description-characters`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text = text.replace("\r\n", "\n");
        if text.chars().count() > Self::MAX {
            let detail = format!("must have at most {} characters", Self::MAX);
            return Err(Violation::new("description-length", detail));
        }
        if text.chars().any(|one| one.is_control() && one != '\n' && one != '\t') {
            let detail = "must not contain control characters except newline and tab";
            return Err(Violation::new("description-characters", detail));
        }
        Ok(Self(text))
    }

    /// Returns the description as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_unicode_scalar_values() {
        let longest = "é".repeat(350);
        assert_eq!(Description::parse(&longest).unwrap().as_str(), longest);
        assert_eq!(Description::parse(&"é".repeat(351)).unwrap_err().code, "description-length");
    }

    #[test]
    fn newlines_and_tabs_are_the_only_control_characters_allowed() {
        assert!(Description::parse("two\nlines\tand a tab").is_ok());
        let lines = Description::parse("two\r\nlines\r\n").unwrap();
        assert_eq!(lines.as_str(), "two\nlines\n");
        for text in ["\r", "a\rb", "a\n\rb", "\0", "\u{7f}", "\u{85}", "\u{1b}[31m"] {
            let error = Description::parse(text).unwrap_err();
            assert_eq!(error.code, "description-characters", "{text:?}");
        }
    }
}
