//! Bytes that are no proper request, and requests that are larger than any honest one.

use crate::raw::{By, exchange, gateway, generate, head, parse, refuses, request};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::Value;
use tests::{Request, TestApp};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_request_is_refused() {
    let app = TestApp::over_http().await;
    let every_byte: Vec<u8> = (0..=255).collect();
    let tls = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
    for bytes in [
        every_byte.as_slice(),
        tls,
        b"GET /whoami\r\n\r\n",
        b"GET /whoami HTTP/3.0\r\n\r\n",
        b"GET\0/whoami HTTP/1.1\r\n\r\n",
        b"{\"name\":\"abc\"}\r\n\r\n",
    ] {
        refuses(&app, bytes, false, 400, By::Server).await;
    }
    for header in [
        &b"x: a\0b\r\n"[..],
        b"x: a\x01b\r\n",
        b"x : a\r\n",
        b"x: a\r\n folded\r\n",
        b": a\r\n",
        b"x\r\n",
        b"\xff: a\r\n",
    ] {
        let bytes = request(&app, "GET /whoami", header, b"");
        refuses(&app, &bytes, false, 400, By::Server).await;
    }
    for line in
        ["OPTIONS *", "CONNECT elsewhere:80", "get /whoami", "GE /whoami", "POST //v1/tokens"]
    {
        let bytes = request(&app, line, b"", b"");
        refuses(&app, &bytes, false, 404, By::Gateway("Not Found")).await;
    }
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_whose_length_can_be_read_in_two_ways_is_refused() {
    let app = TestApp::over_http().await;
    let (head, body) = generate(&app, "smuggled");
    let chunked = [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
    for (framing, body) in [
        ("content-length: 18446744073709551616\r\n", &body),
        ("content-length: -1\r\n", &body),
        ("content-length: +9\r\n", &body),
        ("content-length: 0x9\r\n", &body),
        ("content-length: 1\r\ncontent-length: 2\r\n", &body),
        ("content-length: 1, 2\r\n", &body),
        ("transfer-encoding: chunked, identity\r\n", &chunked),
        ("transfer-encoding: xchunked\r\n", &chunked),
    ] {
        let bytes = [&head, framing.as_bytes(), b"\r\n", body].concat();
        refuses(&app, &bytes, false, 400, By::Server).await;
    }
    // Where both are given, the chunks count and the length does not (RFC 9112 section 6.3): one request, and no other.
    let (id, token) = app.create_token("kept").await;
    let smuggled = request(&app, &format!("DELETE /v1/tokens/{id}"), b"", b"");
    let framing = format!(
        "content-length: {}\r\ntransfer-encoding: chunked\r\n\r\n",
        chunked.len() + smuggled.len()
    );
    let bytes = [&head, framing.as_bytes(), &chunked, &smuggled].concat();
    let answer = exchange(&app, &bytes, false);
    assert_eq!(parse(&answer).0, 201);
    assert_eq!(String::from_utf8_lossy(&answer).matches("HTTP/1.1").count(), 1);
    assert_eq!(app.use_token(&token).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bomb_of_headers_is_refused() {
    let app = TestApp::over_http().await;
    let many: String = (0..101).map(|number| format!("x-{number}: y\r\n")).collect();
    let small: String = (0..60_000).map(|_| "x:\r\n").collect();
    let huge = format!("x: {}\r\n", "y".repeat(1024 * 1024));
    let huge_name = format!("{}: y\r\n", "x".repeat(1024 * 1024));
    for headers in [many, small, huge, huge_name] {
        let bytes = request(&app, "DELETE /v1/tokens/0000000000000000", headers.as_bytes(), b"");
        refuses(&app, &bytes, false, 431, By::Server).await;
    }
    let line = format!("DELETE /v1/tokens/{}", "0".repeat(70_000));
    refuses(&app, &request(&app, &line, b"", b""), false, 414, By::Server).await;
    // What the server takes, the authorizer refuses.
    for credential in [
        "x".repeat(300_000),
        "Bearer ".repeat(40_000),
        format!("Bearer {}", app.admin.repeat(4_000)),
    ] {
        let call = Request::new("GET", "/whoami").header("authorization", &credential);
        app.send(call).await.assert_gateway_error(403, "Forbidden");
    }
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_are_not_utf_8_are_refused_wherever_they_are() {
    let app = TestApp::over_http().await;
    let (id, _) = app.create_token("kept").await;
    let delete = format!("DELETE /v1/tokens/{id}");
    for header in
        [&b"if-match: \"1\"\xff\r\n"[..], b"x-odd: \xff\r\n", b"content-type: \xc0\x80\r\n"]
    {
        let bytes = request(&app, &delete, header, b"");
        refuses(&app, &bytes, false, 400, By::Gateway("Bad Request")).await;
    }
    let odd = b"DELETE /v1/tokens/\xff HTTP/1.1\r\nhost: x\r\n\r\n";
    refuses(&app, odd, false, 400, By::Server).await;
    for (line, by) in [
        ("DELETE /v1/tokens/%FF", By::Gateway("Bad Request")),
        ("DELETE /v1/tokens/%C0%AF", By::Gateway("Bad Request")),
        ("DELETE /v1/tokens/%ED%A0%80", By::Gateway("Bad Request")),
        ("GET /v1/tokens?namePrefix=%FF", By::Function("invalid-query")),
        ("GET /v1/tokens?cursor=%FF", By::Function("invalid-query")),
        ("GET /v1/tokens?%FF=1", By::Function("invalid-query")),
        ("GET /v1/tokens?limit=1%FF", By::Function("invalid-query")),
    ] {
        refuses(&app, &request(&app, line, b"", b""), false, 400, by).await;
    }
    let credential = b"GET /whoami HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer \xff\r\n\r\n";
    refuses(&app, credential, false, 400, By::Gateway("Bad Request")).await;
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_over_the_limit_is_refused_in_chunks_too() {
    let app = TestApp::over_http().await;
    let (head, _) = generate(&app, "chunked");
    let head = [&head, &b"transfer-encoding: chunked\r\n\r\n"[..]].concat();
    let chunk =
        |size: usize| [format!("{size:x}\r\n").as_bytes(), &vec![b' '; size], b"\r\n"].concat();
    let over = [head.as_slice(), &chunk(64 * 1024), &chunk(1), b"0\r\n\r\n"].concat();
    refuses(&app, &over, false, 413, By::Function("body-too-large")).await;
    let far_over = [head.as_slice(), &chunk(1024 * 1024).repeat(11), b"0\r\n\r\n"].concat();
    refuses(&app, &far_over, false, 413, By::Gateway("Request Entity Too Large")).await;
    // A byte to a chunk costs the sender more than the gateway.
    let crumbs = [head.as_slice(), &chunk(1).repeat(64 * 1024 + 1), b"0\r\n\r\n"].concat();
    refuses(&app, &crumbs, false, 413, By::Function("body-too-large")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_breaks_off_is_a_bad_request() {
    let app = TestApp::over_http().await;
    let (head, body) = generate(&app, "broken-off");
    for (framing, sent) in [
        // All but the last byte, which would make it a token.
        (format!("content-length: {}\r\n\r\n", body.len()), &body[..body.len() - 1]),
        (format!("content-length: {}\r\n\r\n", body.len() + 1), &body[..]),
        (format!("content-length: {}\r\n\r\n", u64::MAX - 3), &body[..]),
        (format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len()), &body[..]),
        (format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len() + 1), &body[..]),
        ("transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n".to_owned(), &body[..]),
        ("transfer-encoding: chunked\r\n\r\n-1\r\n".to_owned(), &body[..]),
    ] {
        let bytes = [&head, framing.as_bytes(), sent].concat();
        refuses(&app, &bytes, true, 400, By::Gateway("Bad Request")).await;
    }
    app.assert_no_secret_leaked().await;
}

/// Changes, adds or removes a byte somewhere.
fn damage(dice: &mut TestRng, bytes: &mut Vec<u8>) {
    let place = dice.next_u32() as usize % bytes.len();
    match dice.next_u32() % 3 {
        0 => bytes[place] = dice.next_u32() as u8,
        1 => bytes.insert(place, dice.next_u32() as u8),
        _ => drop(bytes.remove(place)),
    }
}

/// How many damaged requests are sent.
const DAMAGED: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_damaged_request_is_carried_out_twice_or_fails_within() {
    let app = TestApp::over_http().await;
    let mut dice = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
    for number in 0..DAMAGED {
        let (head, body) = generate(&app, &format!("damaged-{number}"));
        let framing = format!("content-length: {}\r\n", body.len());
        // The length stays, and more follows than the damage can want: no answer has to be waited for.
        let mut rest = [b"\r\n", body.as_slice(), &[b' '; 16], b"\r\n\r\n"].concat();
        let mut head = head;
        for _ in 0..=dice.next_u32() % 3 {
            let damaged = if dice.next_u32().is_multiple_of(2) { &mut head } else { &mut rest };
            damage(&mut dice, damaged);
        }
        let bytes = [&head, framing.as_bytes(), &rest].concat();
        *statuses.entry(parse(&exchange(&app, &bytes, false)).0).or_default() += 1;
    }
    println!("{statuses:?}");
    let generated = statuses.get(&201).copied().unwrap_or_default();
    assert!((1..DAMAGED / 2).contains(&generated), "{statuses:?}");
    assert!(statuses.keys().all(|status| *status < 500), "{statuses:?}");
    // Two items of each token that an answer told of, and of the super admin.
    assert_eq!(app.snapshot().await.len(), 2 * (generated + 1));
    let log = gateway(&app).log();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert!(lines.into_iter().all(|line| line["level"] == "INFO"), "{log}");
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_without_its_credential_is_never_read() {
    let app = TestApp::over_http().await;
    let line = b"POST /v1/tokens HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9999999999999\r\n\r\n";
    refuses(&app, line, false, 401, By::Gateway("Unauthorized")).await;
    let stranger = app.admin.replace("twd_", "twd-");
    let line =
        String::from_utf8(head(&app, "POST /v1/tokens")).unwrap().replace(&app.admin, &stranger);
    let bytes = [line.as_bytes(), b"content-length: 9999999999999\r\n\r\n"].concat();
    refuses(&app, &bytes, false, 403, By::Gateway("Forbidden")).await;
}
