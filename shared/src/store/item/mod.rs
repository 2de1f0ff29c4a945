//! Items and the names of their attributes. Outside this module, only expressions contain such names, written `#name`.
//!
//! **A new attribute goes here**: it is written in this file, and read in `read.rs`, with the value for an item that does not
//! have it. Attributes that this release does not know are ignored and never removed: every write of an existing item names
//! the attributes that it sets.

mod event;
mod read;
mod usage;

pub(super) use event::{day_partition, event_item, event_key, event_prefix, read_event};
pub(super) use read::{NameItem, Reader};
pub(super) use usage::{read_usage, usage_attributes, usage_key};

use crate::domain::description::Description;
use crate::domain::grant::Permissions;
use crate::domain::id::TokenId;
use crate::domain::name::TokenName;
use crate::domain::network::{AllowedIps, Network};
use crate::domain::owner::Owner;
use crate::domain::record::{Actor, PreviousSecret, Record, StoredSecret, StoredToken};
use crate::domain::time::Timestamp;
use crate::domain::token::SecretHash;
use crate::domain::usage::Generation;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// An item, as the SDK represents it.
pub(super) type Item = HashMap<String, AttributeValue>;

/// The `schema` of every item but those of [`SCHEMA_WITH_ALLOWED_IPS`].
pub(super) const SCHEMA: i64 = 1;

/// The `schema` of a token that is limited to some addresses, and the highest that a token may have. A release that does
/// not know `allowedIps` would allow the token from any address, but it treats an item with this `schema` as unreadable.
pub(super) const SCHEMA_WITH_ALLOWED_IPS: i64 = 2;

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
pub(super) const ALLOWED_IPS: &str = "allowedIps";
pub(super) const SELF_REGENERATE: &str = "selfRegenerate";
pub(super) const OWNER: &str = "owner";
pub(super) const GENERATION: &str = "generation";
pub(super) const LAST_GENERATION: &str = "lastGeneration";
pub(super) const PREVIOUS_SECRET: &str = "previousSecret";
const VALID_UNTIL: &str = "validUntil";
const SUCCESSOR: &str = "successor";
pub(super) const CHANGE_ID: &str = "changeId";

/// The partition key of all names.
pub(super) const NAMES: &str = "NAMES";

/// The sort key of every token.
const TOKEN: &str = "TOKEN";

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

fn networks(allowed: &AllowedIps) -> AttributeValue {
    let networks = allowed.networks().iter();
    AttributeValue::L(networks.map(|network| AttributeValue::S(network.to_string())).collect())
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

/// An attribute's name and value. `None` means that the item does not have it.
pub(super) type Attribute = (&'static str, Option<AttributeValue>);

/// Returns the attributes of a token, except those that every write sets (see `set_audit_fields`).
pub(super) fn token_attributes(token: &StoredToken) -> [Attribute; 16] {
    let StoredToken { record, secret, previous, last_generation, purge_at } = token;
    let (description, owner) = (record.description.as_ref(), record.owner.as_ref());
    let allowed_ips = record.allowed_ips.as_ref();
    let schema = if allowed_ips.is_some() { SCHEMA_WITH_ALLOWED_IPS } else { SCHEMA };
    [
        (SCHEMA_NUMBER, Some(number(schema))),
        (NAME, Some(string(record.name.as_str()))),
        (DESCRIPTION, description.map(|description| string(description.as_str()))),
        (OWNER, owner.map(|owner| string(owner.as_str()))),
        (EXPIRES_AT, record.expires_at.map(timestamp)),
        (PURGE_AT, purge_at.map(timestamp)),
        (PERMISSIONS, Some(permissions(&record.permissions))),
        (ALLOWED_IPS, allowed_ips.map(networks)),
        (SELF_REGENERATE, record.self_regenerate.then_some(AttributeValue::Bool(true))),
        (SECRET_HASH, Some(secret_hash(&secret.hash))),
        (GENERATION, Some(number(secret.generation))),
        (LAST_GENERATION, Some(number(last_generation))),
        (PREVIOUS_SECRET, previous.as_ref().map(|previous| previous_secret(previous, secret))),
        (CREATED_AT, Some(timestamp(record.created_at))),
        (CREATED_BY, Some(actor(&record.created_by))),
        (REGENERATED_AT, record.regenerated_at.map(timestamp)),
    ]
}

/// Returns the attributes of a name item that change with its token.
pub(super) fn name_attributes(token: &StoredToken) -> [Attribute; 2] {
    [
        (EXPIRES_AT, token.record.expires_at.map(timestamp)),
        (PURGE_AT, token.purge_at.map(timestamp)),
    ]
}

/// Returns a previous secret, as one attribute. It contains the hash of its successor: a release that does not know previous
/// secrets replaces only the current one, and the previous one must then stop working, too.
fn previous_secret(previous: &PreviousSecret, successor: &StoredSecret) -> AttributeValue {
    let PreviousSecret { secret, valid_until, expires_at, regenerated_at } = previous;
    let attributes = [
        (SECRET_HASH, Some(secret_hash(&secret.hash))),
        (GENERATION, Some(number(secret.generation))),
        (VALID_UNTIL, Some(timestamp(*valid_until))),
        (EXPIRES_AT, expires_at.map(timestamp)),
        (REGENERATED_AT, regenerated_at.map(timestamp)),
        (SUCCESSOR, Some(secret_hash(&successor.hash))),
    ];
    AttributeValue::M(new_item(Item::new(), attributes))
}

/// Returns the whole item of a new token, which the change with this `change_id` writes.
pub(super) fn new_token_item(token: &StoredToken, change_id: &str) -> Item {
    let record = &token.record;
    let audit = [
        (VERSION, Some(number(record.version))),
        (UPDATED_AT, Some(timestamp(record.updated_at))),
        (UPDATED_BY, Some(actor(&record.updated_by))),
        (CHANGE_ID, Some(string(change_id))),
    ];
    new_item(new_item(token_key(record.id), token_attributes(token)), audit)
}

/// Returns the whole item of a new token's name. It is small, because a list reads one for every token.
pub(super) fn new_name_item(token: &StoredToken) -> Item {
    let record = &token.record;
    let own = [(SCHEMA_NUMBER, Some(number(SCHEMA))), (ID, Some(string(record.id.as_str())))];
    new_item(new_item(name_key(record.name.as_str()), own), name_attributes(token))
}

fn new_item<const N: usize>(mut item: Item, attributes: [Attribute; N]) -> Item {
    for (attribute, value) in attributes {
        if let Some(value) = value {
            item.insert(attribute.to_owned(), value);
        }
    }
    item
}
