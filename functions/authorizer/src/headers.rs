//! The headers of an event, as they were sent.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// Headers as a list, so that a repeated header is noticed. Names are case-insensitive.
#[derive(Debug, Default)]
pub(crate) struct Headers(Vec<(String, Value)>);

impl Headers {
    /// Returns every value of the header `name`.
    pub(crate) fn into_values(self, name: &str) -> Vec<Value> {
        let named = self.0.into_iter().filter(|(one, _)| one.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value).collect()
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeadersVisitor)
    }
}

struct HeadersVisitor;

impl<'de> Visitor<'de> for HeadersVisitor {
    type Value = Headers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("headers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Headers, A::Error> {
        let mut headers = Vec::new();
        while let Some(header) = access.next_entry()? {
            headers.push(header);
        }
        Ok(Headers(headers))
    }
}
