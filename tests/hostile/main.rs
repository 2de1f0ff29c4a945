//! Input that no honest client sends: the right refusal, nothing written, and the next request answered.

mod bodies;
mod numbers;
mod raw;
mod sockets;
mod stalled;

use std::pin::Pin;
use tests::{Request, Response, TestApp};

/// A app over the handlers and one over HTTP.
async fn apps() -> [TestApp; 2] {
    [TestApp::in_process().await, TestApp::over_http().await]
}

/// Every route that takes a body, with a token for those that take one.
fn with_body(id: &str) -> [Request; 5] {
    [
        Request::new("POST", "/v1/tokens"),
        Request::new("PATCH", format!("/v1/tokens/{id}")),
        Request::new("POST", format!("/v1/tokens/{id}/regenerate")),
        Request::new("POST", format!("/v1/tokens/{id}/simulate")),
        Request::new("POST", "/v1/simulate"),
    ]
}

/// As [`TestApp::assert_rejected`]. Boxed, or what waits for it would be too deep a future for the compiler.
fn refuses<'a>(
    app: &'a TestApp,
    call: Request,
    status: u16,
    code: &'a str,
) -> Pin<Box<dyn Future<Output = Response> + 'a>> {
    Box::pin(app.assert_rejected(call, status, code))
}
