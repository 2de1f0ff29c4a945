//! Delete: a token and its name. Nothing that is stored may prevent a revocation.

use super::condition::{require_exists, require_live, require_owner, require_precondition};
use super::error::StoreError;
use super::expression::Expression;
use super::item::{self, Reader};
use super::transaction::{ConditionCheck, TransactionResult};
use super::{Table, WriteContext, WriteOutcome};
use crate::domain::id::TokenId;
use crate::domain::name::TokenName;
use crate::domain::precondition::Precondition;
use crate::domain::record::Record;

impl Table {
    /// Deletes a token and its name in one transaction: 4 write units.
    ///
    /// Changes since the read prevent nothing, unless they break the caller's precondition. A name that belongs to
    /// another token is left alone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete(
        &self,
        token: &Record,
        precondition: &Precondition,
        context: &WriteContext,
    ) -> Result<WriteOutcome, StoreError> {
        let mut condition = Expression::default();
        require_live(&mut condition, context.now);
        require_precondition(&mut condition, precondition);
        let (name, client_token) = (Some(&token.name), &context.write_id);
        let result = self.delete_with_name(token.id, name, &condition, client_token).await?;
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

    /// Deletes a token whose item is unreadable, and its name, if the item still contains it.
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
        let name = Reader::new(&item).name().ok();
        let mut condition = Expression::default();
        require_exists(&mut condition);
        require_precondition(&mut condition, precondition);
        let client_token = &context.write_id;
        let result = self.delete_with_name(id, name.as_ref(), &condition, client_token).await?;
        let TransactionResult::Cancelled(cancellation) = result else {
            return Ok(WriteOutcome::Applied(()));
        };
        match cancellation.condition(0) {
            ConditionCheck::Failed(_) => Ok(WriteOutcome::VersionMismatch),
            ConditionCheck::Held | ConditionCheck::NoItem => Ok(WriteOutcome::NotFound),
        }
    }

    /// Deletes a token that meets the condition, together with its name, or alone if the name belongs to another token.
    async fn delete_with_name(
        &self,
        id: TokenId,
        name: Option<&TokenName>,
        condition: &Expression,
        client_token: &str,
    ) -> Result<TransactionResult, StoreError> {
        let token = self.delete_item(item::token_key(id), condition)?;
        let mut writes = vec![token.clone()];
        if let Some(name) = name {
            let mut is_owner = Expression::default();
            require_owner(&mut is_owner, id);
            writes.push(self.delete_item(item::name_key(name.as_str()), &is_owner)?);
        }
        match self.transact(writes, client_token).await? {
            TransactionResult::Cancelled(cancellation)
                if matches!(cancellation.condition(0), ConditionCheck::Held) =>
            {
                tracing::warn!(
                    token = id.as_str(),
                    "name left alone: missing, or of another token"
                );
                // This is another request than the first, so it needs a client token of its own.
                self.transact(vec![token], &format!("{client_token}a")).await
            }
            result => Ok(result),
        }
    }
}
