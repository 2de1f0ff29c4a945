//! Regenerate: a new secret and a new expiration. The old secret stops working at once.

use super::generate::Issued;
use super::{Error, MAX_RACE_RETRIES, TokenService};
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::domain::record::{Actor, Record, StoredToken};
use crate::domain::time::Timestamp;
use crate::domain::token::Token;
use crate::store::{Regeneration, WriteContext, WriteOutcome};

impl TokenService {
    /// Regenerates a token, which may have expired, with the expiration `expires_at`.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the failures of the table. [`Error::Unavailable`] if other
    /// writes keep overtaking it.
    pub async fn regenerate(
        &self,
        caller: &Actor,
        id: TokenId,
        expires_at: Option<Timestamp>,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<Issued, Error> {
        let context = self.write_context(caller, now)?;
        let token = Token::new(id, self.new_secret()?);
        for _ in 0..MAX_RACE_RETRIES {
            let current = self.get(id, now).await?;
            if !precondition.matches(current.version) {
                return Err(Error::VersionConflict);
            }
            let regeneration = self.regeneration(current, &token, expires_at, &context);
            match self.table.regenerate(&regeneration, &context).await? {
                WriteOutcome::Applied(()) => {
                    return Ok(Issued { record: regeneration.token.record, token });
                }
                WriteOutcome::NotFound => return Err(Error::NotFound),
                WriteOutcome::VersionMismatch => {}
            }
        }
        let cause = format!("regenerate: {id} changed after each of {MAX_RACE_RETRIES} reads");
        Err(Error::Unavailable(cause))
    }

    fn regeneration(
        &self,
        current: Record,
        token: &Token,
        expires_at: Option<Timestamp>,
        context: &WriteContext,
    ) -> Regeneration {
        let expected_version = current.version;
        let record = Record {
            expires_at,
            version: expected_version + 1,
            updated_at: context.now,
            updated_by: context.actor.clone(),
            regenerated_at: Some(context.now),
            ..current
        };
        let purge_at = self.policy.retention.purge_at(expires_at);
        let token = StoredToken { record, secret_hash: token.hash(), purge_at };
        Regeneration { token, expected_version }
    }
}
