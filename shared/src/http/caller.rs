//! The caller, as the authorizer reported it to API Gateway.

use super::HttpError;
use crate::domain::event::Caller;
use crate::domain::id::TokenId;
use crate::domain::record::Actor;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use serde_json::Value;

/// Returns the caller of a management route, who must be a super admin.
///
/// Every handler calls this first, so a route that is deployed without its authorizer denies everybody.
///
/// # Errors
/// `unauthenticated` if no authorizer reported a caller. `forbidden` if `superAdmin` is anything but JSON `true` (in
/// payload 1.0, the string `true`).
pub fn super_admin(event: &Request) -> Result<Caller, HttpError> {
    let Identity { actor, super_admin } = identity(event)?;
    if !super_admin {
        return Err(HttpError::Forbidden);
    }
    if actor.is_bootstrap() {
        // A direct invocation has no client, and only Lambda knows its id.
        let request_id = event.lambda_context_ref().map(|context| context.request_id.clone());
        return Ok(Caller { actor, source_ip: None, request_id });
    }
    let (source_ip, request_id) = match event.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            (context.http.source_ip.clone(), context.request_id.clone())
        }
        Some(RequestContext::ApiGatewayV1(context)) => {
            (context.identity.source_ip.clone(), context.request_id.clone())
        }
        _ => (None, None),
    };
    Ok(Caller { actor, source_ip, request_id })
}

/// Returns the caller's token id for the log.
pub(crate) fn token_id(event: &Request) -> Option<TokenId> {
    identity(event).ok()?.actor.id
}

struct Identity {
    actor: Actor,
    super_admin: bool,
}

fn identity(event: &Request) -> Result<Identity, HttpError> {
    // Payload 1.0 passes every value as a string.
    let (authorizer, yes) = match event.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            (context.authorizer.as_ref(), Value::Bool(true))
        }
        Some(RequestContext::ApiGatewayV1(context)) => (Some(&context.authorizer), "true".into()),
        _ => (None, Value::Null),
    };
    let fields = &authorizer.ok_or(HttpError::Unauthenticated)?.fields;
    let super_admin = *fields.get("superAdmin").ok_or(HttpError::Unauthenticated)? == yes;
    let id = match fields.get("tokenId") {
        None | Some(Value::Null) => None,
        // Our authorizer never reports a malformed id.
        Some(id) => Some(id.as_str().and_then(TokenId::parse).ok_or(HttpError::Unauthenticated)?),
    };
    let name = match fields.get("tokenName") {
        None | Some(Value::Null) if id.is_none() => "bootstrap".to_owned(),
        name => name.and_then(Value::as_str).ok_or(HttpError::Unauthenticated)?.to_owned(),
    };
    Ok(Identity { actor: Actor { id, name }, super_admin })
}
