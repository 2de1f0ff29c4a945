//! The table: one SDK call and its condition per operation.
//!
//! | item | pk | sk |
//! |---|---|---|
//! | token | `TOKEN#<id>` | `TOKEN` |
//! | name | `NAMES` | `<name>` |
//!
//! The name items make names unique, and are the list in name order. `USAGE#<id>`/`USAGE` and
//! `TOKEN#<id>`/`EVENT#<time>#<n>` are reserved.
//!
//! Every operation follows these rules:
//! - Reads are strongly consistent, so the next read shows every write.
//! - Every write has a condition. A token and its name are written in one transaction or not at all.
//! - An item past its `purgeAt` does not exist, whether or not DynamoDB's TTL has removed it.
//! - A missing token and a failed condition are results; only failures are errors.
//! - Stored items are validated on read: an invalid one is [`Unreadable`], with its key and attribute.

mod attempt;
mod condition;
mod delete;
mod error;
mod expression;
mod generate;
mod get;
mod item;
mod list;
mod regenerate;
mod transaction;
mod update;

pub use error::{StoreError, Unreadable};
pub use regenerate::{Expected, Regeneration};

use crate::domain::permission::Vocabulary;
use crate::domain::record::Actor;
use crate::domain::time::Timestamp;
use aws_sdk_dynamodb::Client;

/// The table, as the SDK reaches it.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
    vocabulary: &'static Vocabulary,
}

impl Table {
    /// Creates a handle of the table `name`. The grants in it are read by this vocabulary.
    pub fn new(client: Client, name: impl Into<String>, vocabulary: &'static Vocabulary) -> Self {
        Self { client, name: name.into(), vocabulary }
    }
}

/// The time, author and id of a write.
#[derive(Clone, Debug)]
pub struct WriteContext {
    /// The time of the write.
    pub now: Timestamp,
    /// Who writes.
    pub actor: Actor,
    /// 32 random hexadecimal characters, stored as `changeId`. An item with this id was last changed by this very write,
    /// so a retry after a lost response recognizes its own success. The client token of a transaction contains it too.
    pub write_id: String,
}

/// The outcome of a conditional write.
#[derive(Clone, Debug, PartialEq)]
pub enum WriteOutcome<T = ()> {
    /// The write was applied.
    Applied(T),
    /// The token does not exist.
    NotFound,
    /// The token has another version.
    VersionMismatch,
}
