//! Clients that start a request and stall or disconnect.

use crate::raw::{Then, exchange, gateway, generate, generate_request, parse, read_to_end};
use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use tests::TestApp;
use tests::app::token_body;
use tests::gateway::Gateway;

/// How many clients stall at the same time.
const CLIENTS: usize = 200;

/// Returns whether the connection is open and nothing has been received.
fn is_waiting(stream: &mut TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let read = stream.read(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    matches!(read, Err(error) if error.kind() == ErrorKind::WouldBlock)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stalled_clients_do_not_block_others_and_can_resume() {
    let app = TestApp::over_http().await;
    let before = app.tokens_and_names().await;
    let mut stalled = Vec::new();
    for number in 0..CLIENTS {
        let bytes = generate_request(&app, &format!("stalled-{number}"));
        // A third of them stall in the headers, the others before the last byte of the body.
        let sent = if number.is_multiple_of(3) { bytes.len() / 3 } else { bytes.len() - 1 };
        let mut stream = gateway(&app).connect();
        stream.write_all(&bytes[..sent]).unwrap();
        stalled.push((stream, bytes[sent..].to_vec()));
    }
    // Meanwhile, other requests get responses, but the stalled ones do not.
    let (id, token) = app.create_token("meanwhile").await;
    assert_eq!(app.use_token(&token).await, 200);
    app.delete(&id).await.assert_status(204);
    assert!(app.tokens_and_names().await == before);
    assert!(stalled.iter_mut().all(|(stream, _)| is_waiting(stream)));

    let disconnecting = stalled.split_off(CLIENTS / 2);
    for (mut stream, missing) in stalled {
        for byte in missing {
            stream.write_all(&[byte]).unwrap();
        }
        assert_eq!(parse(&read_to_end(stream)).0, 201);
    }
    for (stream, _) in disconnecting {
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let (status, _) = parse(&read_to_end(stream));
        assert!(status == 400 || status == 0, "{status}");
    }
    assert_eq!(app.tokens_and_names().await.len(), before.len() + CLIENTS);
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_in_chunks_of_one_byte_is_accepted() {
    let app = TestApp::over_http().await;
    let (head, body) = generate(&app, "trickle");
    let mut stream = gateway(&app).connect();
    stream.set_nodelay(true).unwrap();
    stream.write_all(&[&head, &b"transfer-encoding: chunked\r\n\r\n"[..]].concat()).unwrap();
    for byte in body {
        stream.write_all(&[b'1', b'\r', b'\n', byte, b'\r', b'\n']).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    assert_eq!(parse(&read_to_end(stream)).0, 201);
}

#[test]
fn stalled_clients_do_not_delay_shutdown() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("admin");
    let mut gateway =
        Gateway::start(&["--in-memory", "--admin-token-file", file.to_str().unwrap()]);
    let admin = std::fs::read_to_string(file).unwrap();
    let head = format!(
        "POST /v1/tokens HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n",
        admin.trim()
    );
    let mut stalled_in_head = gateway.connect();
    stalled_in_head.write_all(head.as_bytes()).unwrap();
    let mut stalled_in_body = gateway.connect();
    stalled_in_body
        .write_all(format!("{head}expect: 100-continue\r\ncontent-length: 9\r\n\r\n").as_bytes())
        .unwrap();
    // The gateway responds with `100 Continue`, so it is reading this request.
    let mut response = [0; 25];
    stalled_in_body.read_exact(&mut response).unwrap();
    assert_eq!(&response, b"HTTP/1.1 100 Continue\r\n\r\n");
    assert!(gateway.stop(), "the gateway did not exit successfully");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_deleted_while_its_request_stalls_is_denied() {
    let app = TestApp::over_http().await;
    let super_admin = json!({ "name": "stalling", "permissions": { "type": "superAdmin" } });
    let (record, token) = app.create(super_admin).await;
    let before = app.tokens_and_names().await.len();
    let body = token_body("held").to_string();
    let head = format!(
        "POST /v1/tokens HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = gateway(&app).connect();
    stream.write_all(head.as_bytes()).unwrap();
    // The gateway responds with `100 Continue`, so it is reading this request.
    let mut response = [0; 25];
    stream.read_exact(&mut response).unwrap();
    assert_eq!(&response, b"HTTP/1.1 100 Continue\r\n\r\n");
    app.delete(record["id"].as_str().unwrap()).await.assert_status(204);
    stream.write_all(body.as_bytes()).unwrap();
    let (status, body) = parse(&read_to_end(stream));
    assert_eq!((status, body.as_str()), (403, r#"{"message":"Forbidden"}"#));
    assert_eq!(app.tokens_and_names().await.len(), before - 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_disconnect_leave_nothing_behind() {
    let app = TestApp::over_http().await;
    let before = app.tokens_and_names().await;
    for number in 0..CLIENTS {
        let bytes = generate_request(&app, &format!("disconnected-{number}"));
        let sent = bytes.len() * number / CLIENTS;
        gateway(&app).connect().write_all(&bytes[..sent]).unwrap();
    }
    let response = exchange(&app, &generate_request(&app, "afterwards"), Then::Wait);
    assert_eq!(parse(&response).0, 201);
    assert_eq!(app.tokens_and_names().await.len(), before.len() + 2);
}
