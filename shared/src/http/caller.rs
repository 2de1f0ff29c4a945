//! Who is calling, as the authorizer told the gateway and the gateway tells us.

use super::HttpError;
use crate::domain::id::TokenId;
use crate::domain::record::Actor;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use serde_json::Value;

/// The caller of a management route, who must be a super admin.
///
/// Every handler asks this itself, first: a route deployed without its authorizer refuses everybody.
///
/// # Errors
/// [`HttpError::Unauthenticated`] where no authorizer has vouched for anybody, [`HttpError::Forbidden`] for a caller
/// whose `superAdmin` is anything but JSON `true` (in payload 1.0: the text `true`).
pub fn super_admin(event: &Request) -> Result<Actor, HttpError> {
    let caller = caller(event)?;
    if caller.super_admin { Ok(caller.actor) } else { Err(HttpError::Forbidden) }
}

/// The caller's token id for the log, if there is one.
pub(crate) fn token_id(event: &Request) -> Option<TokenId> {
    caller(event).ok()?.actor.id
}

struct Caller {
    actor: Actor,
    super_admin: bool,
}

fn caller(event: &Request) -> Result<Caller, HttpError> {
    // Payload 1.0 passes every value on as text.
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
        // An id that is none cannot come from our authorizer.
        Some(id) => Some(id.as_str().and_then(TokenId::parse).ok_or(HttpError::Unauthenticated)?),
    };
    let name = match fields.get("tokenName") {
        None | Some(Value::Null) if id.is_none() => "bootstrap".to_owned(),
        name => name.and_then(Value::as_str).ok_or(HttpError::Unauthenticated)?.to_owned(),
    };
    Ok(Caller { actor: Actor { id, name }, super_admin })
}
