//! Generate: a token and its name, or neither.

use super::error::StoreError;
use super::expression::Expression;
use super::item::{self, Item, Reader};
use super::transaction::failed;
use super::{Table, WriteContext};
use crate::domain::record::StoredToken;

impl Table {
    /// Writes a new token and takes its name, in one transaction: 4 write units for items under 1 KB.
    ///
    /// The name is taken if no item has it, or one past its purge, which is replaced whole.
    /// `false` if a live token has the name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn generate(
        &self,
        token: &StoredToken,
        context: &WriteContext,
    ) -> Result<bool, StoreError> {
        let mut absent = Expression::default();
        absent.require("attribute_not_exists(#pk)");
        let mut free = Expression::default();
        free.require("attribute_not_exists(#pk) OR #purgeAt <= :now")
            .bind(":now", item::moment(context.now));
        let writes = vec![
            self.put(item::of_token(token, &context.write_id), &absent)?,
            self.put(item::of_name(token), &free)?,
        ];
        let Err(reasons) = self.transact(writes, &context.write_id).await? else {
            return Ok(true);
        };
        let id = token.record.id;
        let is_ours = |item: &Item| Reader::new(item).named_id().is_ok_and(|named| named == id);
        match failed(&reasons, 1) {
            Some(Some(name)) if is_ours(name) => Ok(true),
            Some(_) => Ok(false),
            None => Err(StoreError::Unavailable(format!("a token with the id {id} exists"))),
        }
    }
}
