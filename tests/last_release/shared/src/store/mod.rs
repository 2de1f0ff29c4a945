//! The table: one SDK call and its condition per operation.
//!
//! | item | pk | sk |
//! |---|---|---|
//! | token | `TOKEN#<id>` | `TOKEN` |
//! | name | `NAMES` | `<name>` |
//!
//! The name items make names unique and are the list, in name order. `USAGE#<id>`/`USAGE` and
//! `TOKEN#<id>`/`EVENT#<time>#<n>` are reserved.
//!
//! What every operation keeps to:
//! - Reads are strongly consistent: what a write answered, the next read shows.
//! - Every write has a condition. Token and name are written in one transaction or not at all.
//! - An item past its `purgeAt` is gone, whether DynamoDB's TTL has removed it yet or not.
//! - Not found and a failed condition are answers; only failures are errors.
//! - What is read is suspect: an item that is no record is an [`Unreadable`] that names its key and attribute.

mod attempt;
mod condition;
mod delete;
mod error;
mod expression;
mod generate;
mod item;
mod list;
mod regenerate;
mod transaction;
mod update;

pub use error::{StoreError, Unreadable};
pub use regenerate::Regeneration;

use crate::domain::record::Actor;
use crate::domain::time::Timestamp;
use aws_sdk_dynamodb::Client;

/// The one table, through the real SDK.
#[derive(Clone, Debug)]
pub struct Table {
    client: Client,
    name: String,
}

impl Table {
    /// The table `name`, reached through `client`.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self { client, name: name.into() }
    }
}

/// When a write happens, who does it, and what tells it from every other.
#[derive(Clone, Debug)]
pub struct WriteContext {
    /// The moment of the write.
    pub now: Timestamp,
    /// Who writes.
    pub actor: Actor,
    /// Random, 32 hexadecimal characters: an item that carries it was last changed by this very write, so a retry of
    /// a write whose answer was lost is recognised. Transactions carry it as part of their client token.
    pub write_id: String,
}

/// The answer of a conditional write.
#[derive(Clone, Debug, PartialEq)]
pub enum WriteOutcome<T = ()> {
    /// It took place.
    Applied(T),
    /// There is no such token, or no more.
    NotFound,
    /// The token has another version.
    VersionMismatch,
}
