//! The fields of a JSON request body.
//!
//! [`Fields`] reads one object and records every violation with its place in the document, so that a caller learns of all of
//! them at once. A parse function does not know that place: it gets a string and returns a value or a violation.

use crate::domain::patch::Patch;
use crate::domain::violation::Violation;
use serde_json::{Map, Value};

/// The object that is being read.
pub struct Fields<'a> {
    members: &'a Map<String, Value>,
    /// The fields that were asked for, in this order. Any other field is a violation.
    known: Vec<&'static str>,
    /// Whether the discriminator, which decides the other fields of the object, is invalid. Then it is unknown which
    /// other fields are allowed.
    is_shape_unknown: bool,
    violations: Vec<Violation>,
}

/// The error of a value that could not be read. Its violations are already recorded in [`Fields`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected(());

impl<'a> Fields<'a> {
    /// Reads `document`, which must be an object, with `read`.
    ///
    /// # Errors
    /// Every violation in the document. A field that `read` did not ask for is a violation, too.
    pub fn parse<T>(
        document: &'a Value,
        read: impl FnOnce(&mut Self) -> Result<T, Rejected>,
    ) -> Result<T, Vec<Violation>> {
        let Value::Object(members) = document else {
            return Err(vec![wrong_type("an object")]);
        };
        let (known, violations) = (Vec::with_capacity(members.len()), Vec::new());
        let mut fields = Self { members, known, is_shape_unknown: false, violations };
        let value = read(&mut fields);
        fields.reject_unknown();
        match value {
            Ok(value) if fields.violations.is_empty() => Ok(value),
            _ => Err(fields.violations),
        }
    }

    /// Reads a required string.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn required<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Result<T, Rejected> {
        let value = self.required_value(name)?;
        self.check_at(name, string(value).and_then(parse))
    }

    /// Reads the discriminator: a required string that decides which other fields the object may have.
    ///
    /// If it is invalid, no other field is reported as unknown.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn discriminator<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Result<T, Rejected> {
        let value = self.required(name, parse);
        self.is_shape_unknown = value.is_err();
        value
    }

    /// Reads an optional string. Absent and `null` are both `None`.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Result<Option<T>, Rejected> {
        match self.value(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => self.check_at(name, string(value).and_then(parse)).map(Some),
        }
    }

    /// Reads a string of a merge patch (RFC 7396), in which absent, `null` and a value differ.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn patch<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Result<Patch<T>, Rejected> {
        match self.value(name) {
            None => Ok(Patch::Unchanged),
            Some(Value::Null) => Ok(Patch::Clear),
            Some(value) => self.check_at(name, string(value).and_then(parse)).map(Patch::Set),
        }
    }

    /// Reads a required list of different strings.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn list<T>(
        &mut self,
        name: &'static str,
        check_length: impl FnOnce(usize) -> Result<(), Violation>,
        parse: impl Fn(&str) -> Result<T, Violation>,
    ) -> Result<Vec<T>, Rejected> {
        let list = self.array(name, check_length)?;
        self.elements(name, list, |index, element| {
            let value = string(element).and_then(&parse).map_err(|violation| vec![violation])?;
            if list.iter().take(index).any(|earlier| earlier == element) {
                return Err(vec![Violation::new("duplicate", "must not be listed twice")]);
            }
            Ok(value)
        })
    }

    /// Reads a required object.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Fields<'_>) -> Result<T, Rejected>,
    ) -> Result<T, Rejected> {
        let value = self.required_value(name)?;
        self.record(Fields::parse(value, read), |violation| violation.at(name))
    }

    /// Reads a required list of objects.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn objects<T>(
        &mut self,
        name: &'static str,
        check_length: impl FnOnce(usize) -> Result<(), Violation>,
        read: impl Fn(&mut Fields<'_>) -> Result<T, Rejected>,
    ) -> Result<Vec<T>, Rejected> {
        let list = self.array(name, check_length)?;
        self.elements(name, list, |_, element| Fields::parse(element, &read))
    }

    /// Rejects a field that must never be given, with this code and detail instead of those of an unknown field.
    pub fn forbid(&mut self, name: &'static str, code: &'static str, detail: &str) {
        if self.members.contains_key(name) {
            self.known.push(name);
            self.violations.push(Violation::new(code, detail).at(name));
        }
    }

    /// Returns whether a field is given.
    pub fn contains(&mut self, name: &'static str) -> bool {
        self.value(name).is_some()
    }

    /// Returns a field's value, `null` included. Returns `None` if the field is absent.
    pub fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        if !self.known.contains(&name) {
            self.known.push(name);
        }
        self.members.get(name)
    }

    /// Returns the value of `result`, or records its violation as that of the field `name`.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn check_at<T>(
        &mut self,
        name: &'static str,
        result: Result<T, Violation>,
    ) -> Result<T, Rejected> {
        self.check(result.map_err(|violation| violation.at(name)))
    }

    /// Returns the value of `result`, or records its violation as that of the object itself, or of the field that the
    /// violation already names.
    ///
    /// # Errors
    /// [`Rejected`].
    pub fn check<T>(&mut self, result: Result<T, Violation>) -> Result<T, Rejected> {
        self.record(result.map_err(|violation| vec![violation]), |violation| violation)
    }

    fn record<T>(
        &mut self,
        result: Result<T, Vec<Violation>>,
        place: impl Fn(Violation) -> Violation,
    ) -> Result<T, Rejected> {
        result.map_err(|violations| {
            self.violations.extend(violations.into_iter().map(place));
            Rejected(())
        })
    }

    fn required_value(&mut self, name: &'static str) -> Result<&'a Value, Rejected> {
        let value = self.value(name);
        self.check_at(name, value.ok_or_else(|| Violation::new("required", "is required")))
    }

    fn array(
        &mut self,
        name: &'static str,
        check_length: impl FnOnce(usize) -> Result<(), Violation>,
    ) -> Result<&'a Vec<Value>, Rejected> {
        let value = self.required_value(name)?;
        let list = value.as_array().ok_or_else(|| wrong_type("an array"));
        let list = list.and_then(|list| check_length(list.len()).map(|()| list));
        self.check_at(name, list)
    }

    fn elements<T>(
        &mut self,
        name: &'static str,
        list: &'a [Value],
        parse: impl Fn(usize, &'a Value) -> Result<T, Vec<Violation>>,
    ) -> Result<Vec<T>, Rejected> {
        // All elements are read before the first error is returned, so that the violations of every element are recorded.
        let elements: Vec<_> = list
            .iter()
            .enumerate()
            .map(|(index, element)| {
                let place = |violation: Violation| violation.at(index).at(name);
                self.record(parse(index, element), place)
            })
            .collect();
        elements.into_iter().collect()
    }

    fn reject_unknown(&mut self) {
        if self.is_shape_unknown {
            return;
        }
        for name in self.members.keys().filter(|name| !self.known.contains(&name.as_str())) {
            let expected = self.known.join("`, `");
            self.violations.push(if is_plain_name(name) {
                let detail = format!("is unknown; expected one of `{expected}`");
                Violation::new("unknown-member", detail).at(name)
            } else {
                let detail = format!("contains an unknown member; expected one of `{expected}`");
                Violation::new("unknown-member", detail)
            });
        }
    }
}

/// Returns whether a name that a caller made up may be repeated in a response or a log: only a plain identifier of at
/// most 64 characters, because anything else could be a token.
pub(super) fn is_plain_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=64).contains(&name.len()) && name.bytes().all(is_plain) && !name.starts_with("twd_")
}

fn string(value: &Value) -> Result<&str, Violation> {
    value.as_str().ok_or_else(|| wrong_type("a string"))
}

/// Returns the violation of a value that is not `expected`, such as "a string".
pub(super) fn wrong_type(expected: &str) -> Violation {
    Violation::new("type", format!("must be {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Reads a document and returns the pointers and codes of its violations.
    fn violations<T>(
        document: &Value,
        read: impl FnOnce(&mut Fields<'_>) -> Result<T, Rejected>,
    ) -> Vec<(String, &'static str)> {
        let violations = Fields::parse(document, read).err().unwrap_or_default();
        violations.into_iter().map(|one| (one.pointer, one.code)).collect()
    }

    fn expected<const N: usize>(places: [(&str, &'static str); N]) -> Vec<(String, &'static str)> {
        places.map(|(pointer, code)| (pointer.to_owned(), code)).to_vec()
    }

    fn yes(text: &str) -> Result<usize, Violation> {
        if text == "yes" { Ok(text.len()) } else { Err(Violation::new("answer", "must be yes")) }
    }

    fn any_length(_: usize) -> Result<(), Violation> {
        Ok(())
    }

    #[test]
    fn parse_reports_every_violation_in_the_order_of_reading() {
        let document = json!({
            "name": 7, "extra": 1, "wide": true, "fixed": "x",
            "inner": { "answer": "no", "more": 1 }, "list": ["yes", 7, "no", "yes"],
        });
        let found = violations(&document, |fields| {
            let name = fields.required("name", yes);
            let missing = fields.required("grants", yes);
            fields.forbid("fixed", "immutable", "never changes");
            let inner = fields.object("inner", |inner| inner.required("answer", yes));
            let list = fields.list("list", any_length, yes);
            Ok((name?, missing?, inner?, list?))
        });
        let places = [
            ("/name", "type"),
            ("/grants", "required"),
            ("/fixed", "immutable"),
            ("/inner/answer", "answer"),
            ("/inner/more", "unknown-member"),
            ("/list/1", "type"),
            ("/list/2", "answer"),
            ("/list/3", "duplicate"),
            ("/extra", "unknown-member"),
            ("/wide", "unknown-member"),
        ];
        assert_eq!(found, expected(places));
    }

    #[test]
    fn a_document_that_is_not_an_object_is_one_violation() {
        for document in [json!([]), json!("text"), json!(null), json!(1)] {
            assert_eq!(violations(&document, |_| Ok(())), expected([("", "type")]));
        }
    }

    #[test]
    fn a_value_with_violations_is_not_returned() {
        assert!(Fields::parse(&json!({}), |_| Ok(1)).is_ok());
        assert!(Fields::parse(&json!({ "extra": 1 }), |_| Ok(1)).is_err());
    }

    #[test]
    fn an_invalid_discriminator_silences_unknown_fields() {
        let read = |fields: &mut Fields<'_>| fields.discriminator("type", yes);
        let invalid = json!({ "type": "no", "extra": 1 });
        assert_eq!(violations(&invalid, read), expected([("/type", "answer")]));
        let valid = json!({ "type": "yes", "extra": 1 });
        assert_eq!(violations(&valid, read), expected([("/extra", "unknown-member")]));
    }

    #[test]
    fn optional_and_patch_tell_absent_null_and_value_apart() {
        let document = json!({ "null": null, "good": "yes" });
        let read = |fields: &mut Fields<'_>| {
            let names = ["absent", "null", "good"];
            let optional = names.map(|name| fields.optional(name, yes));
            let patch = names.map(|name| fields.patch(name, yes));
            Ok((optional, patch))
        };
        let (optional, patch) = Fields::parse(&document, read).unwrap();
        assert_eq!(optional, [Ok(None), Ok(None), Ok(Some(3))]);
        assert_eq!(patch, [Ok(Patch::Unchanged), Ok(Patch::Clear), Ok(Patch::Set(3))]);
        for document in [json!({ "bad": "no" }), json!({ "bad": 7 })] {
            assert_eq!(violations(&document, |fields| fields.optional("bad", yes)).len(), 1);
            assert_eq!(violations(&document, |fields| fields.patch("bad", yes)).len(), 1);
        }
    }

    #[test]
    fn objects_names_the_element_of_each_violation() {
        let document = json!({ "grants": [{ "answer": "yes" }, 7, {}, { "answer": "no" }] });
        let read = |grant: &mut Fields<'_>| grant.required("answer", yes);
        let found = violations(&document, |fields| fields.objects("grants", any_length, read));
        let places = [
            ("/grants/1", "type"),
            ("/grants/2/answer", "required"),
            ("/grants/3/answer", "answer"),
        ];
        assert_eq!(found, expected(places));
    }
}
