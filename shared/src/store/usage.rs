//! Uses of secrets: written by the authorizer, and read with the records.

use super::Table;
use super::attempt::without_sdk_retries;
use super::error::{StoreError, describe};
use super::expression::Expression;
use super::item::{self, Reader, usage_key};
use crate::domain::id::TokenId;
use crate::domain::time::Timestamp;
use crate::domain::usage::{Generation, Usage};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use std::collections::HashMap;

/// The last uses of secrets, by token and generation.
pub type Usages = HashMap<(TokenId, Generation), Usage>;

impl Table {
    /// Writes the use of a secret, unless one of the same second or later is stored: 1 write unit. A failed request is not
    /// repeated.
    ///
    /// # Errors
    /// The cause, for the log.
    pub async fn write_usage(
        &self,
        secret: (TokenId, Generation),
        usage: &Usage,
        purge_at: Timestamp,
    ) -> Result<(), String> {
        let mut expression = Expression::default();
        for (attribute, value) in item::usage_attributes(usage, purge_at) {
            expression.assign(attribute, value);
        }
        // `:at` is the value that `assign` has set for the attribute `at`.
        expression.require("attribute_not_exists(#at) OR #at < :at");
        let request = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(usage_key(secret)))
            .update_expression(expression.update())
            .condition_expression(expression.condition())
            .set_expression_attribute_names(Some(expression.names()))
            .set_expression_attribute_values(expression.values());
        match request.customize().config_override(without_sdk_retries()).send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(()),
                _ => Err(describe("UpdateItem", &error)),
            },
        }
    }

    /// Returns the last uses of these secrets, as far as they are known and not past their purge times: half a read unit
    /// each. Reads are eventually consistent.
    ///
    /// # Errors
    /// [`StoreError`]. An unreadable use is logged and left out.
    pub async fn usages(
        &self,
        secrets: impl Iterator<Item = (TokenId, Generation)>,
        now: Timestamp,
    ) -> Result<Usages, StoreError> {
        let consistent = false;
        let items = self.batch(secrets.map(usage_key).collect(), consistent).await?;
        let kept = items.iter().filter(|item| !Reader::new(item).is_purged(now).unwrap_or(false));
        let usages = kept.filter_map(|item| {
            let usage = item::read_usage(item);
            usage.inspect_err(|unreadable| unreadable.log()).ok()
        });
        Ok(usages.collect())
    }
}
