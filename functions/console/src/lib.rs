//! The console: a page to manage tokens with. It is served as it was built, from `dist/`; the page itself calls the API
//! with the token that its user gives it. There is no secret here, and no table.

mod asset;

use crate::asset::Asset;
use lambda_http::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::http::{HeaderName, HeaderValue, StatusCode};
use lambda_http::{Body, Request, RequestExt, Response};
use shared::runtime::ConsoleConfig;

/// What the page may do: run its own script, wear its own style and call its own server. It cannot be framed, and no
/// text can become markup or script in it (trusted types without any policy).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// Answers `GET /console` with the page, and `GET /console/{asset}` with its parts; 404 for what is none. A browser that
/// has the asset already (RFC 9110, section 13.1.2) is told so with 304.
pub fn handle(config: &ConsoleConfig, event: &Request) -> Response<Body> {
    let name = event.path_parameters_ref().and_then(|parameters| parameters.first("asset"));
    let asset = match name {
        None => Some(Asset::page(config)),
        Some(name) => Asset::named(name),
    };
    let Some(asset) = asset else {
        return answer(StatusCode::NOT_FOUND, Body::Empty);
    };
    let header =
        |name| event.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = header(IF_NONE_MATCH)
        .split(',')
        .any(|tag| tag.trim().trim_start_matches("W/") == asset.tag());
    let packed = asset.packed.filter(|_| header(ACCEPT_ENCODING).contains("gzip"));
    let mut response = match (known, packed) {
        (true, _) => answer(StatusCode::NOT_MODIFIED, Body::Empty),
        (false, Some(packed)) => answer(StatusCode::OK, Body::Binary(packed.to_vec())),
        (false, None) => answer(StatusCode::OK, Body::Text(asset.text.to_string())),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.media));
    if packed.is_some() && !known {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if let Ok(tag) = HeaderValue::from_str(&asset.tag()) {
        headers.insert(ETAG, tag);
    }
    response
}

/// With the headers that every answer has.
fn answer(status: StatusCode, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in [
        // A new release counts at the next visit; what has not changed is not sent again.
        (CACHE_CONTROL, "no-cache"),
        (VARY, "accept-encoding"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
