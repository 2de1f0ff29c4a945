//! `POST /v1/tokens`: generates a token, which only this response contains.

use lambda_http::Request;
use shared::domain::description::Description;
use shared::domain::expiration::ExpirationPolicy;
use shared::domain::name::TokenName;
use shared::domain::owner::Owner;
use shared::domain::permission::Vocabulary;
use shared::domain::time::Timestamp;
use shared::http::{self, ContentType, Fields, HttpResult, Rejected};
use shared::service::TokenService;
use shared::service::generate::NewToken;

/// Returns 201 with the record and its token.
///
/// # Errors
/// `name-taken`, `contended`, an invalid body, and the errors common to all operations: the caller is not permitted, a query
/// parameter is invalid, or the table is unavailable.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    let caller = http::super_admin(&event)?;
    http::no_query(&event)?;
    let policy = service.expiration_policy(&caller, now);
    let new = http::body(&event, ContentType::Json, |fields| {
        new_token(fields, &policy, service.vocabulary())
    })?;
    let issued = service.generate(&caller, new, now).await?;
    Ok(http::created(issued, now))
}

fn new_token(
    fields: &mut Fields<'_>,
    policy: &ExpirationPolicy,
    vocabulary: &Vocabulary,
) -> Result<NewToken, Rejected> {
    let name = fields.required("name", TokenName::parse);
    let description = fields.optional("description", Description::parse);
    let owner = fields.optional("owner", Owner::parse);
    let expires_at = fields.expiration(policy);
    let permissions = fields.permissions(vocabulary);
    let (allowed_ips, self_regenerate) = (fields.allowed_ips(), fields.flag("selfRegenerate"));
    Ok(NewToken {
        name: name?,
        description: description?,
        owner: owner?,
        expires_at: expires_at?.or_else(|| Some(policy.default_expiration())),
        permissions: permissions?,
        allowed_ips: allowed_ips?.into_value(),
        self_regenerate: self_regenerate?.into_value().unwrap_or_default(),
    })
}
