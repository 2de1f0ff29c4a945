//! CORS, as an HTTP API with allowed origins handles it: the responses to preflight requests, and the headers that let a page
//! of another origin read a response.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>

use crate::template::CorsDefinition;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

/// The allowed origins, and the headers that tell a browser what pages of these origins may do.
pub(crate) struct Cors {
    origins: Vec<HeaderValue>,
    /// The headers that only a response to a preflight request has.
    preflight: Vec<(HeaderName, HeaderValue)>,
    /// The names of the response headers that a page may read.
    exposed: HeaderValue,
}

impl Cors {
    /// Applies the template's definition to these origins. Returns `None` if the definition contains an invalid header or
    /// method. `token_header` replaces `TokenHeader`, the template's parameter for the header that contains the token.
    pub(crate) fn new(
        origins: Vec<HeaderValue>,
        definition: &CorsDefinition,
        token_header: &str,
    ) -> Option<Self> {
        let headers = definition.headers.iter().map(String::as_str);
        let headers: Vec<_> =
            headers.map(|name| if name == "TokenHeader" { token_header } else { name }).collect();
        let lowercase = |names: String| HeaderValue::try_from(names.to_ascii_lowercase()).ok();
        let preflight = vec![
            (
                ACCESS_CONTROL_ALLOW_METHODS,
                HeaderValue::try_from(definition.methods.join(",")).ok()?,
            ),
            (ACCESS_CONTROL_ALLOW_HEADERS, lowercase(headers.join(","))?),
            (ACCESS_CONTROL_MAX_AGE, definition.max_age.into()),
        ];
        Some(Self { origins, preflight, exposed: lowercase(definition.exposed.join(","))? })
    }

    /// Sets the CORS headers of a response. As in API Gateway, those that the function has set are removed.
    pub(crate) fn set_headers(&self, request: &Parts, response: &mut HeaderMap) {
        let names: Vec<_> = response.keys().cloned().collect();
        for name in names.into_iter().filter(|name| name.as_str().starts_with("access-control-")) {
            response.remove(name);
        }
        let Some(origin) = self.allowed_origin(&request.headers) else { return };
        response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.insert(ACCESS_CONTROL_EXPOSE_HEADERS, self.exposed.clone());
        if is_preflight(request) {
            response.extend(self.preflight.iter().cloned());
        }
    }

    /// Returns the value of `Access-Control-Allow-Origin`, if the origin of the request is allowed.
    fn allowed_origin(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(ORIGIN)?;
        self.origins.iter().find(|allowed| *allowed == "*" || *allowed == origin).cloned()
    }
}

/// Returns whether this is a preflight request, with which a browser asks whether a page may send another request.
pub(crate) fn is_preflight(request: &Parts) -> bool {
    request.method == Method::OPTIONS
        && request.headers.contains_key(ORIGIN)
        && request.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Parses an origin as browsers send it: scheme, host and port without a path. `*` is every origin.
pub(crate) fn origin(text: &str) -> Result<HeaderValue, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_origin = host.is_some_and(|host| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
        !host.is_empty() && host.bytes().all(is_allowed)
    });
    let invalid = || "must be `*`, or a scheme and a host without a path".to_owned();
    if is_origin || text == "*" { text.parse().map_err(|_| invalid()) } else { Err(invalid()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_an_asterisk_or_a_scheme_and_a_host_without_a_path() {
        for text in ["https://console.example.com", "http://127.0.0.1:5173", "http://[::1]:8", "*"]
        {
            assert_eq!(origin(text).unwrap(), text);
        }
        for text in [
            "",
            "example.com",
            "https://",
            "https://example.com/",
            "ftp://a",
            "https://*.b",
            "null",
        ] {
            assert!(origin(text).is_err(), "{text}");
        }
    }
}
