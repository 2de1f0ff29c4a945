//! The authorizer of API Gateway: is this a valid token, and does it reach this far?
//!
//! It fails closed: whatever is not understood is denied, and the log says why. The client never learns a reason.

mod credential;
mod event;
mod verdict;

use event::Event;
use serde::Deserialize;
use serde_json::Value;
use shared::domain::rule::RULES;
use shared::runtime::AuthorizerConfig;
use shared::service::TokenService;
use std::time::Instant;
use verdict::{Outcome, answer};

/// Answers an authorizer's event, also one that is none, in the shape that the gateway asks for.
pub async fn handle(service: &TokenService, config: &AuthorizerConfig, event: Value) -> Value {
    let start = Instant::now();
    let event = Event::deserialize(event);
    let outcome = match &event {
        Err(_) => Outcome::NotAnEvent,
        Ok(event) => decide(service, config, event).await,
    };
    outcome.log(event.as_ref().ok(), start.elapsed());
    answer(&outcome)
}

async fn decide(service: &TokenService, config: &AuthorizerConfig, event: &Event) -> Outcome {
    let credential = match credential::of(event, &config.token_header) {
        Ok(credential) => credential,
        Err(error) => return Outcome::NoCredential(error),
    };
    let parameters = event.parameters();
    match service
        .authorize(credential, RULES, &event.route_request(&parameters))
        .await
    {
        Ok(authorized) => Outcome::Authorized(authorized),
        Err(refusal) => Outcome::Refused(refusal),
    }
}
