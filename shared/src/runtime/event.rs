//! Converts API Gateway's events into requests, and responses into the form that API Gateway expects.
//!
//! `lambda_http` could do both, but it builds a URI from host, scheme, path and query, and panics if the URI is invalid.
//! A client could cause that with the header `X-Forwarded-Proto: https,http`. No handler needs a URI, so this module builds
//! none.

use super::telemetry::with_request_id;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use lambda_http::aws_lambda_events::apigw::{
    ApiGatewayProxyRequest, ApiGatewayProxyResponse, ApiGatewayV2httpRequest,
    ApiGatewayV2httpResponse,
};
use lambda_http::aws_lambda_events::query_map::QueryMap;
use lambda_http::http::{HeaderName, HeaderValue};
use lambda_http::lambda_runtime::{self, LambdaEvent};
use lambda_http::request::RequestContext;
use lambda_http::{Body, Error, Request, RequestExt, Response, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The version of API Gateway's payload, which the response must have as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Payload {
    /// REST APIs, and HTTP APIs with payload 1.0.
    V1,
    /// HTTP APIs with payload 2.0.
    V2,
}

/// Why an event cannot be converted. The message does not quote the event, which may contain a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Required fields are missing or have other types.
    #[error("the event is not a request of API Gateway")]
    Format,
    /// `isBase64Encoded` is `true`, but the body is not Base64.
    #[error("the event's body is not Base64")]
    Body,
}

/// Serves requests with `handle` until Lambda ends the process.
pub(super) async fn run<F, Fut>(handle: F) -> Result<(), Error>
where
    F: Fn(Request) -> Fut + Copy + Send + Sync,
    Fut: Future<Output = Response<Body>> + Send,
{
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let LambdaEvent { payload: event, context, .. } = event;
        let id = request_id(&event);
        // Boxed, because the types of the runtime's futures would be too deep for the compiler.
        let work = Box::pin(async move {
            let (payload, request) = convert(event)?;
            let request = request.with_lambda_context(context);
            Ok::<_, Error>(Reply::new(payload, handle(request).await))
        });
        with_request_id(id, work).await
    }))
    .await
}

/// Returns API Gateway's id of the request.
pub(super) fn request_id(event: &Value) -> String {
    let id = event.pointer("/requestContext/requestId").and_then(Value::as_str);
    id.unwrap_or_default().to_owned()
}

/// Converts an event into a request. No header that a client sends can make this fail.
///
/// # Errors
/// [`EventError`].
pub fn request(event: Value) -> Result<Request, EventError> {
    convert(event).map(|(_, request)| request)
}

fn convert(mut event: Value) -> Result<(Payload, Request), EventError> {
    for headers in ["headers", "multiValueHeaders"] {
        if let Some(Value::Object(headers)) = event.get_mut(headers) {
            headers.retain(|name, _| HeaderName::try_from(name).is_ok());
            headers.values_mut().for_each(make_valid);
        }
    }
    if event.get("version").and_then(Value::as_str) == Some("2.0") {
        Ok((Payload::V2, from_v2(read(event)?)?))
    } else {
        Ok((Payload::V1, from_v1(read(event)?)?))
    }
}

fn read<T: DeserializeOwned>(event: Value) -> Result<T, EventError> {
    serde_json::from_value(event).map_err(|_| EventError::Format)
}

/// Replaces control characters, which no header can contain. The header is not removed, because a request without its
/// `If-Match` would be unconditional.
fn make_valid(header: &mut Value) {
    match header {
        Value::String(value) if HeaderValue::from_str(value).is_err() => {
            *value = value.replace(char::is_control, "\u{FFFD}");
        }
        Value::Array(values) => values.iter_mut().for_each(make_valid),
        _ => {}
    }
}

fn from_v2(event: ApiGatewayV2httpRequest) -> Result<Request, EventError> {
    let mut request = Request::new(body(event.body, event.is_base64_encoded)?);
    *request.method_mut() = event.request_context.http.method.clone();
    *request.headers_mut() = event.headers;
    // The raw string is parsed, because the event's map of parameters joins repeated ones by commas.
    let Ok(query) = event.raw_query_string.unwrap_or_default().parse::<QueryMap>();
    Ok(request
        .with_raw_http_path(event.raw_path.unwrap_or_default())
        .with_query_string_parameters(query)
        .with_path_parameters(event.path_parameters)
        .with_request_context(RequestContext::ApiGatewayV2(event.request_context)))
}

fn from_v1(event: ApiGatewayProxyRequest) -> Result<Request, EventError> {
    let mut request = Request::new(body(event.body, event.is_base64_encoded)?);
    *request.method_mut() = event.http_method;
    // The maps of single values contain only the last value of each name.
    let (headers, query) = (event.multi_value_headers, event.multi_value_query_string_parameters);
    *request.headers_mut() = if headers.is_empty() { event.headers } else { headers };
    Ok(request
        .with_raw_http_path(event.path.unwrap_or_default())
        .with_query_string_parameters(if query.is_empty() {
            event.query_string_parameters
        } else {
            query
        })
        .with_path_parameters(event.path_parameters)
        .with_request_context(RequestContext::ApiGatewayV1(event.request_context)))
}

fn body(text: Option<String>, is_base64: bool) -> Result<Body, EventError> {
    match text {
        None => Ok(Body::Empty),
        Some(text) if is_base64 => {
            BASE64_STANDARD.decode(text).map(Body::Binary).map_err(|_| EventError::Body)
        }
        Some(text) => Ok(Body::Text(text)),
    }
}

/// A response in the form that API Gateway expects.
#[derive(Serialize)]
#[serde(untagged)]
enum Reply {
    V1(ApiGatewayProxyResponse),
    V2(ApiGatewayV2httpResponse),
}

impl Reply {
    fn new(payload: Payload, response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let status = i64::from(parts.status.as_u16());
        let is_base64 = matches!(body, Body::Binary(_));
        let body = Some(body).filter(|body| !matches!(body, Body::Empty));
        match payload {
            Payload::V1 => {
                let mut reply = ApiGatewayProxyResponse::default();
                reply.status_code = status;
                reply.multi_value_headers = parts.headers;
                reply.body = body;
                reply.is_base64_encoded = is_base64;
                Self::V1(reply)
            }
            Payload::V2 => {
                let mut reply = ApiGatewayV2httpResponse::default();
                reply.status_code = status;
                reply.headers = parts.headers;
                reply.body = body;
                reply.is_base64_encoded = is_base64;
                Self::V2(reply)
            }
        }
    }
}
