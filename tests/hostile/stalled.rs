//! Clients that begin a request and stop.

use crate::raw::{exchange, gateway, generate, parse, rest};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use tests::gateway::Gateway;
use tests::{Request, TestApp};

/// How many stall at once.
const CLIENTS: usize = 200;

/// Whether nothing has come back, and the connection is open.
fn is_silent(stream: &mut TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let read = stream.read(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    matches!(read, Err(error) if error.kind() == ErrorKind::WouldBlock)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_stall_block_nobody_and_are_answered_once_they_go_on() {
    let app = TestApp::over_http().await;
    let before = app.snapshot().await;
    let mut stalled = Vec::new();
    for number in 0..CLIENTS {
        let (head, body) = generate(&app, &format!("stalled-{number}"));
        let framing = format!("content-length: {}\r\n\r\n", body.len());
        let bytes = [&head, framing.as_bytes(), &body].concat();
        // A third of them stop in the head, the others in the body.
        let told = if number.is_multiple_of(3) { head.len() / 2 } else { bytes.len() - 1 };
        let mut stream = gateway(&app).connect();
        stream.write_all(&bytes[..told]).unwrap();
        stalled.push((stream, bytes[told..].to_vec()));
    }
    // Whoever asks meanwhile is served, and none of the stalled requests is.
    let (id, token) = app.create_token("meanwhile").await;
    assert_eq!(app.use_token(&token).await, 200);
    app.call(Request::new("DELETE", format!("/v1/tokens/{id}"))).await.assert_status(204);
    assert!(app.snapshot().await == before);
    assert!(stalled.iter_mut().all(|(stream, _)| is_silent(stream)));

    let left = stalled.split_off(CLIENTS / 2);
    for (mut stream, missing) in stalled {
        for byte in missing {
            stream.write_all(&[byte]).unwrap();
        }
        assert_eq!(parse(&rest(stream)).0, 201);
    }
    for (stream, _) in left {
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let (status, _) = parse(&rest(stream));
        assert!(status == 400 || status == 0, "{status}");
    }
    assert_eq!(app.snapshot().await.len(), before.len() + CLIENTS);
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_comes_a_byte_at_a_time_is_a_body() {
    let app = TestApp::over_http().await;
    let (head, body) = generate(&app, "trickle");
    let mut stream = gateway(&app).connect();
    stream.set_nodelay(true).unwrap();
    stream.write_all(&[&head, &b"transfer-encoding: chunked\r\n\r\n"[..]].concat()).unwrap();
    for byte in body {
        stream.write_all(&[b'1', b'\r', b'\n', byte, b'\r', b'\n']).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    assert_eq!(parse(&rest(stream)).0, 201);
}

#[test]
fn a_client_that_has_stalled_does_not_keep_the_gateway_from_stopping() {
    let home = tempfile::TempDir::new().unwrap();
    let file = home.path().join("admin");
    let mut gateway =
        Gateway::start(&["--in-memory", "--admin-token-file", file.to_str().unwrap()]);
    let admin = std::fs::read_to_string(file).unwrap();
    let head = format!(
        "POST /v1/tokens HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n",
        admin.trim()
    );
    let mut in_its_head = gateway.connect();
    in_its_head.write_all(head.as_bytes()).unwrap();
    let mut in_its_body = gateway.connect();
    in_its_body
        .write_all(format!("{head}expect: 100-continue\r\ncontent-length: 9\r\n\r\n").as_bytes())
        .unwrap();
    // The gateway asks for the body: it has the request at work.
    let mut asked = [0; 25];
    in_its_body.read_exact(&mut asked).unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    assert!(gateway.stop(), "it did not stop cleanly");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_away_takes_nothing_with_it() {
    let app = TestApp::over_http().await;
    let before = app.snapshot().await;
    for number in 0..CLIENTS {
        let (head, body) = generate(&app, &format!("gone-{number}"));
        let framing = format!("content-length: {}\r\n\r\n", body.len());
        let bytes = [&head, framing.as_bytes(), &body].concat();
        let told = bytes.len() * number / CLIENTS;
        gateway(&app).connect().write_all(&bytes[..told]).unwrap();
    }
    let (head, body) = generate(&app, "afterwards");
    let framing = format!("content-length: {}\r\n\r\n", body.len());
    let answer = exchange(&app, &[&head, framing.as_bytes(), &body].concat(), false);
    assert_eq!(parse(&answer).0, 201);
    assert_eq!(app.snapshot().await.len(), before.len() + 2);
}
