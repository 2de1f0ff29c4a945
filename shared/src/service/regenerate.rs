//! Regenerate: a new secret and a new expiration. The old secret stops working at once, or after a grace period.

use super::change::Request;
use super::generate::Issued;
use super::{Error, TokenService};
use crate::domain::event::{Caller, EventAction, TokenCaller};
use crate::domain::expiration::RequestedExpiration;
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::domain::record::{PreviousSecret, Record, Status, StoredSecret, StoredToken};
use crate::domain::time::Timestamp;
use crate::domain::token::Token;

/// What a regeneration asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The new expiration. By default the token keeps its lifetime, counted from now.
    pub expiration: RequestedExpiration,
    /// For how many seconds the old secret still works.
    pub grace_seconds: u32,
}

impl TokenService {
    /// Regenerates a token, which may have expired.
    ///
    /// Without a precondition, it succeeds even while other callers keep updating the token. The returned record may then
    /// contain their updates, too.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the failures of the table. [`Error::GracePeriodOpen`] if a
    /// grace period is asked for while one is open. [`Error::Contended`] if other callers keep regenerating the
    /// token.
    pub async fn regenerate(
        &self,
        caller: &Caller,
        id: TokenId,
        renewal: Renewal,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<Issued, Error> {
        self.replace_secret(caller, id, renewal, precondition, now, |_, _| Ok(())).await
    }

    /// Regenerates the calling token, which must have presented its current secret. Its lifetime cannot become longer.
    ///
    /// # Errors
    /// [`Error::Forbidden`] if the token may not regenerate itself, did not present its current secret, or has expired since it
    /// was authorized. [`Error::Invalid`] for a longer lifetime. The others are those of [`TokenService::regenerate`].
    pub async fn regenerate_self(
        &self,
        caller: &TokenCaller,
        renewal: Renewal,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<Issued, Error> {
        let check = |stored: &StoredToken, latest| {
            let record = &stored.record;
            // The previous secret was presented, or the secret was replaced after the request was authorized.
            if caller.generation != Some(stored.secret.generation) {
                return Err(Error::Forbidden("Only the current secret can regenerate the token."));
            }
            if record.status(now) == Status::Expired {
                return Err(Error::Forbidden("The token has expired."));
            }
            if !record.self_regenerate {
                return Err(Error::Forbidden("This token may not regenerate itself."));
            }
            renewal.expiration.check_not_later(latest).map_err(Error::Invalid)
        };
        self.replace_secret(&caller.caller, caller.token_id, renewal, precondition, now, check)
            .await
    }

    /// Replaces the secret of a token, if `check` permits it. `check` gets the stored token, and the expiration that would
    /// give it the lifetime that it had.
    async fn replace_secret(
        &self,
        caller: &Caller,
        id: TokenId,
        renewal: Renewal,
        precondition: &Precondition,
        now: Timestamp,
        check: impl Fn(&StoredToken, Option<Timestamp>) -> Result<(), Error>,
    ) -> Result<Issued, Error> {
        let context = self.write_context(caller, now)?;
        let token = Token::new(id, self.new_secret()?);
        let policy = self.expiration_policy(caller, now);
        let request = Request { id, precondition, tolerates_other_changes: true };
        let decide = |mut stored: StoredToken| {
            let same_lifetime = policy.same_lifetime(&stored.record);
            check(&stored, same_lifetime)?;
            let expires_at = renewal.expiration.or_else(|| same_lifetime);
            stored.previous = previous(&stored, expires_at, renewal.grace_seconds, now)?;
            stored.last_generation += 1;
            stored.secret = StoredSecret { hash: token.hash(), generation: stored.last_generation };
            stored.record.regenerated_at = Some(now);
            self.set_expiration(&mut stored, expires_at);
            Ok(stored)
        };
        let record = self.change(&context, request, EventAction::Regenerated, decide).await?;
        Ok(Issued { record, token })
    }

    /// Makes the previous secret current again, with the expiration that it had. The newer secret stops working.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the failures of the table. [`Error::NoPreviousSecret`] if no
    /// previous secret works. [`Error::Contended`] if other callers keep changing the token.
    pub async fn roll_back(
        &self,
        caller: &Caller,
        id: TokenId,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<Record, Error> {
        let context = self.write_context(caller, now)?;
        let request = Request { id, precondition, tolerates_other_changes: false };
        let decide = |mut stored: StoredToken| {
            let previous = stored.valid_previous(now).cloned().ok_or(Error::NoPreviousSecret)?;
            let PreviousSecret { secret, valid_until: _, expires_at, regenerated_at } = previous;
            stored.secret = secret;
            stored.previous = None;
            stored.record.regenerated_at = regenerated_at;
            self.set_expiration(&mut stored, expires_at);
            Ok(stored)
        };
        self.change(&context, request, EventAction::RolledBack, decide).await
    }

    /// Ends the grace period of the previous secret, if one is open.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::VersionConflict`], and the failures of the table. [`Error::Contended`] if other
    /// callers keep regenerating the token.
    pub async fn end_previous(
        &self,
        caller: &Caller,
        id: TokenId,
        precondition: &Precondition,
        now: Timestamp,
    ) -> Result<Record, Error> {
        let context = self.write_context(caller, now)?;
        let request = Request { id, precondition, tolerates_other_changes: true };
        let decide = |mut stored: StoredToken| {
            stored.end_previous(now);
            Ok(stored)
        };
        self.change(&context, request, EventAction::PreviousEnded, decide).await
    }

    pub(super) fn set_expiration(&self, stored: &mut StoredToken, expires_at: Option<Timestamp>) {
        stored.record.expires_at = expires_at;
        stored.purge_at = self.policy.retention.purge_at(expires_at);
    }
}

/// Returns the current secret as the previous secret of the regenerated token. Returns `None` if there is no grace period, or if
/// the token has expired: then the secret does not work any longer.
fn previous(
    stored: &StoredToken,
    new_expiration: Option<Timestamp>,
    grace_seconds: u32,
    now: Timestamp,
) -> Result<Option<PreviousSecret>, Error> {
    if grace_seconds == 0 {
        return Ok(None);
    }
    if stored.valid_previous(now).is_some() {
        return Err(Error::GracePeriodOpen);
    }
    let record = &stored.record;
    if record.status(now) == Status::Expired {
        return Ok(None);
    }
    // The secret never works longer than until its own expiration, nor until the one that the token gets.
    let ends = [Some(now.plus_seconds(grace_seconds.into())), record.expires_at, new_expiration];
    Ok(ends.into_iter().flatten().min().map(|valid_until| PreviousSecret {
        secret: stored.secret.clone(),
        valid_until,
        expires_at: record.expires_at,
        regenerated_at: record.regenerated_at,
    }))
}
