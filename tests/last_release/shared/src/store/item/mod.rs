//! Items: the only place that knows the names of attributes.
//!
//! **A new attribute goes here**, in both directions, with the value that an item written before it gets. Attributes
//! that this release does not know are ignored and never wiped: every write of an existing item names what it sets.

mod read;

pub(super) use read::Reader;

use crate::domain::description::Description;
use crate::domain::grant::Permissions;
use crate::domain::id::TokenId;
use crate::domain::name::TokenName;
use crate::domain::record::{Actor, Record, StoredToken};
use crate::domain::time::Timestamp;
use crate::domain::token::SecretHash;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// An item as the SDK has it.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The newest `schema` that this release reads, and the one that it writes. It is raised only by a change that an
/// older reader would misjudge to a token's advantage.
pub(super) const SCHEMA: i64 = 1;

pub(super) const PK: &str = "pk";
pub(super) const SK: &str = "sk";
pub(super) const SCHEMA_NUMBER: &str = "schema";
pub(super) const ID: &str = "id";
pub(super) const NAME: &str = "name";
pub(super) const DESCRIPTION: &str = "description";
pub(super) const EXPIRES_AT: &str = "expiresAt";
pub(super) const PURGE_AT: &str = "purgeAt";
pub(super) const PERMISSIONS: &str = "permissions";
pub(super) const SECRET_HASH: &str = "secretHash";
pub(super) const VERSION: &str = "version";
pub(super) const CREATED_AT: &str = "createdAt";
pub(super) const CREATED_BY: &str = "createdBy";
pub(super) const UPDATED_AT: &str = "updatedAt";
pub(super) const UPDATED_BY: &str = "updatedBy";
pub(super) const REGENERATED_AT: &str = "regeneratedAt";
pub(super) const CHANGE_ID: &str = "changeId";

/// The partition of all names.
pub(super) const NAMES: &str = "NAMES";

const TOKEN: &str = "TOKEN";

/// The attributes without which an item is no token, and their DynamoDB types.
pub(super) const REQUIRED: [(&str, &str); 9] = [
    (NAME, "S"),
    (PERMISSIONS, "S"),
    (SECRET_HASH, "B"),
    (VERSION, "N"),
    (CREATED_AT, "N"),
    (CREATED_BY, "M"),
    (UPDATED_AT, "N"),
    (UPDATED_BY, "M"),
    (CHANGE_ID, "S"),
];

/// The key of a token's item.
pub(super) fn token_key(id: TokenId) -> Item {
    key(format!("TOKEN#{id}"), TOKEN)
}

/// The key of a name's item.
pub(super) fn name_key(name: &str) -> Item {
    key(NAMES.to_owned(), name)
}

fn key(pk: String, sk: &str) -> Item {
    Item::from([(PK.to_owned(), AttributeValue::S(pk)), (SK.to_owned(), text(sk))])
}

pub(super) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(super) fn number(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub(super) fn moment(moment: Timestamp) -> AttributeValue {
    number(moment.seconds())
}

pub(super) fn permissions(permissions: &Permissions) -> AttributeValue {
    // Writing a document of ours to a string cannot fail; an empty one would be unreadable, so it could not hide.
    AttributeValue::S(serde_json::to_string(permissions).unwrap_or_default())
}

pub(super) fn secret_hash(hash: &SecretHash) -> AttributeValue {
    AttributeValue::B(Blob::new(hash.as_bytes()))
}

pub(super) fn actor(actor: &Actor) -> AttributeValue {
    let mut map = Item::from([(NAME.to_owned(), text(&actor.name))]);
    if let Some(id) = actor.id {
        map.insert(ID.to_owned(), text(id.as_str()));
    }
    AttributeValue::M(map)
}

/// The whole item of a new token.
pub(super) fn of_token(token: &StoredToken, write_id: &str) -> Item {
    let record = &token.record;
    let mut item = token_key(record.id);
    let mut set = |attribute: &str, value: Option<AttributeValue>| {
        value.map(|value| item.insert(attribute.to_owned(), value));
    };
    set(SCHEMA_NUMBER, Some(number(SCHEMA)));
    set(NAME, Some(text(record.name.as_str())));
    set(DESCRIPTION, record.description.as_ref().map(|description| text(description.as_str())));
    set(EXPIRES_AT, record.expires_at.map(moment));
    set(PURGE_AT, token.purge_at.map(moment));
    set(PERMISSIONS, Some(permissions(&record.permissions)));
    set(SECRET_HASH, Some(secret_hash(&token.secret_hash)));
    set(VERSION, Some(number(record.version)));
    set(CREATED_AT, Some(moment(record.created_at)));
    set(CREATED_BY, Some(actor(&record.created_by)));
    set(UPDATED_AT, Some(moment(record.updated_at)));
    set(UPDATED_BY, Some(actor(&record.updated_by)));
    set(REGENERATED_AT, record.regenerated_at.map(moment));
    set(CHANGE_ID, Some(text(write_id)));
    item
}

/// The whole item of a name: small, because a list reads it beside every token.
pub(super) fn of_name(token: &StoredToken) -> Item {
    let record = &token.record;
    let mut item = name_key(record.name.as_str());
    item.insert(SCHEMA_NUMBER.to_owned(), number(SCHEMA));
    item.insert(ID.to_owned(), text(record.id.as_str()));
    record.expires_at.map(|at| item.insert(EXPIRES_AT.to_owned(), moment(at)));
    token.purge_at.map(|at| item.insert(PURGE_AT.to_owned(), moment(at)));
    item
}
