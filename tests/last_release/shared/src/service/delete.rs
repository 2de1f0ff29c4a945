//! Delete: the token is gone and its name is free. Nothing may block it but the caller's own precondition.

use super::regenerate::MAX_RACE_RETRIES;
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
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the table's failures; [`Error::Unavailable`] where others
    /// keep overtaking it.
    pub async fn delete(
        &self,
        caller: &Actor,
        id: TokenId,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<(), Error> {
        let context = self.write_context(caller, now)?;
        for _ in 0..MAX_RACE_RETRIES {
            let written = match self.table.get(id, context.now).await {
                Ok(None) => return Err(Error::NotFound),
                Ok(Some(token)) if !precondition.admits(token.record.version) => {
                    return Err(Error::VersionConflict);
                }
                Ok(Some(token)) => self.table.delete(&token, &context).await?,
                Err(StoreError::Unreadable(unreadable)) => {
                    tracing::warn!(
                        key = unreadable.key,
                        attribute = unreadable.attribute,
                        "unreadable item is deleted"
                    );
                    match self.table.delete_unreadable(id, precondition, &context).await? {
                        WriteOutcome::VersionMismatch => return Err(Error::VersionConflict),
                        written => written,
                    }
                }
                Err(error) => return Err(error.into()),
            };
            match written {
                WriteOutcome::Applied(()) => return Ok(()),
                WriteOutcome::NotFound => return Err(Error::NotFound),
                WriteOutcome::VersionMismatch => {}
            }
        }
        Err(Error::Unavailable(format!("delete: {id} changed on each of {MAX_RACE_RETRIES} reads")))
    }
}
