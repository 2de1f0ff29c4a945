//! Update: one conditional write of one version, which is never applied twice.

use super::attempt::{AttemptResult, retry, without_sdk_retries};
use super::condition::{require_live, require_version, set_audit_fields};
use super::error::{Failure, StoreError, describe};
use super::expression::Expression;
use super::item::{self, DESCRIPTION, Item, PERMISSIONS, Reader, SCHEMA};
use super::{Table, WriteContext, WriteOutcome};
use crate::domain::id::TokenId;
use crate::domain::patch::{Patch, TokenPatch};
use crate::domain::record::StoredToken;
use crate::domain::token::HASH_SIZE;
use crate::domain::version::Version;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};

/// The result of an update.
enum UpdateResult {
    /// The update was applied, with the item after it.
    Applied(Item),
    /// The condition failed on this item.
    ConditionFailed(Item),
    /// No item has the key.
    NoItem,
}

impl Table {
    /// Updates this version of a token in one conditional write: 1 write unit for an item under 1 KB.
    ///
    /// The update raises the version, so however often it is sent, it is applied at most once.
    ///
    /// # Errors
    /// [`StoreError`]. An item that lacks an attribute of a token, or has one of another type, is not written.
    pub async fn update(
        &self,
        id: TokenId,
        patch: &TokenPatch,
        version: Version,
        context: &WriteContext,
    ) -> Result<WriteOutcome<StoredToken>, StoreError> {
        let expression = update_expression(patch, version, context);
        let settled = retry(|| self.send_update(id, &expression)).await?;
        let item = match settled.response {
            UpdateResult::Applied(item) => {
                return Ok(WriteOutcome::Applied(Reader::new(&item).token(self.vocabulary)?));
            }
            UpdateResult::ConditionFailed(item) => item,
            UpdateResult::NoItem => {
                let unknown = settled.ambiguity.map(StoreError::Unavailable);
                return unknown.map_or(Ok(WriteOutcome::NotFound), Err);
            }
        };
        let reader = Reader::new(&item);
        match (reader.live_token(self.vocabulary, context.now)?, settled.ambiguity) {
            (Some(token), _) if reader.was_written_by(context) => Ok(WriteOutcome::Applied(token)),
            // An earlier attempt may have been applied, and then another write.
            (_, Some(cause)) => Err(StoreError::Unavailable(cause)),
            (None, None) => Ok(WriteOutcome::NotFound),
            (Some(token), None) if token.record.version == version => Err(StoreError::Refused(
                format!("UpdateItem: the condition failed on a valid item of {id}"),
            )),
            (Some(_), None) => Ok(WriteOutcome::VersionMismatch),
        }
    }

    async fn send_update(
        &self,
        id: TokenId,
        expression: &Expression,
    ) -> AttemptResult<UpdateResult> {
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
            Ok(output) => AttemptResult::Response(UpdateResult::Applied(
                output.attributes.unwrap_or_default(),
            )),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    let item = failed.item.clone();
                    AttemptResult::Response(
                        item.map_or(UpdateResult::NoItem, UpdateResult::ConditionFailed),
                    )
                }
                _ => {
                    let cause = describe("UpdateItem", &error);
                    AttemptResult::Failed(Failure::from_sdk_error(&error), cause)
                }
            },
        }
    }
}

/// Returns the expression of an update: what changes, and that the item is a live token that this release can read.
fn update_expression(patch: &TokenPatch, version: Version, context: &WriteContext) -> Expression {
    let TokenPatch { description, permissions } = patch;
    let mut expression = Expression::default();
    match description {
        Patch::Unchanged => {}
        Patch::Clear => {
            expression.assign(DESCRIPTION, None);
        }
        Patch::Set(description) => {
            expression.assign(DESCRIPTION, Some(item::string(description.as_str())));
        }
    }
    if let Some(permissions) = permissions {
        expression.assign(PERMISSIONS, Some(item::permissions(permissions)));
    }
    set_audit_fields(&mut expression, context);
    require_live(&mut expression, context.now);
    require_version(&mut expression, Some(version));
    expression
        .require("#schema <= :schema")
        .bind(":schema", item::number(SCHEMA))
        .require("#changeId <> :changeId")
        .require("size(#secretHash) = :hashSize")
        .bind(":hashSize", item::number(HASH_SIZE));
    for (attribute, kind) in item::REQUIRED {
        expression.require(format!("attribute_type(#{attribute}, :is{kind})"));
        expression.bind(&format!(":is{kind}"), item::string(kind));
    }
    expression
}
