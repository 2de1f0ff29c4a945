//! Regenerate: a new secret and a new expiration. The old secret fails from the moment of the answer.

use super::generate::Issued;
use super::{Error, TokenService};
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::domain::record::{Actor, Record, StoredToken};
use crate::domain::time::Timestamp;
use crate::domain::token::Token;
use crate::store::{Regeneration, WriteContext, WriteOutcome};

/// How often a write that another one overtook is tried again.
pub(super) const MAX_RACE_RETRIES: usize = 8;

impl TokenService {
    /// Regenerates a token, expired or not, to expire at `expires_at`.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the table's failures; [`Error::Unavailable`] where others
    /// keep overtaking it.
    pub async fn regenerate(
        &self,
        caller: &Actor,
        id: TokenId,
        expires_at: Option<Timestamp>,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<Issued, Error> {
        let context = self.write_context(caller, now)?;
        let token = Token::new(id, self.secret()?);
        for _ in 0..MAX_RACE_RETRIES {
            let read = self.table.get(id, context.now).await?.ok_or(Error::NotFound)?.record;
            if !precondition.admits(read.version) {
                return Err(Error::VersionConflict);
            }
            let regeneration = self.regeneration(read, &token, expires_at, &context);
            match self.table.regenerate(&regeneration, &context).await? {
                WriteOutcome::Applied(()) => {
                    return Ok(Issued { record: regeneration.token.record, token });
                }
                WriteOutcome::NotFound => return Err(Error::NotFound),
                WriteOutcome::VersionMismatch => {}
            }
        }
        Err(Error::Unavailable(format!(
            "regenerate: {id} changed on each of {MAX_RACE_RETRIES} reads"
        )))
    }

    fn regeneration(
        &self,
        read: Record,
        token: &Token,
        expires_at: Option<Timestamp>,
        context: &WriteContext,
    ) -> Regeneration {
        let version = read.version;
        let record = Record {
            expires_at,
            version: version + 1,
            updated_at: context.now,
            updated_by: context.actor.clone(),
            regenerated_at: Some(context.now),
            ..read
        };
        let purge_at = self.policy.retention.purge_at(expires_at);
        Regeneration {
            token: StoredToken { record, secret_hash: token.hash(), purge_at },
            expected_version: version,
        }
    }
}
