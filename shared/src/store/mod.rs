//! The table: one SDK call and its condition per operation.
//!
//! | item | pk | sk |
//! |---|---|---|
//! | token | `TOKEN#<id>` | `TOKEN` |
//! | name | `NAMES` | `<name>` |
//! | use of a secret | `USAGE#<id>` | `SECRET#<generation>` |
//! | event | `TOKEN#<id>` | `EVENT#<time>#<changeId>` |
//! | event by day | `EVENTS#<day>` | `<time>#<changeId>` |
//!
//! The name items make names unique, and a list reads them in name order.
//!
//! Every operation follows these rules:
//! - Reads are strongly consistent, so each read shows every earlier write. Only reads of last uses may lag behind.
//! - Every write has a condition. A token and its name are written in one transaction or not at all.
//! - An item past its `purgeAt` does not exist, whether or not DynamoDB's TTL has removed it.
//! - A missing token and a failed condition are results; only failures are errors.
//! - Stored items are validated on read: an invalid one is [`Unreadable`], with its key and attribute.

mod attempt;
mod change;
mod condition;
mod delete;
mod error;
mod event;
mod expression;
mod generate;
mod get;
mod item;
mod list;
mod transaction;
mod usage;

pub use change::{Expected, TokenChange};
pub use error::{StoreError, Unreadable, causes};
pub use event::EventPage;
pub use usage::Usages;

use crate::domain::event::{Caller, Changes, Event, EventAction};
use crate::domain::id::TokenId;
use crate::domain::name::TokenName;
use crate::domain::permission::Vocabulary;
use crate::domain::time::Timestamp;
use crate::domain::version::Version;
use aws_sdk_dynamodb::Client;
use std::time::Duration;

/// A handle of the table, which calls it with the SDK.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
    vocabulary: &'static Vocabulary,
    hedge_after: Option<Duration>,
}

impl Table {
    /// Creates a handle of the table `name`. Stored grants are parsed by this vocabulary.
    pub fn new(client: Client, name: impl Into<String>, vocabulary: &'static Vocabulary) -> Self {
        Self { client, name: name.into(), vocabulary, hedge_after: None }
    }

    /// Returns a handle that sends a read of one item once more if there is no response after `delay`. So a slow or
    /// dead connection does not delay the read much longer than that.
    #[must_use]
    pub fn hedged(self, delay: Duration) -> Self {
        Self { hedge_after: Some(delay), ..self }
    }
}

/// The time, author and id of a write.
#[derive(Clone, Debug)]
pub struct WriteContext {
    /// The time of the write.
    pub now: Timestamp,
    /// Who writes.
    pub caller: Caller,
    /// 32 random hexadecimal characters. The `changeId` and the `ClientRequestToken` of a transaction contain some of them.
    pub write_id: String,
    /// When the event of the write is purged.
    pub forget_at: Timestamp,
}

impl WriteContext {
    /// Returns the `changeId` of the change that makes this version: 32 hexadecimal characters, of which the last 24 are random.
    ///
    /// An item with this id was last changed by this very write, so a retry after a lost response recognizes its own
    /// success. The version comes first, so that events of one second are in order.
    fn change_id(&self, version: Version) -> String {
        let random = self.write_id.get(..24).unwrap_or(&self.write_id);
        format!("{:08x}{random}", version % 0x1_0000_0000)
    }

    fn event(
        &self,
        action: EventAction,
        id: TokenId,
        name: Option<&TokenName>,
        changes: Changes,
    ) -> Event {
        Event {
            at: self.now,
            action: action.as_str().to_owned(),
            token_id: id,
            token_name: name.map(|name| name.as_str().to_owned()),
            caller: self.caller.clone(),
            changes: Some(changes),
        }
    }
}

/// The outcome of a conditional write of an existing token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    /// The write was applied.
    Applied,
    /// The token does not exist.
    NotFound,
    /// Another write came first: the token is no longer what was read.
    Overtaken,
}
