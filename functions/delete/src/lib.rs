//! `DELETE /v1/tokens/{id}`: the token stops working at once, and its name is free again.

use lambda_http::Request;
use shared::domain::time::Timestamp;
use shared::http::{self, HttpResult};
use shared::service::TokenService;

/// Returns 204.
///
/// # Errors
/// `token-not-found`, `version-conflict`, and the errors common to all operations: the caller is not permitted, a query
/// parameter is invalid, or the table is unavailable.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    let caller = http::super_admin(&event)?;
    http::no_query(&event)?;
    let (id, precondition) = (http::id(&event)?, http::precondition(&event));
    service.delete(&caller, id, &precondition, now).await?;
    Ok(http::no_content())
}
