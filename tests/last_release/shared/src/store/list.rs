//! List: one token, or a page of them. Reads are strongly consistent, always.

use super::Table;
use super::error::{StoreError, Unreadable, of_read};
use super::item::{Item, NAMES, PK, Reader, SK, name_key, text, token_key};
use crate::domain::id::TokenId;
use crate::domain::page::{Entry, Page, PageRequest};
use crate::domain::record::{Status, StoredToken, is_purged};
use crate::domain::time::Timestamp;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

const BATCH_ATTEMPTS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// What a name's item says, where it can be read.
struct Named {
    name: String,
    token: Result<TokenId, Unreadable>,
}

impl Table {
    /// One token, by id; `None` if there is none or it is past its purge. One read unit per 4 KB.
    ///
    /// # Errors
    /// [`StoreError`]; an item that is no token is [`StoreError::Unreadable`].
    pub async fn get(
        &self,
        id: TokenId,
        now: Timestamp,
    ) -> Result<Option<StoredToken>, StoreError> {
        let Some(item) = self.item(token_key(id)).await? else {
            return Ok(None);
        };
        let reader = Reader::new(&item);
        if is_purged(now, reader.purge_at()?) {
            return Ok(None);
        }
        Ok(Some(reader.token()?))
    }

    /// The item of a key, as it is.
    pub(super) async fn item(&self, key: Item) -> Result<Option<Item>, StoreError> {
        let request =
            self.client.get_item().table_name(&self.name).set_key(Some(key)).consistent_read(true);
        let output = request.send().await.map_err(|error| of_read("GetItem", &error))?;
        Ok(output.item)
    }

    /// One page of tokens, in name order: one Query on the names, one BatchGetItem for their tokens.
    ///
    /// # Errors
    /// [`StoreError`]; an unreadable item is an entry of the page and no error.
    pub async fn list(&self, request: &PageRequest, now: Timestamp) -> Result<Page, StoreError> {
        let (names, last) = self.names(request).await?;
        let named: Vec<_> =
            names.iter().filter_map(|item| admit(item, request.filter.status, now)).collect();
        // A set: BatchGetItem refuses a batch that asks for one key twice.
        let ids: BTreeSet<_> =
            named.iter().filter_map(|named| named.token.as_ref().ok().copied()).collect();
        let mut tokens = self.tokens(ids).await?;
        let entries = named.into_iter().filter_map(|named| {
            let id = match named.token {
                Ok(id) => id,
                Err(unreadable) => return Some(report(None, named.name, &unreadable)),
            };
            // A token that a concurrent delete removed after the names were read is in the list no more.
            let item = tokens.remove(&id)?;
            let reader = Reader::new(&item);
            match reader.purge_at().and_then(|purge_at| Ok((purge_at, reader.token()?))) {
                Err(unreadable) => Some(report(Some(id), named.name, &unreadable)),
                Ok((purge_at, _)) if is_purged(now, purge_at) => None,
                Ok((_, token)) if !matches(request.filter.status, token.record.status(now)) => None,
                Ok((_, token)) => Some(Entry::Record(Box::new(token.record))),
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
            .expression_attribute_values(":pk", text(NAMES))
            .set_exclusive_start_key(request.after.as_deref().map(name_key));
        if !prefix.is_empty() {
            query = query
                .expression_attribute_names("#sk", SK)
                .expression_attribute_values(":prefix", text(prefix));
        }
        let output = query.send().await.map_err(|error| of_read("Query", &error))?;
        let last = output
            .last_evaluated_key
            .as_ref()
            .map(|key| Reader::new(key).name_in_key().map(str::to_owned));
        Ok((output.items.unwrap_or_default(), last.transpose()?))
    }

    async fn tokens(&self, ids: BTreeSet<TokenId>) -> Result<HashMap<TokenId, Item>, StoreError> {
        let mut found = HashMap::new();
        let mut keys: Vec<_> = ids.into_iter().map(token_key).collect();
        let mut pause = FIRST_PAUSE;
        for _ in 0..BATCH_ATTEMPTS {
            if keys.is_empty() {
                return Ok(found);
            }
            let wanted =
                KeysAndAttributes::builder().consistent_read(true).set_keys(Some(keys)).build();
            let wanted = wanted.map_err(|error| StoreError::Refused(error.to_string()))?;
            let request = self.client.batch_get_item().request_items(&self.name, wanted);
            let output = request.send().await.map_err(|error| of_read("BatchGetItem", &error))?;
            let items = output.responses.into_iter().flatten().flat_map(|(_, items)| items);
            found
                .extend(items.filter_map(|item| Some((Reader::new(&item).token_id().ok()?, item))));
            let unprocessed = output.unprocessed_keys.into_iter().flatten();
            keys = unprocessed.flat_map(|(_, keys)| keys.keys).collect();
            if !keys.is_empty() {
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
        }
        if keys.is_empty() {
            return Ok(found);
        }
        Err(StoreError::Throttled(format!("BatchGetItem: {} keys stayed unprocessed", keys.len())))
    }
}

/// A name that the list shows: of a live token, and of the status that was asked for.
fn admit(item: &Item, status: Option<Status>, now: Timestamp) -> Option<Named> {
    let reader = Reader::new(item);
    let name = reader.name_in_key().unwrap_or("?").to_owned();
    let read = reader
        .purge_at()
        .and_then(|purge_at| Ok((purge_at, reader.expires_at()?, reader.named_id()?)));
    match read {
        Err(unreadable) => Some(Named { name, token: Err(unreadable) }),
        Ok((purge_at, ..)) if is_purged(now, purge_at) => None,
        Ok((_, expires_at, _)) if !matches(status, Status::at(now, expires_at)) => None,
        Ok((_, _, id)) => Some(Named { name, token: Ok(id) }),
    }
}

fn matches(wanted: Option<Status>, status: Status) -> bool {
    wanted.is_none_or(|wanted| wanted == status)
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
