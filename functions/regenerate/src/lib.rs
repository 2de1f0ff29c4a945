//! `POST /v1/tokens/{id}/regenerate`: sets a new secret and a new expiration. The old secret stops working at once, or
//! after a grace period. During the grace period, `POST /v1/tokens/{id}/rollback` undoes the regeneration, and
//! `DELETE /v1/tokens/{id}/previous` ends the grace period early. `POST /v1/tokens/self/regenerate` is for a token that may
//! regenerate itself.

use lambda_http::Request;
use shared::domain::expiration::ExpirationPolicy;
use shared::domain::time::Timestamp;
use shared::http::{self, ContentType, Fields, HttpResult, Rejected};
use shared::service::regenerate::Renewal;
use shared::service::{Error, TokenService};

/// The longest grace period in seconds: a week.
const MAX_GRACE: u32 = 7 * 24 * 60 * 60;

/// The default grace period in seconds of a token that regenerates itself: an hour. If the response with the new secret is
/// lost, the old secret still works for that time, in which a super admin can roll back. The old secret cannot regenerate the
/// token again.
const DEFAULT_SELF_GRACE: u32 = 60 * 60;

/// Returns 200 with the record, and with the new token if there is one.
///
/// # Errors
/// `token-not-found`, `version-conflict`, `grace-period-open`, `no-previous-secret`, `contended`, an invalid body, and the errors
/// common to all operations: the caller is not permitted, a query parameter is invalid, or the table is unavailable.
pub async fn handle(service: &TokenService, event: Request, now: Timestamp) -> HttpResult {
    match http::last_segment(&event) {
        "rollback" => roll_back(service, &event, now).await,
        "previous" => end_previous(service, &event, now).await,
        _ if !http::has_id(&event) => regenerate_self(service, &event, now).await,
        _ => regenerate(service, &event, now).await,
    }
}

async fn regenerate(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    let caller = http::super_admin(event)?;
    http::no_query(event)?;
    let policy = service.expiration_policy(&caller, now);
    let (id, precondition) = (http::id(event)?, http::precondition(event));
    let renewal =
        http::optional_body(event, ContentType::Json, |fields| renewal(fields, &policy, 0))?;
    let issued = service.regenerate(&caller, id, renewal, &precondition, now).await?;
    Ok(http::issued(issued, now))
}

async fn regenerate_self(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    let caller = http::any_caller(event)?;
    http::no_query(event)?;
    let policy = service.expiration_policy(&caller.caller, now);
    let precondition = http::precondition(event);
    let (renewal, member) = http::optional_body(event, ContentType::Json, |fields| {
        let member = if fields.contains("expiresInDays") { "expiresInDays" } else { "expiresAt" };
        Ok((renewal(fields, &policy, DEFAULT_SELF_GRACE)?, member))
    })?;
    let issued = service.regenerate_self(&caller, renewal, &precondition, now).await;
    // The service does not know which member of the body set the expiration.
    let issued = issued.map_err(|error| match error {
        Error::Invalid(violation) => Error::Invalid(violation.at(member)),
        error => error,
    });
    Ok(http::issued(issued?, now))
}

async fn roll_back(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    let caller = http::super_admin(event)?;
    http::no_query(event)?;
    let (id, precondition) = (http::id(event)?, http::precondition(event));
    let record = service.roll_back(&caller, id, &precondition, now).await?;
    Ok(http::record(&record, now))
}

async fn end_previous(service: &TokenService, event: &Request, now: Timestamp) -> HttpResult {
    let caller = http::super_admin(event)?;
    http::no_query(event)?;
    let (id, precondition) = (http::id(event)?, http::precondition(event));
    let record = service.end_previous(&caller, id, &precondition, now).await?;
    Ok(http::record(&record, now))
}

fn renewal(
    fields: &mut Fields<'_>,
    policy: &ExpirationPolicy,
    default_grace: u32,
) -> Result<Renewal, Rejected> {
    let expiration = fields.expiration(policy);
    let grace_seconds = fields.seconds("gracePeriodSeconds", MAX_GRACE);
    Ok(Renewal { expiration: expiration?, grace_seconds: grace_seconds?.unwrap_or(default_grace) })
}
