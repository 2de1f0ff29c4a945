//! The parts of a request: path, headers, query and body.

use super::HttpError;
use super::fields::{Fields, Rejected, is_plain_name};
use super::json;
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::service::Error;
use lambda_http::http::header::{CONTENT_TYPE, IF_MATCH};
use lambda_http::{Request, RequestExt};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The maximum size of a body in bytes.
pub(super) const MAX_BODY: usize = 64 * 1024;

/// The content types that a route accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentType {
    /// `application/json`.
    Json,
    /// `application/json` or `application/merge-patch+json` (RFC 7396).
    MergePatch,
}

/// Returns whether the path contains a token id.
pub fn has_id(event: &Request) -> bool {
    path_id(event).is_some()
}

/// Returns the token id in the path.
///
/// # Errors
/// `token-not-found`, for a malformed id as for an unknown one.
pub fn id(event: &Request) -> Result<TokenId, HttpError> {
    let id = path_id(event).and_then(TokenId::parse);
    id.ok_or(HttpError::Service(Error::NotFound))
}

fn path_id(event: &Request) -> Option<&str> {
    event.path_parameters_ref()?.first("id")
}

/// Returns the condition that the caller puts on a write.
pub fn precondition(event: &Request) -> Precondition {
    let headers = event.headers().get_all(IF_MATCH).iter();
    let values: Vec<_> = headers.map(|value| value.to_str().unwrap_or("")).collect();
    Precondition::parse((!values.is_empty()).then(|| values.join(",")).as_deref())
}

/// Returns the query parameters, each of which must be given once and be listed in `known`.
///
/// # Errors
/// `invalid-query`.
pub fn query<'a>(
    event: &'a Request,
    known: &[&str],
) -> Result<BTreeMap<&'a str, &'a str>, HttpError> {
    let mut parameters = BTreeMap::new();
    for (name, value) in
        event.query_string_parameters_ref().into_iter().flat_map(|query| query.iter())
    {
        let name = if is_plain_name(name) { name } else { "…" };
        if !known.contains(&name) {
            let detail = match known {
                [] => "is unknown; this route has no query parameters".to_owned(),
                known => format!("is unknown; expected one of `{}`", known.join("`, `")),
            };
            return Err(HttpError::query(name, detail));
        }
        if parameters.insert(name, value).is_some() {
            return Err(HttpError::query(name, "must be given once"));
        }
    }
    Ok(parameters)
}

/// Reads the body, a JSON object, with `read`.
///
/// # Errors
/// `body-too-large`, `unsupported-media-type`, `invalid-json` or `validation-failed`.
pub fn body<T>(
    event: &Request,
    content_type: ContentType,
    read: impl FnOnce(&mut Fields<'_>) -> Result<T, Rejected>,
) -> Result<T, HttpError> {
    let document = document(event, content_type)?;
    Fields::parse(&document, read).map_err(HttpError::ValidationFailed)
}

/// Reads the body as [`body`] does; a request without a body means `{}`.
///
/// # Errors
/// As [`body`].
pub fn optional_body<T>(
    event: &Request,
    content_type: ContentType,
    read: impl FnOnce(&mut Fields<'_>) -> Result<T, Rejected>,
) -> Result<T, HttpError> {
    if bytes(event).is_empty() {
        let empty = Value::Object(Map::new());
        return Fields::parse(&empty, read).map_err(HttpError::ValidationFailed);
    }
    body(event, content_type, read)
}

fn document(event: &Request, content_type: ContentType) -> Result<Value, HttpError> {
    let bytes = bytes(event);
    if bytes.is_empty() {
        return Err(HttpError::InvalidJson("the body is empty".to_owned()));
    }
    if bytes.len() > MAX_BODY {
        return Err(HttpError::BodyTooLarge);
    }
    if !content_type.matches(event) {
        return Err(HttpError::UnsupportedMediaType(content_type));
    }
    json::parse(bytes).map_err(HttpError::InvalidJson)
}

fn bytes(event: &Request) -> &[u8] {
    event.body().as_ref()
}

impl ContentType {
    /// Returns the names of the types.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["application/json"],
            Self::MergePatch => &["application/json", "application/merge-patch+json"],
        }
    }

    /// Returns whether the request has exactly one `Content-Type` header, of one of these types.
    fn matches(self, event: &Request) -> bool {
        let mut headers = event.headers().get_all(CONTENT_TYPE).iter();
        let (Some(header), None) = (headers.next(), headers.next()) else {
            return false;
        };
        let essence = header.to_str().unwrap_or("").split(';').next().unwrap_or("").trim();
        self.names().iter().any(|name| essence.eq_ignore_ascii_case(name))
    }
}
