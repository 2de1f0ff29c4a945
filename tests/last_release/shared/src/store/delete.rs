//! Delete: a token and its name. Nothing that is stored may block a revocation.

use super::condition::{EXISTS, require, require_owner, require_version};
use super::error::StoreError;
use super::expression::Expression;
use super::item::{self, Reader};
use super::transaction::{Reasons, client_token, failed};
use super::{Table, WriteContext, WriteOutcome};
use crate::domain::id::TokenId;
use crate::domain::name::TokenName;
use crate::domain::precondition::Precondition;
use crate::domain::record::{StoredToken, is_purged};

impl Table {
    /// Removes a token as it was read, and its name, in one transaction: 4 write units. A name that is not this
    /// token's is left alone, and blocks nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete(
        &self,
        token: &StoredToken,
        context: &WriteContext,
    ) -> Result<WriteOutcome, StoreError> {
        let record = &token.record;
        let mut condition = Expression::default();
        require_version(&mut condition, record.version, context.now);
        let attempt = client_token(context, record.version);
        let removed = self.remove_both(record.id, Some(&record.name), &condition, &attempt).await?;
        let Err(reasons) = removed else {
            return Ok(WriteOutcome::Applied(()));
        };
        match failed(&reasons, 0) {
            Some(Some(item)) if !is_purged(context.now, Reader::new(item).purge_at()?) => {
                Ok(WriteOutcome::VersionMismatch)
            }
            _ => Ok(WriteOutcome::NotFound),
        }
    }

    /// Removes a token whose item is no record. Its name goes with it where the item still says which, and the name's
    /// item still says that it is this token's.
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
        condition.require(EXISTS);
        require(&mut condition, precondition);
        let removed = self.remove_both(id, name.as_ref(), &condition, &context.write_id).await?;
        let Err(reasons) = removed else {
            return Ok(WriteOutcome::Applied(()));
        };
        Ok(if failed(&reasons, 0).flatten().is_some() {
            WriteOutcome::VersionMismatch
        } else {
            WriteOutcome::NotFound
        })
    }

    /// Removes a token that meets the condition, together with its name, or alone where the name is not its own.
    async fn remove_both(
        &self,
        id: TokenId,
        name: Option<&TokenName>,
        condition: &Expression,
        client_token: &str,
    ) -> Result<Result<(), Reasons>, StoreError> {
        let token = self.remove(item::token_key(id), condition)?;
        let mut writes = vec![token.clone()];
        if let Some(name) = name {
            let mut own = Expression::default();
            require_owner(&mut own, id);
            writes.push(self.remove(item::name_key(name.as_str()), &own)?);
        }
        match self.transact(writes, client_token).await? {
            Err(reasons) if failed(&reasons, 0).is_none() => {
                tracing::warn!(
                    token = id.as_str(),
                    "the name is another token's or gone, and is left alone"
                );
                // Another request than the first, so it needs a client token of its own.
                self.transact(vec![token], &format!("{client_token}a")).await
            }
            removed => Ok(removed),
        }
    }
}
