//! The caller, as the authorizer reported it to API Gateway.

use super::HttpError;
use crate::domain::event::{Caller, TokenCaller};
use crate::domain::id::TokenId;
use crate::domain::record::Actor;
use crate::domain::usage::Generation;
use crate::service::Error;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use serde_json::Value;

/// Returns the caller of a management route, who must be a super admin.
///
/// The handler of such a route calls this first, so without an authorizer the route rejects every request.
///
/// # Errors
/// The problem `unauthenticated` if no authorizer reported a caller. The problem `forbidden` if `superAdmin` is anything but JSON
/// `true` (in payload 1.0, the string `true`).
pub fn super_admin(event: &Request) -> Result<Caller, HttpError> {
    let Identity { actor, super_admin, .. } = identity(event)?;
    if !super_admin {
        return Err(HttpError::Forbidden);
    }
    if actor.is_bootstrap() {
        // A direct invocation did not pass through API Gateway: it has no client, and its request id is Lambda's.
        let request_id = event.lambda_context_ref().map(|context| context.request_id.clone());
        return Ok(Caller { actor, source_ip: None, request_id });
    }
    let Client { source_ip, request_id } = client(event);
    Ok(Caller { actor, source_ip, request_id })
}

/// Returns the caller of a route on which any valid token may act on itself, such as `DELETE /v1/tokens/self`.
///
/// # Errors
/// The problem `unauthenticated` if no authorizer reported a caller. The problem `forbidden` for a direct invocation, which has
/// no token.
pub fn any_caller(event: &Request) -> Result<TokenCaller, HttpError> {
    let Identity { actor, generation, .. } = identity(event)?;
    let no_token = Error::Forbidden("A direct invocation has no token of its own.");
    let token_id = actor.id.ok_or(no_token)?;
    let Client { source_ip, request_id } = client(event);
    let caller = Caller { actor, source_ip, request_id };
    Ok(TokenCaller { caller, token_id, generation })
}

/// Checks the caller of a route that is open to `routes` grants: the caller must be a super admin, or a grant must have
/// allowed the request.
///
/// # Errors
/// The problem `unauthenticated` if no authorizer reported a caller. The problem `forbidden` if the authorizer reported neither.
pub fn granted_caller(event: &Request) -> Result<(), HttpError> {
    let Identity { super_admin, has_grant, .. } = identity(event)?;
    if super_admin || has_grant {
        return Ok(());
    }
    Err(Error::Forbidden("This requires a `routes` grant for the route, or a super admin.").into())
}

/// The client of a request, as API Gateway saw it.
pub struct Client {
    /// Its address.
    pub source_ip: Option<String>,
    /// API Gateway's id of the request.
    pub request_id: Option<String>,
}

/// Returns the client of a request.
pub fn client(event: &Request) -> Client {
    let (source_ip, request_id) = match event.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            (context.http.source_ip.clone(), context.request_id.clone())
        }
        Some(RequestContext::ApiGatewayV1(context)) => {
            (context.identity.source_ip.clone(), context.request_id.clone())
        }
        _ => (None, None),
    };
    Client { source_ip, request_id }
}

/// Returns the caller's token id for the log.
pub(crate) fn token_id(event: &Request) -> Option<TokenId> {
    identity(event).ok()?.actor.id
}

/// What the authorizer reported about the caller.
struct Identity {
    actor: Actor,
    super_admin: bool,
    /// Whether a grant allowed the request.
    has_grant: bool,
    generation: Option<Generation>,
}

fn identity(event: &Request) -> Result<Identity, HttpError> {
    // Payload 1.0 passes every value as a string.
    let (authorizer, true_value) = match event.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            (context.authorizer.as_ref(), Value::Bool(true))
        }
        Some(RequestContext::ApiGatewayV1(context)) => (Some(&context.authorizer), "true".into()),
        _ => (None, Value::Null),
    };
    let fields = &authorizer.ok_or(HttpError::Unauthenticated)?.fields;
    let super_admin = *fields.get("superAdmin").ok_or(HttpError::Unauthenticated)? == true_value;
    let id = match fields.get("tokenId") {
        None | Some(Value::Null) => None,
        // Our authorizer never reports a malformed id.
        Some(id) => Some(id.as_str().and_then(TokenId::parse).ok_or(HttpError::Unauthenticated)?),
    };
    let name = match fields.get("tokenName") {
        None | Some(Value::Null) if id.is_none() => "bootstrap".to_owned(),
        name => name.and_then(Value::as_str).ok_or(HttpError::Unauthenticated)?.to_owned(),
    };
    // A number is a JSON number, or in payload 1.0 a string of digits.
    let number = |name: &str| {
        let value = fields.get(name)?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    };
    Ok(Identity {
        actor: Actor { id, name },
        super_admin,
        has_grant: number("grant").is_some(),
        generation: number("generation").and_then(|number| number.try_into().ok()),
    })
}
