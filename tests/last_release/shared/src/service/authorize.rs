//! Authorize: is this a valid token, and does it reach this far?

use super::TokenService;
use crate::domain::decision::{AllowReason, Decision, DenyReason, decide};
use crate::domain::grant::Permissions;
use crate::domain::id::TokenId;
use crate::domain::record::Status;
use crate::domain::route::RouteRequest;
use crate::domain::time::Timestamp;
use crate::domain::token::{Token, TokenError};

/// A request that is let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The token's id.
    pub token_id: TokenId,
    /// The token's name.
    pub token_name: String,
    /// Whether it is a super admin's.
    pub super_admin: bool,
    /// Why the request is allowed.
    pub reason: AllowReason,
}

/// A request that is not. The log says which; the client never learns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizeError {
    /// No token at all, decided without reading the table.
    Malformed(TokenError),
    /// No token has this id, or no more.
    Unknown(TokenId),
    /// The id is known, the secret is another.
    SecretMismatch(TokenId),
    /// The secret is right, and its time is over.
    Expired(TokenId),
    /// The token is valid and does not reach this far.
    NotPermitted(TokenId, DenyReason),
    /// The table gave no answer, or no readable one: nobody gets in.
    Failed(TokenId, String),
}

impl TokenService {
    /// Authorizes a request that presents `credential`: one consistent read of one item, none for garbage.
    ///
    /// # Errors
    /// [`AuthorizeError`], also on every failure.
    pub async fn authorize(
        &self,
        credential: &str,
        request: &RouteRequest,
        now: Timestamp,
    ) -> Result<Authorization, AuthorizeError> {
        let token = Token::parse(credential).map_err(AuthorizeError::Malformed)?;
        let id = token.id();
        let stored = match self.table.get(id, now).await {
            Ok(stored) => stored.ok_or(AuthorizeError::Unknown(id))?,
            Err(error) => return Err(AuthorizeError::Failed(id, error.to_string())),
        };
        if !stored.secret_hash.admits(&token) {
            return Err(AuthorizeError::SecretMismatch(id));
        }
        let record = stored.record;
        if record.status(now) == Status::Expired {
            return Err(AuthorizeError::Expired(id));
        }
        match decide(&record.permissions, self.rules(), request) {
            Decision::Deny(reason) => Err(AuthorizeError::NotPermitted(id, reason)),
            Decision::Allow(reason) => Ok(Authorization {
                token_id: id,
                token_name: record.name.as_str().to_owned(),
                super_admin: record.permissions == Permissions::SuperAdmin,
                reason,
            }),
        }
    }
}

impl AuthorizeError {
    /// Its code in the log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::Unknown(_) => "unknown",
            Self::SecretMismatch(_) => "secret-mismatch",
            Self::Expired(_) => "expired",
            Self::NotPermitted(_, DenyReason::UnsafePath) => "unsafe-path",
            Self::NotPermitted(..) => "not-permitted",
            Self::Failed(..) => "failed",
        }
    }

    /// The presented token's id, which is public.
    pub fn token_id(&self) -> Option<TokenId> {
        match self {
            Self::Malformed(_) => None,
            Self::Unknown(id) | Self::SecretMismatch(id) | Self::Expired(id) => Some(*id),
            Self::NotPermitted(id, _) | Self::Failed(id, _) => Some(*id),
        }
    }

    /// What the log says beside the code.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Malformed(error) => Some(error.to_string()),
            Self::NotPermitted(_, reason) => Some(reason.to_string()),
            Self::Failed(_, cause) => Some(cause.clone()),
            Self::Unknown(_) | Self::SecretMismatch(_) | Self::Expired(_) => None,
        }
    }
}
