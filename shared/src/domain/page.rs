//! Pages of the list, in name order, and the cursor between them.

use super::cursor::{self, CursorError};
use super::id::TokenId;
use super::record::{Record, Status};
use super::time::Timestamp;

/// Which tokens a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only tokens whose name has this prefix. The empty prefix matches every name.
    pub name_prefix: String,
    /// Only tokens with this status.
    pub status: Option<Status>,
    /// Only tokens with this owner.
    pub owner: Option<String>,
    /// Only tokens that this token generated.
    pub created_by: Option<TokenId>,
    /// Only active tokens that expire before this time.
    pub expires_before: Option<Timestamp>,
    /// Only tokens that were generated before this time, and not used since.
    pub unused_since: Option<Timestamp>,
}

/// A request for one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The maximum number of entries: 1 to 100.
    pub limit: u8,
    /// Which tokens the list shows.
    pub filter: Filter,
    /// Only names after this one.
    pub after: Option<String>,
}

/// One page. It may be shorter than requested, even empty, and still have a next page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The entries, in name order.
    pub entries: Vec<Entry>,
    /// The name after which the next page starts. `None` on the last page.
    pub last: Option<String>,
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A token.
    Record(Box<Record>),
    /// A token whose item cannot be read. It is listed, so that the rest of the list stays usable.
    Unreadable {
        /// The token's id, if it can be read.
        id: Option<TokenId>,
        /// The token's name.
        name: String,
    },
}

impl Filter {
    /// Returns the cursor that continues a list with this filter after the name `last`.
    pub fn cursor(&self, last: &str) -> String {
        cursor::encode(&self.query(), last)
    }

    /// Returns the name that a cursor contains, after which a list with this filter continues.
    ///
    /// # Errors
    /// [`CursorError`].
    pub fn parse_cursor(&self, text: &str) -> Result<String, CursorError> {
        cursor::decode(&self.query(), text)
    }

    /// Returns whether the list shows this record. `last_use` is the latest use of any of the token's secrets.
    pub fn matches(&self, record: &Record, last_use: Option<Timestamp>, now: Timestamp) -> bool {
        // Destructured, so that a new filter does not compile until it is considered here. The query of the table checks the
        // prefix of the name.
        let Self { name_prefix: _, status: _, owner, created_by, expires_before: _, unused_since } =
            self;
        self.matches_status(record.status(now), record.expires_at)
            && owner
                .as_deref()
                .is_none_or(|owner| record.owner.as_ref().is_some_and(|one| one.as_str() == owner))
            && created_by.is_none_or(|id| record.created_by.id == Some(id))
            && unused_since.is_none_or(|since| {
                record.created_at < since && last_use.is_none_or(|at| at < since)
            })
    }

    /// Returns whether the list may show a token with this expiration. The name item contains the expiration, so the token
    /// itself need not be read if it does not match.
    pub fn matches_expiration(&self, expires_at: Option<Timestamp>, now: Timestamp) -> bool {
        self.matches_status(Status::at(now, expires_at), expires_at)
    }

    fn matches_status(&self, status: Status, expires_at: Option<Timestamp>) -> bool {
        self.status.is_none_or(|expected| expected == status)
            && self.expires_before.is_none_or(|end| {
                status == Status::Active && expires_at.is_some_and(|expires_at| expires_at < end)
            })
    }

    /// Returns the query of a list with this filter. A cursor contains it, and is rejected if it is used with another filter.
    fn query(&self) -> String {
        let Self { name_prefix, status, owner, created_by, expires_before, unused_since } = self;
        let status = status.map_or("", Status::as_str);
        let id = created_by.as_ref().map_or("", TokenId::as_str);
        let seconds =
            |time: &Option<Timestamp>| time.map(Timestamp::seconds).map(|time| time.to_string());
        let (before, since) = (seconds(expires_before), seconds(unused_since));
        let (before, since) = (before.unwrap_or_default(), since.unwrap_or_default());
        // A checksum, because owners may be long. It detects that the owner differs by mistake, but does not prevent forgery.
        let owner =
            owner.as_ref().map(|owner| format!("{:08x}", crc32fast::hash(owner.as_bytes())));
        let owner = owner.unwrap_or_default();
        format!("2/{status}/{id}/{before}/{since}/{owner}/{name_prefix}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(name_prefix: &str, status: Option<Status>) -> Filter {
        Filter { name_prefix: name_prefix.to_owned(), status, ..Filter::default() }
    }

    #[test]
    fn a_cursor_of_another_filter_is_rejected() {
        let own = filter("ci", Some(Status::Active));
        let cursor = own.cursor("ci-deployer");
        assert_eq!(own.parse_cursor(&cursor), Ok("ci-deployer".to_owned()));
        let time = Timestamp::from_seconds(7);
        for other in [
            filter("", None),
            filter("ci", None),
            filter("ci", Some(Status::Expired)),
            filter("c", Some(Status::Active)),
            Filter { owner: Some("x/y".to_owned()), ..own.clone() },
            Filter { created_by: TokenId::parse("4GkTz0a9QmW1xB7c"), ..own.clone() },
            Filter { expires_before: time, ..own.clone() },
            Filter { unused_since: time, ..own.clone() },
        ] {
            assert_eq!(other.parse_cursor(&cursor), Err(CursorError::OtherQuery), "{other:?}");
        }
    }
}
