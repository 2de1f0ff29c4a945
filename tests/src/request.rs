//! A call to the API and its answer.

use serde_json::Value;

/// A request, whatever carries it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The HTTP method.
    pub method: String,
    /// The path and query.
    pub target: String,
    /// Headers; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Headers; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub text: String,
}

impl Request {
    /// A request without credential or body.
    pub fn new(method: &str, target: impl Into<String>) -> Self {
        Self {
            method: method.to_owned(),
            target: target.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    /// With any body of any type.
    #[must_use]
    pub fn raw(mut self, media: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", media)
    }
}

impl Response {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Asserts the status.
    #[track_caller]
    pub fn assert_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Asserts a problem document with this status and code, well formed and never to be stored.
    #[track_caller]
    pub fn assert_problem(self, status: u16, code: &str) -> Self {
        let answer = self.assert_status(status);
        let body = answer.json();
        assert_eq!(body["type"], format!("urn:tokenward:problem:{code}"), "{body}");
        assert_eq!(body["status"], status);
        assert!(body["title"].as_str().is_some_and(|title| !title.is_empty()));
        assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        answer
    }

    /// The pointer and code of each violation, sorted.
    #[track_caller]
    pub fn violations(self) -> Vec<(String, String)> {
        let body = self.assert_problem(422, "validation-failed").json();
        let errors = body["errors"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut pairs: Vec<_> =
            errors.iter().map(|one| (text(&one["pointer"]), text(&one["code"]))).collect();
        pairs.sort();
        assert!(
            errors
                .iter()
                .all(|one| { one["detail"].as_str().is_some_and(|detail| !detail.is_empty()) })
        );
        pairs
    }

    /// Asserts the gateway's own answer.
    #[track_caller]
    pub fn assert_gateway_error(self, status: u16, message: &str) {
        let answer = self.assert_status(status);
        assert_eq!(answer.json(), serde_json::json!({ "message": message }));
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
}
