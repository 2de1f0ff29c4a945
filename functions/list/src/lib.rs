//! `GET /v1/tokens`: a page of records. `GET /v1/tokens/{id}`: one.

mod query;

use lambda_http::{Request, RequestExt};
use shared::domain::time::Timestamp;
use shared::http::{self, HttpResult};
use shared::service::TokenService;

/// Answers 200 with a page, or with one record where the path names it.
///
/// # Errors
/// `invalid-query`, `token-not-found`, and the problems of every caller and table.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    http::super_admin(&event)?;
    if event.path_parameters_ref().is_some_and(|parameters| parameters.first("id").is_some()) {
        return one(service, &event, now).await;
    }
    let request = query::read(&event)?;
    let page = service.list(&request, now).await?;
    Ok(http::page(&page, &request.filter, now))
}

async fn one(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    http::query(event, &[])?;
    let record = service.get(http::id(event)?, now).await?;
    Ok(http::record(&record, now))
}
