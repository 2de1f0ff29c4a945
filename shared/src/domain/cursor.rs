//! Cursors. A cursor contains where a list continues, and the query that it was made for.
//!
//! A query is a list and its parameters as text, such as `token-events/4GkTz0a9QmW1xB7c`. All queries of one list have the same
//! number of slashes, so that none starts with another one and a slash.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Why a cursor is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// The cursor is damaged, or this service did not write it.
    #[error("must be a cursor that this list returned")]
    Damaged,
    /// The cursor was made for another query.
    #[error("must be used with the same parameters that it was made for")]
    OtherQuery,
}

/// Returns the cursor of the page that follows the entry `last` of the list that `query` describes.
///
/// The cursor matches `[A-Za-z0-9_-]+`. It is encoded, not encrypted. Its checksum detects damage, but does not prevent forgery.
pub fn encode(query: &str, last: &str) -> String {
    let content = format!("{query}/{last}");
    let sum = crc32fast::hash(content.as_bytes()).to_be_bytes();
    BASE64_URL_SAFE_NO_PAD.encode([content.as_bytes(), &sum].concat())
}

/// Returns the entry after which the list continues: the `last` that the cursor was encoded with.
///
/// # Errors
/// [`CursorError`], also if `query` is not the one that the cursor was encoded with.
pub fn decode(query: &str, cursor: &str) -> Result<String, CursorError> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| CursorError::Damaged)?;
    let (content, sum) = bytes.split_last_chunk::<4>().ok_or(CursorError::Damaged)?;
    if crc32fast::hash(content).to_be_bytes() != *sum {
        return Err(CursorError::Damaged);
    }
    let content = std::str::from_utf8(content).map_err(|_| CursorError::Damaged)?;
    let last = content.strip_prefix(query).and_then(|rest| rest.strip_prefix('/'));
    let last = last.ok_or(CursorError::OtherQuery)?;
    if last.is_empty() { Err(CursorError::Damaged) } else { Ok(last.to_owned()) }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "these texts are ASCII, and a panic fails the test")]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_decoded_only_with_the_query_that_it_was_made_for() {
        let cursor = encode("names/ci-", "ci-deployer");
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
        assert!(cursor.bytes().all(is_plain));
        assert_eq!(decode("names/ci-", &cursor), Ok("ci-deployer".to_owned()));
        for other in ["names/", "names/ci", "events", "Names/ci-"] {
            assert!(decode(other, &cursor).is_err(), "{other}");
        }
        assert_eq!(decode("events", &cursor), Err(CursorError::OtherQuery));
    }

    #[test]
    fn every_damaged_cursor_is_rejected() {
        let cursor = encode("names", "ci-deployer");
        for place in 0..cursor.len() {
            let mut damaged = cursor.clone().into_bytes();
            damaged[place] = if damaged[place] == b'A' { b'B' } else { b'A' };
            let damaged = String::from_utf8(damaged).unwrap();
            assert_eq!(decode("names", &damaged), Err(CursorError::Damaged), "{damaged}");
            assert_eq!(
                decode("names", &cursor[..place]),
                Err(CursorError::Damaged),
                "cut at {place}"
            );
        }
        for text in ["", "=", "a b", "AAAA", "AAAAAAAAAA", &format!("{cursor}=")] {
            assert_eq!(decode("names", text), Err(CursorError::Damaged), "{text}");
        }
    }
}
