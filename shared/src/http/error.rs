//! Errors in HTTP: RFC 9457 problem documents, and the one match that knows status codes.

use super::request::ContentType;
use super::response::{NO_STORE, json};
use crate::domain::violation::{Invalid, Pointer, Violation, Violations};
use crate::service::Error;
use lambda_http::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use lambda_http::http::{HeaderValue, StatusCode};
use lambda_http::{Body, Response};
use serde::Serialize;

/// Why a request is not answered with what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The body is not JSON. The text says where, and never quotes a value.
    #[error("{0}")]
    InvalidJson(String),
    /// A query parameter is unknown or wrong.
    #[error("query parameter `{parameter}` {detail}")]
    InvalidQuery {
        /// Its name.
        parameter: String,
        /// What would be right.
        detail: String,
    },
    /// No authorizer has vouched for a caller.
    #[error("no caller")]
    Unauthenticated,
    /// The caller is not a super admin.
    #[error("not a super admin")]
    Forbidden,
    /// The body is longer than 64 KiB.
    #[error("the body is too large")]
    BodyTooLarge,
    /// The body is of another media type.
    #[error("not one of {}", .0.names().join(", "))]
    UnsupportedMediaType(ContentType),
    /// The document breaks rules: all that it breaks.
    #[error("invalid")]
    ValidationFailed(Violations),
    /// The verb was not carried out.
    #[error(transparent)]
    Service(#[from] Error),
}

impl HttpError {
    /// An [`HttpError::InvalidQuery`].
    pub fn query(parameter: &str, detail: impl Into<String>) -> Self {
        Self::InvalidQuery { parameter: parameter.to_owned(), detail: detail.into() }
    }
}

impl From<Violations> for HttpError {
    fn from(violations: Violations) -> Self {
        Self::ValidationFailed(violations)
    }
}

/// An error as the caller sees it. Causes that are for the log alone are not in it.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    /// The last part of the problem's `type`, and the outcome in the log.
    pub code: &'static str,
    title: &'static str,
    detail: String,
    violations: Violations,
    retry_after: Option<&'static str>,
}

impl From<&HttpError> for Problem {
    fn from(error: &HttpError) -> Self {
        let problem = |status, code, title, detail: String| Problem {
            status,
            code,
            title,
            detail,
            violations: Violations::default(),
            retry_after: None,
        };
        match error {
            HttpError::InvalidJson(detail) => problem(
                StatusCode::BAD_REQUEST,
                "invalid-json",
                "The body is not valid JSON",
                sentence(detail),
            ),
            HttpError::InvalidQuery { .. } => {
                let title = "The query is not valid";
                problem(
                    StatusCode::BAD_REQUEST,
                    "invalid-query",
                    title,
                    sentence(&error.to_string()),
                )
            }
            HttpError::Unauthenticated => problem(
                StatusCode::UNAUTHORIZED,
                "unauthenticated",
                "No caller",
                "The request reached the function without an authorizer's word on who is calling."
                    .to_owned(),
            ),
            HttpError::Forbidden => problem(
                StatusCode::FORBIDDEN,
                "forbidden",
                "Not allowed",
                "Managing tokens takes a super admin's token.".to_owned(),
            ),
            HttpError::BodyTooLarge => problem(
                StatusCode::PAYLOAD_TOO_LARGE,
                "body-too-large",
                "The body is too large",
                "A body may have at most 65,536 bytes.".to_owned(),
            ),
            HttpError::UnsupportedMediaType(content_type) => problem(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "The body's media type is not supported",
                format!("The Content-Type must be {}.", content_type.names().join(" or ")),
            ),
            HttpError::ValidationFailed(violations) => Problem {
                violations: violations.clone(),
                ..problem(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "validation-failed",
                    "The body is not valid",
                    "Each of `errors` says where the body is wrong and what would be right."
                        .to_owned(),
                )
            },
            HttpError::Service(error) => of_service(error, problem),
        }
    }
}

fn of_service(
    error: &Error,
    problem: impl Fn(StatusCode, &'static str, &'static str, String) -> Problem,
) -> Problem {
    match error {
        Error::NotFound => {
            let detail = "There is no token with this id.".to_owned();
            problem(StatusCode::NOT_FOUND, "token-not-found", "No such token", detail)
        }
        Error::NameTaken(name) => {
            let taken = Invalid::new("name-taken", "is the name of another token");
            let detail = format!("A token named `{name}` exists.");
            Problem {
                violations: Violation { pointer: Pointer::root().at("name"), invalid: taken }
                    .into(),
                ..problem(StatusCode::CONFLICT, "name-taken", "The name is taken", detail)
            }
        }
        Error::VersionConflict => problem(
            StatusCode::PRECONDITION_FAILED,
            "version-conflict",
            "The token has changed",
            "The token is not at the version that If-Match names. Nothing was changed.".to_owned(),
        ),
        Error::Throttled(_) => Problem {
            retry_after: Some("1"),
            ..problem(
                StatusCode::TOO_MANY_REQUESTS,
                "throttled",
                "Too many requests",
                "The table is busy. Nothing was written; try again.".to_owned(),
            )
        },
        Error::Unavailable(_) => Problem {
            retry_after: Some("1"),
            ..problem(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "The table does not answer",
                "Whether the request took effect may be unknown; it was never half done."
                    .to_owned(),
            )
        },
        Error::Internal(_) => problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Internal error",
            "The request could not be carried out. The log says why.".to_owned(),
        ),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<DocumentError<'a>>,
}

#[derive(Serialize)]
struct DocumentError<'a> {
    pointer: &'a str,
    code: &'a str,
    detail: &'a str,
}

impl Problem {
    /// The response that carries it.
    pub fn into_response(self) -> Response<Body> {
        let errors = self.violations.iter().map(|violation| DocumentError {
            pointer: violation.pointer.as_str(),
            code: violation.invalid.code,
            detail: &violation.invalid.detail,
        });
        let document = Document {
            r#type: format!("urn:tokenward:problem:{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            errors: errors.collect(),
        };
        let mut response = Response::new(json(&document));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, NO_STORE);
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        response
    }
}

/// The text with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::name::TokenName;

    #[test]
    fn each_error_has_its_status_and_code_and_keeps_its_cause_to_the_log() {
        let secret = || "the cause".to_owned();
        let name = TokenName::parse("taken").unwrap();
        for (error, status, code, retry_after) in [
            (HttpError::InvalidJson("x".to_owned()), 400, "invalid-json", None),
            (HttpError::query("limit", "must be"), 400, "invalid-query", None),
            (HttpError::Unauthenticated, 401, "unauthenticated", None),
            (HttpError::Forbidden, 403, "forbidden", None),
            (Error::NotFound.into(), 404, "token-not-found", None),
            (Error::NameTaken(name).into(), 409, "name-taken", None),
            (Error::VersionConflict.into(), 412, "version-conflict", None),
            (HttpError::BodyTooLarge, 413, "body-too-large", None),
            (
                HttpError::UnsupportedMediaType(ContentType::Json),
                415,
                "unsupported-media-type",
                None,
            ),
            (Violations::default().into(), 422, "validation-failed", None),
            (Error::Throttled(secret()).into(), 429, "throttled", Some("1")),
            (Error::Internal(secret()).into(), 500, "internal", None),
            (Error::Unavailable(secret()).into(), 503, "unavailable", Some("1")),
        ] {
            let response = Problem::from(&error).into_response();
            assert_eq!(response.status().as_u16(), status);
            let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap());
            assert_eq!(header("retry-after"), retry_after, "{code}");
            assert_eq!(header("cache-control"), Some("no-store"));
            assert_eq!(header("content-type"), Some("application/problem+json"));
            let Body::Text(body) = response.body() else { panic!() };
            assert!(body.contains(&format!("\"urn:tokenward:problem:{code}\"")), "{body}");
            assert!(!body.contains("the cause"), "{body}");
        }
    }
}
