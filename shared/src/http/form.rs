//! Forms, which the standards for revocation and introspection require (RFC 7009, RFC 7662).

use super::error::HttpError;
use super::request::{ContentType, MAX_BODY, bytes};
use lambda_http::Request;
use percent_encoding::percent_decode;
use std::collections::BTreeMap;

/// The fields of a form that a route knows, by name.
pub type Form = BTreeMap<&'static str, String>;

/// Reads the form in the body. Fields that are not in `known` are ignored, as the standards require.
///
/// # Errors
/// `unsupported-media-type`, `body-too-large`, or `invalid-form` for a body that cannot be decoded or repeats a known field.
pub fn form(event: &Request, known: &[&'static str]) -> Result<Form, HttpError> {
    let bytes = bytes(event);
    if bytes.len() > MAX_BODY {
        return Err(HttpError::BodyTooLarge);
    }
    ContentType::Form.check(event).map_err(HttpError::UnsupportedMediaType)?;
    parse(bytes, known).map_err(HttpError::InvalidForm)
}

fn parse(bytes: &[u8], known: &[&'static str]) -> Result<Form, String> {
    // The parser replaces what it cannot decode, so that two bodies could be the same form.
    if !are_escapes_complete(bytes) || percent_decode(bytes).decode_utf8().is_err() {
        return Err("the body must be UTF-8, percent-encoded as in a form".to_owned());
    }
    let mut form = Form::new();
    for (name, value) in form_urlencoded::parse(bytes) {
        let Some(name) = known.iter().find(|one| **one == name) else {
            continue;
        };
        if form.insert(name, value.into_owned()).is_some() {
            return Err(format!("field `{name}` must be given once"));
        }
    }
    Ok(form)
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
        parse(body, &["token", "path"]).map(|form| form.into_iter().collect())
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
    fn what_has_more_than_one_reading_is_rejected() {
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
