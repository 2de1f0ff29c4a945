//! Documents that only some parsers accept as JSON, and extreme strings.

use crate::{apps, assert_invalid_json, assert_one_violation};
use serde_json::{Value, json};
use tests::app::{route_permissions, specific, token_body};

/// The maximum size of a response in Lambda, in bytes of JSON.
const LAMBDA_RESPONSE_LIMIT: usize = 6 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deeply_nested_json_is_rejected_without_overflowing_the_stack() {
    for app in apps().await {
        let (id, _) = app.create_token("target").await;
        for body in [
            "[".repeat(65_536),
            format!("{}{}", "[".repeat(128), "]".repeat(128)),
            "{\"a\":".repeat(13_000),
            format!("{{\"permissions\":{}", "[{\"grants\":".repeat(5_000)),
            format!("{}7{}", "{\"name\":".repeat(128), "}".repeat(128)),
        ] {
            assert_invalid_json(&app, &id, body.as_bytes()).await;
        }
        // At the maximum depth, the JSON is valid, but the value has the wrong type.
        let deep = format!("{}{}", "[".repeat(126), "]".repeat(126));
        let body = format!(r#"{{"name":{deep},"permissions":{{"type":"superAdmin"}}}}"#);
        let expected = ("/name".to_owned(), "type".to_owned());
        assert_eq!(assert_one_violation(&app, &body).await, expected);
        app.assert_no_secret_leaked().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repeated_members_are_rejected_at_any_depth_and_in_any_spelling() {
    for app in apps().await {
        let (id, _) = app.create_token("target").await;
        for body in [
            r#"{"method":"GET","method":"GET"}"#,
            r#"{"description":"a","\u0064escription":"b"}"#,
            r#"{"description":null,"descriptio\u006E":null}"#,
            r#"{"permissions":{"type":"specific","grants":[{"resource":"routes","resource":"routes"}]}}"#,
            r#"{"unknown":{"a":[[{"b":1,"c":2,"b":1}]]}}"#,
            r#"{"":1,"":2}"#,
            r#"{"a\u0000":1,"a\u0000":2}"#,
        ] {
            assert_invalid_json(&app, &id, body.as_bytes()).await;
        }
        // Names are case-sensitive.
        let body = r#"{"name":"abc","Name":"abc","permissions":{"type":"superAdmin"}}"#;
        let expected = ("/Name".to_owned(), "unknown-member".to_owned());
        assert_eq!(assert_one_violation(&app, body).await, expected);
        app.assert_no_secret_leaked().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn json_with_invalid_unicode_is_rejected() {
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
        // One byte order mark is skipped, but not a second one.
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
        &utf_16,
    ];
    for app in apps().await {
        let (id, _) = app.create_token("target").await;
        for body in bodies {
            assert_invalid_json(&app, &id, body).await;
        }
        app.assert_no_secret_leaked().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn null_characters_are_rejected() {
    let chart_group = json!({ "resource": "chartGroups", "names": ["a\0"], "role": "edit" });
    let chart_group = specific(json!([chart_group]));
    for app in apps().await {
        for (member, value, pointer) in [
            ("name", json!("a\0b"), "/name"),
            ("name", json!("abc\0"), "/name"),
            ("description", json!("a\0b"), "/description"),
            ("expiresAt", json!("2030-01-01T00:00:00Z\0"), "/expiresAt"),
            ("permissions", json!({ "type": "superAdmin\0" }), "/permissions/type"),
            ("permissions", route_permissions("GET", "/a\0"), "/permissions/grants/0/paths/0"),
            ("permissions", chart_group.clone(), "/permissions/grants/0/names/0"),
            // A pointer never contains an unknown name that is not a plain identifier.
            ("a\0b", json!(1), ""),
        ] {
            let mut body = token_body("null");
            body[member] = value;
            assert_eq!(assert_one_violation(&app, &body.to_string()).await.0, pointer);
        }
        let super_admin = json!({ "type": "superAdmin" });
        let simulate = app.simulate_permissions(&super_admin, "GET", "/a\0");
        let response = simulate.assert_rejected(422, "validation-failed").await;
        assert_eq!(response.violation_pointers(), ["/path"]);
        app.list("namePrefix=a%00").assert_rejected(400, "invalid-query").await;
        app.delete("000000000000000%00").assert_rejected(404, "token-not-found").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_strings_are_rejected_and_not_logged() {
    let long = "x".repeat(60_000);
    let long_path = route_permissions("GET", &format!("/{long}"));
    for app in apps().await {
        for (member, value, pointer, code) in [
            ("name", json!(long), "/name", "name-length"),
            ("description", json!(long), "/description", "description-length"),
            ("description", json!("😀".repeat(351)), "/description", "description-length"),
            ("expiresAt", json!(long), "/expiresAt", "expiration-format"),
            ("permissions", json!({ "type": long }), "/permissions/type", "permissions-type"),
            ("permissions", long_path.clone(), "/permissions/grants/0/paths/0", "path"),
            (long.as_str(), json!(1), "", "unknown-member"),
        ] {
            let mut body = token_body("long");
            body[member] = value;
            let (actual, actual_code) = assert_one_violation(&app, &body.to_string()).await;
            assert_eq!((actual.len(), actual_code.as_str()), (pointer.len(), code));
            assert!(actual == pointer);
        }
        for query in ["cursor", "namePrefix", "status", "limit"] {
            let list = app.list(&format!("{query}={long}"));
            list.assert_rejected(400, "invalid-query").await;
        }
        app.delete(&long).assert_rejected(404, "token-not-found").await;
        let mut longest = token_body("longest");
        longest["description"] = json!("😀".repeat(350));
        assert_eq!(app.create(longest.clone()).await.0["description"], longest["description"]);
        if let Some(gateway) = app.gateway() {
            assert!(!gateway.log().contains("xxxx"), "the log contains a string that was sent");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_largest_validation_response_fits_in_a_lambda_response() {
    for app in apps().await {
        for value in [json!(7), json!(""), json!("/")] {
            let list = vec![value; 100];
            let grant = json!({ "resource": "kubernetes", "namespaces": list, "apiGroups": list, "kinds": list, "names": list });
            let most = (64 * 1024 - 100) / (grant.to_string().len() + 1);
            let grants: Vec<_> = (0..most.min(100)).map(|_| grant.clone()).collect();
            let generate = app.generate(json!({ "permissions": specific(json!(grants)) }));
            let response = generate.assert_rejected(422, "validation-failed").await;
            assert!(response.text.len() > 1024 * 1024, "not the largest: {}", response.text.len());
            // Lambda returns the body as a string within JSON.
            let returned = Value::String(response.text).to_string().len();
            assert!(returned < LAMBDA_RESPONSE_LIMIT, "{returned} bytes");
        }
    }
}
