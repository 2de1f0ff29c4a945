//! `DELETE /v1/tokens/{id}`: the token stops working at once, and its name is free again. `DELETE /v1/tokens/self` and
//! `POST /v1/revoke` are for the holder of a token: it stops working, and stays listed as expired.

use lambda_http::Request;
use shared::domain::time::Timestamp;
use shared::http::{self, HttpResult};
use shared::service::TokenService;

/// Returns 204, or 200 for the form.
///
/// # Errors
/// `token-not-found`, `version-conflict`, an invalid form, and the errors common to all operations: the caller is not
/// permitted, a query parameter is invalid, or the table is unavailable.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    match http::last_segment(&event) {
        "self" => revoke_self(service, &event, now).await,
        "revoke" => revoke(service, &event, now).await,
        _ => delete(service, &event, now).await,
    }
}

async fn delete(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    let caller = http::super_admin(event)?;
    http::no_query(event)?;
    let (id, precondition) = (http::id(event)?, http::precondition(event));
    service.delete(&caller, id, &precondition, now).await?;
    Ok(http::no_content())
}

async fn revoke_self(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    let caller = http::any_caller(event)?;
    http::no_query(event)?;
    service.revoke_self(&caller, &http::precondition(event), now).await?;
    Ok(http::no_content())
}

/// Revokes the token in a form (RFC 7009). The response to an unknown token is the same.
async fn revoke(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    http::no_query(event)?;
    let form = http::form(event, &["token"])?;
    let http::Client { source_ip, request_id } = http::client(event);
    if let Some(token) = form.get("token") {
        service.revoke(token, source_ip, request_id, now).await?;
    }
    Ok(http::empty())
}
