//! A client that sends bytes as they are, and takes whatever comes back.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use tests::app::token_body;
use tests::gateway::Gateway;
use tests::{Request, TestApp};

/// What is expected to refuse a request.
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// The server, before there is a request at all: it says nothing more.
    Server,
    /// The gateway, with this message.
    Gateway(&'static str),
    /// A function, with a problem of this code.
    Function(&'static str),
}

/// The head of a request of the super admin, who sends no other on this connection.
pub fn head(app: &TestApp, line: &str) -> Vec<u8> {
    let admin = &app.admin;
    format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {admin}\r\n")
        .into_bytes()
}

/// A whole request of the super admin.
pub fn request(app: &TestApp, line: &str, headers: &[u8], body: &[u8]) -> Vec<u8> {
    [&head(app, line), headers, b"\r\n", body].concat()
}

/// The head of a generate with a body of JSON whose framing follows, and the body.
pub fn generate(app: &TestApp, name: &str) -> (Vec<u8>, Vec<u8>) {
    let head = head(app, "POST /v1/tokens");
    let head = [&head, &b"content-type: application/json\r\n"[..]].concat();
    (head, token_body(name).to_string().into_bytes())
}

/// The gateway of a app over HTTP.
pub fn gateway(app: &TestApp) -> &Gateway {
    app.gateway().unwrap()
}

/// All that comes back to these bytes. With `end` the client says that no more of them follow.
pub fn exchange(app: &TestApp, bytes: &[u8], end: bool) -> Vec<u8> {
    let mut stream = gateway(app).connect();
    // Whoever refuses need not read to the end.
    stream.write_all(bytes).ok();
    if end {
        stream.shutdown(Shutdown::Write).ok();
    }
    rest(stream)
}

/// All that still comes back.
pub fn rest(mut stream: TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok();
    answer
}

/// The status and the body of an answer.
pub fn parse(answer: &[u8]) -> (u16, String) {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.get(9..12).and_then(|status| status.parse().ok());
    (status.unwrap_or_default(), body.to_owned())
}

/// Proves that these bytes are refused so, that nothing was written, and that the gateway goes on.
pub async fn refuses(app: &TestApp, bytes: &[u8], end: bool, status: u16, by: By) {
    let before = app.snapshot().await;
    let (given, body) = parse(&exchange(app, bytes, end));
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    assert_eq!(given, status, "{by:?} {start} {body}");
    let document = serde_json::from_str::<Value>(&body).unwrap_or_default();
    match by {
        By::Server => assert_eq!(body, "", "{start}"),
        By::Gateway(message) => assert_eq!(document, json!({ "message": message }), "{start}"),
        By::Function(code) => {
            assert_eq!(document["type"], format!("urn:tokenward:problem:{code}"), "{start}");
        }
    }
    assert!(app.snapshot().await == before, "a refusal wrote something: {start}");
    app.call(Request::new("GET", "/whoami")).await.assert_status(200);
}
