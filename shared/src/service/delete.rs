//! Delete: the token is gone, and its name is free. Only the caller's own precondition can prevent it.

use super::{Error, TokenService};
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::domain::record::Actor;
use crate::domain::time::Timestamp;
use crate::store::{StoreError, WriteOutcome};

impl TokenService {
    /// Deletes a token.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the failures of the table.
    pub async fn delete(
        &self,
        caller: &Actor,
        id: TokenId,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<(), Error> {
        let context = self.write_context(caller, now)?;
        let outcome = match self.table.get(id, now).await {
            Ok(None) => WriteOutcome::NotFound,
            Ok(Some(token)) if !precondition.matches(token.record.version) => {
                WriteOutcome::VersionMismatch
            }
            Ok(Some(token)) => self.table.delete(&token.record, precondition, &context).await?,
            Err(StoreError::Unreadable(unreadable)) => {
                tracing::warn!(
                    key = unreadable.key,
                    attribute = unreadable.attribute,
                    "unreadable item deleted"
                );
                self.table.delete_unreadable(id, precondition, &context).await?
            }
            Err(error) => return Err(error.into()),
        };
        match outcome {
            WriteOutcome::Applied(()) => Ok(()),
            WriteOutcome::NotFound => Err(Error::NotFound),
            WriteOutcome::VersionMismatch => Err(Error::VersionConflict),
        }
    }
}
