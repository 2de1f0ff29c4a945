//! `GET /v1/tokens/{id}/events`: the events of one token. `GET /v1/events`: the events of a range of days.

mod query;

use lambda_http::Request;
use shared::domain::time::Timestamp;
use shared::http::{self, HttpResult};
use shared::service::TokenService;

/// Returns 200 with a page of events.
///
/// # Errors
/// `invalid-query`, `token-not-found`, and the problems that all management functions can return.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    if http::has_id(&event) {
        token_events(service, &event, now).await
    } else {
        day_events(service, &event, now).await
    }
}

async fn token_events(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    http::super_admin(event)?;
    let request = query::token_events(event)?;
    let page = service.token_events(&request, now).await?;
    Ok(http::token_events(&page, &request))
}

async fn day_events(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    http::super_admin(event)?;
    let request = query::day_events(event, now)?;
    let (page, next) = service.day_events(&request, now).await?;
    Ok(http::day_events(&page, next.as_ref(), &request.range))
}
