//! The write of an existing token: read it, decide on this version, and write if it is still the current one.

use super::{Error, MAX_RACE_ATTEMPTS, TokenService};
use crate::domain::event::EventAction;
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::domain::record::{Record, StoredToken};
use crate::domain::time::Timestamp;
use crate::store::{Expected, TokenChange, WriteContext, WriteOutcome};

/// The number of attempts that require the version that was read. Later ones, of changes that must prevail, require less.
const MAX_EXACT_ATTEMPTS: usize = 4;

/// What became of a token that was to be changed.
pub(super) enum Applied {
    /// It was already as it shall be, and nothing was written.
    Unchanged(Box<StoredToken>),
    /// It was changed.
    Written(Box<TokenChange>),
}

/// One write of an existing token.
pub(super) struct Request<'a> {
    pub(super) id: TokenId,
    pub(super) precondition: &'a Precondition,
    /// Whether it succeeds while other callers keep changing other attributes. The record then may show their changes.
    pub(super) prevails: bool,
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

    /// Changes a token with `decide`, which gets the token as it was read and returns it as it shall be, and what is done to
    /// it. A token that it returns unchanged is not written.
    pub(super) async fn apply(
        &self,
        context: &WriteContext,
        request: Request<'_>,
        decide: impl Fn(StoredToken) -> Result<(StoredToken, EventAction), Error>,
    ) -> Result<Applied, Error> {
        let Request { id, precondition, prevails } = request;
        let now = context.now;
        for attempt in 0..MAX_RACE_ATTEMPTS {
            let before = self.table.get(id, now).await?.ok_or(Error::NotFound)?;
            precondition.check(before.record.version)?;
            let (after, action) = decide(before.clone())?;
            if after == before {
                return Ok(Applied::Unchanged(Box::new(after)));
            }
            let is_exact = attempt < MAX_EXACT_ATTEMPTS || *precondition != Precondition::Exists;
            let expected =
                if prevails && !is_exact { Expected::SameSecret } else { Expected::SameVersion };
            let after = written(after, context);
            let change = TokenChange { before, after, expected, action };
            match self.table.change(&change, context).await? {
                WriteOutcome::Applied => return Ok(Applied::Written(Box::new(change))),
                WriteOutcome::NotFound => return Err(Error::NotFound),
                WriteOutcome::Overtaken => {}
            }
        }
        Err(Self::contended(id))
    }

    /// Returns the record that a change made, read again if other changes may have preceded it.
    async fn written_record(&self, change: TokenChange, now: Timestamp) -> Record {
        let is_new = change.after.last_generation > change.before.last_generation;
        let written = change.after;
        if is_new && written.previous.is_none() && change.expected == Expected::SameVersion {
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
        let usages = self.table.usages(token.used_secrets(false).into_iter()).await;
        token.with_usages(&usages.unwrap_or_else(|error| {
            tracing::warn!(cause = error.to_string(), "last use unknown");
            Default::default()
        }))
    }
}

/// Sets what every write of a token sets.
fn written(mut token: StoredToken, context: &WriteContext) -> StoredToken {
    token.record.version += 1;
    token.record.updated_at = context.now;
    token.record.updated_by = context.caller.actor.clone();
    token.shown_at(context.now)
}
