//! Transactions: several writes, of which all are applied or none.

use super::attempt::{AttemptResult, retry, without_sdk_retries};
use super::error::{Failure, StoreError, describe};
use super::expression::Expression;
use super::item::Item;
use super::{Table, WriteContext};
use crate::domain::id::TokenId;
use crate::domain::version::Version;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    CancellationReason, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

const CONDITION_FAILED: &str = "ConditionalCheckFailed";

/// The result of a transaction.
pub(super) enum TransactionResult {
    /// Every write was applied.
    Committed,
    /// No write was applied, because the condition of at least one failed.
    Cancelled(Cancellation),
}

/// When the write of a token is applied without that of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeaveName {
    /// If the name has no item.
    IfMissing,
    /// If the name has no item, or that of another token.
    IfMissingOrTaken,
}

/// The reasons of a cancelled transaction, one per write and in their order.
pub(super) struct Cancellation(Vec<CancellationReason>);

/// The check of one write's condition in a cancelled transaction.
pub(super) enum ConditionCheck<'a> {
    /// This condition did not fail; that of another write did.
    Held,
    /// The condition failed, and no item has the key.
    NoItem,
    /// The condition failed on this item.
    Failed(&'a Item),
}

impl Cancellation {
    /// Returns the check of the condition of the write with this index.
    pub(super) fn condition(&self, index: usize) -> ConditionCheck<'_> {
        match self.0.get(index) {
            Some(reason) if reason.code() == Some(CONDITION_FAILED) => {
                reason.item().map_or(ConditionCheck::NoItem, ConditionCheck::Failed)
            }
            _ => ConditionCheck::Held,
        }
    }
}

impl Table {
    /// Applies all of these writes or none. `client_token` is the `ClientRequestToken`: it identifies the request, so that the
    /// table applies it once even if it is sent again.
    pub(super) async fn transact(
        &self,
        writes: Vec<TransactWriteItem>,
        client_token: &str,
    ) -> Result<TransactionResult, StoreError> {
        retry(|| self.send_transaction(writes.clone(), client_token)).await
    }

    /// Applies `writes`, of which the first is that of the token, together with `name`, the write of the name's item.
    ///
    /// If the condition of the name fails, but not that of the token, and `leave` permits it, applies `writes` without
    /// `name`: a missing or wrong name item must not prevent a revocation.
    pub(super) async fn transact_with_name(
        &self,
        id: TokenId,
        writes: Vec<TransactWriteItem>,
        name: Option<TransactWriteItem>,
        leave: LeaveName,
        client_token: &str,
    ) -> Result<TransactionResult, StoreError> {
        let may_leave = |check: ConditionCheck<'_>| match check {
            ConditionCheck::NoItem => true,
            ConditionCheck::Failed(_) => leave == LeaveName::IfMissingOrTaken,
            ConditionCheck::Held => false,
        };
        let name_index = writes.len();
        let all = writes.iter().cloned().chain(name).collect();
        match self.transact(all, client_token).await? {
            TransactionResult::Cancelled(cancellation)
                if matches!(cancellation.condition(0), ConditionCheck::Held)
                    && may_leave(cancellation.condition(name_index)) =>
            {
                let token_id = id.as_str();
                tracing::warn!(token_id, "name left alone: missing, or of another token");
                // This request differs from the first one, so it needs another `ClientRequestToken`.
                self.transact(writes, &format!("{client_token}a")).await
            }
            result => Ok(result),
        }
    }

    async fn send_transaction(
        &self,
        writes: Vec<TransactWriteItem>,
        client_token: &str,
    ) -> AttemptResult<TransactionResult> {
        let request = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes))
            .client_request_token(client_token);
        match request.customize().config_override(without_sdk_retries()).send().await {
            Ok(_) => AttemptResult::Response(TransactionResult::Committed),
            Err(error) => match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    classify_cancellation(cancelled.cancellation_reasons())
                }
                _ => {
                    let cause = describe("TransactWriteItems", &error);
                    AttemptResult::Failed(Failure::from_sdk_error(&error), cause)
                }
            },
        }
    }

    /// Returns a write that puts a whole item.
    pub(super) fn put_item(
        &self,
        item: Item,
        expression: &Expression,
    ) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression(expression.condition())
            .set_expression_attribute_names(Some(expression.names()))
            .set_expression_attribute_values(expression.values())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        let put = put.map_err(|error| StoreError::Refused(error.to_string()))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Returns a write that updates attributes.
    pub(super) fn update_item(
        &self,
        key: Item,
        expression: &Expression,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(key))
            .update_expression(expression.update())
            .condition_expression(expression.condition())
            .set_expression_attribute_names(Some(expression.names()))
            .set_expression_attribute_values(expression.values())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        let update = update.map_err(|error| StoreError::Refused(error.to_string()))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Returns a write that deletes an item.
    pub(super) fn delete_item(
        &self,
        key: Item,
        expression: &Expression,
    ) -> Result<TransactWriteItem, StoreError> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(key))
            .condition_expression(expression.condition())
            .set_expression_attribute_names(Some(expression.names()))
            .set_expression_attribute_values(expression.values())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build();
        let delete = delete.map_err(|error| StoreError::Refused(error.to_string()))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }
}

/// Returns the `ClientRequestToken` of the request that writes a token after reading this version of it. After another read,
/// the request is a different one, so it gets a different `ClientRequestToken`.
///
/// The result has at most 31 characters. DynamoDB accepts 36.
pub(super) fn client_token(context: &WriteContext, version: Version) -> String {
    let id = context.write_id.get(..24).unwrap_or(&context.write_id);
    format!("{id}-{:x}", version % 0xff_ffff)
}

/// Returns a response if a condition failed, or else a failure, which may be retried.
fn classify_cancellation(reasons: &[CancellationReason]) -> AttemptResult<TransactionResult> {
    if reasons.iter().any(|reason| reason.code() == Some(CONDITION_FAILED)) {
        let cancellation = Cancellation(reasons.to_vec());
        return AttemptResult::Response(TransactionResult::Cancelled(cancellation));
    }
    let code = reasons.iter().filter_map(CancellationReason::code).find(|code| *code != "None");
    let failure = match Failure::from_code(code) {
        // A cancelled transaction was not applied, so its failure is never ambiguous.
        Failure::Ambiguous => Failure::Refused,
        known => known,
    };
    let cause = format!("TransactWriteItems: cancelled: {}", code.unwrap_or("no reason given"));
    AttemptResult::Failed(failure, cause)
}
