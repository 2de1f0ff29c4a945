//! Get: one token.

use super::Table;
use super::error::{StoreError, read_error};
use super::item::{Item, Reader, token_key};
use crate::domain::id::TokenId;
use crate::domain::record::StoredToken;
use crate::domain::time::Timestamp;

impl Table {
    /// Returns one token, or `None` if it does not exist or is past its purge time. One read unit per 4 KB.
    ///
    /// # Errors
    /// [`StoreError`]. An item that is not a valid token is [`StoreError::Unreadable`].
    pub async fn get(
        &self,
        id: TokenId,
        now: Timestamp,
    ) -> Result<Option<StoredToken>, StoreError> {
        match self.item(token_key(id)).await? {
            Some(item) => Ok(Reader::new(&item).live_token(self.vocabulary, now)?),
            None => Ok(None),
        }
    }

    /// Returns the item with this key.
    pub(super) async fn item(&self, key: Item) -> Result<Option<Item>, StoreError> {
        let request =
            self.client.get_item().table_name(&self.name).set_key(Some(key)).consistent_read(true);
        let output = request.send().await.map_err(|error| read_error("GetItem", &error))?;
        Ok(output.item)
    }
}
