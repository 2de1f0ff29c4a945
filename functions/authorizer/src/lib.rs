//! The authorizer, which decides whether a request has a valid token that permits it.
//!
//! If it cannot decide, its invocation fails, so that API Gateway denies the request and Lambda counts an error. It also
//! fails without a credential, if API Gateway expects a policy. The reason of a denial or failure is logged, and never
//! returned to the client.

mod credential;
mod event;
mod headers;
mod outcome;

use event::Event;
use outcome::Outcome;
use serde_json::Value;
use shared::runtime::{AuthorizerConfig, AuthorizerError};
use shared::service::{Client, TokenService};
use std::time::Instant;

/// Returns the response to an event, in the shape that API Gateway expects.
///
/// # Errors
/// - [`AuthorizerError::NoDecision`]: the table failed, the item is unreadable, or the event is not one of API Gateway's.
/// - [`AuthorizerError::Unauthorized`]: API Gateway expects a policy, and the request has no credential. With this error, the
///   client gets 401; with a policy that denies, it would get 403.
pub async fn handle(
    service: &TokenService,
    config: &AuthorizerConfig,
    event: Value,
) -> Result<Value, AuthorizerError> {
    let start = Instant::now();
    let event = Event::parse(event, &config.token_header);
    let outcome = match &event {
        None => Outcome::NotAnEvent,
        Some(event) => authorize(service, config, event).await,
    };
    outcome.log(event.as_ref(), start.elapsed());
    outcome.into_response(event.as_ref())
}

async fn authorize(service: &TokenService, config: &AuthorizerConfig, event: &Event) -> Outcome {
    let credential = match credential::parse(&event.credentials, &config.token_header) {
        Ok(credential) => credential,
        Err(error) => return Outcome::NoCredential(error),
    };
    // Without a request, the path cannot be checked safely. `Event::request` lists the cases.
    let Some(request) = &event.request else {
        return Outcome::UnsafePath;
    };
    let client = Client { source_ip: event.source_ip.as_deref() };
    match service.authorize(credential, request, client, service.now()).await {
        Ok(authorization) => Outcome::Authorized(authorization),
        Err(error) => Outcome::Denied(error),
    }
}
