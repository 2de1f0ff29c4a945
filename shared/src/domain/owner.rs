//! Owners of tokens.

use super::violation::Violation;

/// Who is responsible for a token: a person, a team or an address, in 1–100 characters. It affects no decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner(String);

impl Owner {
    /// The maximum length in characters, counted as Unicode scalar values.
    pub const MAX: usize = 100;

    /// Parses an owner.
    ///
    /// # Errors
    /// The violation `owner-length` or `owner-characters`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        if !(1..=Self::MAX).contains(&text.chars().count()) {
            let detail = format!("must have 1 to {} characters; use `null` for none", Self::MAX);
            return Err(Violation::new("owner-length", detail));
        }
        if text.contains(char::is_control) {
            return Err(Violation::new("owner-characters", "must not contain control characters"));
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the owner as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_has_1_to_100_characters_and_no_control_characters() {
        for text in ["x", "payments-team", "Zoë <zoe@example.com>", &"é".repeat(100)] {
            assert_eq!(Owner::parse(text).unwrap().as_str(), text);
        }
        for (text, code) in [
            ("", "owner-length"),
            (&*"é".repeat(101), "owner-length"),
            ("a\nb", "owner-characters"),
            ("\u{7f}", "owner-characters"),
        ] {
            assert_eq!(Owner::parse(text).unwrap_err().code, code, "{text:?}");
        }
    }
}
