//! Update: one conditional write, never applied twice.

use super::attempt::{AttemptResult, retry_if_not_applied, without_sdk_retries};
use super::condition::{EXISTS, NOT_PURGED, require, set_audit_fields};
use super::error::{Failure, StoreError, describe};
use super::expression::Expression;
use super::item::{self, DESCRIPTION, Item, PERMISSIONS, Reader, SCHEMA};
use super::{Table, WriteContext, WriteOutcome};
use crate::domain::id::TokenId;
use crate::domain::patch::{Patch, TokenPatch};
use crate::domain::precondition::Precondition;
use crate::domain::record::{StoredToken, is_purged};
use crate::domain::token::HASH_SIZE;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};

impl Table {
    /// Changes a token's attributes in one conditional write: 1 write unit for an item under 1 KB.
    ///
    /// # Errors
    /// [`StoreError`]; an item that lacks an attribute of a token, or has one of another type, is not written.
    pub async fn update(
        &self,
        id: TokenId,
        patch: &TokenPatch,
        precondition: &Precondition,
        context: &WriteContext,
    ) -> Result<WriteOutcome<StoredToken>, StoreError> {
        let expression = update_expression(patch, precondition, context);
        let sent = retry_if_not_applied(|| self.send_update(id, &expression)).await;
        let item = match sent {
            Ok(Ok(item)) => return Ok(WriteOutcome::Applied(Reader::new(&item).token()?)),
            Ok(Err(None)) => return Ok(WriteOutcome::NotFound),
            Ok(Err(Some(item))) => item,
            // The answer was lost: only the item itself can say whether the write took place.
            Err(StoreError::Unavailable(cause)) => match self.item(item::token_key(id)).await {
                Ok(Some(item)) if Reader::new(&item).was_changed_by(&context.write_id) => item,
                _ => return Err(StoreError::Unavailable(cause)),
            },
            Err(error) => return Err(error),
        };
        let reader = Reader::new(&item);
        if is_purged(context.now, reader.purge_at()?) {
            return Ok(WriteOutcome::NotFound);
        }
        let token = reader.token()?;
        if reader.was_changed_by(&context.write_id) {
            return Ok(WriteOutcome::Applied(token));
        }
        if precondition.admits(token.record.version) {
            return Err(StoreError::Refused(format!(
                "UpdateItem: the condition refuses a sound item of {id}"
            )));
        }
        Ok(WriteOutcome::VersionMismatch)
    }

    /// One attempt of an update: the new item, or the one that failed the condition.
    async fn send_update(
        &self,
        id: TokenId,
        expression: &Expression,
    ) -> AttemptResult<Result<Item, Option<Item>>> {
        let request = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(item::token_key(id)))
            .update_expression(expression.update())
            .condition_expression(expression.condition())
            .set_expression_attribute_names(Some(expression.names()))
            .set_expression_attribute_values(expression.values())
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match request.customize().config_override(without_sdk_retries()).send().await {
            Ok(output) => AttemptResult::Response(Ok(output.attributes.unwrap_or_default())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    AttemptResult::Response(Err(failed.item.clone()))
                }
                _ => AttemptResult::Failed(Failure::of(&error), describe("UpdateItem", &error)),
            },
        }
    }
}

/// The update of one token: what changes, and that the item is a live record that this release understands.
fn update_expression(
    patch: &TokenPatch,
    precondition: &Precondition,
    context: &WriteContext,
) -> Expression {
    let mut expression = Expression::default();
    match &patch.description {
        Patch::Unchanged => &mut expression,
        Patch::Clear => expression.assign(DESCRIPTION, None),
        Patch::Set(description) => {
            expression.assign(DESCRIPTION, Some(item::text(description.as_str())))
        }
    };
    if let Some(permissions) = &patch.permissions {
        expression.assign(PERMISSIONS, Some(item::permissions(permissions)));
    }
    set_audit_fields(&mut expression, context);
    expression
        .require(EXISTS)
        .require(NOT_PURGED)
        .bind(":now", item::moment(context.now))
        .require("#schema <= :schema")
        .bind(":schema", item::number(SCHEMA))
        .require("#changeId <> :changeId");
    expression.require("size(#secretHash) = :hashSize").bind(":hashSize", item::number(HASH_SIZE));
    for (attribute, kind) in item::REQUIRED {
        expression.require(format!("attribute_type(#{attribute}, :is{kind})"));
        expression.bind(&format!(":is{kind}"), item::text(kind));
    }
    require(&mut expression, precondition);
    expression
}
