//! The domain's answer in the shape that API Gateway wants, and its line in the log.

use crate::credential::CredentialError;
use crate::event::Event;
use serde_json::{Value, json};
use shared::domain::decision::{Denial, Grounds};
use shared::service::{Authorized, Refusal};
use std::time::Duration;

/// What became of one event.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It is let through.
    Authorized(Authorized),
    /// Its token does not let it through.
    Refused(Refusal),
    /// It has no credential that could be a token.
    NoCredential(CredentialError),
    /// It is no authorizer's event. What is wrong with it is not kept: it could quote the credential.
    NotAnEvent,
}

/// A simple response of payload 2.0. A denial carries no reason.
pub(crate) fn answer(outcome: &Outcome) -> Value {
    let Outcome::Authorized(authorized) = outcome else {
        return json!({ "isAuthorized": false });
    };
    let mut context = json!({
        "tokenId": authorized.token_id.as_str(),
        "tokenName": authorized.token_name,
        "superAdmin": authorized.super_admin,
    });
    if let (Some(grant), Value::Object(members)) = (grant(authorized), &mut context) {
        members.insert("grant".to_owned(), grant.into());
    }
    json!({ "isAuthorized": true, "context": context })
}

/// The number of the deciding grant, from 0; none where no grant was asked.
fn grant(authorized: &Authorized) -> Option<usize> {
    match authorized.grounds {
        Grounds::Grant(index) => Some(index),
        Grounds::SuperAdmin | Grounds::Authenticated => None,
    }
}

impl Outcome {
    /// Writes the line of this request; whatever kept us from an answer is a warning.
    pub(crate) fn log(&self, event: Option<&Event>, duration: Duration) {
        let (request_id, route) = event.map_or(("", ""), |event| {
            (event.request_id(), event.route_key.as_str())
        });
        let (token_id, outcome, detail, grant) = match self {
            Self::Authorized(one) => (Some(one.token_id), "authorized", String::new(), grant(one)),
            Self::Refused(refusal) => (refusal.token_id(), refusal.code(), detail(refusal), None),
            Self::NoCredential(error) => (None, error.code(), String::new(), None),
            Self::NotAnEvent => (None, "not-an-event", String::new(), None),
        };
        let caller = token_id.map(|id| id.to_string());
        let milliseconds = duration.as_secs_f64() * 1e3;
        let function = "authorizer";
        if matches!(self, Self::Refused(Refusal::Failed(..)) | Self::NotAnEvent) {
            tracing::error!(
                function,
                request_id,
                route,
                milliseconds,
                caller,
                outcome,
                detail,
                "request"
            );
        } else {
            tracing::info!(
                function,
                request_id,
                route,
                milliseconds,
                caller,
                outcome,
                detail,
                grant,
                "request"
            );
        }
    }
}

fn detail(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Malformed(error) => error.to_string(),
        Refusal::NotPermitted(_, Denial::SuperAdminOnly) => "for super admins only".to_owned(),
        Refusal::NotPermitted(_, Denial::AmbiguousPath) => "ambiguous path".to_owned(),
        Refusal::NotPermitted(_, Denial::NoRoutesGrant) => "no routes grant covers it".to_owned(),
        Refusal::NotPermitted(_, Denial::Missing(needs)) => format!("missing {}", needs.join(" ")),
        Refusal::Failed(_, cause) => cause.clone(),
        Refusal::Unknown(_) | Refusal::SecretMismatch(_) | Refusal::Expired(_) => String::new(),
    }
}
