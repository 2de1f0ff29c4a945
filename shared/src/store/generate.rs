//! Generate: writes a token and its name, or neither.

use super::condition::{require_absent, require_free};
use super::error::StoreError;
use super::expression::Expression;
use super::item::{self, Reader};
use super::transaction::{ConditionCheck, TransactionResult};
use super::{Table, WriteContext};
use crate::domain::event::{EventAction, changes};
use crate::domain::record::StoredToken;

impl Table {
    /// Writes a new token with its event and reserves its name, in one transaction: 8 write units for items under 1 KB.
    ///
    /// The name is free if it has no item, or one past its purge time, which is replaced. Returns whether the token was
    /// written: `false` if a live token has the name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn generate(
        &self,
        token: &StoredToken,
        context: &WriteContext,
    ) -> Result<bool, StoreError> {
        let (mut absent, mut free) = (Expression::default(), Expression::default());
        require_absent(&mut absent);
        require_free(&mut free, context.now);
        let record = &token.record;
        let change_id = context.change_id(record.version);
        let changes = changes(None, record);
        let event = context.event(EventAction::Generated, record.id, Some(&record.name), changes);
        let [event, by_day] = self.put_event(&event, &change_id, context)?;
        let writes = vec![
            self.put_item(item::new_token_item(token, &change_id), &absent)?,
            self.put_item(item::new_name_item(token), &free)?,
            event,
            by_day,
        ];
        let result = self.transact(writes, &context.write_id).await?;
        let TransactionResult::Cancelled(cancellation) = result else {
            return Ok(true);
        };
        let id = token.record.id;
        match cancellation.condition(1) {
            // If the name item contains the id of this token, an earlier attempt was applied.
            ConditionCheck::Failed(item) => {
                Ok(Reader::new(item).name_item().is_ok_and(|name| name.token_id == id))
            }
            ConditionCheck::NoItem => Ok(false),
            ConditionCheck::Held => {
                Err(StoreError::Unavailable(format!("a token with the id {id} exists")))
            }
        }
    }
}
