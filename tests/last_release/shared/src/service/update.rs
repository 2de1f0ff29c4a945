//! Update: another description, other permissions. They bite on the next request.

use super::{Error, TokenService};
use crate::domain::id::TokenId;
use crate::domain::patch::TokenPatch;
use crate::domain::precondition::Precondition;
use crate::domain::record::{Actor, Record};
use crate::domain::time::Timestamp;
use crate::store::WriteOutcome;

impl TokenService {
    /// Changes a token. A patch that changes nothing writes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the table's failures.
    pub async fn update(
        &self,
        caller: &Actor,
        id: TokenId,
        patch: TokenPatch,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<Record, Error> {
        if patch.is_empty() {
            let record = self.get(id, now).await?;
            return if precondition.admits(record.version) {
                Ok(record)
            } else {
                Err(Error::VersionConflict)
            };
        }
        let context = self.write_context(caller, now)?;
        match self.table.update(id, &patch, precondition, &context).await? {
            WriteOutcome::Applied(token) => Ok(token.record),
            WriteOutcome::NotFound => Err(Error::NotFound),
            WriteOutcome::VersionMismatch => Err(Error::VersionConflict),
        }
    }
}
