//! Items: the only place that knows the names of attributes.
//!
//! **A new attribute goes here**, in both directions, with the value for an item that does not have it. Attributes that
//! this release does not know are ignored and never removed: every write of an existing item names what it sets.

mod read;

pub(super) use read::{NameItem, Reader};

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

/// An item, as the SDK represents it.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The `schema` that this release writes, and the newest that it reads. It is raised only by a change that an older
/// release would misjudge to a token's advantage.
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

/// The partition key of all names.
pub(super) const NAMES: &str = "NAMES";

/// The sort key of every token.
const TOKEN: &str = "TOKEN";

/// The attributes that every token has, and their DynamoDB types.
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

/// Returns the key of a token.
pub(super) fn token_key(id: TokenId) -> Item {
    key(format!("TOKEN#{id}"), TOKEN)
}

/// Returns the key of a name.
pub(super) fn name_key(name: &str) -> Item {
    key(NAMES.to_owned(), name)
}

fn key(pk: String, sk: &str) -> Item {
    Item::from([(PK.to_owned(), AttributeValue::S(pk)), (SK.to_owned(), string(sk))])
}

pub(super) fn string(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(super) fn number(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

pub(super) fn timestamp(timestamp: Timestamp) -> AttributeValue {
    number(timestamp.seconds())
}

pub(super) fn permissions(permissions: &Permissions) -> AttributeValue {
    // Serializing our own document cannot fail. If it did, the empty string would be unreadable, so it would be noticed.
    AttributeValue::S(serde_json::to_string(permissions).unwrap_or_default())
}

pub(super) fn secret_hash(hash: &SecretHash) -> AttributeValue {
    AttributeValue::B(Blob::new(hash.as_bytes()))
}

pub(super) fn actor(actor: &Actor) -> AttributeValue {
    let mut map = Item::from([(NAME.to_owned(), string(&actor.name))]);
    if let Some(id) = actor.id {
        map.insert(ID.to_owned(), string(id.as_str()));
    }
    AttributeValue::M(map)
}

/// Returns the whole item of a new token.
pub(super) fn new_token_item(token: &StoredToken, write_id: &str) -> Item {
    let StoredToken { record, secret_hash: hash, purge_at } = token;
    let description = record.description.as_ref();
    let attributes = [
        (SCHEMA_NUMBER, Some(number(SCHEMA))),
        (NAME, Some(string(record.name.as_str()))),
        (DESCRIPTION, description.map(|description| string(description.as_str()))),
        (EXPIRES_AT, record.expires_at.map(timestamp)),
        (PURGE_AT, purge_at.map(timestamp)),
        (PERMISSIONS, Some(permissions(&record.permissions))),
        (SECRET_HASH, Some(secret_hash(hash))),
        (VERSION, Some(number(record.version))),
        (CREATED_AT, Some(timestamp(record.created_at))),
        (CREATED_BY, Some(actor(&record.created_by))),
        (UPDATED_AT, Some(timestamp(record.updated_at))),
        (UPDATED_BY, Some(actor(&record.updated_by))),
        (REGENERATED_AT, record.regenerated_at.map(timestamp)),
        (CHANGE_ID, Some(string(write_id))),
    ];
    new_item(token_key(record.id), attributes)
}

/// Returns the whole item of a new token's name. It is small, because a list reads it with every token.
pub(super) fn new_name_item(token: &StoredToken) -> Item {
    let record = &token.record;
    let attributes = [
        (SCHEMA_NUMBER, Some(number(SCHEMA))),
        (ID, Some(string(record.id.as_str()))),
        (EXPIRES_AT, record.expires_at.map(timestamp)),
        (PURGE_AT, token.purge_at.map(timestamp)),
    ];
    new_item(name_key(record.name.as_str()), attributes)
}

fn new_item<const N: usize>(
    mut item: Item,
    attributes: [(&str, Option<AttributeValue>); N],
) -> Item {
    for (attribute, value) in attributes {
        if let Some(value) = value {
            item.insert(attribute.to_owned(), value);
        }
    }
    item
}
