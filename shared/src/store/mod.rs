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
mod error;
mod expression;
mod item;
mod read;
mod write;

pub use error::{StoreError, Unreadable};
pub use write::{Amendment, Renewal, Stamp, Written};

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
        Self {
            client,
            name: name.into(),
        }
    }
}
