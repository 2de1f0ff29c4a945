//! The write of an existing token: read it, decide on this version, and write if it is still the current one.

use super::{Error, TokenService, race_attempts};
use crate::domain::event::EventAction;
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::domain::record::{Record, StoredToken};
use crate::domain::time::Timestamp;
use crate::store::{Expected, TokenChange, WriteContext, WriteOutcome};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The number of attempts that require the version that was read. Later ones require only the secret that was read, if
/// [`Request::tolerates_other_changes`] permits that and the precondition names no version.
const MAX_EXACT_ATTEMPTS: usize = 4;

/// The maximum duration of all reads after a write. Only the response contains a new secret, so it does not wait longer for
/// details.
const READS_TIMEOUT: Duration = Duration::from_millis(500);

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
            Applied::Unchanged(token) => {
                Ok(self.with_usages(*token, context.now, reads_deadline()).await)
            }
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
        for attempt in race_attempts(Instant::now()) {
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
    /// write. If that fails, returns what was written: the change was applied.
    async fn written_record(&self, change: TokenChange, now: Timestamp) -> Record {
        let has_new_secret = change.after.last_generation > change.before.last_generation;
        let written = change.after;
        if has_new_secret && written.previous.is_none() && change.expected == Expected::SameVersion
        {
            // The only secret that works is new, so it was never used.
            return written.record;
        }
        let deadline = reads_deadline();
        let token = match change.expected {
            Expected::SameVersion => written,
            Expected::SameSecret => {
                let read = timeout_at(deadline, self.table.get(written.record.id, now)).await;
                match read {
                    Ok(Ok(Some(current))) if current.secret == written.secret => current,
                    _ => written,
                }
            }
        };
        self.with_usages(token, now, deadline).await
    }

    /// Returns the record with the last uses of its secrets. They may lag, so a failure to read them by `deadline` is only
    /// logged.
    async fn with_usages(&self, token: StoredToken, now: Timestamp, deadline: Instant) -> Record {
        let include_replaced = false;
        let secrets = token.used_secrets(include_replaced).into_iter();
        let usages = timeout_at(deadline, self.table.usages(secrets, now)).await;
        let usages = match usages {
            Ok(result) => result.map_err(|error| error.to_string()),
            Err(_) => Err("timeout".to_owned()),
        };
        token.with_usages(&usages.unwrap_or_else(|cause| {
            tracing::warn!(cause, "last use unknown");
            Default::default()
        }))
    }
}

/// Returns when the reads of the response of a write must end.
fn reads_deadline() -> Instant {
    Instant::now() + READS_TIMEOUT
}

/// Sets the attributes that every write of a token sets.
fn with_audit_fields(mut token: StoredToken, context: &WriteContext) -> StoredToken {
    token.record.version += 1;
    token.record.updated_at = context.now;
    token.record.updated_by = context.caller.actor.clone();
    token.show_previous_secret(context.now)
}
