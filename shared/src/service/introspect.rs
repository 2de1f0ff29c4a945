//! Introspect: what a service that is not behind the authorizer may learn about a token that was presented to it.

use super::verify::VerifiedToken;
use super::{AUDIT_TRAIL, AuthorizeError, Client, Error, TokenService};
use crate::domain::decision::{Decision, decide};
use crate::domain::id::TokenId;
use crate::domain::record::Record;
use crate::domain::route::RouteRequest;
use crate::domain::time::Timestamp;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// The minimum duration of an introspection whose result is that the token is not active. Nearly every read of the table
/// is shorter, so the duration does not reveal whether the token was malformed, unknown, expired or had a wrong secret.
const INACTIVE_DURATION: Duration = Duration::from_millis(20);

/// The route that is stored for a use without a request, or whose request matches no rule: the path of such a request is
/// not stored, because it may contain personal data.
const INTROSPECT: (&str, &str) = ("POST", "/v1/introspect");

/// An active token.
#[derive(Clone, Debug, PartialEq)]
pub struct Introspection {
    /// The token's record.
    pub record: Record,
    /// When the secret that was presented was made.
    pub issued_at: Timestamp,
    /// When it stops working. `None` means never.
    pub expires_at: Option<Timestamp>,
    /// The authorizer's decision, if there is a request to decide on.
    pub decision: Option<Decision>,
}

impl TokenService {
    /// Introspects a credential that a client presented to another service, with the request that it sent there. Returns
    /// `None` for everything that the authorizer would deny because of the token itself.
    ///
    /// It counts as a use of the secret, even if the token does not permit the request.
    ///
    /// # Errors
    /// The failures of the table.
    pub async fn introspect(
        &self,
        credential: &str,
        request: Option<&RouteRequest>,
        client: Client<'_>,
        now: Timestamp,
    ) -> Result<Option<Introspection>, Error> {
        let earliest = Instant::now() + INACTIVE_DURATION;
        let VerifiedToken { stored, secret } = match self.verify(credential, client, now).await {
            Ok(token) => token,
            Err(AuthorizeError::Failed(_, error)) => return Err(error),
            Err(reason) => {
                log(reason.token_id(), reason.code(), reason.detail());
                sleep_until(earliest).await;
                return Ok(None);
            }
        };
        let record = stored.record;
        log(Some(record.id), "active", None);
        let route = request
            .and_then(|request| Some((request.method.as_str(), self.rules().find(request)?.path)));
        let route = route.or(Some(INTROSPECT));
        self.write_use_if_due(record.id, secret.generation, route, client, now).await;
        Ok(Some(Introspection {
            decision: request.map(|request| decide(&record.permissions, self.rules(), request)),
            issued_at: secret.issued_at,
            expires_at: secret.expires_at,
            record,
        }))
    }
}

/// Logs the id that was presented, and why the token is not active, which the caller does not learn.
fn log(presented: Option<TokenId>, outcome: &str, detail: Option<String>) {
    let presented = presented.map(|id| id.to_string());
    tracing::info!(target: AUDIT_TRAIL, presented, outcome, detail, "token introspected");
}
