//! Requests to the API and its responses, independent of the transport.

use crate::app::UNKNOWN_TOKEN;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// An HTTP request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The HTTP method.
    pub method: String,
    /// The path and query.
    pub target: String,
    /// The headers, with names in lowercase.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// An HTTP response.
#[derive(Clone, Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers, with names in lowercase.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub text: String,
}

/// One request for each operation of the API, without credentials.
impl Request {
    /// Generates a token.
    pub fn generate(body: &Value) -> Self {
        Self::new("POST", "/v1/tokens").json(body)
    }

    /// Lists tokens; `query` is the part after the question mark.
    pub fn list(query: &str) -> Self {
        let separator = if query.is_empty() { "" } else { "?" };
        Self::new("GET", format!("/v1/tokens{separator}{query}"))
    }

    /// Gets a token.
    pub fn get(id: &str) -> Self {
        Self::new("GET", format!("/v1/tokens/{id}"))
    }

    /// Updates a token.
    pub fn patch(id: &str, patch: &Value) -> Self {
        Self::new("PATCH", format!("/v1/tokens/{id}")).json(patch)
    }

    /// Regenerates a token. The request has no body, which means `{}`.
    pub fn regenerate(id: &str) -> Self {
        Self::new("POST", format!("/v1/tokens/{id}/regenerate"))
    }

    /// Undoes the last regenerate of a token.
    pub fn rollback(id: &str) -> Self {
        Self::new("POST", format!("/v1/tokens/{id}/rollback"))
    }

    /// Ends the grace period of a token's previous secret.
    pub fn end_previous(id: &str) -> Self {
        Self::new("DELETE", format!("/v1/tokens/{id}/previous"))
    }

    /// Gets the calling token's record.
    pub fn get_self() -> Self {
        Self::new("GET", "/v1/tokens/self")
    }

    /// Regenerates the calling token. The request has no body, which means `{}`.
    pub fn regenerate_self() -> Self {
        Self::new("POST", "/v1/tokens/self/regenerate")
    }

    /// Revokes the calling token.
    pub fn revoke_self() -> Self {
        Self::new("DELETE", "/v1/tokens/self")
    }

    /// Revokes the token in a form. `token` may be any text, which is not encoded.
    pub fn revoke(token: &str) -> Self {
        Self::new("POST", "/v1/revoke").form(&format!("token={token}"))
    }

    /// Introspects the token in a form with these fields.
    pub fn introspect(fields: &[(&str, &str)]) -> Self {
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let fields =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        Self::new("POST", "/v1/introspect").form(&fields.collect::<Vec<_>>().join("&"))
    }

    /// Lists the events of a token; `query` is the part after the question mark.
    pub fn token_events(id: &str, query: &str) -> Self {
        let separator = if query.is_empty() { "" } else { "?" };
        Self::new("GET", format!("/v1/tokens/{id}/events{separator}{query}"))
    }

    /// Lists the events of some days; `query` is the part after the question mark.
    pub fn events(query: &str) -> Self {
        let separator = if query.is_empty() { "" } else { "?" };
        Self::new("GET", format!("/v1/events{separator}{query}"))
    }

    /// Deletes a token.
    pub fn delete(id: &str) -> Self {
        Self::new("DELETE", format!("/v1/tokens/{id}"))
    }

    /// Simulates a request of a token.
    pub fn simulate(id: &str, method: &str, path: &str) -> Self {
        let body = json!({ "method": method, "path": path });
        Self::new("POST", format!("/v1/tokens/{id}/simulate")).json(&body)
    }

    /// Simulates a request of a token with these permissions.
    pub fn simulate_permissions(permissions: &Value, method: &str, path: &str) -> Self {
        let body = json!({ "permissions": permissions, "method": method, "path": path });
        Self::new("POST", "/v1/simulate").json(&body)
    }
}

impl Request {
    /// Returns one request for each self-service route. In this order, each succeeds for a token that may regenerate itself.
    pub fn self_service() -> Vec<Self> {
        vec![
            Self::get_self(),
            // With another expiration, so that the name item changes, too.
            Self::regenerate_self().json(&json!({ "expiresInDays": 1 })),
            // Last, because the others need the token.
            Self::revoke_self(),
        ]
    }

    /// Returns one request for each management route, except self-service and `POST /v1/revoke`. In this order, each succeeds for
    /// a super admin.
    pub fn management(id: &str) -> Vec<Self> {
        let super_admin = json!({ "type": "superAdmin" });
        vec![
            Self::generate(&json!({ "name": "new", "permissions": super_admin })),
            Self::list(""),
            Self::get(id),
            Self::patch(id, &json!({ "description": "changed" })),
            // With another expiration, so that the name item changes, too.
            Self::regenerate(id).json(&json!({ "gracePeriodSeconds": 60, "expiresAt": null })),
            Self::rollback(id),
            Self::end_previous(id),
            Self::token_events(id, ""),
            Self::events(""),
            Self::simulate(id, "GET", "/whoami"),
            Self::simulate_permissions(&super_admin, "GET", "/whoami"),
            Self::introspect(&[("token", UNKNOWN_TOKEN)]),
            // Last, because the others need the token.
            Self::delete(id),
        ]
    }

    /// Creates a request without credentials or a body.
    pub fn new(method: &str, target: impl Into<String>) -> Self {
        Self {
            method: method.to_owned(),
            target: target.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a token as the bearer credential.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Adds the precondition `If-Match`.
    #[must_use]
    pub fn if_match(self, tags: &str) -> Self {
        self.header("if-match", tags)
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Sets a body that is a form.
    #[must_use]
    pub fn form(self, fields: &str) -> Self {
        self.body("application/x-www-form-urlencoded", fields)
    }

    /// Sets a body of any content type.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }
}

impl Response {
    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// Returns the body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Returns the token in the body of a generate or regenerate.
    pub fn new_token(&self) -> Option<String> {
        let body = serde_json::from_str::<Value>(&self.text).ok()?;
        body["token"].as_str().map(str::to_owned)
    }

    /// Asserts the status.
    #[track_caller]
    pub fn assert_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Asserts a well-formed problem document with this status and code, and the security headers.
    #[track_caller]
    pub fn assert_problem(self, status: u16, code: &str) -> Self {
        let response = self.assert_status(status);
        let problem = response.json();
        assert_eq!(problem["type"], format!("urn:tokenward:problem:{code}"), "{problem}");
        assert_eq!(problem["status"], status);
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()));
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
        assert_eq!(response.header("content-type"), Some("application/problem+json"));
        response.assert_security_headers()
    }

    /// Asserts the headers that every response of a management function and of the demo has.
    #[track_caller]
    pub fn assert_security_headers(self) -> Self {
        for (name, value) in [
            ("cache-control", "no-store"),
            ("strict-transport-security", "max-age=31536000"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(self.header(name), Some(value), "{name} of {}", self.status);
        }
        self
    }

    /// Returns the pointer and code of each violation, sorted.
    #[track_caller]
    pub fn violations(&self) -> Vec<(String, String)> {
        let problem = self.clone().assert_problem(422, "validation-failed").json();
        let errors = problem["errors"].as_array().unwrap();
        let string = |error: &Value, member: &str| error[member].as_str().unwrap().to_owned();
        assert!(errors.iter().all(|error| !string(error, "detail").is_empty()), "{problem}");
        let violations = errors.iter().map(|one| (string(one, "pointer"), string(one, "code")));
        let mut violations: Vec<_> = violations.collect();
        violations.sort();
        violations
    }

    /// Returns the pointer of each violation, sorted.
    #[track_caller]
    pub fn violation_pointers(&self) -> Vec<String> {
        self.violations().into_iter().map(|(pointer, _)| pointer).collect()
    }

    /// Asserts the pointer and code of each violation. `expected` must be sorted.
    #[track_caller]
    pub fn assert_violations(&self, expected: &[(&str, &str)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(pointer, code)| (pointer.to_string(), code.to_string()))
            .collect();
        assert_eq!(self.violations(), expected);
    }

    /// Asserts an error of API Gateway itself, whose body is one `message`.
    #[track_caller]
    pub fn assert_gateway_error(self, status: u16, message: &str) {
        let response = self.assert_status(status);
        assert_eq!(response.json(), json!({ "message": message }));
        assert_eq!(response.header("content-type"), Some("application/json"));
    }
}
