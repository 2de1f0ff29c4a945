//! Delete: the token is gone, and its name is free. Only the caller's own precondition can prevent it.

use super::{Error, MAX_RACE_RETRIES, TokenService};
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::domain::record::Actor;
use crate::domain::time::Timestamp;
use crate::store::{StoreError, WriteOutcome};

impl TokenService {
    /// Deletes a token.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the failures of the table. [`Error::Unavailable`] if other
    /// writes keep overtaking it.
    pub async fn delete(
        &self,
        caller: &Actor,
        id: TokenId,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<(), Error> {
        let context = self.write_context(caller, now)?;
        for _ in 0..MAX_RACE_RETRIES {
            let outcome = match self.table.get(id, now).await {
                Ok(None) => return Err(Error::NotFound),
                Ok(Some(token)) if !precondition.matches(token.record.version) => {
                    return Err(Error::VersionConflict);
                }
                Ok(Some(token)) => self.table.delete(&token, &context).await?,
                Err(StoreError::Unreadable(unreadable)) => {
                    tracing::warn!(
                        key = unreadable.key,
                        attribute = unreadable.attribute,
                        "unreadable item deleted"
                    );
                    match self.table.delete_unreadable(id, precondition, &context).await? {
                        WriteOutcome::VersionMismatch => return Err(Error::VersionConflict),
                        outcome => outcome,
                    }
                }
                Err(error) => return Err(error.into()),
            };
            match outcome {
                WriteOutcome::Applied(()) => return Ok(()),
                WriteOutcome::NotFound => return Err(Error::NotFound),
                WriteOutcome::VersionMismatch => {}
            }
        }
        let cause = format!("delete: {id} changed after each of {MAX_RACE_RETRIES} reads");
        Err(Error::Unavailable(cause))
    }
}
