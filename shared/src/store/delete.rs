//! Delete: a token and its name. Nothing that is stored may prevent a revocation.

use super::condition::{
    require_any_version, require_exists, require_live, require_owner, require_version,
};
use super::error::StoreError;
use super::expression::Expression;
use super::item::{self, Reader};
use super::transaction::{ConditionCheck, LeaveName, TransactionResult, client_token};
use super::{Table, WriteContext, WriteOutcome};
use crate::domain::id::TokenId;
use crate::domain::name::TokenName;
use crate::domain::precondition::Precondition;
use crate::domain::record::Record;
use crate::domain::version::Version;

impl Table {
    /// Deletes a token and its name in one transaction: 4 write units.
    ///
    /// Changes since the read prevent nothing, unless the caller requires the version that was read. A name that belongs
    /// to another token is left alone.
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
        let client_token = client_token(context, token.version);
        let result =
            self.delete_with_name(token.id, Some(&token.name), &condition, &client_token).await?;
        Self::deleted(&result, context)
    }

    fn deleted(
        result: &TransactionResult,
        context: &WriteContext,
    ) -> Result<WriteOutcome, StoreError> {
        let TransactionResult::Cancelled(cancellation) = result else {
            return Ok(WriteOutcome::Applied(()));
        };
        match cancellation.condition(0) {
            ConditionCheck::Failed(item) if !Reader::new(item).is_purged(context.now)? => {
                Ok(WriteOutcome::VersionMismatch)
            }
            _ => Ok(WriteOutcome::NotFound),
        }
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
        let token = self.delete_item(item::token_key(id), &condition)?;
        let result = self.transact(vec![token], &format!("{}u", client_token(context, 0))).await?;
        Self::deleted(&result, context)
    }

    /// Deletes a token whose item is unreadable, and its name, if the item still contains it.
    ///
    /// An item without a readable version meets only a precondition without versions.
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
            return Ok(WriteOutcome::VersionMismatch);
        };
        let mut condition = Expression::default();
        require_exists(&mut condition);
        require_version(&mut condition, required);
        let client_token = client_token(context, version);
        let result = self.delete_with_name(id, name.as_ref(), &condition, &client_token).await?;
        let TransactionResult::Cancelled(cancellation) = result else {
            return Ok(WriteOutcome::Applied(()));
        };
        match cancellation.condition(0) {
            ConditionCheck::Failed(_) => Ok(WriteOutcome::VersionMismatch),
            ConditionCheck::Held | ConditionCheck::NoItem => Ok(WriteOutcome::NotFound),
        }
    }

    /// Deletes a token that meets the condition, together with its name.
    async fn delete_with_name(
        &self,
        id: TokenId,
        name: Option<&TokenName>,
        condition: &Expression,
        client_token: &str,
    ) -> Result<TransactionResult, StoreError> {
        let token = self.delete_item(item::token_key(id), condition)?;
        let mut is_owner = Expression::default();
        require_owner(&mut is_owner, id);
        let name = name.map(|name| self.delete_item(item::name_key(name.as_str()), &is_owner));
        let leave = LeaveName::IfMissingOrTaken;
        self.transact_with_name(id, token, name.transpose()?, leave, client_token).await
    }
}
