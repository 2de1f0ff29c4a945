//! Valid but unusual requests, as some HTTP clients send them.

use crate::DataDirectory;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use tests::gateway::Gateway;

const BODY: &str = r#"{"name":"habit","permissions":{"type":"superAdmin"}}"#;

/// One connection to a gateway.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(gateway: &Gateway) -> Self {
        let address = gateway.url.strip_prefix("http://").unwrap();
        Self(BufReader::new(TcpStream::connect(address).unwrap()))
    }

    fn write(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    /// Reads one response and returns its first line and its body.
    fn read(&mut self) -> (String, String) {
        let status = self.line();
        let headers: Vec<_> =
            std::iter::repeat_with(|| self.line()).take_while(|line| !line.is_empty()).collect();
        let length = headers.iter().find_map(|header| {
            let (name, value) = header.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length").then(|| value.parse().unwrap())
        });
        let mut body = vec![0; length.unwrap_or(0)];
        self.0.read_exact(&mut body).unwrap();
        (status, String::from_utf8(body).unwrap())
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

#[test]
fn http_1_0_is_supported() {
    let home = DataDirectory::new();
    let gateway = home.start(&[]);
    let admin = home.admin_token();
    let mut connection = Connection::open(&gateway);
    connection.write(&format!(
        "GET /v1/tokens HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer {admin}\r\n\r\n"
    ));
    let (status, body) = connection.read();
    assert!(status.contains(" 200 ") && body.contains("\"tokens\""), "{status} {body}");
}

#[test]
fn a_client_that_waits_for_100_continue_gets_it() {
    let home = DataDirectory::new();
    let gateway = home.start(&[]);
    let admin = home.admin_token();
    let mut connection = Connection::open(&gateway);
    connection.write(&format!(
        "POST /v1/tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {admin}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        BODY.len()
    ));
    let (status, _) = connection.read();
    assert_eq!(status, "HTTP/1.1 100 Continue");
    connection.write(BODY);
    let (status, body) = connection.read();
    assert_eq!(status, "HTTP/1.1 201 Created", "{body}");
}

#[test]
fn chunked_bodies_unusual_accept_headers_and_lowercase_names_are_accepted() {
    let home = DataDirectory::new();
    let gateway = home.start(&[]);
    let admin = home.admin_token();
    for (number, accept) in
        ["text/html", "*/*;q=0.1", "application/xml, image/*", ""].iter().enumerate()
    {
        let body = BODY.replace("habit", &format!("habit-{number}"));
        let (first, second) = body.split_at(10);
        let mut connection = Connection::open(&gateway);
        connection.write(&format!(
            "POST /v1/tokens HTTP/1.1\r\nhost: localhost\r\nauthorization: bearer {admin}\r\naccept: {accept}\r\ncontent-type: application/json; charset=UTF-8\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
            first.len(),
            second.len(),
        ));
        let (status, body) = connection.read();
        assert_eq!(status, "HTTP/1.1 201 Created", "{accept}: {body}");
    }
}

#[test]
fn a_connection_can_be_reused_after_an_error() {
    let home = DataDirectory::new();
    let gateway = home.start(&[]);
    let admin = home.admin_token();
    let mut connection = Connection::open(&gateway);
    let authorization = format!("Authorization: Bearer {admin}\r\n");
    for (target, headers, body, expected) in [
        ("POST /v1/tokens", "", BODY, "401 Unauthorized"),
        ("POST /v1/tokens", "Authorization: Bearer twd_x\r\n", BODY, "403 Forbidden"),
        (
            "POST /v1/tokens",
            // With the header that is added below, the request has two content types, which are rejected.
            &format!("{authorization}Content-Type: text/plain\r\n"),
            BODY,
            "415 Unsupported Media Type",
        ),
        ("POST /nowhere", authorization.as_str(), BODY, "404 Not Found"),
        ("POST /v1/tokens", &authorization, "{", "400 Bad Request"),
        ("POST /v1/tokens", &authorization, "{}", "422 Unprocessable Entity"),
        ("POST /v1/tokens", &authorization, BODY, "201 Created"),
        ("POST /v1/tokens", &authorization, BODY, "409 Conflict"),
        ("GET /v1/tokens", &authorization, "", "200 OK"),
    ] {
        connection.write(&format!(
            "{target} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ));
        let (status, body) = connection.read();
        assert_eq!(status, format!("HTTP/1.1 {expected}"), "{target}: {body}");
    }
}
