//! Malformed HTTP, and requests that are too large.

use crate::raw::{By, Then, assert_rejected, exchange, gateway, generate, head, parse, request};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::Value;
use tests::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malformed_http_is_rejected() {
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
        assert_rejected(&app, bytes, Then::Wait, 400, By::Server).await;
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
        assert_rejected(&app, &bytes, Then::Wait, 400, By::Server).await;
    }
    for line in
        ["OPTIONS *", "CONNECT elsewhere:80", "get /whoami", "GE /whoami", "POST //v1/tokens"]
    {
        let bytes = request(&app, line, b"", b"");
        assert_rejected(&app, &bytes, Then::Wait, 404, By::Gateway("Not Found")).await;
    }
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ambiguous_body_lengths_are_rejected() {
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
        assert_rejected(&app, &bytes, Then::Wait, 400, By::Server).await;
    }
    // With both headers, `Transfer-Encoding` overrides `Content-Length` (RFC 9112 section 6.3), so this is one request.
    let (id, token) = app.create_token("unchanged").await;
    let smuggled = request(&app, &format!("DELETE /v1/tokens/{id}"), b"", b"");
    let framing = format!(
        "content-length: {}\r\ntransfer-encoding: chunked\r\n\r\n",
        chunked.len() + smuggled.len()
    );
    let bytes = [&head, framing.as_bytes(), &chunked, &smuggled].concat();
    let response = exchange(&app, &bytes, Then::Wait);
    assert_eq!(parse(&response).0, 201);
    assert_eq!(String::from_utf8_lossy(&response).matches("HTTP/1.1").count(), 1);
    assert_eq!(app.use_token(&token).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_and_too_large_headers_are_rejected() {
    let app = TestApp::over_http().await;
    let many: String = (0..101).map(|number| format!("x-{number}: y\r\n")).collect();
    let small: String = (0..60_000).map(|_| "x:\r\n").collect();
    let huge = format!("x: {}\r\n", "y".repeat(1024 * 1024));
    let huge_name = format!("{}: y\r\n", "x".repeat(1024 * 1024));
    for headers in [many, small, huge, huge_name] {
        let bytes = request(&app, "DELETE /v1/tokens/0000000000000000", headers.as_bytes(), b"");
        assert_rejected(&app, &bytes, Then::Wait, 431, By::Server).await;
    }
    let line = format!("DELETE /v1/tokens/{}", "0".repeat(70_000));
    assert_rejected(&app, &request(&app, &line, b"", b""), Then::Wait, 414, By::Server).await;
    // These headers are accepted by the server, and their credentials are denied by the authorizer.
    for credential in [
        "x".repeat(300_000),
        "Bearer ".repeat(40_000),
        format!("Bearer {}", app.admin.repeat(4_000)),
    ] {
        let request = app.request("GET", "/whoami").anonymous();
        let response = request.header("authorization", &credential).await;
        response.assert_gateway_error(403, "Forbidden");
    }
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_are_not_utf_8_are_rejected_everywhere() {
    let app = TestApp::over_http().await;
    let (id, _) = app.create_token("unchanged").await;
    let delete = format!("DELETE /v1/tokens/{id}");
    for header in
        [&b"if-match: \"1\"\xff\r\n"[..], b"x-odd: \xff\r\n", b"content-type: \xc0\x80\r\n"]
    {
        let bytes = request(&app, &delete, header, b"");
        assert_rejected(&app, &bytes, Then::Wait, 400, By::Gateway("Bad Request")).await;
    }
    let odd = b"DELETE /v1/tokens/\xff HTTP/1.1\r\nhost: localhost\r\n\r\n";
    assert_rejected(&app, odd, Then::Wait, 400, By::Server).await;
    for (line, by) in [
        ("DELETE /v1/tokens/%FF", By::Gateway("Bad Request")),
        ("DELETE /v1/tokens/%C0%AF", By::Gateway("Bad Request")),
        ("DELETE /v1/tokens/%ED%A0%80", By::Gateway("Bad Request")),
        ("GET /v1/tokens?namePrefix=%FF", By::Function("invalid-query")),
        ("GET /v1/tokens?cursor=%FF", By::Function("invalid-query")),
        ("GET /v1/tokens?%FF=1", By::Function("invalid-query")),
        ("GET /v1/tokens?limit=1%FF", By::Function("invalid-query")),
    ] {
        assert_rejected(&app, &request(&app, line, b"", b""), Then::Wait, 400, by).await;
    }
    let credential = b"GET /whoami HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer \xff\r\n\r\n";
    assert_rejected(&app, credential, Then::Wait, 400, By::Gateway("Bad Request")).await;
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chunked_bodies_over_the_limit_are_rejected() {
    let app = TestApp::over_http().await;
    let (head, _) = generate(&app, "chunked");
    let head = [&head, &b"transfer-encoding: chunked\r\n\r\n"[..]].concat();
    let chunk =
        |size: usize| [format!("{size:x}\r\n").as_bytes(), &vec![b' '; size], b"\r\n"].concat();
    let over = [head.as_slice(), &chunk(64 * 1024), &chunk(1), b"0\r\n\r\n"].concat();
    assert_rejected(&app, &over, Then::Wait, 413, By::Function("body-too-large")).await;
    let far_over = [head.as_slice(), &chunk(1024 * 1024).repeat(11), b"0\r\n\r\n"].concat();
    assert_rejected(&app, &far_over, Then::Wait, 413, By::Gateway("Request Entity Too Large"))
        .await;
    // One byte in each chunk.
    let small_chunks = [head.as_slice(), &chunk(1).repeat(64 * 1024 + 1), b"0\r\n\r\n"].concat();
    assert_rejected(&app, &small_chunks, Then::Wait, 413, By::Function("body-too-large")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_truncated_body_is_a_bad_request() {
    let app = TestApp::over_http().await;
    let (head, body) = generate(&app, "truncated");
    for (framing, sent) in [
        // Only the last byte is missing.
        (format!("content-length: {}\r\n\r\n", body.len()), &body[..body.len() - 1]),
        (format!("content-length: {}\r\n\r\n", body.len() + 1), &body[..]),
        (format!("content-length: {}\r\n\r\n", u64::MAX - 3), &body[..]),
        (format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len()), &body[..]),
        (format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n", body.len() + 1), &body[..]),
        ("transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n".to_owned(), &body[..]),
        ("transfer-encoding: chunked\r\n\r\n-1\r\n".to_owned(), &body[..]),
    ] {
        let bytes = [&head, framing.as_bytes(), sent].concat();
        assert_rejected(&app, &bytes, Then::Close, 400, By::Gateway("Bad Request")).await;
    }
    app.assert_no_secret_leaked().await;
}

/// Changes, inserts or removes one random byte.
fn mutate(rng: &mut TestRng, bytes: &mut Vec<u8>) {
    let index = rng.next_u32() as usize % bytes.len();
    match rng.next_u32() % 3 {
        0 => bytes[index] = rng.next_u32() as u8,
        1 => bytes.insert(index, rng.next_u32() as u8),
        _ => drop(bytes.remove(index)),
    }
}

/// How many mutated requests are sent.
const MUTATED: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutated_requests_apply_at_most_once_and_cause_no_internal_error() {
    let app = TestApp::over_http().await;
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
    for number in 0..MUTATED {
        let (head, body) = generate(&app, &format!("mutated-{number}"));
        let framing = format!("content-length: {}\r\n", body.len());
        // Spaces follow the body. Without them, the server would wait for bytes that a mutation has removed.
        let mut rest = [b"\r\n", body.as_slice(), &[b' '; 16], b"\r\n\r\n"].concat();
        let mut head = head;
        for _ in 0..=rng.next_u32() % 3 {
            let part = if rng.next_u32().is_multiple_of(2) { &mut head } else { &mut rest };
            mutate(&mut rng, part);
        }
        let bytes = [&head, framing.as_bytes(), &rest].concat();
        *statuses.entry(parse(&exchange(&app, &bytes, Then::Wait)).0).or_default() += 1;
    }
    println!("{statuses:?}");
    let generated = statuses.get(&201).copied().unwrap_or_default();
    assert!((1..MUTATED / 2).contains(&generated), "{statuses:?}");
    assert!(statuses.keys().all(|status| *status < 500), "{statuses:?}");
    // Two items for each token that was generated, and for the super admin.
    assert_eq!(app.tokens_and_names().await.len(), 2 * (generated + 1));
    let log = gateway(&app).log();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert!(lines.into_iter().all(|line| line["level"] == "INFO"), "{log}");
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_too_large_is_not_read_if_its_request_is_unauthorized() {
    let app = TestApp::over_http().await;
    let line = b"POST /v1/tokens HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 9999999999999\r\n\r\n";
    assert_rejected(&app, line, Then::Wait, 401, By::Gateway("Unauthorized")).await;
    let malformed = app.admin.replace("twd_", "twd-");
    let line =
        String::from_utf8(head(&app, "POST /v1/tokens")).unwrap().replace(&app.admin, &malformed);
    let bytes = [line.as_bytes(), b"content-length: 9999999999999\r\n\r\n"].concat();
    assert_rejected(&app, &bytes, Then::Wait, 403, By::Gateway("Forbidden")).await;
}
