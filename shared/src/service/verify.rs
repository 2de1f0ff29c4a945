//! Verify: returns the token that a presented credential belongs to, if the token may be used. Authorize and introspect share
//! this.

use super::{AuthorizeError, Client, TokenService};
use crate::domain::id::TokenId;
use crate::domain::record::{Status, StoredToken};
use crate::domain::time::Timestamp;
use crate::domain::token::Token;
use crate::domain::usage::{Generation, USAGE_DAYS, Usage};
use std::sync::PoisonError;
use std::time::Duration;

/// The maximum duration of writing a use. The decision does not wait longer for it.
const USAGE_TIMEOUT: Duration = Duration::from_millis(200);

/// A token that may be used, and the secret that was presented for it.
pub(super) struct VerifiedToken {
    pub(super) stored: StoredToken,
    pub(super) secret: MatchingSecret,
}

/// The secret that matches a presented token.
pub(super) struct MatchingSecret {
    pub(super) generation: Generation,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) is_previous: bool,
}

impl TokenService {
    /// Reads the token that `credential` belongs to, with one consistent read of one item, and checks that this client may use
    /// it now.
    ///
    /// # Errors
    /// [`AuthorizeError`], but never [`AuthorizeError::NotPermitted`].
    pub(super) async fn verify(
        &self,
        credential: &str,
        client: Client<'_>,
        now: Timestamp,
    ) -> Result<VerifiedToken, AuthorizeError> {
        let token = Token::parse(credential).map_err(AuthorizeError::Malformed)?;
        let id = token.id();
        let stored = match self.table.get(id, now).await {
            Ok(stored) => stored.ok_or(AuthorizeError::Unknown(id))?,
            Err(error) => return Err(AuthorizeError::Failed(id, error.into())),
        };
        let secret = matching_secret(&stored, &token, now)?;
        let record = &stored.record;
        if record.status(now) == Status::Expired {
            return Err(AuthorizeError::Expired(id));
        }
        let allowed_ips = record.allowed_ips.as_ref();
        if allowed_ips.is_some_and(|allowed| !allowed.allows_reported(client.source_ip)) {
            return Err(AuthorizeError::WrongAddress(id));
        }
        Ok(VerifiedToken { stored, secret })
    }

    /// Writes the use of a secret if it is due: if none was written within the policy's interval, which must not be 0. `route`
    /// is a method and the path of a route. A failure is only logged.
    pub(super) async fn write_use_if_due(
        &self,
        id: TokenId,
        generation: Generation,
        route: Option<(&str, &str)>,
        client: Client<'_>,
        now: Timestamp,
    ) {
        let interval = self.policy.usage_interval;
        // If another thread panicked while it held the lock, the map is still usable.
        let is_due = self
            .written_uses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take_due(id, generation, now, interval);
        if !is_due {
            return;
        }
        let usage = Usage {
            at: now,
            source_ip: client.source_ip.map(str::to_owned),
            route: route.map(|(method, path)| format!("{method} {path}")),
        };
        let purge_at = now.plus_days(USAGE_DAYS);
        let written = self.table.write_usage((id, generation), &usage, purge_at);
        let result = tokio::time::timeout(USAGE_TIMEOUT, written).await;
        if let Err(cause) = result.unwrap_or_else(|_| Err("timeout".to_owned())) {
            tracing::warn!(token_id = id.as_str(), cause, "use of a token not written");
        }
    }
}

/// Returns the secret that a presented token matches: the current or the previous one. It is always compared with both, so that
/// the duration does not reveal which one matches.
pub(super) fn matching_secret(
    stored: &StoredToken,
    token: &Token,
    now: Timestamp,
) -> Result<MatchingSecret, AuthorizeError> {
    let presented = token.hash();
    let is_current = stored.secret.hash == presented;
    let previous = stored.previous.as_ref().filter(|previous| previous.secret.hash == presented);
    let created_at = stored.record.created_at;
    if is_current {
        return Ok(MatchingSecret {
            generation: stored.secret.generation,
            issued_at: stored.record.regenerated_at.unwrap_or(created_at),
            expires_at: stored.record.expires_at,
            is_previous: false,
        });
    }
    let previous = previous.filter(|_| stored.valid_previous(now).is_some());
    let previous = previous.ok_or(AuthorizeError::SecretMismatch(token.id()))?;
    Ok(MatchingSecret {
        generation: previous.secret.generation,
        issued_at: previous.regenerated_at.unwrap_or(created_at),
        expires_at: Some(previous.valid_until),
        is_previous: true,
    })
}
