//! List: one token, or a page of tokens.

use super::{Error, TokenService};
use crate::domain::id::TokenId;
use crate::domain::page::{Page, PageRequest};
use crate::domain::record::Record;
use crate::domain::time::Timestamp;

impl TokenService {
    /// Returns the record of one token.
    ///
    /// # Errors
    /// [`Error::NotFound`], and the failures of the table.
    pub async fn get(&self, id: TokenId, now: Timestamp) -> Result<Record, Error> {
        let token = self.table.get(id, now).await?.ok_or(Error::NotFound)?;
        let include_replaced = false;
        let secrets = token.used_secrets(include_replaced).into_iter();
        let usages = self.table.usages(secrets, now).await?;
        Ok(token.with_usages(&usages))
    }

    /// Returns a page of records, in name order.
    ///
    /// # Errors
    /// The failures of the table. A token that cannot be read is an entry of the page.
    pub async fn list(&self, request: &PageRequest, now: Timestamp) -> Result<Page, Error> {
        Ok(self.table.list(request, now).await?)
    }
}
