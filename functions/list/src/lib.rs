//! `GET /v1/tokens`: a page of records. `GET /v1/tokens/{id}`: one record. `GET /v1/tokens/self`: the calling token's record.

mod query;

use lambda_http::Request;
use shared::domain::time::Timestamp;
use shared::http::{self, HttpResult};
use shared::service::TokenService;

/// Returns 200 with a page, or with one record if the path contains an id or `self`.
///
/// # Errors
/// `token-not-found`, and the errors common to all operations: the caller is not permitted, a query parameter is invalid,
/// or the table is unavailable.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    if http::last_segment(&event) == "self" {
        get_self(service, &event, now).await
    } else if http::has_id(&event) {
        get(service, &event, now).await
    } else {
        list(service, &event, now).await
    }
}

async fn get(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    http::super_admin(event)?;
    http::no_query(event)?;
    let id = http::id(event)?;
    let record = service.get(id, now).await?;
    Ok(http::record(&record, now))
}

async fn get_self(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    let caller = http::any_caller(event)?;
    http::no_query(event)?;
    let record = service.get(caller.token_id, now).await?;
    Ok(http::record(&record, now))
}

async fn list(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    http::super_admin(event)?;
    let request = query::parse(event)?;
    let page = service.list(&request, now).await?;
    Ok(http::page(&page, &request.filter, now))
}
