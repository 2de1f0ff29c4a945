//! `POST /v1/introspect` (RFC 7662): is this token active, and may it send this request? For services that are not behind
//! the authorizer.

use lambda_http::Request;
use shared::domain::network::parse_address;
use shared::domain::route::RouteRequest;
use shared::domain::rules::Rules;
use shared::domain::time::Timestamp;
use shared::http::{self, Form, HttpError, HttpResult};
use shared::service::{Client, TokenService};

const FIELDS: [&str; 4] = ["token", "method", "path", "source_ip"];

/// Returns 200 with the token's state.
///
/// # Errors
/// An invalid form, and the errors common to all operations: the caller is not permitted, a query parameter is invalid, or
/// the table is unavailable.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    http::granted_caller(&event)?;
    http::no_query(&event)?;
    let form = http::form(&event, &FIELDS)?;
    let token = form.required("token")?;
    let request = route_request(&form, service.rules())?;
    let source_ip = form.optional("source_ip", parse_address)?;
    let source_ip = source_ip.map(|address| address.to_canonical().to_string());
    let client = Client { source_ip: source_ip.as_deref() };
    let introspection = service.introspect(token, request.as_ref(), client, now).await?;
    Ok(http::introspection(introspection.as_ref()))
}

/// Returns the request that the token's client sent, if the form has its method and path.
fn route_request(form: &Form, rules: Rules<'_>) -> Result<Option<RouteRequest>, HttpError> {
    let method = form.optional("method", http::parse_method)?;
    let path = form.optional("path", http::parse_path)?;
    match (method, path) {
        (None, None) => Ok(None),
        (Some(method), Some(path)) => Ok(Some(RouteRequest::predict(&method, &path, rules))),
        (Some(_), None) => Err(HttpError::form("path", "is required with `method`")),
        (None, Some(_)) => Err(HttpError::form("method", "is required with `path`")),
    }
}
