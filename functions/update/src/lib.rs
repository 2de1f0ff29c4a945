//! `PATCH /v1/tokens/{id}`: changes the description, the owner, the permissions, the allowed addresses and `selfRegenerate`
//! of a token. The body is a merge patch (RFC 7396), except that `permissions` is replaced as a whole.

use lambda_http::Request;
use shared::domain::description::Description;
use shared::domain::owner::Owner;
use shared::domain::patch::TokenPatch;
use shared::domain::permission::Vocabulary;
use shared::domain::time::Timestamp;
use shared::http::{self, ContentType, Fields, HttpResult, Rejected};
use shared::service::TokenService;

const FIXED_NAME: &str = "never changes; generate a token with the new name instead";
const FIXED_EXPIRATION: &str =
    "cannot be updated; use `POST /v1/tokens/{id}/regenerate` to set a new expiration";

/// Returns 200 with the record after the update.
///
/// # Errors
/// `token-not-found`, `version-conflict`, `contended`, an invalid body, and the errors common to all operations: the caller is
/// not permitted, a query parameter is invalid, or the table is unavailable.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    let caller = http::super_admin(&event)?;
    http::no_query(&event)?;
    let (id, precondition) = (http::id(&event)?, http::precondition(&event));
    let patch = http::body(&event, ContentType::MergePatch, |fields| {
        token_patch(fields, service.vocabulary())
    })?;
    let record = service.update(&caller, id, patch, &precondition, now).await?;
    Ok(http::record(&record, now))
}

fn token_patch(fields: &mut Fields<'_>, vocabulary: &Vocabulary) -> Result<TokenPatch, Rejected> {
    let description = fields.patch("description", Description::parse);
    let owner = fields.patch("owner", Owner::parse);
    let permissions =
        fields.contains("permissions").then(|| fields.permissions(vocabulary)).transpose();
    let (allowed_ips, self_regenerate) = (fields.allowed_ips(), fields.flag("selfRegenerate"));
    fields.forbid("name", "immutable", FIXED_NAME);
    fields.forbid("expiresAt", "immutable", FIXED_EXPIRATION);
    fields.forbid("expiresInDays", "immutable", FIXED_EXPIRATION);
    Ok(TokenPatch {
        description: description?,
        owner: owner?,
        permissions: permissions?,
        allowed_ips: allowed_ips?,
        self_regenerate: self_regenerate?,
    })
}
