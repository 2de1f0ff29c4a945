//! The console, a web page to manage tokens. This function only serves the files in `dist/` and the vocabulary of permissions;
//! it has no secret and no access to the table. The page calls the API with the token that its user enters.

mod asset;
mod permissions;

use crate::asset::Asset;
use lambda_http::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::http::{HeaderName, HeaderValue, Method, StatusCode};
use lambda_http::{Body, Request, RequestExt, Response};
use shared::runtime::ConsoleConfig;

/// The content security policy. The page can send requests only to its own server: for its script, style and icon, and to
/// the API. Other pages cannot frame it. Trusted types are required, and no policy for them is allowed, so text never becomes
/// markup or script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// Returns the page for `/console`, and one of its files, or 404, for `/console/{asset+}`. Redirects `/console/` to
/// `/console`. Returns 405 for methods other than `GET` and `HEAD`.
pub fn handle(config: &ConsoleConfig, event: &Request) -> Response<Body> {
    match *event.method() {
        Method::GET => get(config, event),
        Method::HEAD => without_body(get(config, event)),
        _ => {
            let mut response = respond(StatusCode::METHOD_NOT_ALLOWED, Body::Empty);
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            response
        }
    }
}

/// Removes the body of a response to `GET`. `Content-Length` remains the length of that body.
fn without_body(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    if parts.status == StatusCode::OK {
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    Response::from_parts(parts, Body::Empty)
}

fn get(config: &ConsoleConfig, event: &Request) -> Response<Body> {
    let parameters = event.path_parameters_ref();
    let asset = match parameters.and_then(|parameters| parameters.first("asset")) {
        // API Gateway may match `/console/` with the route `/console` or `/console/{asset+}`.
        None | Some("") if event.raw_http_path().ends_with('/') => {
            // The target is relative, because the API may have a stage or a base path. The redirect is necessary, because
            // the links in the page are relative to `/console`.
            let mut response = respond(StatusCode::PERMANENT_REDIRECT, Body::Empty);
            response.headers_mut().insert(LOCATION, HeaderValue::from_static("../console"));
            return response;
        }
        None => Some(Asset::page(config)),
        Some("permissions.json") => Some(Asset::permissions(config.vocabulary)),
        Some(name) => Asset::find(name),
    };
    let Some(asset) = asset else {
        return respond(StatusCode::NOT_FOUND, Body::Empty);
    };
    serve(&asset, event)
}

/// Returns an asset, or 304 if the browser already has it (RFC 9110, section 13.1.2).
fn serve(asset: &Asset, event: &Request) -> Response<Body> {
    let header =
        |name| event.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_cached = header(IF_NONE_MATCH)
        .split(',')
        .any(|tag| tag.trim().trim_start_matches("W/") == asset.etag());
    let gzip = asset.gzip.filter(|_| accepts_gzip(header(ACCEPT_ENCODING)));
    let mut response = match (is_cached, gzip) {
        (true, _) => respond(StatusCode::NOT_MODIFIED, Body::Empty),
        (false, Some(gzip)) => respond(StatusCode::OK, Body::Binary(gzip.to_vec())),
        (false, None) => respond(StatusCode::OK, Body::Text(asset.text.to_string())),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    if gzip.is_some() && !is_cached {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    // Weak, because the compressed text has the same tag (RFC 9110, section 8.8.1).
    if let Ok(tag) = HeaderValue::from_str(&format!("W/{}", asset.etag())) {
        headers.insert(ETAG, tag);
    }
    response
}

/// Returns whether an `Accept-Encoding` header accepts gzip (RFC 9110, section 12.5.3). A weight of 0 rejects it.
fn accepts_gzip(header: &str) -> bool {
    header.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.split_once('=').and_then(|(_, weight)| weight.trim().parse().ok());
        name.trim().eq_ignore_ascii_case("gzip") && weight != Some(0.0)
    })
}

/// Returns a response with the headers that every response has.
fn respond(status: StatusCode, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in [
        // Browsers ask at every visit whether a file has changed, so that a new release is used immediately.
        (CACHE_CONTROL, "no-cache"),
        (VARY, "accept-encoding"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
