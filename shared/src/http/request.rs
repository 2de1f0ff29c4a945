//! The parts of a request: path, headers, query and body.

use super::error::{HttpError, UnsupportedMediaType};
use super::fields::{Fields, Rejected, is_plain_name};
use super::json;
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::domain::time::Timestamp;
use crate::service::Error;
use lambda_http::http::header::{CONTENT_ENCODING, CONTENT_TYPE, IF_MATCH};
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The maximum size of a body in bytes.
pub(super) const MAX_BODY: usize = 64 * 1024;

const DEFAULT_LIMIT: u8 = 50;
const MAX_LIMIT: u8 = 100;

/// The byte order mark that some editors and libraries write before UTF-8 text. RFC 8259 section 8.1 allows readers to skip
/// it.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The content types that a route accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentType {
    /// `application/json`.
    Json,
    /// `application/json` or `application/merge-patch+json` (RFC 7396).
    MergePatch,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// Returns whether the path contains a token id.
pub fn has_id(event: &Request) -> bool {
    path_id(event).is_some()
}

/// Returns the token id in the path.
///
/// # Errors
/// The problem `token-not-found`, for a malformed id as for an unknown one.
pub fn id(event: &Request) -> Result<TokenId, HttpError> {
    let id = path_id(event).and_then(TokenId::parse);
    id.ok_or(HttpError::Service(Error::NotFound))
}

fn path_id(event: &Request) -> Option<&str> {
    event.path_parameters_ref()?.first("id")
}

/// Returns the last segment of the route that matched, such as `rollback`: it tells the routes of one function apart.
pub fn last_segment(event: &Request) -> &str {
    let path = match event.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.route_key.as_deref(),
        Some(RequestContext::ApiGatewayV1(context)) => context.resource_path.as_deref(),
        _ => None,
    };
    path.and_then(|path| path.rsplit('/').next()).unwrap_or_default()
}

/// Returns the condition in `If-Match`, which the token must meet before it is changed. Several headers count as one
/// list.
pub fn precondition(event: &Request) -> Precondition {
    let headers = event.headers().get_all(IF_MATCH).iter();
    let values: Vec<_> = headers.map(|value| value.to_str().unwrap_or("")).collect();
    let list = if values.is_empty() { None } else { Some(values.join(",")) };
    Precondition::parse(list.as_deref())
}

/// Returns the query parameters, each of which must be listed in `known`, be given once and have a value.
///
/// # Errors
/// The problem `invalid-query`.
pub fn query<'a>(
    event: &'a Request,
    known: &[&str],
) -> Result<BTreeMap<&'a str, &'a str>, HttpError> {
    let mut parameters = BTreeMap::new();
    for (name, value) in
        event.query_string_parameters_ref().into_iter().flat_map(|query| query.iter())
    {
        // A name that is not plain could be a token that was sent by mistake. No error may repeat a token.
        let name = if is_plain_name(name) { name } else { "…" };
        if !known.contains(&name) {
            let detail = match known {
                [] => "is unknown; this route has no query parameters".to_owned(),
                known => format!("is unknown; expected one of `{}`", known.join("`, `")),
            };
            return Err(HttpError::query(name, detail));
        }
        if value.is_empty() {
            return Err(HttpError::query(name, "must not be empty; leave it out instead"));
        }
        if parameters.insert(name, value).is_some() {
            return Err(HttpError::query(name, "must be given once"));
        }
    }
    Ok(parameters)
}

/// Returns the page size in the parameter `limit`: 1 to 100, 50 by default.
///
/// # Errors
/// The problem `invalid-query`.
pub fn limit(query: &BTreeMap<&str, &str>) -> Result<u8, HttpError> {
    let Some(text) = query.get("limit") else {
        return Ok(DEFAULT_LIMIT);
    };
    // `parse` accepts `+5` and `05`, too, but they are invalid here.
    let is_valid = |limit: &u8| (1..=MAX_LIMIT).contains(limit) && limit.to_string() == *text;
    text.parse().ok().filter(is_valid).ok_or_else(|| {
        HttpError::query("limit", format!("must be a whole number from 1 to {MAX_LIMIT}"))
    })
}

/// Returns the time in the parameter `name`, if it is given.
///
/// # Errors
/// The problem `invalid-query`.
pub fn time(query: &BTreeMap<&str, &str>, name: &str) -> Result<Option<Timestamp>, HttpError> {
    let time = query.get(name).map(|text| Timestamp::parse(text)).transpose();
    time.map_err(|error| HttpError::query(name, error.to_string()))
}

/// Checks that there are no query parameters. If an unknown one such as `dryRun` were ignored, a write could be applied
/// that the caller did not intend.
///
/// # Errors
/// The problem `invalid-query`.
pub fn no_query(event: &Request) -> Result<(), HttpError> {
    query(event, &[]).map(|_| ())
}

/// Reads the body, a JSON object, with `read`, which returns [`Rejected`] once it has recorded a violation. A UTF-8 byte
/// order mark before the body is skipped.
///
/// # Errors
/// The problem `body-too-large`, `unsupported-media-type`, `invalid-json` or `validation-failed`.
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
    content_type.check(event).map_err(HttpError::UnsupportedMediaType)?;
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    json::parse(text).map_err(HttpError::InvalidJson)
}

pub(super) fn bytes(event: &Request) -> &[u8] {
    event.body().as_ref()
}

impl ContentType {
    /// Returns the names of the types.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["application/json"],
            Self::Form => &["application/x-www-form-urlencoded"],
            Self::MergePatch => &["application/json", "application/merge-patch+json"],
        }
    }

    /// Checks that the body is not encoded, and that there is exactly one `Content-Type`, of one of these types.
    pub(super) fn check(self, event: &Request) -> Result<(), UnsupportedMediaType> {
        if event.headers().contains_key(CONTENT_ENCODING) {
            return Err(UnsupportedMediaType::Encoded);
        }
        let headers = event.headers().get_all(CONTENT_TYPE).iter();
        // API Gateway joins the values of several headers with commas.
        let mut values = headers.flat_map(|value| value.to_str().unwrap_or("").split(','));
        let value = values.next().ok_or(UnsupportedMediaType::Missing(self))?;
        if values.next().is_some() {
            return Err(UnsupportedMediaType::Several(self));
        }
        let media_type = value.split(';').next().unwrap_or("").trim();
        let is_accepted = self.names().iter().any(|name| media_type.eq_ignore_ascii_case(name));
        is_accepted.then_some(()).ok_or(UnsupportedMediaType::Other(self))
    }
}
