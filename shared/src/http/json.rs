//! Strict JSON: a field may not be repeated, at any depth.
//!
//! RFC 8259 leaves the meaning of a repeated field to the reader. Two readers that choose differently would let a request
//! bypass a check, so a body that repeats a field is invalid.

use super::fields::is_plain_name;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// Parses a document.
///
/// # Errors
/// What is invalid and where, as the client sees it in the problem's `detail`.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, String> {
    let Strict(value) = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    Ok(value)
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(value)) = access.next_element()? {
            array.push(value);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let Strict(value) = access.next_value()?;
            if map.contains_key(&name) {
                // Any other name could be a token by mistake, which no error may repeat.
                return Err(A::Error::custom(if is_plain_name(&name) {
                    format!("field `{name}` is repeated")
                } else {
                    "a field is repeated".to_owned()
                }));
            }
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parse_keeps_every_value() {
        let text = r#"{"a":[1,-2,1.5,true,null,"é",{"b":{}}],"c":18446744073709551615}"#;
        let expected = json!({ "a": [1, -2, 1.5, true, null, "é", { "b": {} }], "c": u64::MAX });
        assert_eq!(parse(text.as_bytes()), Ok(expected));
    }

    #[test]
    fn parse_rejects_a_repeated_field_at_any_depth() {
        for text in
            [r#"{"a":1,"a":1}"#, r#"{"a":{"b":[{"c":1,"d":2,"c":1}]}}"#, r#"{"a":1,"\u0061":2}"#]
        {
            assert!(parse(text.as_bytes()).unwrap_err().contains("is repeated"), "{text}");
        }
    }

    #[test]
    fn parse_rejects_malformed_json_and_several_documents() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for text in [
            "",
            " ",
            "{",
            "{} {}",
            "{'a':1}",
            "{\"a\":01}",
            "nul",
            "\u{feff}{}",
            "{\"a\":\"\\ud800\"}",
            "1e999",
            &deep,
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text:?}");
        }
        assert!(parse(b"{\"a\":\"\xff\"}").is_err());
    }
}
