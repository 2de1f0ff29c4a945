//! Pages of the list, in name order, and the cursor between them.

use super::id::TokenId;
use super::record::{Record, Status};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Which tokens a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only names that begin so; empty admits all.
    pub name_prefix: String,
    /// Only tokens of this status.
    pub status: Option<Status>,
}

/// A request for one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The most records on it: 1 to 100.
    pub limit: u8,
    /// Which tokens.
    pub filter: Filter,
    /// Only names after this one.
    pub after: Option<String>,
}

/// One page. It may be shorter than was asked, even empty, and still have a next one.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// In name order.
    pub entries: Vec<Entry>,
    /// The name after which the next page begins; `None` on the last.
    pub last: Option<String>,
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A token.
    Record(Box<Record>),
    /// A token whose item cannot be read; it does not take the rest of the list down.
    Unreadable {
        /// Its id, where at least that can be read.
        id: Option<TokenId>,
        /// Its name.
        name: String,
    },
}

/// A cursor's text that this service did not write, or wrote for other filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// Damaged, or made up.
    #[error("is not a cursor of this list")]
    Damaged,
    /// Made for another `namePrefix` or `status`.
    #[error("was made for another `namePrefix` or `status`")]
    OtherFilter,
}

impl Filter {
    /// The opaque text that continues a list of this filter after `last`: `[A-Za-z0-9_-]+`.
    ///
    /// It holds a name and protects nothing; its checksum only tells damage from a cursor.
    pub fn cursor(&self, last: &str) -> String {
        let content = format!("{}{last}", self.mark());
        let sum = crc32fast::hash(content.as_bytes()).to_be_bytes();
        BASE64_URL_SAFE_NO_PAD.encode([content.as_bytes(), &sum].concat())
    }

    /// The name after which a list of this filter continues.
    ///
    /// # Errors
    /// [`CursorError`].
    pub fn after(&self, cursor: &str) -> Result<String, CursorError> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| CursorError::Damaged)?;
        let (content, sum) = bytes.split_last_chunk::<4>().ok_or(CursorError::Damaged)?;
        if crc32fast::hash(content).to_be_bytes() != *sum {
            return Err(CursorError::Damaged);
        }
        let content = std::str::from_utf8(content).map_err(|_| CursorError::Damaged)?;
        let last = content.strip_prefix(&self.mark()).ok_or(CursorError::OtherFilter)?;
        if last.is_empty() { Err(CursorError::Damaged) } else { Ok(last.to_owned()) }
    }

    /// What a cursor of this filter begins with. Neither part can hold a slash, so no two filters share it.
    fn mark(&self) -> String {
        format!("1/{}/{}/", self.status.map_or("", Status::as_str), self.name_prefix)
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "these texts are ASCII, and a panic fails the test")]
mod tests {
    use super::*;

    fn filter(prefix: &str, status: Option<Status>) -> Filter {
        Filter { name_prefix: prefix.to_owned(), status }
    }

    #[test]
    fn a_cursor_comes_back_as_the_name_it_holds() {
        for filter in [filter("", None), filter("ci", None), filter("ci-", Some(Status::Expired))] {
            let cursor = filter.cursor("ci-deployer");
            assert!(
                cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
            );
            assert_eq!(filter.after(&cursor), Ok("ci-deployer".to_owned()));
        }
    }

    #[test]
    fn a_cursor_of_other_filters_is_refused() {
        let cursor = filter("ci", Some(Status::Active)).cursor("ci-deployer");
        for other in [
            filter("", None),
            filter("ci", None),
            filter("ci", Some(Status::Expired)),
            filter("c", Some(Status::Active)),
        ] {
            assert_eq!(other.after(&cursor), Err(CursorError::OtherFilter));
        }
    }

    #[test]
    fn every_damaged_cursor_is_refused() {
        let filter = Filter::default();
        let cursor = filter.cursor("ci-deployer");
        for place in 0..cursor.len() {
            let mut damaged = cursor.clone().into_bytes();
            damaged[place] = if damaged[place] == b'A' { b'B' } else { b'A' };
            let damaged = String::from_utf8(damaged).unwrap();
            assert_eq!(filter.after(&damaged), Err(CursorError::Damaged), "{damaged}");
            assert_eq!(filter.after(&cursor[..place]), Err(CursorError::Damaged), "cut at {place}");
        }
        for text in ["", "=", "a b", "AAAA", "AAAAAAAAAA", &format!("{cursor}=")] {
            assert_eq!(filter.after(text), Err(CursorError::Damaged), "{text}");
        }
    }
}
