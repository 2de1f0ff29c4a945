//! `POST /v1/tokens`: generates a token and reveals it, once.

use lambda_http::Request;
use serde_json::Value;
use shared::domain::description::Description;
use shared::domain::document::Object;
use shared::domain::expiration::ExpirationPolicy;
use shared::domain::grant::Permissions;
use shared::domain::name::TokenName;
use shared::domain::time::Timestamp;
use shared::domain::violation::{Pointer, Violations};
use shared::http::{self, ContentType, HttpResult};
use shared::service::TokenService;
use shared::service::generate::NewToken;

/// Answers 201 with the record and its token.
///
/// # Errors
/// Every problem of the management API but those of an existing token.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    let caller = http::super_admin(&event)?;
    let new = read(&http::body(&event, ContentType::Json)?, &service.expirations(now))?;
    let issued = service.generate(&caller, new, now).await?;
    Ok(http::created(issued, now))
}

fn read(body: &Value, expirations: &ExpirationPolicy) -> Result<NewToken, Violations> {
    let mut violations = Violations::default();
    let new = read_members(body, expirations, &mut violations);
    violations.none_or(new)
}

fn read_members(
    body: &Value,
    expirations: &ExpirationPolicy,
    violations: &mut Violations,
) -> Option<NewToken> {
    let mut body = Object::begin(body, &Pointer::root(), violations)?;
    let name = body.required("name", violations).and_then(|member| {
        let text = member.text(violations)?;
        violations.check(&member.pointer, TokenName::parse(text))
    });
    let description = body.member("description").optional(violations, Description::parse);
    let expires_at = expirations.read(&mut body, violations);
    let permissions = body
        .required("permissions", violations)
        .and_then(|member| Permissions::read(member.value?, &member.pointer, violations));
    body.finish(violations);
    Some(NewToken { name: name?, description, expires_at: expires_at?, permissions: permissions? })
}
