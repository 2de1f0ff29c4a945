//! `PATCH /v1/tokens/{id}`: another description, other permissions. A merge patch (RFC 7396) of these two members,
//! in which `permissions` is replaced as a whole.

use lambda_http::Request;
use serde_json::Value;
use shared::domain::description::Description;
use shared::domain::document::Object;
use shared::domain::grant::Permissions;
use shared::domain::patch::{Patch, TokenPatch};
use shared::domain::time::Timestamp;
use shared::domain::violation::{Pointer, Violations};
use shared::http::{self, ContentType, HttpResult};
use shared::service::TokenService;

const FIXED_NAME: &str = "never changes: generate another token under the other name";
const FIXED_EXPIRATION: &str = "changes only by regenerating: POST /v1/tokens/{id}/regenerate";

/// Answers 200 with the record as it is now.
///
/// # Errors
/// Every problem of the management API but `name-taken`.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    let caller = http::super_admin(&event)?;
    let (id, precondition) = (http::id(&event)?, http::precondition(&event));
    let patch = read(&http::body(&event, ContentType::MergePatch)?)?;
    let record = service.update(&caller, id, patch, &precondition, now).await?;
    Ok(http::record(&record, now))
}

fn read(body: &Value) -> Result<TokenPatch, Violations> {
    let mut violations = Violations::default();
    let patch = read_members(body, &mut violations);
    violations.none_or(patch)
}

fn read_members(body: &Value, violations: &mut Violations) -> Option<TokenPatch> {
    let mut body = Object::begin(body, &Pointer::root(), violations)?;
    let description = body.member("description").change(violations, Description::parse);
    let permissions = body.member("permissions");
    let permissions =
        permissions.value.map(|value| Permissions::read(value, &permissions.pointer, violations));
    body.refuse("name", "immutable", FIXED_NAME, violations);
    body.refuse("expiresAt", "immutable", FIXED_EXPIRATION, violations);
    body.refuse("expiresInDays", "immutable", FIXED_EXPIRATION, violations);
    body.finish(violations);
    // Permissions that could not be read have been noted, so this patch goes nowhere.
    Some(TokenPatch {
        description: description.unwrap_or(Patch::Unchanged),
        permissions: permissions.flatten(),
    })
}
