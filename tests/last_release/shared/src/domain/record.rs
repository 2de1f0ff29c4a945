//! A token's record: all that is known of a token but its secret.

use super::description::Description;
use super::grant::Permissions;
use super::id::TokenId;
use super::name::TokenName;
use super::precondition::Version;
use super::time::Timestamp;
use super::token::SecretHash;

/// What the management API shows of a token.
///
/// **A new attribute goes here**, then into `store/item.rs` (both directions, with the value that an old item gets)
/// and `http/response.rs`.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The token's public identity, the same through every regeneration.
    pub id: TokenId,
    /// Unique among live tokens; never changes.
    pub name: TokenName,
    /// What it is for.
    pub description: Option<Description>,
    /// When it stops working; `None` never.
    pub expires_at: Option<Timestamp>,
    /// What it may do.
    pub permissions: Permissions,
    /// Raised by one with every write.
    pub version: Version,
    /// When it was generated.
    pub created_at: Timestamp,
    /// Who generated it.
    pub created_by: Actor,
    /// When it was last written.
    pub updated_at: Timestamp,
    /// Who wrote it last.
    pub updated_by: Actor,
    /// When its secret was last replaced; `None` if it is the first.
    pub regenerated_at: Option<Timestamp>,
}

/// Whether a token works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Active,
    /// Its expiration has come. It is listed, and can be regenerated, until the table forgets it.
    Expired,
}

/// Who did something: the calling token, or the bootstrap, which has a name and no id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The calling token's id.
    pub id: Option<TokenId>,
    /// The calling token's name.
    pub name: String,
}

/// A record as the table keeps it, with what is never shown.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredToken {
    /// What is shown.
    pub record: Record,
    /// What a presented secret is compared with.
    pub secret_hash: SecretHash,
    /// When the table forgets it; `None` never.
    pub purge_at: Option<Timestamp>,
}

impl Status {
    /// The one place where expiry is decided: at the very second of `expires_at` a token is expired.
    pub fn at(now: Timestamp, expires_at: Option<Timestamp>) -> Self {
        match expires_at {
            Some(moment) if now >= moment => Self::Expired,
            _ => Self::Active,
        }
    }

    /// Its name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
        }
    }
}

impl Record {
    /// Whether the token works at `now`.
    pub fn status(&self, now: Timestamp) -> Status {
        Status::at(now, self.expires_at)
    }
}

/// Whether an item with this purge moment is gone at `now`, though DynamoDB's TTL, which lags by up to days, may not
/// have removed it yet.
pub fn is_purged(now: Timestamp, purge_at: Option<Timestamp>) -> bool {
    purge_at.is_some_and(|moment| now >= moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds).unwrap()
    }

    #[test]
    fn a_token_is_expired_from_the_very_second_on() {
        assert_eq!(Status::at(at(999), Some(at(1000))), Status::Active);
        assert_eq!(Status::at(at(1000), Some(at(1000))), Status::Expired);
        assert_eq!(Status::at(at(1001), Some(at(1000))), Status::Expired);
        assert_eq!(Status::at(at(i64::from(u32::MAX)), None), Status::Active);
    }

    #[test]
    fn an_item_is_gone_from_the_very_second_of_its_purge_on() {
        assert!(!is_purged(at(999), Some(at(1000))));
        assert!(is_purged(at(1000), Some(at(1000))));
        assert!(!is_purged(at(i64::from(u32::MAX)), None));
    }
}
