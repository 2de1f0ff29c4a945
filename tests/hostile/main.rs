//! Input that no honest client sends: the right refusal, nothing written, and the next request answered.

mod bodies;
mod numbers;
mod raw;
mod sockets;
mod stalled;

use std::pin::Pin;
use tests::{Answer, Call, World};

/// A world over the handlers and one over HTTP.
async fn worlds() -> [World; 2] {
    [World::over_handlers().await, World::over_http().await]
}

/// Every route that takes a body, with a token for those that take one.
fn with_body(id: &str) -> [Call; 5] {
    [
        Call::new("POST", "/v1/tokens"),
        Call::new("PATCH", format!("/v1/tokens/{id}")),
        Call::new("POST", format!("/v1/tokens/{id}/regenerate")),
        Call::new("POST", format!("/v1/tokens/{id}/simulate")),
        Call::new("POST", "/v1/simulate"),
    ]
}

/// As [`World::refuses`]. Boxed, or what waits for it would be too deep a future for the compiler.
fn refuses<'a>(
    world: &'a World,
    call: Call,
    status: u16,
    code: &'a str,
) -> Pin<Box<dyn Future<Output = Answer> + 'a>> {
    Box::pin(world.refuses(call, status, code))
}
