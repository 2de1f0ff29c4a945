//! Reading JSON documents member by member, collecting every violation on the way.

use super::patch::Patch;
use super::violation::{Invalid, Pointer, Violations};
use serde_json::{Map, Value};

/// A JSON object that is being read. What nobody asked for by [`Object::finish`] is an unknown member.
pub struct Object<'a> {
    members: &'a Map<String, Value>,
    pointer: Pointer,
    known: Vec<&'static str>,
}

/// One member of an [`Object`] and its place. `value` is `None` where the member is absent; `null` is a value.
pub struct Member<'a> {
    /// What was given.
    pub value: Option<&'a Value>,
    /// Where.
    pub pointer: Pointer,
}

impl<'a> Object<'a> {
    /// Begins to read the object at `pointer`; notes `type` if it is none.
    pub fn begin(value: &'a Value, pointer: &Pointer, violations: &mut Violations) -> Option<Self> {
        let Value::Object(members) = value else {
            violations.add(pointer, wrong_type("an object"));
            return None;
        };
        Some(Self { members, pointer: pointer.clone(), known: Vec::with_capacity(members.len()) })
    }

    /// The member `name`.
    pub fn member(&mut self, name: &'static str) -> Member<'a> {
        self.known.push(name);
        Member { value: self.members.get(name), pointer: self.pointer.at(name) }
    }

    /// The member `name`; notes `required` if it is absent.
    pub fn required(
        &mut self,
        name: &'static str,
        violations: &mut Violations,
    ) -> Option<Member<'a>> {
        let member = self.member(name);
        if member.value.is_none() {
            violations.add(&member.pointer, Invalid::new("required", "is required"));
            return None;
        }
        Some(member)
    }

    /// Refuses the member `name` if it is there, with a reason of its own instead of "unknown".
    pub fn refuse(
        &mut self,
        name: &'static str,
        code: &'static str,
        why: &str,
        violations: &mut Violations,
    ) {
        if self.members.contains_key(name) {
            violations.add(&self.pointer.at(name), Invalid::new(code, why));
            self.known.push(name);
        }
    }

    /// Ends the reading; notes `unknown-member` for each member that was not asked for.
    pub fn finish(self, violations: &mut Violations) {
        for name in self.members.keys().filter(|name| !self.known.contains(&name.as_str())) {
            let known = self.known.join("`, `");
            let detail = format!("is not a member of this object; its members are `{known}`");
            violations.add(&self.pointer.at(name), Invalid::new("unknown-member", detail));
        }
    }
}

impl<'a> Member<'a> {
    /// The member's text; notes `type` if it is something else. `None` as well if it is absent.
    pub fn text(&self, violations: &mut Violations) -> Option<&'a str> {
        let text = self.value?.as_str();
        self.typed(text, "a string", violations)
    }

    /// The member's elements; notes `type` if it is no array. `None` as well if it is absent.
    pub fn array(&self, violations: &mut Violations) -> Option<&'a Vec<Value>> {
        let array = self.value?.as_array();
        self.typed(array, "an array", violations)
    }

    /// What the member's text stands for; absent and `null` are both nothing.
    pub fn optional<T>(
        &self,
        violations: &mut Violations,
        read: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        match self.change(violations, read) {
            Some(Patch::Set(value)) => Some(value),
            _ => None,
        }
    }

    /// What a merge patch asks for: the member's three states. `None` if it is a value, and wrong.
    pub fn change<T>(
        &self,
        violations: &mut Violations,
        read: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Option<Patch<T>> {
        match self.value {
            None => Some(Patch::Unchanged),
            Some(Value::Null) => Some(Patch::Clear),
            Some(_) => {
                let text = self.text(violations)?;
                violations.check(&self.pointer, read(text)).map(Patch::Set)
            }
        }
    }

    fn typed<T>(&self, value: Option<T>, expected: &str, violations: &mut Violations) -> Option<T> {
        if value.is_none() {
            violations.add(&self.pointer, wrong_type(expected));
        }
        value
    }
}

/// The violation of a value that is not `expected` ("a string", "an array", …).
pub fn wrong_type(expected: &str) -> Invalid {
    Invalid::new("type", format!("must be {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn codes(violations: &Violations) -> Vec<(String, &'static str)> {
        violations.iter().map(|one| (one.pointer.as_str().to_owned(), one.invalid.code)).collect()
    }

    #[test]
    fn every_violation_of_an_object_is_noted() {
        let document = json!({ "name": 7, "extra": 1, "wide": true, "fixed": "x" });
        let mut violations = Violations::default();
        let mut object = Object::begin(&document, &Pointer::root(), &mut violations).unwrap();
        assert_eq!(object.member("name").text(&mut violations), None);
        assert!(object.required("grants", &mut violations).is_none());
        object.refuse("fixed", "immutable", "never changes", &mut violations);
        object.finish(&mut violations);
        let expected = [
            ("/name", "type"),
            ("/grants", "required"),
            ("/fixed", "immutable"),
            ("/extra", "unknown-member"),
            ("/wide", "unknown-member"),
        ];
        assert_eq!(codes(&violations), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    }

    #[test]
    fn what_is_no_object_is_a_violation_of_the_whole() {
        for document in [json!([]), json!("text"), json!(null), json!(1)] {
            let mut violations = Violations::default();
            assert!(Object::begin(&document, &Pointer::root(), &mut violations).is_none());
            assert_eq!(codes(&violations), [(String::new(), "type")]);
        }
    }

    #[test]
    fn a_member_is_absent_null_a_value_or_wrong() {
        let document = json!({ "null": null, "good": "yes", "bad": "no", "number": 7 });
        let read = |text: &str| match text {
            "yes" => Ok(text.len()),
            _ => Err(Invalid::new("answer", "must be yes")),
        };
        let mut violations = Violations::default();
        let mut object = Object::begin(&document, &Pointer::root(), &mut violations).unwrap();
        let names = ["absent", "null", "good", "bad", "number"];
        let members = names.map(|name| object.member(name));
        let changes = members.each_ref().map(|one| one.change(&mut violations, read));
        let expected =
            [Some(Patch::Unchanged), Some(Patch::Clear), Some(Patch::Set(3)), None, None];
        assert_eq!(changes, expected);
        let noted = [("/bad", "answer"), ("/number", "type")];
        let noted = noted.map(|(pointer, code)| (pointer.to_owned(), code));
        assert_eq!(codes(&violations), noted);
        let values = members.map(|one| one.optional(&mut Violations::default(), read));
        assert_eq!(values, [None, None, Some(3), None, None]);
    }
}
