//! Update: new values of the fields that a caller may change. They apply from the next request.

use super::change::Request;
use super::{Error, TokenService};
use crate::domain::event::{Caller, EventAction};
use crate::domain::id::TokenId;
use crate::domain::patch::TokenPatch;
use crate::domain::precondition::Precondition;
use crate::domain::record::{Record, StoredToken};
use crate::domain::time::Timestamp;

impl TokenService {
    /// Updates a token. A patch that changes nothing writes nothing: the version stays.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the failures of the table. [`Error::Contended`] if other
    /// callers keep changing the token.
    pub async fn update(
        &self,
        caller: &Caller,
        id: TokenId,
        patch: TokenPatch,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<Record, Error> {
        let context = self.write_context(caller, now)?;
        let request = Request { id, precondition, tolerates_other_changes: false };
        let decide = |mut token: StoredToken| {
            patch.clone().apply_to(&mut token.record);
            Ok(token)
        };
        self.change(&context, request, EventAction::Updated, decide).await
    }
}
