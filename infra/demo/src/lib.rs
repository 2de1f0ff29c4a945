//! The demo's function: it returns what it received, including the authorizer's context.

use lambda_http::http::HeaderValue;
use lambda_http::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Request, RequestExt, Response};
use serde_json::json;
use std::collections::BTreeMap;

/// Returns 200 with the method, the path and the authorizer's context, whose members are sorted by name.
pub fn echo(event: &Request) -> Response<Body> {
    let context = match event.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            let fields = context.authorizer.as_ref().map(|authorizer| authorizer.fields.iter());
            fields.map(Iterator::collect::<BTreeMap<_, _>>)
        }
        _ => None,
    };
    let echoed = json!({ "method": event.method().as_str(), "path": event.raw_http_path(), "context": context });
    let mut response = Response::new(Body::Text(echoed.to_string()));
    for (name, value) in [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-store"),
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
