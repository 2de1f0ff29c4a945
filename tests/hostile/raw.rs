//! A client that sends bytes unchanged and returns the bytes that it receives.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use tests::TestApp;
use tests::app::token_body;
use tests::gateway::Gateway;

/// The part of the system that is expected to reject a request.
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// The HTTP server, before it has parsed a request. Its response has no body.
    Server,
    /// The gateway, with this message.
    Gateway(&'static str),
    /// A function, with a problem with this code.
    Function(&'static str),
}

/// What the client does after it has sent its bytes.
#[derive(Clone, Copy, Debug)]
pub enum Then {
    /// It waits for the response.
    Wait,
    /// It closes its side of the connection, and waits for the response.
    Close,
}

/// Returns the start of a request of the super admin, which is the last one on its connection.
pub fn head(app: &TestApp, request_line: &str) -> Vec<u8> {
    let admin = &app.admin;
    let headers =
        format!("host: localhost\r\nconnection: close\r\nauthorization: Bearer {admin}\r\n");
    format!("{request_line} HTTP/1.1\r\n{headers}").into_bytes()
}

/// Returns a whole request of the super admin.
pub fn request(app: &TestApp, request_line: &str, headers: &[u8], body: &[u8]) -> Vec<u8> {
    [&head(app, request_line), headers, b"\r\n", body].concat()
}

/// Returns the start of a generate request, without the header for the length of the body and the blank line, and the body.
pub fn generate(app: &TestApp, name: &str) -> (Vec<u8>, Vec<u8>) {
    let head = head(app, "POST /v1/tokens");
    let head = [&head, &b"content-type: application/json\r\n"[..]].concat();
    (head, token_body(name).to_string().into_bytes())
}

/// Returns a whole generate request.
pub fn generate_request(app: &TestApp, name: &str) -> Vec<u8> {
    let (head, body) = generate(app, name);
    let framing = format!("content-length: {}\r\n\r\n", body.len());
    [&head, framing.as_bytes(), &body].concat()
}

/// Returns the gateway of an app over HTTP.
pub fn gateway(app: &TestApp) -> &Gateway {
    app.gateway().unwrap()
}

/// Sends bytes and returns the response.
pub fn exchange(app: &TestApp, bytes: &[u8], then: Then) -> Vec<u8> {
    let mut stream = gateway(app).connect();
    // A server that rejects the request may close the connection before it has read all of it.
    stream.write_all(bytes).ok();
    if let Then::Close = then {
        stream.shutdown(Shutdown::Write).ok();
    }
    read_to_end(stream)
}

/// Returns all bytes that are received until the connection ends.
pub fn read_to_end(mut stream: TcpStream) -> Vec<u8> {
    let mut response = Vec::new();
    // A reset connection also ends the response.
    stream.read_to_end(&mut response).ok();
    response
}

/// Returns the status and the body of a response. The status is 0 if there is no response.
pub fn parse(response: &[u8]) -> (u16, String) {
    let text = String::from_utf8_lossy(response);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.get(9..12).and_then(|status| status.parse().ok());
    (status.unwrap_or_default(), body.to_owned())
}

/// Asserts that these bytes are rejected, that nothing is written, and that the gateway still serves requests.
pub async fn assert_rejected(app: &TestApp, bytes: &[u8], then: Then, status: u16, by: By) {
    let before = app.snapshot().await;
    let (actual, body) = parse(&exchange(app, bytes, then));
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    assert_eq!(actual, status, "{by:?} {start} {body}");
    let document = serde_json::from_str::<Value>(&body).unwrap_or_default();
    match by {
        By::Server => assert_eq!(body, "", "{start}"),
        By::Gateway(message) => assert_eq!(document, json!({ "message": message }), "{start}"),
        By::Function(code) => {
            assert_eq!(document["type"], format!("urn:tokenward:problem:{code}"), "{start}");
        }
    }
    assert!(app.snapshot().await == before, "rejected but wrote something: {start}");
    app.request("GET", "/whoami").await.assert_status(200);
}
