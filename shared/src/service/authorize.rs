//! Authorize: whether a token is valid and permits a request.

use super::TokenService;
use crate::domain::decision::{AllowReason, Decision, DenyReason, decide};
use crate::domain::grant::Permissions;
use crate::domain::id::TokenId;
use crate::domain::record::{Status, StoredToken};
use crate::domain::route::RouteRequest;
use crate::domain::time::Timestamp;
use crate::domain::token::{Token, TokenError};
use crate::domain::usage::{Generation, USAGE_DAYS, Usage};
use std::sync::PoisonError;
use std::time::Duration;

/// An allowed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The token's id.
    pub token_id: TokenId,
    /// The token's name.
    pub token_name: String,
    /// Whether the token is a super-admin token.
    pub super_admin: bool,
    /// Who answers for the token.
    pub owner: Option<String>,
    /// When the secret that was presented stops working. `None` means never.
    pub expires_at: Option<Timestamp>,
    /// Whether that is the previous secret, in its grace period.
    pub is_previous_secret: bool,
    /// Why the request is allowed.
    pub reason: AllowReason,
}

/// What is known of the client whose request is authorized.
#[derive(Clone, Copy, Debug, Default)]
pub struct Client<'a> {
    /// The address of the client, as the gateway saw it.
    pub source_ip: Option<&'a str>,
}

/// The maximum duration of writing a use. The decision does not wait longer for it.
const USAGE_TIMEOUT: Duration = Duration::from_millis(200);

/// Why a request is denied. The reason is for the log; the client never learns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizeError {
    /// The credential is not a token. The table is not read.
    Malformed(TokenError),
    /// No token with this id exists.
    Unknown(TokenId),
    /// The token exists, but the secret does not match.
    SecretMismatch(TokenId),
    /// The secret matches, but the token has expired.
    Expired(TokenId),
    /// The secret matches, but the token is limited to other addresses than the client's.
    WrongAddress(TokenId),
    /// The token is valid, but does not permit this request.
    NotPermitted(TokenId, DenyReason),
    /// The table failed, or its item is unreadable, so nobody is allowed.
    Failed(TokenId, String),
}

impl TokenService {
    /// Authorizes a request that presents `credential`, with one consistent read of one item. The use of the secret is
    /// written now and then, which never changes the decision.
    ///
    /// # Errors
    /// [`AuthorizeError`], for a failure too.
    pub async fn authorize(
        &self,
        credential: &str,
        request: &RouteRequest,
        client: Client<'_>,
        now: Timestamp,
    ) -> Result<Authorization, AuthorizeError> {
        let token = Token::parse(credential).map_err(AuthorizeError::Malformed)?;
        let id = token.id();
        let stored = match self.table.get(id, now).await {
            Ok(stored) => stored.ok_or(AuthorizeError::Unknown(id))?,
            Err(error) => return Err(AuthorizeError::Failed(id, error.to_string())),
        };
        let presented = matching_secret(&stored, &token, now)?;
        let record = &stored.record;
        if record.status(now) == Status::Expired {
            return Err(AuthorizeError::Expired(id));
        }
        if record
            .allowed_ips
            .as_ref()
            .is_some_and(|allowed| !allowed.allows_reported(client.source_ip))
        {
            return Err(AuthorizeError::WrongAddress(id));
        }
        let reason = match decide(&record.permissions, self.rules(), request) {
            Decision::Deny(reason) => return Err(AuthorizeError::NotPermitted(id, reason)),
            Decision::Allow(reason) => reason,
        };
        self.note_use(id, presented.generation, request, client, now).await;
        Ok(Authorization {
            token_id: id,
            token_name: record.name.as_str().to_owned(),
            super_admin: record.permissions == Permissions::SuperAdmin,
            owner: record.owner.as_ref().map(|owner| owner.as_str().to_owned()),
            expires_at: presented.expires_at,
            is_previous_secret: presented.is_previous,
            reason,
        })
    }

    /// Writes the use of a secret if it is due. A failure is only logged.
    async fn note_use(
        &self,
        id: TokenId,
        generation: Generation,
        request: &RouteRequest,
        client: Client<'_>,
        now: Timestamp,
    ) {
        let interval = self.policy.usage_interval;
        // A poisoned lock protects a plain map, which is usable all the same.
        let written_uses = self.written_uses.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = { written_uses }.take_due(id, generation, now, interval);
        if !is_due {
            return;
        }
        let usage = Usage {
            at: now,
            source_ip: client.source_ip.map(str::to_owned),
            route: request.route.as_ref().map(|route| format!("{} {route}", request.method)),
        };
        let purge_at = now.plus_days(USAGE_DAYS);
        let written = self.table.write_usage((id, generation), &usage, purge_at);
        let result = tokio::time::timeout(USAGE_TIMEOUT, written).await;
        if let Err(cause) = result.unwrap_or_else(|_| Err("timeout".to_owned())) {
            tracing::warn!(token_id = id.as_str(), cause, "use of a token not written");
        }
    }
}

/// The secret that matches a presented token.
pub(super) struct MatchingSecret {
    pub(super) generation: Generation,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) is_previous: bool,
}

/// Returns the secret that a presented token matches. Both are compared, so that the time does not tell which one.
pub(super) fn matching_secret(
    stored: &StoredToken,
    token: &Token,
    now: Timestamp,
) -> Result<MatchingSecret, AuthorizeError> {
    let presented = token.hash();
    let is_current = stored.secret.hash == presented;
    let previous = stored.previous.as_ref().filter(|previous| previous.secret.hash == presented);
    if is_current {
        return Ok(MatchingSecret {
            generation: stored.secret.generation,
            expires_at: stored.record.expires_at,
            is_previous: false,
        });
    }
    let previous = previous.filter(|_| stored.valid_previous(now).is_some());
    let previous = previous.ok_or(AuthorizeError::SecretMismatch(token.id()))?;
    Ok(MatchingSecret {
        generation: previous.secret.generation,
        expires_at: Some(previous.valid_until),
        is_previous: true,
    })
}

impl AuthorizeError {
    /// Returns whether the secret was compared and matched. Without that, nobody knows whose the id is.
    pub fn is_secret_proven(&self) -> bool {
        matches!(self, Self::Expired(_) | Self::WrongAddress(_) | Self::NotPermitted(..))
    }

    /// Returns the code in the log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::Unknown(_) => "unknown",
            Self::SecretMismatch(_) => "secret-mismatch",
            Self::Expired(_) => "expired",
            Self::WrongAddress(_) => "wrong-address",
            Self::NotPermitted(_, DenyReason::UnsafePath) => "unsafe-path",
            Self::NotPermitted(..) => "not-permitted",
            Self::Failed(..) => "failed",
        }
    }

    /// Returns the id of the presented token, which is public.
    pub fn token_id(&self) -> Option<TokenId> {
        match self {
            Self::Malformed(_) => None,
            Self::Unknown(id) | Self::SecretMismatch(id) | Self::Expired(id) => Some(*id),
            Self::WrongAddress(id) | Self::NotPermitted(id, _) | Self::Failed(id, _) => Some(*id),
        }
    }

    /// Returns the detail in the log.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Malformed(error) => Some(error.to_string()),
            Self::NotPermitted(_, reason) => Some(reason.to_string()),
            Self::Failed(_, cause) => Some(cause.clone()),
            Self::Unknown(_)
            | Self::SecretMismatch(_)
            | Self::Expired(_)
            | Self::WrongAddress(_) => None,
        }
    }
}
