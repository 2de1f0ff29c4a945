//! The outcome of an event: it determines the response to API Gateway and what is logged.

use crate::credential::CredentialError;
use crate::event::{Event, Shape};
use serde_json::{Map, Value, json};
use shared::runtime::{AuthorizerError, telemetry};
use shared::service::{AUDIT_TRAIL, Authorization, AuthorizeError};
use std::time::Duration;
use tracing::Level;

/// The outcome of one event.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The request is allowed.
    Authorized(Authorization),
    /// The token is invalid, does not permit the request, or could not be read.
    Denied(AuthorizeError),
    /// The request has no credential that could be a token.
    NoCredential(CredentialError),
    /// [`Event::request`] is `None`, for example because the path is not UTF-8. The token was not read. A path that is unsafe
    /// for another reason is denied with `DenyReason::UnsafePath`, after the token was read.
    UnsafePath,
    /// The event is not one of API Gateway's.
    NotAnEvent,
}

impl Outcome {
    /// Returns the response. A denial contains no reason.
    ///
    /// # Errors
    /// - [`AuthorizerError::NoDecision`]: the authorizer could not decide.
    /// - [`AuthorizerError::Unauthorized`]: API Gateway expects a policy, and the request has no credential. The client gets
    ///   401, as RFC 6750 section 3 requires; with a policy that denies, it would get 403.
    pub(crate) fn into_response(self, event: Option<&Event>) -> Result<Value, AuthorizerError> {
        let Some(event) = event.filter(|_| self.is_decision()) else {
            return Err(AuthorizerError::NoDecision);
        };
        match (&event.shape, self) {
            (Shape::Policy(_), Self::NoCredential(CredentialError::Absent)) => {
                Err(AuthorizerError::Unauthorized)
            }
            (Shape::Policy(arn), outcome) => Ok(policy(arn, &outcome)),
            (Shape::Simple, Self::Authorized(authorization)) => {
                Ok(json!({ "isAuthorized": true, "context": context(&authorization) }))
            }
            (Shape::Simple, _) => Ok(json!({ "isAuthorized": false })),
        }
    }

    /// Returns whether the authorizer has decided on the request. A failure is not a decision.
    fn is_decision(&self) -> bool {
        !matches!(self, Self::Denied(AuthorizeError::Failed(..)) | Self::NotAnEvent)
    }

    /// Logs the outcome, as an error if it is not a decision.
    pub(crate) fn log(&self, event: Option<&Event>, duration: Duration) {
        let request_id = event.map_or("", |event| event.request_id.as_str());
        let request = event.and_then(|event| event.request.as_ref());
        let route = request
            .and_then(|request| Some(format!("{} {}", request.method, request.route.as_ref()?)));
        let (token_id, outcome, detail) = match self {
            Self::Authorized(one) => (Some(one.token_id), "authorized", None),
            Self::Denied(error) => (error.token_id(), error.code(), error.detail()),
            Self::NoCredential(error) => (None, error.code(), None),
            Self::UnsafePath => (None, "unsafe-path", None),
            Self::NotAnEvent => (None, "not-an-event", None),
        };
        let (grant, secret) = match self {
            Self::Authorized(one) => (one.reason.grant(), secret(one)),
            _ => (None, None),
        };
        let is_proven = match self {
            Self::Authorized(_) => true,
            Self::Denied(error) => error.is_secret_proven(),
            _ => false,
        };
        let id = token_id.map(|id| id.to_string());
        // Anyone can send the id of a token. Only a proven secret shows that the token is the caller.
        let (caller, presented) = if is_proven { (id, None) } else { (None, id) };
        let milliseconds = telemetry::milliseconds(duration);
        let function = "authorizer";
        // A macro, because the level of an event must be a constant.
        macro_rules! log_at {
            ($level:expr) => {
                tracing::event!(
                    target: AUDIT_TRAIL,
                    $level,
                    function,
                    request_id,
                    route,
                    milliseconds,
                    caller,
                    presented,
                    outcome,
                    detail,
                    grant,
                    secret,
                    "request"
                )
            };
        }
        if self.is_decision() { log_at!(Level::INFO) } else { log_at!(Level::ERROR) }
    }
}

/// Returns a policy for this request only. The context contains only strings, because REST APIs would convert numbers and
/// booleans to strings.
fn policy(arn: &str, outcome: &Outcome) -> Value {
    let (effect, principal, context) = match outcome {
        Outcome::Authorized(authorization) => {
            ("Allow", authorization.token_id.as_str(), context(authorization))
        }
        _ => ("Deny", "nobody", Map::new()),
    };
    let to_string = |value: Value| if value.is_string() { value } else { value.to_string().into() };
    let context: Map<_, _> =
        context.into_iter().map(|(name, value)| (name, to_string(value))).collect();
    let statement = json!({ "Action": "execute-api:Invoke", "Effect": effect, "Resource": arn });
    json!({
        "principalId": principal,
        "policyDocument": { "Version": "2012-10-17", "Statement": [statement] },
        "context": context,
    })
}

/// Returns the context about the caller, which API Gateway passes to the function behind the route.
fn context(authorization: &Authorization) -> Map<String, Value> {
    let mut context = Map::new();
    context.insert("tokenId".to_owned(), authorization.token_id.as_str().into());
    context.insert("tokenName".to_owned(), authorization.token_name.as_str().into());
    context.insert("superAdmin".to_owned(), authorization.super_admin.into());
    if let Some(grant) = authorization.reason.grant() {
        context.insert("grant".to_owned(), grant.into());
    }
    if let Some(owner) = &authorization.owner {
        context.insert("owner".to_owned(), owner.as_str().into());
    }
    if let Some(expires_at) = authorization.expires_at {
        context.insert("expiresAt".to_owned(), expires_at.to_string().into());
    }
    if let Some(secret) = secret(authorization) {
        context.insert("secret".to_owned(), secret.into());
    }
    if let Some(generation) = authorization.generation {
        context.insert("generation".to_owned(), generation.into());
    }
    context
}

/// Returns `previous` if the secret that was presented is the previous one.
fn secret(authorization: &Authorization) -> Option<&'static str> {
    authorization.is_previous_secret.then_some("previous")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::domain::decision::{AllowReason, DenyReason};
    use shared::domain::id::TokenId;
    use shared::domain::token::TokenError;
    use shared::service::Error;
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

    /// Returns the level, outcome, caller, presented id, detail, grant and secret that are logged for an outcome.
    fn line(outcome: &Outcome) -> Value {
        LOG.lock().unwrap().clear();
        outcome.log(None, Duration::from_micros(1500));
        let line: Value = serde_json::from_slice(&LOG.lock().unwrap()).unwrap();
        assert_eq!((&line["function"], &line["milliseconds"]), (&json!("authorizer"), &json!(1.5)));
        let members = ["level", "outcome", "caller", "presented", "detail", "grant", "secret"];
        members.iter().map(|name| line[*name].clone()).collect()
    }

    #[test]
    fn each_outcome_is_logged_with_its_level_and_fields() {
        telemetry::start(LevelFilter::INFO, ["authorizer"], || Log);
        let id = TokenId::parse("WRx3zfetJ65842PA").unwrap();
        let authorized = |reason| {
            Outcome::Authorized(Authorization {
                token_id: id,
                token_name: "ci-deployer".to_owned(),
                super_admin: false,
                owner: None,
                expires_at: None,
                is_previous_secret: false,
                generation: None,
                reason,
            })
        };
        let denied = Outcome::Denied;
        let no_credential = Outcome::NoCredential;
        let known = "WRx3zfetJ65842PA";
        let super_admin_only = "the route requires a super-admin token";
        let unsafe_path = "the path contains an unsafe value";
        let mut by_previous_secret = authorized(AllowReason::Grant(0));
        if let Outcome::Authorized(authorization) = &mut by_previous_secret {
            authorization.is_previous_secret = true;
        }
        for (outcome, expected) in [
            (by_previous_secret, json!(["INFO", "authorized", known, null, null, 0, "previous"])),
            (
                authorized(AllowReason::Grant(3)),
                json!(["INFO", "authorized", known, null, null, 3, null]),
            ),
            (
                authorized(AllowReason::Authenticated),
                json!(["INFO", "authorized", known, null, null, null, null]),
            ),
            (
                denied(AuthorizeError::Malformed(TokenError::Length)),
                json!(["INFO", "malformed", null, null, "does not have 70 characters", null, null]),
            ),
            (
                denied(AuthorizeError::Unknown(id)),
                json!(["INFO", "unknown", null, known, null, null, null]),
            ),
            (
                denied(AuthorizeError::SecretMismatch(id)),
                json!(["INFO", "secret-mismatch", null, known, null, null, null]),
            ),
            (
                denied(AuthorizeError::Expired(id)),
                json!(["INFO", "expired", known, null, null, null, null]),
            ),
            (
                denied(AuthorizeError::WrongAddress(id)),
                json!(["INFO", "wrong-address", known, null, null, null, null]),
            ),
            (
                denied(AuthorizeError::NotPermitted(id, DenyReason::SuperAdminOnly)),
                json!(["INFO", "not-permitted", known, null, super_admin_only, null, null]),
            ),
            (
                denied(AuthorizeError::NotPermitted(id, DenyReason::UnsafePath)),
                json!(["INFO", "unsafe-path", known, null, unsafe_path, null, null]),
            ),
            (
                denied(AuthorizeError::Failed(id, Error::Unavailable("no response".to_owned()))),
                json!(["ERROR", "failed", null, known, "unavailable: no response", null, null]),
            ),
            (
                no_credential(CredentialError::Absent),
                json!(["INFO", "no-credential", null, null, null, null, null]),
            ),
            (
                no_credential(CredentialError::Several),
                json!(["INFO", "several-credentials", null, null, null, null, null]),
            ),
            (
                no_credential(CredentialError::TooLong),
                json!(["INFO", "credential-too-long", null, null, null, null, null]),
            ),
            (
                no_credential(CredentialError::Scheme),
                json!(["INFO", "not-a-bearer", null, null, null, null, null]),
            ),
            (Outcome::UnsafePath, json!(["INFO", "unsafe-path", null, null, null, null, null])),
            (Outcome::NotAnEvent, json!(["ERROR", "not-an-event", null, null, null, null, null])),
        ] {
            assert_eq!(line(&outcome), expected);
        }
    }
}
