//! Bodies that are forms, as the standards for revocation (RFC 7009) and introspection (RFC 7662) require.

use super::error::HttpError;
use super::request::{ContentType, MAX_BODY, bytes};
use crate::domain::violation::Violation;
use lambda_http::Request;
use percent_encoding::percent_decode;
use std::collections::BTreeMap;

/// The fields of a form that a route knows.
#[derive(Debug)]
pub struct Form(BTreeMap<&'static str, String>);

impl Form {
    /// Returns the value of a field, if it is there.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns the value of a field that must be there.
    ///
    /// # Errors
    /// The problem `invalid-form`.
    pub fn required(&self, name: &str) -> Result<&str, HttpError> {
        self.get(name).ok_or_else(|| HttpError::form(name, "is required"))
    }

    /// Parses a field, if it is there.
    ///
    /// # Errors
    /// The problem `invalid-form`.
    pub fn optional<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Violation>,
    ) -> Result<Option<T>, HttpError> {
        let parsed = self.get(name).map(parse).transpose();
        parsed.map_err(|violation| HttpError::form(name, &violation.detail))
    }
}

impl HttpError {
    /// Creates an [`HttpError::InvalidForm`] about a field.
    pub fn form(field: &str, detail: &str) -> Self {
        Self::InvalidForm(format!("field `{field}` {detail}"))
    }
}

/// Reads the form in the body. Fields that are not in `known` are ignored, as the standards require.
///
/// # Errors
/// The problem `unsupported-media-type`, `body-too-large`, or `invalid-form` for a body that cannot be decoded or repeats a known
/// field.
pub fn form(event: &Request, known: &[&'static str]) -> Result<Form, HttpError> {
    let bytes = bytes(event);
    if bytes.len() > MAX_BODY {
        return Err(HttpError::BodyTooLarge);
    }
    ContentType::Form.check(event).map_err(HttpError::UnsupportedMediaType)?;
    parse(bytes, known).map_err(HttpError::InvalidForm)
}

fn parse(bytes: &[u8], known: &[&'static str]) -> Result<Form, String> {
    // The parser accepts incomplete escapes and replaces invalid UTF-8, so two different bodies could become the same form.
    if !are_escapes_complete(bytes) || percent_decode(bytes).decode_utf8().is_err() {
        return Err("the body must be UTF-8, percent-encoded as in a form".to_owned());
    }
    let mut form = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(bytes) {
        let Some(&name) = known.iter().find(|one| **one == name) else {
            continue;
        };
        if form.insert(name, value.into_owned()).is_some() {
            return Err(format!("field `{name}` must be given once"));
        }
    }
    Ok(Form(form))
}

/// Returns whether each `%` is followed by two hexadecimal digits.
fn are_escapes_complete(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'%').skip(1).all(|rest| {
        matches!(rest, [first, second, ..] if first.is_ascii_hexdigit() && second.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &[u8]) -> Result<Vec<(&'static str, String)>, String> {
        parse(body, &["token", "path"]).map(|form| form.0.into_iter().collect())
    }

    #[test]
    fn known_fields_are_decoded_and_others_ignored() {
        for (body, expected) in [
            (&b""[..], vec![]),
            (b"token=x", vec![("token", "x")]),
            (
                b"token=a%20b+c%3D&path=%2Fx&token_type_hint=y&other&&=z",
                vec![("path", "/x"), ("token", "a b c=")],
            ),
            (b"token", vec![("token", "")]),
            (b"other=1&other=2&token=%C3%A9", vec![("token", "\u{e9}")]),
        ] {
            let expected: Vec<_> =
                expected.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
            assert_eq!(read(body), Ok(expected));
        }
    }

    #[test]
    fn ambiguous_bodies_are_rejected() {
        for body in [
            &b"token=%"[..],
            b"token=%4",
            b"token=%zz",
            b"token=%C3",
            b"token=\xff",
            b"token=%C3&path=%A9",
            b"token=a&token=a",
            b"%74oken=a&token=b",
        ] {
            assert!(read(body).is_err(), "{body:?}");
        }
    }
}
