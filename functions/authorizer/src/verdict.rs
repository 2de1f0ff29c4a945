//! The domain's answer in the shape that API Gateway wants, and its line in the log.

use crate::credential::CredentialError;
use crate::event::{Event, Shape};
use serde_json::{Map, Value, json};
use shared::domain::decision::AllowReason;
use shared::runtime::{Unauthorized, telemetry};
use shared::service::{Authorization, AuthorizeError};
use std::time::Duration;

/// What became of one event.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It is let through.
    Authorized(Authorization),
    /// Its token does not let it through.
    Refused(AuthorizeError),
    /// It has no credential that could be a token.
    NoCredential(CredentialError),
    /// Its path can be read in no way, or would be a pattern in a policy.
    UnsafePath,
    /// It is no authorizer's event.
    NotAnEvent,
}

/// The answer to an event. A reason carries no reason.
///
/// A REST API turns a failure that says exactly `Unauthorized` into its 401, and a policy that denies into its 403;
/// where there is no credential at all it is the 401 that the protocol asks for (RFC 6750 section 3).
pub(crate) fn answer(event: Option<&Event>, outcome: &Outcome) -> Result<Value, Unauthorized> {
    match (event.map(|event| &event.shape), outcome) {
        (Some(Shape::Policy(_)), Outcome::NoCredential(CredentialError::Absent)) => {
            Err(Unauthorized)
        }
        (Some(Shape::Policy(arn)), outcome) => Ok(policy(arn, outcome)),
        (_, Outcome::Authorized(authorized)) => {
            Ok(json!({ "isAuthorized": true, "context": context(authorized) }))
        }
        _ => Ok(json!({ "isAuthorized": false })),
    }
}

/// A policy on this request and no other. Its context holds strings only.
fn policy(arn: &str, outcome: &Outcome) -> Value {
    let (effect, principal, context) = match outcome {
        Outcome::Authorized(authorized) => {
            ("Allow", authorized.token_id.as_str(), context(authorized))
        }
        _ => ("Deny", "nobody", Map::new()),
    };
    let as_text = |value: Value| {
        if value.is_string() { value } else { value.to_string().into() }
    };
    let context: Map<_, _> =
        context.into_iter().map(|(name, value)| (name, as_text(value))).collect();
    let statement = json!({ "Action": "execute-api:Invoke", "Effect": effect, "Resource": arn });
    json!({
        "principalId": principal,
        "policyDocument": { "Version": "2012-10-17", "Statement": [statement] },
        "context": context,
    })
}

/// What the integration learns of the caller.
fn context(authorized: &Authorization) -> Map<String, Value> {
    let mut context = Map::new();
    let mut set = |name: &str, value: Value| context.insert(name.to_owned(), value);
    set("tokenId", authorized.token_id.as_str().into());
    set("tokenName", authorized.token_name.as_str().into());
    set("superAdmin", authorized.super_admin.into());
    if let Some(grant) = grant(authorized) {
        set("grant", grant.into());
    }
    context
}

/// The number of the deciding grant, from 0; none where no grant was asked.
fn grant(authorized: &Authorization) -> Option<usize> {
    match authorized.reason {
        AllowReason::Grant(index) => Some(index),
        AllowReason::SuperAdmin | AllowReason::Authenticated => None,
    }
}

impl Outcome {
    /// Writes the line of this request; whatever kept us from a decision is an error.
    pub(crate) fn log(&self, event: Option<&Event>, duration: Duration) {
        let request_id = event.map_or("", |event| event.request_id.as_str());
        let request = event.and_then(|event| event.request.as_ref());
        let route = request
            .and_then(|request| Some(format!("{} {}", request.method, request.route.as_ref()?)));
        let (token_id, outcome, detail, grant) = match self {
            Self::Authorized(one) => (Some(one.token_id), "authorized", None, grant(one)),
            Self::Refused(error) => (error.token_id(), error.code(), error.detail(), None),
            Self::NoCredential(error) => (None, error.code(), None, None),
            Self::UnsafePath => (None, "unsafe-path", None, None),
            Self::NotAnEvent => (None, "not-an-event", None, None),
        };
        let caller = token_id.map(|id| id.to_string());
        let milliseconds = telemetry::milliseconds(duration);
        let function = "authorizer";
        if matches!(self, Self::Refused(AuthorizeError::Failed(..)) | Self::NotAnEvent) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use shared::domain::decision::DenyReason;
    use shared::domain::id::TokenId;
    use shared::domain::token::TokenError;
    use std::io::Write;
    use std::sync::Mutex;
    use tracing::level_filters::LevelFilter;

    static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

    struct Log;

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            LOG.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// The line of an outcome, as level, outcome, caller, detail and grant.
    fn line(outcome: &Outcome) -> Value {
        LOG.lock().unwrap().clear();
        outcome.log(None, Duration::from_micros(1500));
        let line: Value = serde_json::from_slice(&LOG.lock().unwrap()).unwrap();
        assert_eq!((&line["function"], &line["milliseconds"]), (&json!("authorizer"), &json!(1.5)));
        let members = ["level", "outcome", "caller", "detail", "grant"];
        members.iter().map(|name| line[*name].clone()).collect()
    }

    #[test]
    fn each_outcome_has_its_line_in_the_log() {
        telemetry::start(LevelFilter::INFO, ["authorizer"], || Log);
        let id = TokenId::parse("WRx3zfetJ65842PA").unwrap();
        let authorized = |reason| {
            Outcome::Authorized(Authorization {
                token_id: id,
                token_name: "ci-deployer".to_owned(),
                super_admin: false,
                reason,
            })
        };
        let refused = Outcome::Refused;
        let absent = |error| Outcome::NoCredential(error);
        let known = "WRx3zfetJ65842PA";
        let lacks = "the route is for super admins only";
        let unsafe_path = "the path could be read in more than one way";
        for (outcome, expected) in [
            (authorized(AllowReason::Grant(3)), json!(["INFO", "authorized", known, null, 3])),
            (
                authorized(AllowReason::Authenticated),
                json!(["INFO", "authorized", known, null, null]),
            ),
            (
                refused(AuthorizeError::Malformed(TokenError::Length)),
                json!(["INFO", "malformed", null, "not 70 characters long", null]),
            ),
            (refused(AuthorizeError::Unknown(id)), json!(["INFO", "unknown", known, null, null])),
            (
                refused(AuthorizeError::SecretMismatch(id)),
                json!(["INFO", "secret-mismatch", known, null, null]),
            ),
            (refused(AuthorizeError::Expired(id)), json!(["INFO", "expired", known, null, null])),
            (
                refused(AuthorizeError::NotPermitted(id, DenyReason::SuperAdminOnly)),
                json!(["INFO", "not-permitted", known, lacks, null]),
            ),
            (
                refused(AuthorizeError::NotPermitted(id, DenyReason::UnsafePath)),
                json!(["INFO", "unsafe-path", known, unsafe_path, null]),
            ),
            (
                refused(AuthorizeError::Failed(id, "no answer".to_owned())),
                json!(["ERROR", "failed", known, "no answer", null]),
            ),
            (absent(CredentialError::Absent), json!(["INFO", "no-credential", null, null, null])),
            (
                absent(CredentialError::Several),
                json!(["INFO", "several-credentials", null, null, null]),
            ),
            (
                absent(CredentialError::TooLong),
                json!(["INFO", "credential-too-long", null, null, null]),
            ),
            (absent(CredentialError::Scheme), json!(["INFO", "not-a-bearer", null, null, null])),
            (Outcome::UnsafePath, json!(["INFO", "unsafe-path", null, null, null])),
            (Outcome::NotAnEvent, json!(["ERROR", "not-an-event", null, null, null])),
        ] {
            assert_eq!(line(&outcome), expected);
        }
    }
}
