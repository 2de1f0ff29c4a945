//! Delete: removes a token and its name. Nothing that is stored may prevent a revocation.

use super::condition::{
    require_any_version, require_exists, require_live, require_owner, require_version,
};
use super::error::StoreError;
use super::expression::Expression;
use super::item::{self, Reader};
use super::transaction::{ConditionCheck, LeaveName, TransactionResult, client_token};
use super::{Table, WriteContext, WriteOutcome};
use crate::domain::event::{Changes, EventAction};
use crate::domain::id::TokenId;
use crate::domain::name::TokenName;
use crate::domain::precondition::Precondition;
use crate::domain::record::Record;
use crate::domain::version::Version;

/// What a delete knows about its token.
struct Target<'a> {
    id: TokenId,
    /// The token's name. `None` if it is unknown; then its name item is left alone.
    name: Option<&'a TokenName>,
    /// The version that was read, or 0 if it could not be read.
    version: Version,
}

impl Table {
    /// Deletes a token and its name, and writes an event, in one transaction: 8 write units.
    ///
    /// The token is deleted even if it changed since it was read, unless the caller requires the version that was read. A
    /// name that belongs to another token is left alone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete(
        &self,
        token: &Record,
        required: Option<Version>,
        context: &WriteContext,
    ) -> Result<WriteOutcome, StoreError> {
        let mut condition = Expression::default();
        require_live(&mut condition, context.now);
        require_version(&mut condition, required);
        let target = Target { id: token.id, name: Some(&token.name), version: token.version };
        self.delete_with_name(&target, &condition, context).await
    }

    /// Deletes a token whose item the table did not return, and leaves its name alone: nothing may prevent a revocation.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_unread(
        &self,
        id: TokenId,
        precondition: &Precondition,
        context: &WriteContext,
    ) -> Result<WriteOutcome, StoreError> {
        let mut condition = Expression::default();
        require_live(&mut condition, context.now);
        require_any_version(&mut condition, precondition);
        let target = Target { id, name: None, version: 0 };
        self.delete_with_name(&target, &condition, context).await
    }

    /// Deletes a token whose item is unreadable. Deletes its name, too, if the item contains a valid name.
    ///
    /// If the item does not contain a valid version, it meets only a precondition without versions.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_unreadable(
        &self,
        id: TokenId,
        precondition: &Precondition,
        context: &WriteContext,
    ) -> Result<WriteOutcome, StoreError> {
        let Some(item) = self.item(item::token_key(id)).await? else {
            return Ok(WriteOutcome::NotFound);
        };
        let reader = Reader::new(&item);
        let (name, version) = (reader.name().ok(), reader.version().unwrap_or_default());
        let Ok(required) = precondition.check(version) else {
            return Ok(WriteOutcome::Overtaken);
        };
        let mut condition = Expression::default();
        require_exists(&mut condition);
        require_version(&mut condition, required);
        let target = Target { id, name: name.as_ref(), version };
        self.delete_with_name(&target, &condition, context).await
    }

    /// Deletes a token that meets the condition, together with its name.
    async fn delete_with_name(
        &self,
        target: &Target<'_>,
        condition: &Expression,
        context: &WriteContext,
    ) -> Result<WriteOutcome, StoreError> {
        let Target { id, name, version } = *target;
        let token = self.delete_item(item::token_key(id), condition)?;
        let event = context.event(EventAction::Deleted, id, name, Changes::new());
        let change_id = context.change_id(version.saturating_add(1));
        let [event, by_day] = self.put_event(&event, &change_id, context)?;
        let mut is_owner = Expression::default();
        require_owner(&mut is_owner, id);
        let name = name.map(|name| self.delete_item(item::name_key(name.as_str()), &is_owner));
        let (writes, name) = (vec![token, event, by_day], name.transpose()?);
        let leave = LeaveName::IfMissingOrTaken;
        let client_token = client_token(context, version);
        let result = self.transact_with_name(id, writes, name, leave, &client_token).await?;
        let TransactionResult::Cancelled(cancellation) = result else {
            return Ok(WriteOutcome::Applied);
        };
        match cancellation.condition(0) {
            ConditionCheck::Failed(item)
                if !Reader::new(item).is_purged(context.now).unwrap_or(false) =>
            {
                Ok(WriteOutcome::Overtaken)
            }
            _ => Ok(WriteOutcome::NotFound),
        }
    }
}
