//! The items of events: one beside the token, and one in the list of its day.

use super::*;
use crate::domain::event::{Caller, Changes, Event};
use crate::store::error::Unreadable;
use serde_json::Value;

const ACTION: &str = "action";
const TOKEN_ID: &str = "tokenId";
const TOKEN_NAME: &str = "tokenName";
const ACTOR: &str = "actor";
const SOURCE_IP: &str = "sourceIp";
const REQUEST_ID: &str = "requestId";
const CHANGES: &str = "changes";
const AT: &str = "at";

/// Returns the prefix of the sort keys of events beside their tokens.
pub(in crate::store) fn event_prefix() -> &'static str {
    "EVENT#"
}

/// Returns the partition key of the events of a day, such as `2026-11-23`.
pub(in crate::store) fn day_partition(day: &str) -> String {
    format!("EVENTS#{day}")
}

/// Returns the key of an event in this partition.
pub(in crate::store) fn event_key(partition: &str, sort_key: &str) -> Item {
    key(partition.to_owned(), sort_key)
}

/// Returns the item of an event beside its token. With `by_day`, returns the item in the list of its day instead, which does not
/// contain what changed.
pub(in crate::store) fn event_item(
    event: &Event,
    change_id: &str,
    purge_at: Timestamp,
    by_day: bool,
) -> Item {
    let Event { at, action, token_id, token_name, caller, changes } = event;
    let time = at.to_string();
    let key = if by_day {
        let day = time.get(.."YYYY-MM-DD".len()).unwrap_or_default();
        event_key(&day_partition(day), &format!("{time}#{change_id}"))
    } else {
        let sort_key = format!("{}{time}#{change_id}", event_prefix());
        event_key(&format!("TOKEN#{token_id}"), &sort_key)
    };
    let changes = changes.as_ref().filter(|_| !by_day);
    let attributes = [
        (SCHEMA_NUMBER, Some(number(SCHEMA))),
        (AT, Some(timestamp(*at))),
        (ACTION, Some(string(action))),
        (TOKEN_ID, Some(string(token_id.as_str()))),
        (TOKEN_NAME, token_name.as_deref().map(string)),
        (ACTOR, Some(actor(&caller.actor))),
        (SOURCE_IP, caller.source_ip.as_deref().map(string)),
        (REQUEST_ID, caller.request_id.as_deref().map(string)),
        (CHANGES, changes.map(|changes| string(&Value::Object(changes.clone()).to_string()))),
        (PURGE_AT, Some(timestamp(purge_at))),
    ];
    new_item(key, attributes)
}

/// Reads the item of an event.
pub(in crate::store) fn read_event(item: &Item) -> Result<Event, Unreadable> {
    let reader = Reader::new(item);
    reader.check_schema(SCHEMA)?;
    let text = |name| reader.optional_string(name).map(|text| text.map(str::to_owned));
    let token_id = TokenId::parse(reader.string(TOKEN_ID)?);
    let changes: Option<Option<Changes>> =
        reader.optional_string(CHANGES)?.map(|text| serde_json::from_str(text).ok());
    Ok(Event {
        at: reader.timestamp(AT)?,
        action: reader.string(ACTION)?.to_owned(),
        token_id: token_id.ok_or_else(|| reader.unreadable(TOKEN_ID, "must be a token id"))?,
        token_name: text(TOKEN_NAME)?,
        caller: Caller {
            actor: reader.actor(ACTOR)?,
            source_ip: text(SOURCE_IP)?,
            request_id: text(REQUEST_ID)?,
        },
        changes: match changes {
            Some(None) => return Err(reader.unreadable(CHANGES, "must be an object as JSON")),
            changes => changes.flatten(),
        },
    })
}
