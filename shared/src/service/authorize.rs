//! Authorize: whether a token is valid and permits a request.

use super::TokenService;
use crate::domain::decision::{AllowReason, Decision, DenyReason, decide};
use crate::domain::grant::Permissions;
use crate::domain::id::TokenId;
use crate::domain::record::Status;
use crate::domain::route::RouteRequest;
use crate::domain::time::Timestamp;
use crate::domain::token::{Token, TokenError};

/// An allowed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The token's id.
    pub token_id: TokenId,
    /// The token's name.
    pub token_name: String,
    /// Whether the token is a super-admin token.
    pub super_admin: bool,
    /// Why the request is allowed.
    pub reason: AllowReason,
}

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
    /// The token is valid, but does not permit this request.
    NotPermitted(TokenId, DenyReason),
    /// The table failed, or its item is unreadable, so nobody is allowed.
    Failed(TokenId, String),
}

impl TokenService {
    /// Authorizes a request that presents `credential`, with one consistent read of one item.
    ///
    /// # Errors
    /// [`AuthorizeError`], for a failure too.
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
        if !stored.secret_hash.verify(&token) {
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
    /// Returns whether the secret was compared and matched. Without that, nobody knows whose the id is.
    pub fn is_secret_proven(&self) -> bool {
        matches!(self, Self::Expired(_) | Self::NotPermitted(..))
    }

    /// Returns the code in the log.
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

    /// Returns the id of the presented token, which is public.
    pub fn token_id(&self) -> Option<TokenId> {
        match self {
            Self::Malformed(_) => None,
            Self::Unknown(id) | Self::SecretMismatch(id) | Self::Expired(id) => Some(*id),
            Self::NotPermitted(id, _) | Self::Failed(id, _) => Some(*id),
        }
    }

    /// Returns the detail in the log.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Malformed(error) => Some(error.to_string()),
            Self::NotPermitted(_, reason) => Some(reason.to_string()),
            Self::Failed(_, cause) => Some(cause.clone()),
            Self::Unknown(_) | Self::SecretMismatch(_) | Self::Expired(_) => None,
        }
    }
}
