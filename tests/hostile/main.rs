//! Unusual input, as a faulty or malicious client may send it. If it is invalid, it is rejected, and nothing is written. Later
//! requests are not affected.

mod bodies;
mod numbers;
mod raw;
mod sockets;
mod stalled;

use tests::client::RequestBuilder;
use tests::openapi::Operation;
use tests::{Request, Response, TestApp};

/// Returns an app in this process and one over HTTP.
async fn apps() -> [TestApp; 2] {
    [TestApp::in_process().await, TestApp::over_http().await]
}

/// Asserts that every operation that accepts a JSON body rejects this body as invalid JSON.
async fn assert_invalid_json(app: &TestApp, id: &str, body: &[u8]) {
    for operation in Operation::with_json_body() {
        let request = operation.request(id).body("application/json", body);
        app.build(request).assert_rejected(400, "invalid-json").await;
    }
}

/// Returns a generate request with exactly this JSON as its body.
fn generate<'a>(app: &'a TestApp, json: &str) -> RequestBuilder<'a> {
    app.build(Request::new("POST", "/v1/tokens").body("application/json", json))
}

/// Asserts that generate rejects JSON for one violation, and returns the pointer and the code of that violation.
async fn assert_one_violation(app: &TestApp, json: &str) -> (String, String) {
    let response: Response = generate(app, json).assert_rejected(422, "validation-failed").await;
    let [violation] = &response.violations()[..] else { panic!("{}", response.text) };
    violation.clone()
}
