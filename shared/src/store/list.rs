//! List: a page of tokens.

use super::Table;
use super::error::{StoreError, Unreadable, read_error};
use super::item::{Item, NAMES, NameItem, PK, Reader, SK, name_key, string, token_key};
use crate::domain::id::TokenId;
use crate::domain::page::{Entry, Page, PageRequest};
use crate::domain::record::{Status, is_purged};
use crate::domain::time::Timestamp;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

const MAX_BATCH_ATTEMPTS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(20);

impl Table {
    /// Returns a page of tokens, in name order, with one Query for the names and one BatchGetItem for their tokens.
    ///
    /// # Errors
    /// [`StoreError`]. An unreadable item is an entry of the page, not an error.
    pub async fn list(&self, request: &PageRequest, now: Timestamp) -> Result<Page, StoreError> {
        let has_status = |expires_at| {
            request.filter.status.is_none_or(|status| status == Status::at(now, expires_at))
        };
        let (names, last) = self.names(request).await?;
        let names: Vec<_> = names
            .iter()
            .map(read_name)
            .filter(|name| match name {
                Ok(name) => !is_purged(now, name.purge_at) && has_status(name.expires_at),
                Err(_) => true,
            })
            .collect();
        // A set, because BatchGetItem rejects a batch with the same key twice.
        let ids: BTreeSet<_> = names.iter().flatten().map(|name| name.token_id).collect();
        let mut tokens = self.token_items(ids).await?;
        let entries = names.into_iter().filter_map(|name| {
            let NameItem { name, token_id, .. } = match name {
                Ok(name) => name,
                Err(entry) => return Some(entry),
            };
            // A token may have been deleted after the names were read.
            let item = tokens.remove(&token_id)?;
            match Reader::new(&item).live_token(self.vocabulary, now) {
                Ok(token) => token
                    .filter(|token| has_status(token.record.expires_at))
                    .map(|token| Entry::Record(Box::new(token.record))),
                Err(unreadable) => Some(report(Some(token_id), name, &unreadable)),
            }
        });
        Ok(Page { entries: entries.collect(), last })
    }

    async fn names(
        &self,
        request: &PageRequest,
    ) -> Result<(Vec<Item>, Option<String>), StoreError> {
        let prefix = &request.filter.name_prefix;
        let condition =
            if prefix.is_empty() { "#pk = :pk" } else { "#pk = :pk AND begins_with(#sk, :prefix)" };
        let mut query = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .limit(i32::from(request.limit))
            .key_condition_expression(condition)
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":pk", string(NAMES))
            .set_exclusive_start_key(request.after.as_deref().map(name_key));
        if !prefix.is_empty() {
            query = query
                .expression_attribute_names("#sk", SK)
                .expression_attribute_values(":prefix", string(prefix));
        }
        let output = query.send().await.map_err(|error| read_error("Query", &error))?;
        let last = match &output.last_evaluated_key {
            Some(key) => Some(Reader::new(key).sort_key()?.to_owned()),
            None => None,
        };
        Ok((output.items.unwrap_or_default(), last))
    }

    async fn token_items(
        &self,
        ids: BTreeSet<TokenId>,
    ) -> Result<HashMap<TokenId, Item>, StoreError> {
        let mut found = HashMap::new();
        let mut keys: Vec<_> = ids.into_iter().map(token_key).collect();
        let (mut attempt, mut pause) = (1, FIRST_PAUSE);
        while !keys.is_empty() {
            let wanted =
                KeysAndAttributes::builder().consistent_read(true).set_keys(Some(keys)).build();
            let wanted = wanted.map_err(|error| StoreError::Refused(error.to_string()))?;
            let request = self.client.batch_get_item().request_items(&self.name, wanted);
            let output =
                request.send().await.map_err(|error| read_error("BatchGetItem", &error))?;
            for item in output.responses.into_iter().flatten().flat_map(|(_, items)| items) {
                if let Ok(id) = Reader::new(&item).token_id() {
                    found.insert(id, item);
                }
            }
            let unprocessed = output.unprocessed_keys.into_iter().flatten();
            keys = unprocessed.flat_map(|(_, keys)| keys.keys).collect();
            if !keys.is_empty() {
                if attempt == MAX_BATCH_ATTEMPTS {
                    let cause = format!("BatchGetItem: {} keys remain unprocessed", keys.len());
                    return Err(StoreError::Throttled(cause));
                }
                tokio::time::sleep(pause).await;
                attempt += 1;
                pause *= 2;
            }
        }
        Ok(found)
    }
}

/// Reads the item of a name. An unreadable item becomes an entry of the list.
fn read_name(item: &Item) -> Result<NameItem, Entry> {
    let reader = Reader::new(item);
    reader.name_item().map_err(|unreadable| {
        report(None, reader.sort_key().unwrap_or("?").to_owned(), &unreadable)
    })
}

fn report(id: Option<TokenId>, name: String, unreadable: &Unreadable) -> Entry {
    tracing::error!(
        key = unreadable.key,
        attribute = unreadable.attribute,
        reason = unreadable.reason,
        "unreadable item"
    );
    Entry::Unreadable { id, name }
}
