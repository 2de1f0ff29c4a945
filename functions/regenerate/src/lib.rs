//! `POST /v1/tokens/{id}/regenerate`: a new secret and a new expiration. The old secret fails from then on.

use lambda_http::Request;
use serde_json::Value;
use shared::domain::document::Object;
use shared::domain::expiration::ExpirationPolicy;
use shared::domain::time::Timestamp;
use shared::domain::violation::{Pointer, Violations};
use shared::http::{self, ContentType, HttpResult};
use shared::service::TokenService;

/// Answers 200 with the record and its new token. No body means `{}`: 30 days from now.
///
/// # Errors
/// Every problem of the management API but `name-taken`.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    let caller = http::super_admin(&event)?;
    let (id, precondition) = (http::id(&event)?, http::precondition(&event));
    let expires_at =
        read(&http::body_or_empty(&event, ContentType::Json)?, &service.expirations(now))?;
    let issued = service.regenerate(&caller, id, expires_at, &precondition, now).await?;
    Ok(http::issued(issued, now))
}

fn read(body: &Value, expirations: &ExpirationPolicy) -> Result<Option<Timestamp>, Violations> {
    let mut violations = Violations::default();
    let expires_at = Object::begin(body, &Pointer::root(), &mut violations).and_then(|mut body| {
        let expires_at = expirations.read(&mut body, &mut violations);
        body.finish(&mut violations);
        expires_at
    });
    violations.none_or(expires_at)
}
