//! What is asked: path, headers, query and body, each refused with a reason where it is wrong.

use super::HttpError;
use super::json;
use crate::domain::id::TokenId;
use crate::domain::precondition::Precondition;
use crate::service::Error;
use lambda_http::http::header::{CONTENT_TYPE, IF_MATCH};
use lambda_http::{Request, RequestExt};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The largest body in bytes.
const MAX_BODY: usize = 64 * 1024;

/// The media types that a route takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentType {
    /// `application/json`.
    Json,
    /// `application/json` or `application/merge-patch+json` (RFC 7396).
    MergePatch,
}

/// The token id in the path.
///
/// # Errors
/// Not found, for a text that can be no token's id just as for an unknown one.
pub fn id(event: &Request) -> Result<TokenId, HttpError> {
    let parameters = event.path_parameters_ref();
    let id = parameters.and_then(|parameters| parameters.first("id")).and_then(TokenId::parse);
    id.ok_or(HttpError::Service(Error::NotFound))
}

/// The condition that the caller put on a write.
pub fn precondition(event: &Request) -> Precondition {
    let values: Vec<_> = event
        .headers()
        .get_all(IF_MATCH)
        .iter()
        .map(|value| value.to_str().unwrap_or(""))
        .collect();
    Precondition::parse((!values.is_empty()).then(|| values.join(",")).as_deref())
}

/// The query's parameters, each given once and all of them among `known`.
///
/// # Errors
/// [`HttpError::InvalidQuery`] that names the parameter.
pub fn query<'a>(
    event: &'a Request,
    known: &[&str],
) -> Result<BTreeMap<&'a str, &'a str>, HttpError> {
    let mut parameters = BTreeMap::new();
    for (name, value) in
        event.query_string_parameters_ref().into_iter().flat_map(|query| query.iter())
    {
        if !known.contains(&name) {
            let known = if known.is_empty() {
                "none".to_owned()
            } else {
                format!("`{}`", known.join("`, `"))
            };
            return Err(HttpError::query(name, format!("is not known here; known: {known}")));
        }
        if parameters.insert(name, value).is_some() {
            return Err(HttpError::query(name, "must be given once"));
        }
    }
    Ok(parameters)
}

/// The body's JSON.
///
/// # Errors
/// [`HttpError::BodyTooLarge`], [`HttpError::UnsupportedMediaType`], [`HttpError::InvalidJson`].
pub fn body(event: &Request, content_type: ContentType) -> Result<Value, HttpError> {
    let bytes: &[u8] = event.body().as_ref();
    if bytes.is_empty() {
        return Err(HttpError::InvalidJson("the body is empty".to_owned()));
    }
    if bytes.len() > MAX_BODY {
        return Err(HttpError::BodyTooLarge);
    }
    if !content_type.admits(event) {
        return Err(HttpError::UnsupportedMediaType(content_type));
    }
    json::parse(bytes).map_err(HttpError::InvalidJson)
}

/// The body's JSON, or `{}` where there is no body.
///
/// # Errors
/// As [`body`].
pub fn body_or_empty(event: &Request, content_type: ContentType) -> Result<Value, HttpError> {
    let bytes: &[u8] = event.body().as_ref();
    if bytes.is_empty() { Ok(Value::Object(Map::new())) } else { body(event, content_type) }
}

impl ContentType {
    fn admits(self, event: &Request) -> bool {
        let mut given = event.headers().get_all(CONTENT_TYPE).iter();
        let (Some(value), None) = (given.next(), given.next()) else {
            return false;
        };
        let essence = value.to_str().unwrap_or("").split(';').next().unwrap_or("").trim();
        self.names().iter().any(|name| essence.eq_ignore_ascii_case(name))
    }

    /// The names of the types.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["application/json"],
            Self::MergePatch => &["application/json", "application/merge-patch+json"],
        }
    }
}
