//! Events: written in the transaction of the change that they record, and read page by page.

use super::condition::require_absent;
use super::error::{StoreError, read_error};
use super::expression::Expression;
use super::item::{self, Item, PK, Reader, SK, string};
use super::{Table, WriteContext};
use crate::domain::event::Event;
use crate::domain::id::TokenId;
use crate::domain::time::Timestamp;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::TransactWriteItem;

/// A page of events.
#[derive(Clone, Debug, PartialEq)]
pub struct EventPage {
    /// The events.
    pub events: Vec<Event>,
    /// The sort key after which the next page starts. `None` on the last page.
    pub last: Option<String>,
}

impl Table {
    /// Returns the two writes of an event: one of the item beside its token, and one of the item in the list of its day.
    pub(super) fn put_event(
        &self,
        event: &Event,
        change_id: &str,
        context: &WriteContext,
    ) -> Result<[TransactWriteItem; 2], StoreError> {
        let mut absent = Expression::default();
        require_absent(&mut absent);
        let put = |by_day| {
            self.put_item(item::event_item(event, change_id, context.forget_at, by_day), &absent)
        };
        Ok([put(false)?, put(true)?])
    }

    /// Returns a page of a token's events, the newest first, also after the token is deleted. One Query.
    ///
    /// # Errors
    /// [`StoreError`]. An unreadable event is logged and left out.
    pub async fn token_events(
        &self,
        id: TokenId,
        limit: u8,
        after: Option<&str>,
        now: Timestamp,
    ) -> Result<EventPage, StoreError> {
        let partition = format!("TOKEN#{id}");
        let start = after.map(|sort_key| item::event_key(&partition, sort_key));
        let query = self
            .client
            .query()
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :prefix)")
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":prefix", string(item::event_prefix()))
            .scan_index_forward(false);
        self.events(query, &partition, limit, start, now).await
    }

    /// Returns a page of the events of a UTC day, such as `2026-11-23`, the oldest first. One Query.
    ///
    /// # Errors
    /// [`StoreError`]. An unreadable event is logged and left out.
    pub async fn day_events(
        &self,
        day: &str,
        limit: u8,
        after: Option<&str>,
        now: Timestamp,
    ) -> Result<EventPage, StoreError> {
        let partition = item::day_partition(day);
        let start = after.map(|sort_key| item::event_key(&partition, sort_key));
        let query = self.client.query().key_condition_expression("#pk = :pk");
        self.events(query, &partition, limit, start, now).await
    }

    async fn events(
        &self,
        query: QueryFluentBuilder,
        partition: &str,
        limit: u8,
        start: Option<Item>,
        now: Timestamp,
    ) -> Result<EventPage, StoreError> {
        let query = query
            .table_name(&self.name)
            .consistent_read(true)
            .limit(i32::from(limit))
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":pk", string(partition))
            .set_exclusive_start_key(start);
        let output = query.send().await.map_err(|error| read_error("Query", &error))?;
        let last = match &output.last_evaluated_key {
            Some(key) => Some(Reader::new(key).sort_key()?.to_owned()),
            None => None,
        };
        let items = output.items.unwrap_or_default();
        let kept = items.iter().filter(|item| !Reader::new(item).is_purged(now).unwrap_or(false));
        let events = kept.filter_map(|item| {
            let event = item::read_event(item);
            event.inspect_err(|unreadable| unreadable.log()).ok()
        });
        Ok(EventPage { events: events.collect(), last })
    }
}
