//! Violations: which value of a request is invalid, and what is expected instead.

use std::fmt;

/// One broken rule.
///
/// A parse function returns it without a place. The reader of the document adds the place with [`Violation::at`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The place in the document, as a JSON pointer (RFC 6901). Empty means the parsed value itself.
    pub pointer: String,
    /// The rule, for programs: lowercase words joined by hyphens. A code never changes.
    pub code: &'static str,
    /// What is expected, for people.
    pub detail: String,
}

impl Violation {
    /// Creates a violation of the parsed value itself.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: String::new(), code, detail: detail.into() }
    }

    /// Prepends a step to the pointer: the value's name or index in the object or list that contains it.
    #[must_use]
    pub fn at(mut self, step: impl fmt::Display) -> Self {
        // RFC 6901 section 3: escape `~` first. Otherwise, the `~` in the escape of a slash would be escaped too.
        let step = step.to_string().replace('~', "~0").replace('/', "~1");
        self.pointer.insert_str(0, &format!("/{step}"));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_prepends_escaped_steps() {
        let violation = Violation::new("required", "is required");
        assert_eq!(violation.pointer, "");
        let violation = violation.at("a/b~c").at(0).at("permissions");
        assert_eq!(violation.pointer, "/permissions/0/a~1b~0c");
    }
}
