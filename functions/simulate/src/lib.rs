//! `POST /v1/tokens/{id}/simulate`: would the authorizer allow this request with this token, and why?
//! `POST /v1/simulate` does the same for the permissions in its body, which need not belong to a token.

use lambda_http::Request;
use shared::domain::grant::Permissions;
use shared::domain::network::parse_address;
use shared::domain::path::EncodedPath;
use shared::domain::route::RouteRequest;
use shared::domain::rules::Rules;
use shared::domain::time::Timestamp;
use shared::domain::violation::Violation;
use shared::http::{self, ContentType, Fields, HttpResult, Rejected};
use shared::service::TokenService;

/// The maximum length of a path in bytes.
const MAX_PATH: usize = 2048;

/// Returns 200 with the decision that the authorizer would make.
///
/// # Errors
/// `token-not-found`, an invalid body, and the errors common to all operations: the caller is not permitted, a query
/// parameter is invalid, or the table is unavailable.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    if http::has_id(&event) {
        simulate_token(service, &event, now).await
    } else {
        simulate_draft(service, &event)
    }
}

async fn simulate_token(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    http::super_admin(event)?;
    http::no_query(event)?;
    let (id, rules) = (http::id(event)?, service.rules());
    let (request, source_ip) = http::body(event, ContentType::Json, |fields| {
        let request = route_request(fields, rules);
        let source_ip = fields.optional("sourceIp", parse_address);
        Ok((request?, source_ip?))
    })?;
    let simulation = service.simulate(id, &request, source_ip, now).await?;
    Ok(http::simulation(&simulation))
}

fn simulate_draft(service: &TokenService, event: &Request) -> HttpResult {
    http::super_admin(event)?;
    http::no_query(event)?;
    let (permissions, request) =
        http::body(event, ContentType::Json, |fields| draft(fields, service))?;
    let simulation = service.simulate_draft(&permissions, &request);
    Ok(http::simulation(&simulation))
}

fn draft(
    fields: &mut Fields<'_>,
    service: &TokenService,
) -> Result<(Permissions, RouteRequest), Rejected> {
    let permissions = fields.permissions(service.vocabulary());
    let request = route_request(fields, service.rules());
    Ok((permissions?, request?))
}

fn route_request(fields: &mut Fields<'_>, rules: Rules<'_>) -> Result<RouteRequest, Rejected> {
    let method = fields.required("method", http::parse_method);
    let path = fields.required("path", parse_path);
    Ok(RouteRequest::new(&method?, path?, rules))
}

/// Parses a path, which must be UTF-8 after percent-decoding.
fn parse_path(text: &str) -> Result<EncodedPath, Violation> {
    let invalid = |detail: String| Violation::new("path", detail);
    if text.len() > MAX_PATH {
        return Err(invalid(format!("must have at most {MAX_PATH} bytes")));
    }
    let path = EncodedPath::new(&http::parse_path(text)?);
    path.ok_or_else(|| invalid("must be UTF-8 after percent-decoding".to_owned()))
}
