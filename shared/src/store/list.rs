//! List: a page of tokens.

use super::Table;
use super::error::{StoreError, Unreadable, read_error};
use super::item::{Item, NAMES, NameItem, PK, Reader, SK, name_key, string, token_key};
use crate::domain::id::TokenId;
use crate::domain::page::{Entry, Page, PageRequest};
use crate::domain::record::{StoredToken, is_purged};
use crate::domain::time::Timestamp;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// DynamoDB's maximum number of keys in a BatchGetItem.
const MAX_BATCH: usize = 100;
const MAX_BATCH_ATTEMPTS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(20);

impl Table {
    /// Returns a page of tokens, in name order, with one Query for the names, one BatchGetItem for their tokens, and one for
    /// the uses of their secrets.
    ///
    /// # Errors
    /// [`StoreError`]. An unreadable item is an entry of the page, not an error.
    pub async fn list(&self, request: &PageRequest, now: Timestamp) -> Result<Page, StoreError> {
        let filter = &request.filter;
        let (names, last) = self.names(request).await?;
        let names = names.iter().map(read_name).filter(|name| match name {
            Ok(name) => {
                !is_purged(now, name.purge_at) && filter.matches_expiration(name.expires_at, now)
            }
            Err(_) => true,
        });
        let tokens = self.tokens(names.collect(), now).await?;
        // The uses of replaced secrets are not shown, but for `unusedSince` they count as uses of the token.
        let include_replaced = filter.unused_since.is_some();
        let secrets =
            tokens.iter().flatten().flat_map(|token| token.used_secrets(include_replaced));
        let usages = self.usages(secrets, now).await?;
        let entries = tokens.into_iter().filter_map(|token| match token {
            Ok(token) => filter
                .matches(&token.record, token.last_use(&usages), now)
                .then(|| Entry::Record(Box::new(token.with_usages(&usages)))),
            Err(entry) => Some(entry),
        });
        Ok(Page { entries: entries.collect(), last })
    }

    /// Returns the tokens of these names, or the entries that report what cannot be read.
    async fn tokens(
        &self,
        names: Vec<Result<NameItem, Entry>>,
        now: Timestamp,
    ) -> Result<Vec<Result<StoredToken, Entry>>, StoreError> {
        // A set, because BatchGetItem rejects a batch with the same key twice.
        let ids: BTreeSet<_> = names.iter().flatten().map(|name| name.token_id).collect();
        let consistent = true;
        let items = self.batch(ids.into_iter().map(token_key).collect(), consistent).await?;
        let by_id =
            items.into_iter().filter_map(|item| Some((Reader::new(&item).token_id().ok()?, item)));
        let mut items: HashMap<_, _> = by_id.collect();
        let tokens = names.into_iter().filter_map(|name| {
            let NameItem { name, token_id, .. } = match name {
                Ok(name) => name,
                Err(entry) => return Some(Err(entry)),
            };
            // A token may have been deleted after the names were read.
            let item = items.remove(&token_id)?;
            match Reader::new(&item).live_token(self.vocabulary, now) {
                Ok(token) => token.map(Ok),
                Err(unreadable) => Some(Err(report(Some(token_id), name, &unreadable))),
            }
        });
        Ok(tokens.collect())
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

    /// Returns the items with these keys, as far as they exist. No key may be given twice.
    pub(super) async fn batch(
        &self,
        keys: Vec<Item>,
        consistent: bool,
    ) -> Result<Vec<Item>, StoreError> {
        let mut found = Vec::new();
        for keys in keys.chunks(MAX_BATCH) {
            found.extend(self.one_batch(keys.to_vec(), consistent).await?);
        }
        Ok(found)
    }

    async fn one_batch(
        &self,
        mut keys: Vec<Item>,
        consistent: bool,
    ) -> Result<Vec<Item>, StoreError> {
        let mut found = Vec::new();
        let (mut attempt, mut pause) = (1, FIRST_PAUSE);
        while !keys.is_empty() {
            let wanted =
                KeysAndAttributes::builder().consistent_read(consistent).set_keys(Some(keys));
            let wanted = wanted.build().map_err(|error| StoreError::Refused(error.to_string()))?;
            let request = self.client.batch_get_item().request_items(&self.name, wanted);
            let output =
                request.send().await.map_err(|error| read_error("BatchGetItem", &error))?;
            found.extend(output.responses.into_iter().flatten().flat_map(|(_, items)| items));
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
    unreadable.log();
    Entry::Unreadable { id, name }
}
