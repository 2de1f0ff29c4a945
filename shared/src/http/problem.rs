//! Problem documents (RFC 9457).

use super::response::json;
use crate::domain::violation::Violation;
use lambda_http::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use lambda_http::http::{HeaderValue, StatusCode};
use lambda_http::{Body, Response};
use serde::Serialize;

/// An error as the caller sees it. It never contains a cause that is for the log only.
#[derive(Debug)]
pub struct Problem {
    pub(super) status: StatusCode,
    /// The last part of the problem's `type`, and the outcome in the log.
    pub code: &'static str,
    pub(super) title: &'static str,
    pub(super) detail: String,
    pub(super) violations: Vec<Violation>,
    pub(super) retry_after: Option<&'static str>,
}

impl Problem {
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        let detail = detail.into();
        Self { status, code, title, detail, violations: Vec::new(), retry_after: None }
    }

    /// Returns the response with this problem.
    pub fn into_response(self) -> Response<Body> {
        let errors = self.violations.iter().map(|violation| ViolationView {
            pointer: &violation.pointer,
            code: violation.code,
            detail: &violation.detail,
        });
        let view = ProblemView {
            r#type: format!("urn:tokenward:problem:{}", self.code),
            title: self.title,
            status: self.status.as_u16(),
            detail: &self.detail,
            errors: errors.collect(),
        };
        let mut response = json(self.status, "application/problem+json", &view);
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 11.6.1 requires it.
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        response
    }
}

#[derive(Serialize)]
struct ProblemView<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ViolationView<'a>>,
}

#[derive(Serialize)]
struct ViolationView<'a> {
    pointer: &'a str,
    code: &'a str,
    detail: &'a str,
}
