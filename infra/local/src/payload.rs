//! Converts what a function returns into an HTTP response, as an HTTP API does with payload format 2.0.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use crate::lambda::InvokeError;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

type Result<T> = std::result::Result<T, InvokeError>;

/// The headers that belong to the connection between the client and the gateway, so that a function cannot set them.
const CONNECTION_HEADERS: [&str; 8] = [
    "connection",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The statuses of responses that have no body. A client would read a body as the start of the next response.
const WITHOUT_BODY: [StatusCode; 3] =
    [StatusCode::NO_CONTENT, StatusCode::RESET_CONTENT, StatusCode::NOT_MODIFIED];

/// Converts the JSON that a function has returned.
///
/// # Errors
/// [`InvokeError::Malformed`], to which API Gateway responds 500.
pub(crate) fn into_response(payload: &[u8]) -> Result<Response> {
    let payload: Value =
        serde_json::from_slice(payload).map_err(|_| InvokeError::Malformed("is not JSON"))?;
    let Some(status) = payload.get("statusCode") else {
        let body = payload.as_str().map_or_else(|| payload.to_string(), str::to_owned);
        return Ok(([(CONTENT_TYPE, "application/json")], body).into_response());
    };
    let (status, body) = (status_code(status)?, body(&payload)?);
    let body = if WITHOUT_BODY.contains(&status) { Body::empty() } else { Body::from(body) };
    Ok((status, headers(&payload)?, body).into_response())
}

fn status_code(status: &Value) -> Result<StatusCode> {
    let code = status.as_u64().and_then(|code| u16::try_from(code).ok());
    let code = code.filter(|code| (200..600).contains(code));
    code.and_then(|code| StatusCode::from_u16(code).ok())
        .ok_or(InvokeError::Malformed("has a `statusCode` that is not from 200 to 599"))
}

fn body(payload: &Value) -> Result<Vec<u8>> {
    let text = match payload.get("body") {
        None | Some(Value::Null) => "",
        Some(Value::String(text)) => text,
        Some(_) => return Err(InvokeError::Malformed("has a `body` that is not a string")),
    };
    if payload["isBase64Encoded"] != true {
        return Ok(text.as_bytes().to_vec());
    }
    BASE64_STANDARD
        .decode(text)
        .map_err(|_| InvokeError::Malformed("has a `body` that is not Base64"))
}

fn headers(payload: &Value) -> Result<HeaderMap> {
    let invalid = || InvokeError::Malformed("has an invalid header or cookie");
    let mut headers = HeaderMap::from_iter([(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain;charset=UTF-8"),
    )]);
    for (name, value) in payload["headers"].as_object().into_iter().flatten() {
        let name = HeaderName::try_from(name).map_err(|_| invalid())?;
        if CONNECTION_HEADERS.contains(&name.as_str()) {
            continue;
        }
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        headers.insert(name, HeaderValue::try_from(value).map_err(|_| invalid())?);
    }
    for cookie in payload["cookies"].as_array().into_iter().flatten() {
        let cookie = cookie.as_str().ok_or_else(invalid)?;
        headers.append(SET_COOKIE, HeaderValue::try_from(cookie).map_err(|_| invalid())?);
    }
    Ok(headers)
}
