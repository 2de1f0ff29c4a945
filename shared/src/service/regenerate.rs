//! Regenerate: a new secret and a new expiration. The old secret stops working at once.

use super::generate::Issued;
use super::{Error, MAX_RACE_RETRIES, TokenService};
use crate::domain::expiration::RequestedExpiration;
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::domain::record::{Actor, Record, StoredToken};
use crate::domain::time::Timestamp;
use crate::domain::token::Token;
use crate::store::{Expected, Regeneration, WriteContext, WriteOutcome};

/// The number of attempts that require the version that was read. Later ones require only the secret that was read.
const MAX_EXACT_ATTEMPTS: usize = 4;

impl TokenService {
    /// Regenerates a token, which may have expired. By default it keeps its lifetime, counted from now.
    ///
    /// Without a precondition it succeeds while other callers keep updating the token. The record then may show their
    /// later updates too.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the failures of the table. [`Error::Contended`] if other
    /// callers keep regenerating it.
    pub async fn regenerate(
        &self,
        caller: &Actor,
        id: TokenId,
        expiration: RequestedExpiration,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<Issued, Error> {
        let context = self.write_context(caller, now)?;
        let token = Token::new(id, self.new_secret()?);
        for attempt in 0..MAX_RACE_RETRIES {
            let current = self.table.get(id, now).await?.ok_or(Error::NotFound)?;
            precondition.check(current.record.version)?;
            let is_exact = attempt < MAX_EXACT_ATTEMPTS || *precondition != Precondition::Exists;
            let policy = self.expiration_policy(caller, now);
            let expires_at = expiration.or_else(|| policy.same_lifetime(&current.record));
            let regeneration = self.regeneration(current, &token, expires_at, is_exact, &context);
            match self.table.regenerate(&regeneration, &context).await? {
                WriteOutcome::Applied(()) => {
                    let record = self.written_record(regeneration, now).await;
                    return Ok(Issued { record, token });
                }
                WriteOutcome::NotFound => return Err(Error::NotFound),
                WriteOutcome::VersionMismatch => {}
            }
        }
        Err(Self::contended(id))
    }

    /// Returns the record that a regeneration wrote, read again if other writes may have preceded it.
    async fn written_record(&self, regeneration: Regeneration, now: Timestamp) -> Record {
        let StoredToken { record, secret_hash, .. } = regeneration.token;
        if let Expected::SameSecret(_) = regeneration.expected
            // A failure must not lose the new token, which exists only in this response.
            && let Ok(Some(current)) = self.table.get(record.id, now).await
            && current.secret_hash == secret_hash
        {
            return current.record;
        }
        record
    }

    fn regeneration(
        &self,
        current: StoredToken,
        token: &Token,
        expires_at: Option<Timestamp>,
        is_exact: bool,
        context: &WriteContext,
    ) -> Regeneration {
        let expected_version = current.record.version;
        let expected = if is_exact {
            Expected::SameVersion
        } else {
            Expected::SameSecret(current.secret_hash)
        };
        let record = Record {
            expires_at,
            version: expected_version + 1,
            updated_at: context.now,
            updated_by: context.actor.clone(),
            regenerated_at: Some(context.now),
            ..current.record
        };
        let purge_at = self.policy.retention.purge_at(expires_at);
        let token = StoredToken { record, secret_hash: token.hash(), purge_at };
        Regeneration { token, expected_version, expected }
    }
}
