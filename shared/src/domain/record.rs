//! A token's record: everything about a token except its secret.

use super::description::Description;
use super::grant::Permissions;
use super::id::TokenId;
use super::name::TokenName;
use super::time::Timestamp;
use super::token::SecretHash;
use super::version::Version;

/// A token as the management API shows it.
///
/// **A new attribute goes here**, then into `store/item/` (both directions, with the value for an item that does not
/// have it) and `http/response.rs`.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The token's public identity, the same through every regeneration.
    pub id: TokenId,
    /// Unique among live tokens. Never changes.
    pub name: TokenName,
    /// What the token is for.
    pub description: Option<Description>,
    /// When the token stops working. `None` means never.
    pub expires_at: Option<Timestamp>,
    /// What the token may do.
    pub permissions: Permissions,
    /// Raised by one with every write.
    pub version: Version,
    /// When the token was generated.
    pub created_at: Timestamp,
    /// Who generated it.
    pub created_by: Actor,
    /// When the record was last written.
    pub updated_at: Timestamp,
    /// Who last wrote it.
    pub updated_by: Actor,
    /// When the secret was last replaced. `None` if it is the first one.
    pub regenerated_at: Option<Timestamp>,
}

/// Whether a token works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The token works.
    Active,
    /// The token has expired. It is listed, and can be regenerated, until the table removes it.
    Expired,
}

/// The author of a write: the calling token, or the bootstrap, which has a name and no id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The calling token's id.
    pub id: Option<TokenId>,
    /// The calling token's name.
    pub name: String,
}

impl Actor {
    /// Returns whether this is the direct invocation that makes a first token: it has no token of its own.
    pub fn is_bootstrap(&self) -> bool {
        self.id.is_none()
    }
}

/// A token as the table stores it: the record, and what is never shown.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredToken {
    /// The record.
    pub record: Record,
    /// The hash that a presented secret must match.
    pub secret_hash: SecretHash,
    /// When the table removes the token. `None` means never.
    pub purge_at: Option<Timestamp>,
}

impl Status {
    /// Returns the status at `now`. This is the one place where expiry is decided: a token is expired from the second of
    /// `expires_at` on.
    pub fn at(now: Timestamp, expires_at: Option<Timestamp>) -> Self {
        match expires_at {
            Some(expires_at) if now >= expires_at => Self::Expired,
            _ => Self::Active,
        }
    }

    /// Returns the status's name in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
        }
    }
}

impl Record {
    /// Returns the token's status at `now`.
    pub fn status(&self, now: Timestamp) -> Status {
        Status::at(now, self.expires_at)
    }
}

/// Returns whether an item with this purge time is gone at `now`.
///
/// DynamoDB's TTL removes items up to days later, so an item past its purge time must be treated as removed.
pub fn is_purged(now: Timestamp, purge_at: Option<Timestamp>) -> bool {
    purge_at.is_some_and(|purge_at| now >= purge_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds).unwrap()
    }

    #[test]
    fn a_token_is_expired_from_the_second_of_its_expiration() {
        assert_eq!(Status::at(at(999), Some(at(1000))), Status::Active);
        assert_eq!(Status::at(at(1000), Some(at(1000))), Status::Expired);
        assert_eq!(Status::at(at(1001), Some(at(1000))), Status::Expired);
        assert_eq!(Status::at(at(i64::from(u32::MAX)), None), Status::Active);
    }

    #[test]
    fn an_item_is_purged_from_the_second_of_its_purge() {
        assert!(!is_purged(at(999), Some(at(1000))));
        assert!(is_purged(at(1000), Some(at(1000))));
        assert!(!is_purged(at(i64::from(u32::MAX)), None));
    }
}
