//! Delete: removes a token and frees its name. Only the precondition of the caller can prevent that.

use super::{Error, TokenService, race_attempts};
use crate::domain::event::Caller;
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::domain::time::Timestamp;
use crate::store::{StoreError, WriteContext, WriteOutcome};
use tokio::time::Instant;

impl TokenService {
    /// Deletes a token.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the failures of the table. [`Error::Contended`] if the
    /// caller named versions and other callers keep changing the token.
    pub async fn delete(
        &self,
        caller: &Caller,
        id: TokenId,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<(), Error> {
        let context = self.write_context(caller, now)?;
        for _ in race_attempts(Instant::now()) {
            let outcome = match self.table.get(id, now).await {
                Ok(None) => WriteOutcome::NotFound,
                Ok(Some(token)) => {
                    let required = precondition.check(token.record.version)?;
                    self.table.delete(&token.record, required, &context).await?
                }
                Err(error) => return self.delete_unread(id, precondition, error, &context).await,
            };
            match outcome {
                WriteOutcome::Applied => return Ok(()),
                WriteOutcome::NotFound => return Err(Error::NotFound),
                // The caller named versions. The version that another write has made since may be one of them.
                WriteOutcome::Overtaken => {}
            }
        }
        Err(Self::contended(id))
    }

    /// Deletes a token that could not be read, because nothing may prevent a revocation.
    ///
    /// Somebody who sends the token's id with forged secrets can exhaust the reads of its partition, but not the writes.
    async fn delete_unread(
        &self,
        id: TokenId,
        precondition: &Precondition,
        error: StoreError,
        context: &WriteContext,
    ) -> Result<(), Error> {
        let cause = error.to_string();
        let outcome = match error {
            StoreError::Unreadable(_) => {
                self.table.delete_unreadable(id, precondition, context).await?
            }
            StoreError::Throttled(_) | StoreError::Unavailable(_) => {
                self.table.delete_unread(id, precondition, context).await?
            }
            error => return Err(error.into()),
        };
        match outcome {
            WriteOutcome::Applied => {
                tracing::warn!(token_id = id.as_str(), cause, "unread token deleted");
                Ok(())
            }
            WriteOutcome::NotFound => Err(Error::NotFound),
            WriteOutcome::Overtaken => Err(precondition.conflict().into()),
        }
    }
}
