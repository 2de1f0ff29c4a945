//! Writes: each with its condition, token and name together or not at all.

use super::Table;
use super::attempt::{Attempt, idempotent, once, unless_applied};
use super::error::{Failure, StoreError, describe};
use super::expression::Expression;
use super::item::{
    self, CHANGE_ID, DESCRIPTION, EXPIRES_AT, Item, PERMISSIONS, PURGE_AT, REGENERATED_AT, Reader,
    SCHEMA, SECRET_HASH, UPDATED_AT, UPDATED_BY, VERSION,
};
use crate::domain::change::Change;
use crate::domain::grant::Permissions;
use crate::domain::id::TokenId;
use crate::domain::precondition::{Precondition, Version};
use crate::domain::record::{Actor, StoredToken, is_purged};
use crate::domain::text::Description;
use crate::domain::time::Timestamp;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    CancellationReason, Delete, Put, ReturnValue, ReturnValuesOnConditionCheckFailure,
    TransactWriteItem, Update,
};

const EXISTS: &str = "attribute_exists(#pk)";
const NOT_PURGED: &str = "attribute_not_exists(#purgeAt) OR #purgeAt > :now";

/// When a write happens, who does it, and what tells it from every other.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The moment of the write.
    pub now: Timestamp,
    /// Who writes.
    pub by: Actor,
    /// Random, 32 hexadecimal characters: an item that carries it was last changed by this very write, so a retry of
    /// a write whose answer was lost is recognised. Transactions carry it as part of their client token.
    pub change_id: String,
}

/// What an update changes.
#[derive(Clone, Debug)]
pub struct Amendment {
    /// The description.
    pub description: Change<Description>,
    /// The permissions, as a whole; `None` leaves them.
    pub permissions: Option<Permissions>,
}

/// What a regeneration changes: the token as it was read, with its new secret's hash and moments.
#[derive(Clone, Debug)]
pub struct Renewal {
    /// The token as it will be; its version is one above the one that was read.
    pub token: StoredToken,
    /// The version that was read.
    pub read: Version,
}

/// The answer of a conditional write.
#[derive(Clone, Debug, PartialEq)]
pub enum Written<T = ()> {
    /// It took place.
    Done(T),
    /// There is no such token, or no more.
    NotFound,
    /// The token is at another version.
    Changed,
}

/// The reasons of a cancelled transaction, one per item of it and in their order.
type Reasons = Vec<CancellationReason>;

impl Table {
    /// Writes a new token and takes its name, in one transaction: 4 write units for items under 1 KB.
    ///
    /// The name is taken if no item has it, or one past its purge, which is replaced whole.
    /// `false` if a live token has the name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn generate(&self, token: &StoredToken, stamp: &Stamp) -> Result<bool, StoreError> {
        let mut absent = Expression::default();
        absent.require("attribute_not_exists(#pk)");
        let mut free = Expression::default();
        free.require("attribute_not_exists(#pk) OR #purgeAt <= :now")
            .bind(":now", item::moment(stamp.now));
        let writes = vec![
            self.put(item::of_token(token, &stamp.change_id), &absent)?,
            self.put(item::of_name(token), &free)?,
        ];
        let Err(reasons) = self.transact(writes, &stamp.change_id).await? else {
            return Ok(true);
        };
        let id = token.record.id;
        let is_ours = |item: &Item| Reader::new(item).named_id().is_ok_and(|named| named == id);
        match failed(&reasons, 1) {
            Some(Some(name)) if is_ours(name) => Ok(true),
            Some(_) => Ok(false),
            None => Err(StoreError::Unavailable(format!(
                "a token with the id {id} exists"
            ))),
        }
    }

    /// Changes a token's attributes in one conditional write: 1 write unit for an item under 1 KB.
    ///
    /// # Errors
    /// [`StoreError`]; a token that is no record is not written.
    pub async fn update(
        &self,
        id: TokenId,
        amendment: &Amendment,
        precondition: &Precondition,
        stamp: &Stamp,
    ) -> Result<Written<StoredToken>, StoreError> {
        let expression = amend(amendment, precondition, stamp);
        let sent = unless_applied(|| self.send_update(id, &expression)).await;
        let item = match sent {
            Ok(Ok(item)) => return Ok(Written::Done(Reader::new(&item).token()?)),
            Ok(Err(None)) => return Ok(Written::NotFound),
            Ok(Err(Some(item))) => item,
            // The answer was lost: only the item itself can say whether the write took place.
            Err(StoreError::Unavailable(cause)) => match self.item(item::token_key(id)).await {
                Ok(Some(item)) if Reader::new(&item).was_changed_by(&stamp.change_id) => item,
                _ => return Err(StoreError::Unavailable(cause)),
            },
            Err(error) => return Err(error),
        };
        let reader = Reader::new(&item);
        if is_purged(stamp.now, reader.purge_at()?) {
            return Ok(Written::NotFound);
        }
        let token = reader.token()?;
        if reader.was_changed_by(&stamp.change_id) {
            return Ok(Written::Done(token));
        }
        if precondition.admits(token.record.version) {
            return Err(StoreError::Refused(format!(
                "UpdateItem: the condition refuses a sound item of {id}"
            )));
        }
        Ok(Written::Changed)
    }

    /// Replaces a token's secret and moments, and its name's moments, in one transaction: 4 write units.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn regenerate(
        &self,
        renewal: &Renewal,
        stamp: &Stamp,
    ) -> Result<Written, StoreError> {
        let (record, purge_at) = (&renewal.token.record, renewal.token.purge_at);
        let mut token = Expression::default();
        token
            .assign(
                SECRET_HASH,
                Some(item::secret_hash(&renewal.token.secret_hash)),
            )
            .assign(EXPIRES_AT, record.expires_at.map(item::moment))
            .assign(PURGE_AT, purge_at.map(item::moment))
            .assign(REGENERATED_AT, record.regenerated_at.map(item::moment));
        stamped(&mut token, stamp);
        at_version(&mut token, renewal.read, stamp.now);
        let mut name = Expression::default();
        name.assign(EXPIRES_AT, record.expires_at.map(item::moment))
            .assign(PURGE_AT, purge_at.map(item::moment));
        of_this_token(&mut name, record.id);
        let writes = vec![
            self.change(item::token_key(record.id), &token)?,
            self.change(item::name_key(record.name.as_str()), &name)?,
        ];
        let Err(reasons) = self
            .transact(writes, &client_token(stamp, renewal.read))
            .await?
        else {
            return Ok(Written::Done(()));
        };
        match failed(&reasons, 0) {
            Some(None) => Ok(Written::NotFound),
            Some(Some(item)) if Reader::new(item).was_changed_by(&stamp.change_id) => {
                Ok(Written::Done(()))
            }
            Some(Some(item)) if is_purged(stamp.now, Reader::new(item).purge_at()?) => {
                Ok(Written::NotFound)
            }
            Some(Some(_)) => Ok(Written::Changed),
            // Only the name refused: it is gone, or another token's. By the table's clock this one is past its purge.
            None => Ok(Written::NotFound),
        }
    }

    /// Removes a token as it was read, and its name, in one transaction: 4 write units. A name that is not this
    /// token's is left alone, and blocks nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete(&self, token: &StoredToken, stamp: &Stamp) -> Result<Written, StoreError> {
        let record = &token.record;
        let mut condition = Expression::default();
        at_version(&mut condition, record.version, stamp.now);
        let mut name = Expression::default();
        of_this_token(&mut name, record.id);
        let key = item::token_key(record.id);
        let both = vec![
            self.remove(key.clone(), &condition)?,
            self.remove(item::name_key(record.name.as_str()), &name)?,
        ];
        let attempt = client_token(stamp, record.version);
        let Err(mut reasons) = self.transact(both, &attempt).await? else {
            return Ok(Written::Done(()));
        };
        if failed(&reasons, 0).is_none() {
            tracing::warn!(
                token = record.id.as_str(),
                "the name is another token's or gone, and is left alone"
            );
            let alone = vec![self.remove(key, &condition)?];
            match self.transact(alone, &format!("{attempt}a")).await? {
                Ok(()) => return Ok(Written::Done(())),
                Err(again) => reasons = again,
            }
        }
        match failed(&reasons, 0) {
            Some(Some(item)) if !is_purged(stamp.now, Reader::new(item).purge_at()?) => {
                Ok(Written::Changed)
            }
            _ => Ok(Written::NotFound),
        }
    }

    /// Removes a token whose item is no record: nothing may block a revocation. Its name goes with it where the item
    /// still says which, and the name's item still says that it is this token's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_unreadable(
        &self,
        id: TokenId,
        precondition: &Precondition,
        stamp: &Stamp,
    ) -> Result<Written, StoreError> {
        let Some(item) = self.item(item::token_key(id)).await? else {
            return Ok(Written::NotFound);
        };
        let reader = Reader::new(&item);
        let mut condition = Expression::default();
        condition.require(EXISTS);
        require(&mut condition, precondition);
        let mut writes = vec![self.remove(item::token_key(id), &condition)?];
        let named = reader.name().ok().map(|name| item::name_key(name.as_str()));
        if let Some(key) = named {
            let mut name = Expression::default();
            of_this_token(&mut name, id);
            writes.push(self.remove(key, &name)?);
        }
        let alone = vec![self.remove(item::token_key(id), &condition)?];
        let Err(mut reasons) = self.transact(writes, &stamp.change_id).await? else {
            return Ok(Written::Done(()));
        };
        if failed(&reasons, 0).is_none() {
            match self
                .transact(alone, &format!("{}a", stamp.change_id))
                .await?
            {
                Ok(()) => return Ok(Written::Done(())),
                Err(again) => reasons = again,
            }
        }
        Ok(if failed(&reasons, 0).flatten().is_some() {
            Written::Changed
        } else {
            Written::NotFound
        })
    }

    /// One attempt of an update: the new item, or the one that failed the condition.
    async fn send_update(
        &self,
        id: TokenId,
        expression: &Expression,
    ) -> Attempt<Result<Item, Option<Item>>> {
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
        match request.customize().config_override(once()).send().await {
            Ok(output) => Attempt::Answer(Ok(output.attributes.unwrap_or_default())),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    Attempt::Answer(Err(failed.item.clone()))
                }
                _ => Attempt::Failed(Failure::of(&error), describe("UpdateItem", &error)),
            },
        }
    }

    /// All of these writes or none: `Err` holds the reasons if a condition failed.
    async fn transact(
        &self,
        writes: Vec<TransactWriteItem>,
        token: &str,
    ) -> Result<Result<(), Reasons>, StoreError> {
        idempotent(|| self.send_transaction(writes.clone(), token)).await
    }

    /// One attempt of a transaction.
    async fn send_transaction(
        &self,
        writes: Vec<TransactWriteItem>,
        token: &str,
    ) -> Attempt<Result<(), Reasons>> {
        let request = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes))
            .client_request_token(token);
        match request.customize().config_override(once()).send().await {
            Ok(_) => Attempt::Answer(Ok(())),
            Err(error) => match cancelled(&error) {
                Some(reasons) => judge(reasons),
                None => {
                    Attempt::Failed(Failure::of(&error), describe("TransactWriteItems", &error))
                }
            },
        }
    }

    fn put(&self, item: Item, expression: &Expression) -> Result<TransactWriteItem, StoreError> {
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

    fn change(&self, key: Item, expression: &Expression) -> Result<TransactWriteItem, StoreError> {
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

    fn remove(&self, key: Item, expression: &Expression) -> Result<TransactWriteItem, StoreError> {
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

/// The update of one token: what changes, and that the item is a live record that this release understands.
fn amend(amendment: &Amendment, precondition: &Precondition, stamp: &Stamp) -> Expression {
    let mut expression = Expression::default();
    match &amendment.description {
        Change::Keep => &mut expression,
        Change::Clear => expression.assign(DESCRIPTION, None),
        Change::Set(description) => {
            expression.assign(DESCRIPTION, Some(item::text(description.as_str())))
        }
    };
    if let Some(permissions) = &amendment.permissions {
        expression.assign(PERMISSIONS, Some(item::permissions(permissions)));
    }
    stamped(&mut expression, stamp);
    expression
        .require(EXISTS)
        .require(NOT_PURGED)
        .bind(":now", item::moment(stamp.now))
        .require("#schema <= :schema")
        .bind(":schema", item::number(SCHEMA))
        .require("#changeId <> :changeId");
    for (attribute, kind) in item::REQUIRED {
        expression.require(format!("attribute_type(#{attribute}, :is{kind})"));
        expression.bind(&format!(":is{kind}"), item::text(kind));
    }
    require(&mut expression, precondition);
    expression
}

/// What every write of an existing token sets.
fn stamped(expression: &mut Expression, stamp: &Stamp) {
    expression
        .increment(VERSION)
        .assign(UPDATED_AT, Some(item::moment(stamp.now)))
        .assign(UPDATED_BY, Some(item::actor(&stamp.by)))
        .assign(CHANGE_ID, Some(item::text(&stamp.change_id)));
}

/// The condition of a write that follows a read: the token is as it was, and not past its purge.
fn at_version(expression: &mut Expression, version: Version, now: Timestamp) {
    expression
        .require(EXISTS)
        .require(NOT_PURGED)
        .bind(":now", item::moment(now));
    require(expression, &Precondition::Version(vec![version]));
}

/// The condition of every write of an existing name: another token may have taken it over.
fn of_this_token(expression: &mut Expression, id: TokenId) {
    expression
        .require("#id = :id")
        .bind(":id", item::text(id.as_str()));
}

fn require(expression: &mut Expression, precondition: &Precondition) {
    if let Precondition::Version(versions) = precondition {
        if versions.is_empty() {
            // Nothing can be equal to no version; beside `EXISTS` this never holds.
            expression.require("attribute_not_exists(#pk)");
            return;
        }
        let mut placeholders = Vec::new();
        for (index, version) in versions.iter().enumerate() {
            let placeholder = format!(":version{index}");
            expression.bind(&placeholder, item::number(version));
            placeholders.push(placeholder);
        }
        expression.require(format!("#version IN ({})", placeholders.join(", ")));
    }
}

/// A client token for the attempt that follows the read of this version: an attempt after another read is another
/// request. At most 36 characters.
fn client_token(stamp: &Stamp, read: Version) -> String {
    let id = stamp.change_id.get(..24).unwrap_or(&stamp.change_id);
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
fn judge(reasons: Reasons) -> Attempt<Result<(), Reasons>> {
    let is_condition =
        |reason: &CancellationReason| reason.code() == Some("ConditionalCheckFailed");
    if reasons.iter().any(is_condition) {
        return Attempt::Answer(Err(reasons));
    }
    let code = reasons
        .iter()
        .filter_map(CancellationReason::code)
        .find(|code| *code != "None");
    let failure = match Failure::of_code(code) {
        // A cancelled transaction was not carried out, whatever the reason.
        Failure::Ambiguous => Failure::Refused,
        known => known,
    };
    Attempt::Failed(
        failure,
        format!(
            "TransactWriteItems: cancelled: {}",
            code.unwrap_or("no reason given")
        ),
    )
}

/// Whether the condition of one write of a transaction failed, and on which item.
fn failed(reasons: &[CancellationReason], index: usize) -> Option<Option<&Item>> {
    let reason = reasons.get(index)?;
    (reason.code() == Some("ConditionalCheckFailed")).then_some(reason.item.as_ref())
}
