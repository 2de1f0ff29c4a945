//! A token's record: everything about a token except its secret.

use super::description::Description;
use super::grant::Permissions;
use super::id::TokenId;
use super::name::TokenName;
use super::network::AllowedIps;
use super::owner::Owner;
use super::time::Timestamp;
use super::token::SecretHash;
use super::usage::{Generation, Usage};
use super::version::Version;
use std::collections::{BTreeSet, HashMap};

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
    /// Who is responsible for the token.
    pub owner: Option<Owner>,
    /// When the token stops working. `None` means never.
    pub expires_at: Option<Timestamp>,
    /// What the token may do.
    pub permissions: Permissions,
    /// The addresses from which it may be used. `None` means any.
    pub allowed_ips: Option<AllowedIps>,
    /// Whether the token may regenerate itself.
    pub self_regenerate: bool,
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
    /// The previous secret, while it works.
    pub previous_secret: Option<PreviousSecretRecord>,
    /// The last use of the current secret. A more recent use may not be stored yet. Only the list function and the responses to
    /// writes read it; elsewhere it is `None`.
    pub last_used: Option<Usage>,
}

/// What the management API shows of a previous secret that works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PreviousSecretRecord {
    /// When it stops working.
    pub valid_until: Timestamp,
    /// When it was last used, as far as is known.
    pub last_used_at: Option<Timestamp>,
}

/// Whether a token works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The token works.
    Active,
    /// The token has expired. It is listed, and can be regenerated, until the table removes it.
    Expired,
}

/// Who made a change: the calling token, or the bootstrap, which has a name but no id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The calling token's id.
    pub id: Option<TokenId>,
    /// The calling token's name.
    pub name: String,
}

impl Actor {
    /// Returns whether this is the bootstrap: a direct invocation of a function, without a token.
    pub fn is_bootstrap(&self) -> bool {
        self.id.is_none()
    }
}

/// A token as the table stores it: the record, and what is never shown.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredToken {
    /// The record.
    pub record: Record,
    /// The current secret.
    pub secret: StoredSecret,
    /// The secret that the last regeneration replaced, if it had a grace period. The grace period may have ended.
    pub previous: Option<PreviousSecret>,
    /// The highest generation that any secret of the token has had.
    pub last_generation: Generation,
    /// When the table removes the token. `None` means never.
    pub purge_at: Option<Timestamp>,
}

/// A secret as the table stores it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredSecret {
    /// The hash that a presented secret must match.
    pub hash: SecretHash,
    /// Its number.
    pub generation: Generation,
}

/// A replaced secret that works until the end of its grace period, and what a rollback restores.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviousSecret {
    /// The secret.
    pub secret: StoredSecret,
    /// When it stops working. Never later than `expires_at`.
    pub valid_until: Timestamp,
    /// The token's expiration while this secret was the current one.
    pub expires_at: Option<Timestamp>,
    /// The record's `regenerated_at` while this secret was the current one.
    pub regenerated_at: Option<Timestamp>,
}

impl StoredToken {
    /// Returns the previous secret if it works at `now`.
    pub fn valid_previous(&self, now: Timestamp) -> Option<&PreviousSecret> {
        let is_active = self.record.status(now) == Status::Active;
        self.previous.as_ref().filter(|previous| is_active && now < previous.valid_until)
    }

    /// Returns the secrets whose last uses the record shows: the current one, and the previous one while it works. With
    /// `include_replaced`, also the previous one after its grace period, and the secrets of the last two generations.
    pub fn used_secrets(&self, include_replaced: bool) -> Vec<(TokenId, Generation)> {
        let previous = self
            .previous
            .as_ref()
            .filter(|_| include_replaced || self.record.previous_secret.is_some());
        let last = (1..=self.last_generation).rev().take(if include_replaced { 2 } else { 0 });
        // A set, because BatchGetItem rejects a batch with the same key twice.
        let generations: BTreeSet<_> = std::iter::once(self.secret.generation)
            .chain(previous.map(|previous| previous.secret.generation))
            .chain(last)
            .collect();
        generations.into_iter().map(|generation| (self.record.id, generation)).collect()
    }

    /// Returns the time of the latest use of any of its secrets.
    pub fn last_use(&self, usages: &HashMap<(TokenId, Generation), Usage>) -> Option<Timestamp> {
        let include_replaced = true;
        let secrets = self.used_secrets(include_replaced);
        secrets.iter().filter_map(|secret| Some(usages.get(secret)?.at)).max()
    }

    /// Returns the record with the last uses of its secrets.
    pub fn with_usages(self, usages: &HashMap<(TokenId, Generation), Usage>) -> Record {
        let usage = |generation| usages.get(&(self.record.id, generation));
        let last_used = usage(self.secret.generation).cloned();
        let previous = self.previous.as_ref().and_then(|one| usage(one.secret.generation));
        let previous_at = previous.map(|usage| usage.at);
        let mut record = self.record;
        record.last_used = last_used;
        if let Some(shown) = &mut record.previous_secret {
            shown.last_used_at = previous_at;
        }
        record
    }

    /// Ends the grace period of the previous secret, if one is open at `now`.
    pub fn end_previous(&mut self, now: Timestamp) {
        if self.valid_previous(now).is_some() {
            self.previous = None;
        }
    }

    /// Sets the record's `previous_secret` to the previous secret, if it works at `now`.
    #[must_use]
    pub fn show_previous_secret(mut self, now: Timestamp) -> Self {
        let shown = |previous: &PreviousSecret| PreviousSecretRecord {
            valid_until: previous.valid_until,
            last_used_at: None,
        };
        self.record.previous_secret = self.valid_previous(now).map(shown);
        self
    }
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
    /// Returns the token's status at `now`, or at its last update if that is later: then `now` was read before that update, or
    /// from a clock that is behind. So a revoked token, which expires at the moment of its revocation, is expired for everybody.
    pub fn status(&self, now: Timestamp) -> Status {
        Status::at(now.max(self.updated_at), self.expires_at)
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
