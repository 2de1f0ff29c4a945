//! List: the tokens there are, one or a page of them.

use super::{Error, TokenService};
use crate::domain::id::TokenId;
use crate::domain::page::{Page, PageRequest};
use crate::domain::record::Record;
use crate::domain::time::Timestamp;

impl TokenService {
    /// One token's record.
    ///
    /// # Errors
    /// [`Error::NotFound`], and the table's failures.
    pub async fn get(&self, id: TokenId, now: Timestamp) -> Result<Record, Error> {
        let token = self.table.get(id, now).await?;
        token.map(|token| token.record).ok_or(Error::NotFound)
    }

    /// A page of records, in name order, as of `now`.
    ///
    /// # Errors
    /// The table's failures. A token that cannot be read is an entry of the page.
    pub async fn list(&self, request: &PageRequest, now: Timestamp) -> Result<Page, Error> {
        Ok(self.table.list(request, now).await?)
    }
}
