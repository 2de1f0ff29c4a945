//! Authorize: whether a token is valid and permits a request.

use super::verify::VerifiedToken;
use super::{Error, TokenService};
use crate::domain::decision::{AllowReason, Decision, DenyReason, decide};
use crate::domain::grant::Permissions;
use crate::domain::id::TokenId;
use crate::domain::route::RouteRequest;
use crate::domain::time::Timestamp;
use crate::domain::token::TokenError;
use crate::domain::usage::Generation;

/// An allowed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The token's id.
    pub token_id: TokenId,
    /// The token's name.
    pub token_name: String,
    /// Whether the token is a super-admin token.
    pub super_admin: bool,
    /// Who is responsible for the token.
    pub owner: Option<String>,
    /// When the secret that was presented stops working. `None` means never.
    pub expires_at: Option<Timestamp>,
    /// Whether the secret that was presented is the previous one, in its grace period.
    pub is_previous_secret: bool,
    /// The generation of the secret that was presented, on a route on which a token acts on itself. `None` on other routes.
    pub generation: Option<Generation>,
    /// Why the request is allowed.
    pub reason: AllowReason,
}

/// What is known about the client whose request is authorized.
#[derive(Clone, Copy, Debug, Default)]
pub struct Client<'a> {
    /// The address of the client, as the gateway saw it, or as the service that introspects reports it.
    pub source_ip: Option<&'a str>,
}

/// Why a request is not allowed: it is denied, or [`Self::Failed`]. The reason is only logged; the client does not learn it.
#[derive(Debug)]
pub enum AuthorizeError {
    /// The credential is not a token. The table is not read.
    Malformed(TokenError),
    /// No token with this id exists.
    Unknown(TokenId),
    /// The token exists, but the secret is neither its current one nor a previous one in its grace period.
    SecretMismatch(TokenId),
    /// The secret matches, but the token has expired.
    Expired(TokenId),
    /// The secret matches, but the token is limited to other addresses than the client's.
    WrongAddress(TokenId),
    /// The token is valid, but does not permit this request.
    NotPermitted(TokenId, DenyReason),
    /// The table failed, or the token's item is unreadable. The request is not allowed.
    Failed(TokenId, Error),
}

impl TokenService {
    /// Authorizes a request that presents `credential`, with one consistent read of one item. If the request is allowed, writes
    /// the use of the secret when it is due. A failure of this write does not change the decision.
    ///
    /// # Errors
    /// [`AuthorizeError`], for a denial as well as for a failure of the table.
    pub async fn authorize(
        &self,
        credential: &str,
        request: &RouteRequest,
        client: Client<'_>,
        now: Timestamp,
    ) -> Result<Authorization, AuthorizeError> {
        let VerifiedToken { stored, secret } = self.verify(credential, client, now).await?;
        let (id, record) = (stored.record.id, &stored.record);
        let reason = match decide(&record.permissions, self.rules(), request) {
            Decision::Deny(reason) => return Err(AuthorizeError::NotPermitted(id, reason)),
            Decision::Allow(reason) => reason,
        };
        let route = request.route.as_deref().map(|route| (request.method.as_str(), route));
        self.write_use_if_due(id, secret.generation, route, client, now).await;
        Ok(Authorization {
            token_id: id,
            token_name: record.name.as_str().to_owned(),
            super_admin: record.permissions == Permissions::SuperAdmin,
            owner: record.owner.as_ref().map(|owner| owner.as_str().to_owned()),
            expires_at: secret.expires_at,
            is_previous_secret: secret.is_previous,
            generation: request.acts_on_caller().then_some(secret.generation),
            reason,
        })
    }
}

impl AuthorizeError {
    /// Returns whether the secret was found to match. Otherwise the client may know only the token's id.
    pub fn is_secret_proven(&self) -> bool {
        matches!(self, Self::Expired(_) | Self::WrongAddress(_) | Self::NotPermitted(..))
    }

    /// Returns the code that is logged as `outcome`.
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

    /// Returns what is logged as `detail`.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Malformed(error) => Some(error.to_string()),
            Self::NotPermitted(_, reason) => Some(reason.to_string()),
            Self::Failed(_, cause) => Some(cause.to_string()),
            Self::Unknown(_)
            | Self::SecretMismatch(_)
            | Self::Expired(_)
            | Self::WrongAddress(_) => None,
        }
    }
}
