//! Change: writes new attributes of an existing token, the times in its name item, and an event, in one transaction.

use super::condition::{
    require_live, require_owner, require_secret, require_version, set_audit_fields,
};
use super::error::StoreError;
use super::expression::Expression;
use super::item::{self, Attribute, Reader};
use super::transaction::{ConditionCheck, LeaveName, TransactionResult, client_token};
use super::{Table, WriteContext, WriteOutcome};
use crate::domain::event::{EventAction, changes};
use crate::domain::record::StoredToken;

/// A change of a token.
#[derive(Clone, Debug)]
pub struct TokenChange {
    /// The token as it was read.
    pub before: StoredToken,
    /// The token after the change.
    pub after: StoredToken,
    /// What the token must still have in common with `before`.
    pub expected: Expected,
    /// What is done, for the event.
    pub action: EventAction,
}

/// What a change requires of the token at the time of the write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The version that was read, so that the response shows exactly the state that the write made.
    SameVersion,
    /// Only the secret and the expiration that were read. The change is applied even if other attributes changed since, so
    /// the record for the response must be read again afterwards.
    SameSecret,
}

impl Table {
    /// Writes the attributes that differ, and an event: 6 write units, and 2 more if the token's expiration or purge time
    /// changes, because the name item contains these times, too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change(
        &self,
        change: &TokenChange,
        context: &WriteContext,
    ) -> Result<WriteOutcome, StoreError> {
        let TokenChange { before, after, expected, action } = change;
        let record = &after.record;
        let change_id = context.change_id(record.version);
        let mut expression =
            difference(item::token_attributes(before), item::token_attributes(after));
        set_audit_fields(&mut expression, context, &change_id);
        require_live(&mut expression, context.now);
        match expected {
            Expected::SameVersion => require_version(&mut expression, Some(before.record.version)),
            Expected::SameSecret => require_secret(&mut expression, before),
        }
        let token = self.update_item(item::token_key(record.id), &expression)?;
        let changes = changes(Some(&before.record), record);
        let event = context.event(*action, record.id, Some(&record.name), changes);
        let [event, by_day] = self.put_event(&event, &change_id, context)?;
        let writes = vec![token, event, by_day];
        let client_token = client_token(context, before.record.version);
        let name = self.name_update(before, after)?;
        let leave = LeaveName::IfMissing;
        let result = self.transact_with_name(record.id, writes, name, leave, &client_token).await?;
        let TransactionResult::Cancelled(cancellation) = result else {
            return Ok(WriteOutcome::Applied);
        };
        match cancellation.condition(0) {
            ConditionCheck::Failed(item) => {
                let reader = Reader::new(item);
                if reader.was_written_by(&change_id) {
                    Ok(WriteOutcome::Applied)
                } else if reader.is_purged(context.now)? {
                    Ok(WriteOutcome::NotFound)
                } else {
                    Ok(WriteOutcome::Overtaken)
                }
            }
            // If only the condition of the name failed, another token has the name, so this one is past its purge time.
            ConditionCheck::NoItem | ConditionCheck::Held => Ok(WriteOutcome::NotFound),
        }
    }

    /// Returns the write of the name item, if its attributes change.
    fn name_update(
        &self,
        before: &StoredToken,
        after: &StoredToken,
    ) -> Result<Option<aws_sdk_dynamodb::types::TransactWriteItem>, StoreError> {
        let mut expression =
            difference(item::name_attributes(before), item::name_attributes(after));
        if expression.changes_nothing() {
            return Ok(None);
        }
        require_owner(&mut expression, after.record.id);
        self.update_item(item::name_key(after.record.name.as_str()), &expression).map(Some)
    }
}

/// Returns the expression that assigns the attributes of `after` that differ from those of `before`. An attribute that
/// only another release knows is in neither, so it is not changed.
fn difference<const N: usize>(before: [Attribute; N], after: [Attribute; N]) -> Expression {
    let mut expression = Expression::default();
    for (old, (attribute, value)) in before.into_iter().zip(after) {
        if old.1 != value {
            expression.assign(attribute, value);
        }
    }
    expression
}
