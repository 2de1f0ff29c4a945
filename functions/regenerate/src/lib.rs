//! `POST /v1/tokens/{id}/regenerate`: sets a new secret and a new expiration. The old secret stops working at once.

use lambda_http::Request;
use shared::domain::time::Timestamp;
use shared::http::{self, ContentType, HttpResult};
use shared::service::TokenService;

/// Returns 200 with the record and its new token. Without an expiration in the body, the token keeps its lifetime.
///
/// # Errors
/// All problems of the management API except `name-taken`.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    let caller = http::super_admin(&event)?;
    http::no_query(&event)?;
    let policy = service.expiration_policy(&caller, now);
    let (id, precondition) = (http::id(&event)?, http::precondition(&event));
    let expiration =
        http::optional_body(&event, ContentType::Json, |fields| fields.expiration(&policy))?;
    let issued = service.regenerate(&caller, id, expiration, &precondition, now).await?;
    Ok(http::issued(issued, now))
}
