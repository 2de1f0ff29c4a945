//! Transactions: all of some writes or none.

use super::Table;
use super::WriteContext;
use super::attempt::{AttemptResult, retry_idempotent, without_sdk_retries};
use super::error::{Failure, StoreError, describe};
use super::expression::Expression;
use super::item::Item;
use crate::domain::precondition::Version;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    CancellationReason, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

/// The reasons of a cancelled transaction, one per item of it and in their order.
pub(super) type Reasons = Vec<CancellationReason>;

impl Table {
    /// All of these writes or none: `Err` holds the reasons if a condition failed.
    pub(super) async fn transact(
        &self,
        writes: Vec<TransactWriteItem>,
        token: &str,
    ) -> Result<Result<(), Reasons>, StoreError> {
        retry_idempotent(|| self.send_transaction(writes.clone(), token)).await
    }

    /// One attempt of a transaction.
    async fn send_transaction(
        &self,
        writes: Vec<TransactWriteItem>,
        token: &str,
    ) -> AttemptResult<Result<(), Reasons>> {
        let request = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes))
            .client_request_token(token);
        match request.customize().config_override(without_sdk_retries()).send().await {
            Ok(_) => AttemptResult::Response(Ok(())),
            Err(error) => match cancelled(&error) {
                Some(reasons) => classify_cancellation(reasons),
                None => AttemptResult::Failed(
                    Failure::of(&error),
                    describe("TransactWriteItems", &error),
                ),
            },
        }
    }

    pub(super) fn put(
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

    pub(super) fn change(
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

    pub(super) fn remove(
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

/// A client token for the attempt that follows the read of this version: an attempt after another read is another
/// request. At most 36 characters.
pub(super) fn client_token(context: &WriteContext, read: Version) -> String {
    let id = context.write_id.get(..24).unwrap_or(&context.write_id);
    format!("{id}-{:x}", read % 0xff_ffff)
}

fn cancelled<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<Reasons> {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            Some(cancelled.cancellation_reasons().to_vec())
        }
        _ => None,
    }
}

/// A failed condition is the answer. Any other reason is a failure: nothing was written.
fn classify_cancellation(reasons: Reasons) -> AttemptResult<Result<(), Reasons>> {
    let is_condition =
        |reason: &CancellationReason| reason.code() == Some("ConditionalCheckFailed");
    if reasons.iter().any(is_condition) {
        return AttemptResult::Response(Err(reasons));
    }
    let code = reasons.iter().filter_map(CancellationReason::code).find(|code| *code != "None");
    let failure = match Failure::of_code(code) {
        // A cancelled transaction was not carried out, whatever the reason.
        Failure::Ambiguous => Failure::Refused,
        known => known,
    };
    AttemptResult::Failed(
        failure,
        format!("TransactWriteItems: cancelled: {}", code.unwrap_or("no reason given")),
    )
}

/// Whether the condition of one write of a transaction failed, and on which item.
pub(super) fn failed(reasons: &[CancellationReason], index: usize) -> Option<Option<&Item>> {
    let reason = reasons.get(index)?;
    (reason.code() == Some("ConditionalCheckFailed")).then_some(reason.item.as_ref())
}
