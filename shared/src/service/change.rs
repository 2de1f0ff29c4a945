//! The write of an existing token: read it, decide on this version, and write if it is still the current one.

use super::{Error, MAX_RACE_ATTEMPTS, TokenService};
use crate::domain::event::EventAction;
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::domain::record::{Record, StoredToken};
use crate::domain::time::Timestamp;
use crate::store::{Expected, TokenChange, WriteContext, WriteOutcome};

/// The number of attempts that require the version that was read. Later ones require only the secret that was read, if
/// [`Request::tolerates_other_changes`] permits that and the precondition names no version.
const MAX_EXACT_ATTEMPTS: usize = 4;

/// What became of a token that was to be changed.
pub(super) enum Applied {
    /// It already was in the requested state, so nothing was written.
    Unchanged(Box<StoredToken>),
    /// It was changed.
    Written(Box<TokenChange>),
}

/// One write of an existing token.
pub(super) struct Request<'a> {
    pub(super) id: TokenId,
    pub(super) precondition: &'a Precondition,
    /// Whether the write may be applied to a later version than the one that was read, as long as the secret and the
    /// expiration are the same. So it succeeds even if other callers keep changing the token; the returned record may then
    /// contain their changes, too.
    pub(super) tolerates_other_changes: bool,
}

impl TokenService {
    /// Changes a token as [`TokenService::apply`] does, and returns its record.
    pub(super) async fn change(
        &self,
        context: &WriteContext,
        request: Request<'_>,
        action: EventAction,
        decide: impl Fn(StoredToken) -> Result<StoredToken, Error>,
    ) -> Result<Record, Error> {
        let decide = |token| Ok((decide(token)?, action));
        match self.apply(context, request, decide).await? {
            Applied::Unchanged(token) => Ok(self.with_usages(*token).await),
            Applied::Written(change) => Ok(self.written_record(*change, context.now).await),
        }
    }

    /// Changes a token with `decide`, which gets the token as it was read, and returns the changed token and the action for
    /// its history. If `decide` returns the token unchanged, nothing is written.
    pub(super) async fn apply(
        &self,
        context: &WriteContext,
        request: Request<'_>,
        decide: impl Fn(StoredToken) -> Result<(StoredToken, EventAction), Error>,
    ) -> Result<Applied, Error> {
        let Request { id, precondition, tolerates_other_changes } = request;
        let now = context.now;
        for attempt in 0..MAX_RACE_ATTEMPTS {
            let before = self.table.get(id, now).await?.ok_or(Error::NotFound)?;
            precondition.check(before.record.version)?;
            let (after, action) = decide(before.clone())?;
            if after == before {
                return Ok(Applied::Unchanged(Box::new(after)));
            }
            let is_exact = attempt < MAX_EXACT_ATTEMPTS || *precondition != Precondition::Exists;
            let expected = if tolerates_other_changes && !is_exact {
                Expected::SameSecret
            } else {
                Expected::SameVersion
            };
            let after = with_audit_fields(after, context);
            let change = TokenChange { before, after, expected, action };
            match self.table.change(&change, context).await? {
                WriteOutcome::Applied => return Ok(Applied::Written(Box::new(change))),
                WriteOutcome::NotFound => return Err(Error::NotFound),
                WriteOutcome::Overtaken => {}
            }
        }
        Err(Self::contended(id))
    }

    /// Returns the record after a change. Reads it again if another change may have been written between the read and the
    /// write.
    async fn written_record(&self, change: TokenChange, now: Timestamp) -> Record {
        let has_new_secret = change.after.last_generation > change.before.last_generation;
        let written = change.after;
        if has_new_secret && written.previous.is_none() && change.expected == Expected::SameVersion
        {
            // The only secret that works is new, so it was never used.
            return written.record;
        }
        let token = match change.expected {
            Expected::SameVersion => written,
            // A failure must not lose a new token, which exists only in this response.
            Expected::SameSecret => match self.table.get(written.record.id, now).await {
                Ok(Some(current)) if current.secret == written.secret => current,
                _ => written,
            },
        };
        self.with_usages(token).await
    }

    /// Returns the record with the last uses of its secrets. They may lag, so a failure to read them is only logged.
    pub(super) async fn with_usages(&self, token: StoredToken) -> Record {
        let include_replaced = false;
        let secrets = token.used_secrets(include_replaced).into_iter();
        let usages = self.table.usages(secrets).await;
        token.with_usages(&usages.unwrap_or_else(|error| {
            tracing::warn!(cause = error.to_string(), "last use unknown");
            Default::default()
        }))
    }
}

/// Sets the attributes that every write of a token sets.
fn with_audit_fields(mut token: StoredToken, context: &WriteContext) -> StoredToken {
    token.record.version += 1;
    token.record.updated_at = context.now;
    token.record.updated_by = context.caller.actor.clone();
    token.show_previous_secret(context.now)
}
