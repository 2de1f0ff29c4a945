//! Documents that are JSON to some readers and not to others, and texts at the ends of what a text may be.

use crate::{apps, refuses, with_body};
use serde_json::{Value, json};
use tests::app::token_body;
use tests::{Request, TestApp};

/// What Lambda returns at most, in bytes of JSON.
const LAMBDA_RESPONSE: usize = 6 * 1024 * 1024;

/// Proves that every route refuses these bytes as no JSON.
async fn is_no_json(app: &TestApp, id: &str, body: &[u8]) {
    for call in with_body(id) {
        refuses(app, call.raw("application/json", body), 400, "invalid-json").await;
    }
}

/// Proves that generate refuses a document for exactly one violation, and gives its pointer and code.
async fn violates(app: &TestApp, body: &str) -> (String, String) {
    let call = Request::new("POST", "/v1/tokens").raw("application/json", body);
    let answer = refuses(app, call, 422, "validation-failed").await;
    let violations = answer.violations();
    assert_eq!(violations.len(), 1, "{violations:?}");
    violations[0].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_is_too_deep_is_refused_before_it_costs_a_stack() {
    for app in apps().await {
        let (id, _) = app.create_token("kept").await;
        for body in [
            "[".repeat(65_536),
            format!("{}{}", "[".repeat(128), "]".repeat(128)),
            "{\"a\":".repeat(13_000),
            format!("{{\"permissions\":{}", "[{\"grants\":".repeat(5_000)),
            format!("{}7{}", "{\"name\":".repeat(128), "}".repeat(128)),
        ] {
            is_no_json(&app, &id, body.as_bytes()).await;
        }
        // The deepest that is read is a value like any other, and of the wrong type.
        let deep = format!("{}{}", "[".repeat(126), "]".repeat(126));
        let body = format!(r#"{{"name":{deep},"permissions":{{"type":"superAdmin"}}}}"#);
        let expected = ("/name".to_owned(), "type".to_owned());
        assert_eq!(violates(&app, &body).await, expected);
        app.assert_no_secret_leaked().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_member_is_refused_however_it_is_spelt_and_wherever_it_is() {
    for app in apps().await {
        let (id, _) = app.create_token("kept").await;
        for body in [
            r#"{"method":"GET","method":"GET"}"#,
            r#"{"description":"a","\u0064escription":"b"}"#,
            r#"{"description":null,"descriptio\u006E":null}"#,
            r#"{"permissions":{"type":"specific","grants":[{"resource":"routes","resource":"routes"}]}}"#,
            r#"{"unknown":{"a":[[{"b":1,"c":2,"b":1}]]}}"#,
            r#"{"":1,"":2}"#,
            r#"{"a\u0000":1,"a\u0000":2}"#,
        ] {
            is_no_json(&app, &id, body.as_bytes()).await;
        }
        // Alike is not the same.
        let body = r#"{"name":"abc","Name":"abc","permissions":{"type":"superAdmin"}}"#;
        let expected = ("/Name".to_owned(), "unknown-member".to_owned());
        assert_eq!(violates(&app, body).await, expected);
        app.assert_no_secret_leaked().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_that_is_no_unicode_is_no_json() {
    let utf_16: Vec<_> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bodies: [&[u8]; 16] = [
        br#"{"name":"\ud800"}"#,
        br#"{"name":"\udc00"}"#,
        br#"{"name":"\udc00\ud800"}"#,
        br#"{"name":"\ud800\u0041"}"#,
        br#"{"\ud800":1}"#,
        b"{\"name\":\"\xed\xa0\x80\"}",
        b"{\"name\":\"\xc0\x80\"}",
        b"{\"name\":\"\xf4\x90\x80\x80\"}",
        b"{\"name\":\"\xe2\x82\"}",
        b"{\"\xff\":1}",
        b"\xff",
        b"{\"name\":\"a\0b\"}",
        b"{\"name\":\"a\nb\"}",
        b"{}\0",
        b"\xef\xbb\xbf{}",
        &utf_16,
    ];
    for app in apps().await {
        let (id, _) = app.create_token("kept").await;
        for body in bodies {
            is_no_json(&app, &id, body).await;
        }
        app.assert_no_secret_leaked().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_null_character_is_a_character_like_any_other_that_is_not_allowed() {
    let routes = |path: &str| json!({ "type": "specific", "grants": [{ "resource": "routes", "methods": ["GET"], "paths": [path] }] });
    let charts = |name: &str| json!({ "type": "specific", "grants": [{ "resource": "chartGroups", "names": [name], "role": "edit" }] });
    for app in apps().await {
        for (member, value, pointer) in [
            ("name", json!("a\0b"), "/name"),
            ("name", json!("abc\0"), "/name"),
            ("description", json!("a\0b"), "/description"),
            ("expiresAt", json!("2030-01-01T00:00:00Z\0"), "/expiresAt"),
            ("permissions", json!({ "type": "superAdmin\0" }), "/permissions/type"),
            ("permissions", routes("/a\0"), "/permissions/grants/0/paths/0"),
            ("permissions", charts("a\0"), "/permissions/grants/0/names/0"),
            ("a\0b", json!(1), "/a\0b"),
        ] {
            let mut body = token_body("null");
            body[member] = value;
            assert_eq!(violates(&app, &body.to_string()).await.0, pointer);
        }
        let body =
            json!({ "permissions": { "type": "superAdmin" }, "method": "GET", "path": "/a\0" });
        let call = Request::new("POST", "/v1/simulate").json(&body);
        let answer = refuses(&app, call, 422, "validation-failed").await;
        assert_eq!(answer.violations()[0].0, "/path");
        let call = Request::new("GET", "/v1/tokens?namePrefix=a%00");
        refuses(&app, call, 400, "invalid-query").await;
        let call = Request::new("DELETE", "/v1/tokens/000000000000000%00");
        refuses(&app, call, 404, "token-not-found").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_very_long_text_is_refused_for_its_length_and_stays_out_of_the_log() {
    let long = "x".repeat(60_000);
    let path = json!({ "type": "specific", "grants": [{ "resource": "routes", "methods": ["GET"], "paths": [format!("/{long}")] }] });
    for app in apps().await {
        for (member, value, pointer, code) in [
            ("name", json!(long), "/name", "name-length"),
            ("description", json!(long), "/description", "description-length"),
            ("description", json!("😀".repeat(351)), "/description", "description-length"),
            ("expiresAt", json!(long), "/expiresAt", "expiration-format"),
            ("permissions", json!({ "type": long }), "/permissions/type", "permissions-type"),
            ("permissions", path.clone(), "/permissions/grants/0/paths/0", "path"),
            (long.as_str(), json!(1), &format!("/{long}"), "unknown-member"),
        ] {
            let mut body = token_body("long");
            body[member] = value;
            let (at, given) = violates(&app, &body.to_string()).await;
            assert_eq!((at.len(), given.as_str()), (pointer.len(), code));
            assert!(at == pointer);
        }
        for query in ["cursor", "namePrefix", "status", "limit"] {
            let call = Request::new("GET", format!("/v1/tokens?{query}={long}"));
            refuses(&app, call, 400, "invalid-query").await;
        }
        let call = Request::new("DELETE", format!("/v1/tokens/{long}"));
        refuses(&app, call, 404, "token-not-found").await;
        let mut longest = token_body("longest");
        longest["description"] = json!("😀".repeat(350));
        assert_eq!(app.generate(longest.clone()).await.0["description"], longest["description"]);
        if let Some(gateway) = app.gateway() {
            assert!(!gateway.log().contains("xxxx"), "the log holds what was sent");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_to_the_worst_body_is_one_that_lambda_can_return() {
    for app in apps().await {
        for value in [json!(7), json!(""), json!("/")] {
            let list = vec![value; 100];
            let grant = json!({ "resource": "kubernetes", "namespaces": list, "apiGroups": list, "kinds": list, "names": list });
            let most = (64 * 1024 - 100) / (grant.to_string().len() + 1);
            let grants: Vec<_> = (0..most.min(100)).map(|_| grant.clone()).collect();
            let body = json!({ "permissions": { "type": "specific", "grants": grants } });
            let call = Request::new("POST", "/v1/tokens").json(&body);
            let answer = refuses(&app, call, 422, "validation-failed").await;
            assert!(answer.text.len() > 1024 * 1024, "not the worst: {}", answer.text.len());
            // It is a text within Lambda's own JSON.
            let returned = Value::String(answer.text).to_string().len();
            assert!(returned < LAMBDA_RESPONSE, "{returned} bytes");
        }
    }
}
