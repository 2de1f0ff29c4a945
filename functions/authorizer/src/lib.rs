//! The authorizer of API Gateway: is this a valid token, and does it reach this far?
//!
//! It fails closed: whatever is not understood is denied, and the log says why. The client never learns a reason.

mod credential;
mod event;
mod headers;
mod verdict;

use event::Event;
use serde_json::Value;
use shared::runtime::{AuthorizerConfig, Unauthorized};
use shared::service::TokenService;
use std::time::Instant;
use verdict::{Outcome, answer};

/// Answers an authorizer's event, also one that is none, in the shape that the gateway asks for.
///
/// # Errors
/// [`Unauthorized`], where a gateway that takes a policy asked without any credential.
pub async fn handle(
    service: &TokenService,
    config: &AuthorizerConfig,
    event: Value,
) -> Result<Value, Unauthorized> {
    let start = Instant::now();
    let event = Event::read(event, &config.token_header, service.rules());
    let outcome = match &event {
        None => Outcome::NotAnEvent,
        Some(event) => decide(service, config, event).await,
    };
    outcome.log(event.as_ref(), start.elapsed());
    answer(event.as_ref(), &outcome)
}

async fn decide(service: &TokenService, config: &AuthorizerConfig, event: &Event) -> Outcome {
    let credential = match credential::of(&event.credentials, &config.token_header) {
        Ok(credential) => credential,
        Err(error) => return Outcome::NoCredential(error),
    };
    let Some(request) = &event.request else {
        return Outcome::UnsafePath;
    };
    match service.authorize(credential, request, service.now()).await {
        Ok(authorization) => Outcome::Authorized(authorization),
        Err(error) => Outcome::Refused(error),
    }
}
