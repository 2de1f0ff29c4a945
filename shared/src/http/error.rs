//! Errors in HTTP. Only this file gives an error its status code, its code and its texts.

use super::problem::Problem;
use super::request::{ContentType, MAX_BODY};
use crate::domain::precondition::VersionConflict;
use crate::domain::violation::Violation;
use crate::service::Error;
use lambda_http::http::StatusCode;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The body is not valid JSON. The text names the place and never quotes a value.
    #[error("{0}")]
    InvalidJson(String),
    /// The body is not a form, or one of its fields is missing or invalid.
    #[error("{0}")]
    InvalidForm(String),
    /// A query parameter is unknown or invalid.
    #[error("query parameter `{parameter}` {detail}")]
    InvalidQuery {
        /// The parameter's name.
        parameter: String,
        /// What is expected.
        detail: String,
    },
    /// No authorizer reported a caller.
    #[error("no caller")]
    Unauthenticated,
    /// The caller is not a super admin.
    #[error("not a super admin")]
    Forbidden,
    /// The body is larger than `MAX_BODY`.
    #[error("the body is too large")]
    BodyTooLarge,
    /// The route does not accept the body's media type, or its encoding.
    #[error("the media type is not supported")]
    UnsupportedMediaType(UnsupportedMediaType),
    /// The body has these violations.
    #[error("the body is invalid")]
    ValidationFailed(Vec<Violation>),
    /// The operation failed.
    #[error(transparent)]
    Service(#[from] Error),
}

impl HttpError {
    /// Creates an [`HttpError::InvalidQuery`].
    pub fn query(parameter: &str, detail: impl Into<String>) -> Self {
        Self::InvalidQuery { parameter: parameter.to_owned(), detail: detail.into() }
    }
}

/// Why the media type or the encoding of a body is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsupportedMediaType {
    /// The body is compressed, or encoded in another way.
    Encoded,
    /// There is no `Content-Type`; one of these is expected.
    Missing(ContentType),
    /// There is more than one `Content-Type`; one of these is expected.
    Several(ContentType),
    /// The `Content-Type` is not one of these.
    Other(ContentType),
}

impl UnsupportedMediaType {
    fn detail(self) -> String {
        let names = |content_type: ContentType| content_type.names().join(" or ");
        match self {
            Self::Encoded => "Send the body without Content-Encoding.".to_owned(),
            Self::Missing(expected) => {
                format!("The Content-Type is missing; it must be {}.", names(expected))
            }
            Self::Several(expected) => {
                format!("There must be one Content-Type: {}.", names(expected))
            }
            Self::Other(expected) => format!("The Content-Type must be {}.", names(expected)),
        }
    }
}

impl From<&HttpError> for Problem {
    fn from(error: &HttpError) -> Self {
        match error {
            HttpError::InvalidJson(detail) => Self::new(
                StatusCode::BAD_REQUEST,
                "invalid-json",
                "The body is not valid JSON",
                sentence(detail),
            ),
            HttpError::InvalidQuery { .. } => Self::new(
                StatusCode::BAD_REQUEST,
                "invalid-query",
                "The query is not valid",
                sentence(&error.to_string()),
            ),
            HttpError::Unauthenticated => Self::new(
                StatusCode::UNAUTHORIZED,
                "unauthenticated",
                "No caller",
                "The request did not pass through the authorizer.",
            ),
            HttpError::InvalidForm(detail) => Self::new(
                StatusCode::BAD_REQUEST,
                "invalid-form",
                "The form is not valid",
                sentence(detail),
            ),
            HttpError::Forbidden => forbidden("Only super admins can manage tokens."),
            HttpError::BodyTooLarge => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "body-too-large",
                "The body is too large",
                format!("A body can have at most {} KiB.", MAX_BODY / 1024),
            ),
            HttpError::UnsupportedMediaType(reason) => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "The media type is not supported",
                reason.detail(),
            ),
            HttpError::ValidationFailed(violations) => validation_failed(violations),
            HttpError::Service(error) => error.into(),
        }
    }
}

fn forbidden(detail: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
}

fn validation_failed(violations: &[Violation]) -> Problem {
    Problem {
        violations: violations.to_vec(),
        ..Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "validation-failed",
            "The body is not valid",
            "Each entry of `errors` names an invalid value and what is expected.",
        )
    }
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        match error {
            Error::NotFound => Self::new(
                StatusCode::NOT_FOUND,
                "token-not-found",
                "Token not found",
                "No token with this id exists.",
            ),
            Error::NameTaken(name) => Self {
                violations: vec![Violation::new("name-taken", "is already in use").at("name")],
                ..Self::new(
                    StatusCode::CONFLICT,
                    "name-taken",
                    "The name is taken",
                    format!("The name `{name}` is already in use."),
                )
            },
            Error::VersionConflict(VersionConflict { has_weak_tag }) => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "version-conflict",
                "The token has changed",
                if *has_weak_tag {
                    "If-Match has a weak entity tag (`W/…`), which never matches; send the ETag as it was received. Nothing was changed."
                } else {
                    "The token does not have the version in If-Match. Nothing was changed."
                },
            ),
            Error::Forbidden(detail) => forbidden(detail),
            Error::Invalid(violation) => validation_failed(std::slice::from_ref(violation)),
            Error::GracePeriodOpen => Self::new(
                StatusCode::CONFLICT,
                "grace-period-open",
                "The previous secret still works",
                "Two secrets work already. End the grace period first, or regenerate without one, which ends both.",
            ),
            Error::NoPreviousSecret => Self::new(
                StatusCode::CONFLICT,
                "no-previous-secret",
                "There is no previous secret",
                "The grace period is over, or the last regenerate had none.",
            ),
            Error::Contended(_) => Self {
                retry_after: Some("1"),
                ..Self::new(
                    StatusCode::CONFLICT,
                    "contended",
                    "The token keeps changing",
                    "Other callers kept changing the token. Nothing was changed, so try again.",
                )
            },
            Error::Throttled(_) => Self {
                retry_after: Some("1"),
                ..Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "throttled",
                    "Too many requests",
                    "The table is throttling requests. Nothing was written, so try again.",
                )
            },
            Error::Unavailable(_) => Self {
                retry_after: Some("1"),
                ..Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "The table is unavailable",
                    "The request may have been applied, but never partially.",
                )
            },
            Error::Internal(_) => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Internal error",
                "The request failed. The log contains the details.",
            ),
        }
    }
}

/// Returns the text as a sentence: with a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::name::TokenName;
    use lambda_http::Body;

    #[test]
    fn each_error_has_its_status_and_code_and_its_cause_is_only_logged() {
        let cause = || "the cause".to_owned();
        let name = TokenName::parse("taken").unwrap();
        for (error, status, code, retry_after) in [
            (HttpError::InvalidJson("x".to_owned()), 400, "invalid-json", None),
            (HttpError::InvalidForm("x".to_owned()), 400, "invalid-form", None),
            (HttpError::query("limit", "must be"), 400, "invalid-query", None),
            (HttpError::Unauthenticated, 401, "unauthenticated", None),
            (HttpError::Forbidden, 403, "forbidden", None),
            (Error::Forbidden("No.").into(), 403, "forbidden", None),
            (Error::Invalid(Violation::new("x", "must be")).into(), 422, "validation-failed", None),
            (Error::NotFound.into(), 404, "token-not-found", None),
            (Error::NameTaken(name).into(), 409, "name-taken", None),
            (Error::GracePeriodOpen.into(), 409, "grace-period-open", None),
            (Error::NoPreviousSecret.into(), 409, "no-previous-secret", None),
            (Error::Contended(cause()).into(), 409, "contended", Some("1")),
            (
                Error::from(VersionConflict { has_weak_tag: false }).into(),
                412,
                "version-conflict",
                None,
            ),
            (HttpError::BodyTooLarge, 413, "body-too-large", None),
            (
                HttpError::UnsupportedMediaType(UnsupportedMediaType::Other(ContentType::Json)),
                415,
                "unsupported-media-type",
                None,
            ),
            (HttpError::ValidationFailed(Vec::new()), 422, "validation-failed", None),
            (Error::Throttled(cause()).into(), 429, "throttled", Some("1")),
            (Error::Internal(cause()).into(), 500, "internal", None),
            (Error::Unavailable(cause()).into(), 503, "unavailable", Some("1")),
        ] {
            let response = Problem::from(&error).into_response();
            assert_eq!(response.status().as_u16(), status);
            let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap());
            assert_eq!(header("retry-after"), retry_after, "{code}");
            assert_eq!(header("cache-control"), Some("no-store"));
            assert_eq!(header("strict-transport-security"), Some("max-age=31536000"));
            assert_eq!(header("x-content-type-options"), Some("nosniff"));
            assert_eq!(header("content-type"), Some("application/problem+json"));
            let Body::Text(body) = response.body() else { panic!() };
            assert!(body.contains(&format!("\"urn:tokenward:problem:{code}\"")), "{body}");
            assert!(!body.contains("the cause"), "{body}");
        }
    }
}
