//! What is wrong with an input, where, and what would be right.

use std::fmt;

/// One broken rule, before it is known where it was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// For programs: stable, lower-case words joined by hyphens.
    pub code: &'static str,
    /// For people: what would be right.
    pub detail: String,
}

impl Invalid {
    /// A broken rule with its code and its remedy.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// A place in a JSON document, as a JSON pointer (RFC 6901). The whole document is the empty pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer(Option<String>);

impl Pointer {
    /// The document itself.
    pub fn root() -> Self {
        Self(Some(String::new()))
    }

    /// No place, for a document whose violations nobody is shown: its members are nowhere too, and cost nothing.
    pub fn nowhere() -> Self {
        Self(None)
    }

    /// The member or element `step` of this place.
    #[must_use]
    pub fn at(&self, step: impl fmt::Display) -> Self {
        // RFC 6901 section 3: `~` first, or the slash's escape would be escaped again.
        let escape = |step: String| step.replace('~', "~0").replace('/', "~1");
        let place = self.0.as_ref();
        Self(place.map(|place| format!("{place}/{}", escape(step.to_string()))))
    }

    /// The pointer's text.
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

/// One broken rule and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where in the document.
    pub pointer: Pointer,
    /// What is wrong and what would be right.
    pub invalid: Invalid,
}

/// Every violation of one document, collected so that a caller learns of all at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Notes a broken rule.
    pub fn add(&mut self, pointer: &Pointer, invalid: Invalid) {
        self.0.push(Violation { pointer: pointer.clone(), invalid });
    }

    /// The value of a check, or `None` after noting why there is none.
    pub fn check<T>(&mut self, pointer: &Pointer, result: Result<T, Invalid>) -> Option<T> {
        result.map_err(|invalid| self.add(pointer, invalid)).ok()
    }

    /// `value` if nothing was noted.
    ///
    /// # Errors
    /// Everything that was noted.
    pub fn none_or<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self),
        }
    }

    /// The violations, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        self.0.iter()
    }
}

impl From<Violation> for Violations {
    fn from(violation: Violation) -> Self {
        Self(vec![violation])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_escape_as_rfc_6901_says() {
        let pointer = Pointer::root().at("permissions").at(0).at("a/b~c");
        assert_eq!(pointer.as_str(), "/permissions/0/a~1b~0c");
        assert_eq!(Pointer::root().as_str(), "");
        assert_eq!(Pointer::root().at("a").as_str(), "/a");
        assert_eq!(Pointer::nowhere().at("a"), Pointer::nowhere());
    }

    #[test]
    fn a_violation_is_one_of_all() {
        let violation = Violation {
            pointer: Pointer::root().at("name"),
            invalid: Invalid::new("required", "is required"),
        };
        let violations = Violations::from(violation.clone());
        assert!(violations.iter().eq([&violation]));
    }

    #[test]
    fn a_value_with_violations_is_no_value() {
        let mut violations = Violations::default();
        violations.add(&Pointer::root().at("name"), Invalid::new("required", "is required"));
        assert_eq!(violations.clone().none_or(Some(1)), Err(violations));
        assert_eq!(Violations::default().none_or(Some(1)), Ok(1));
    }
}
