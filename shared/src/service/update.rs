//! Update: a new description or new permissions. They apply to the next request.

use super::{Error, MAX_RACE_RETRIES, TokenService};
use crate::domain::id::TokenId;
use crate::domain::patch::TokenPatch;
use crate::domain::precondition::Precondition;
use crate::domain::record::{Actor, Record};
use crate::domain::time::Timestamp;
use crate::store::WriteOutcome;

impl TokenService {
    /// Updates a token. A patch that changes nothing writes nothing: the version stays.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the failures of the table. [`Error::Contended`] if other
    /// callers keep changing the token.
    pub async fn update(
        &self,
        caller: &Actor,
        id: TokenId,
        patch: TokenPatch,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<Record, Error> {
        let context = self.write_context(caller, now)?;
        for _ in 0..MAX_RACE_RETRIES {
            let record = self.get(id, now).await?;
            precondition.check(record.version)?;
            if !patch.changes(&record) {
                return Ok(record);
            }
            // Whether the patch changes anything was decided on this version, so it must still be the current one.
            match self.table.update(id, &patch, record.version, &context).await? {
                WriteOutcome::Applied(token) => return Ok(token.record),
                WriteOutcome::NotFound => return Err(Error::NotFound),
                WriteOutcome::VersionMismatch => {}
            }
        }
        Err(Self::contended(id))
    }
}
