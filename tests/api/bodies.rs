//! Malformed bodies and other content types, sent to every operation that accepts a JSON body, and unknown query
//! parameters, sent to every operation.

use serde_json::json;
use tests::app::{self_regenerating_body, token_body};
use tests::client::RequestBuilder;
use tests::openapi::Operation;
use tests::{Request, TestApp};

tests::api_tests!(
    malformed_bodies_are_rejected_by_every_operation,
    a_body_that_is_not_utf_8_is_rejected_by_every_operation,
    a_missing_body_is_rejected_unless_it_is_optional,
    other_content_types_are_rejected_by_every_operation,
    a_byte_order_mark_is_skipped,
    an_unknown_query_parameter_is_rejected_by_every_operation,
    documented_content_types_are_accepted_by_every_operation,
    only_plain_names_are_repeated_in_the_response,
);

const LIMIT: usize = 64 * 1024;

/// What is wrong with a body, the body, and the status and code of the response.
const MALFORMED: [(&str, &str, u16, &str); 15] = [
    ("white space alone", " ", 400, "invalid-json"),
    ("an object that does not end", "{", 400, "invalid-json"),
    ("text after the value", "null x", 400, "invalid-json"),
    ("two objects", r#"{"a":1}{}"#, 400, "invalid-json"),
    ("a byte order mark alone", "\u{feff}", 400, "invalid-json"),
    ("two byte order marks", "\u{feff}\u{feff}{}", 400, "invalid-json"),
    ("a trailing comma", r#"{"a":1,}"#, 400, "invalid-json"),
    ("a repeated member", r#"{"a":1,"a":2}"#, 400, "invalid-json"),
    ("a repeated nested member", r#"{"a":[{"b":1,"b":1}]}"#, 400, "invalid-json"),
    ("an array", "[]", 422, "validation-failed"),
    ("a number", "7", 422, "validation-failed"),
    ("null", "null", 422, "validation-failed"),
    ("a boolean", "true", 422, "validation-failed"),
    ("a string", "\"text\"", 422, "validation-failed"),
    ("an unknown member", r#"{"unknown":1}"#, 422, "validation-failed"),
];

/// Returns each operation that accepts a JSON body, and a request to it on a new token. The body of the request is still
/// missing.
async fn requests(app: &TestApp) -> Vec<(Operation, Request)> {
    let (id, _) = app.create_token("target").await;
    let operations = Operation::with_json_body();
    assert!(operations.len() >= 5, "{operations:?}");
    operations.into_iter().map(|operation| (operation.clone(), operation.request(&id))).collect()
}

fn with_json<'a>(
    app: &'a TestApp,
    request: &Request,
    body: impl Into<Vec<u8>>,
) -> RequestBuilder<'a> {
    app.build(request.clone().body("application/json", body))
}

async fn malformed_bodies_are_rejected_by_every_operation(app: &TestApp) {
    for (operation, request) in requests(app).await {
        for (name, body, status, code) in MALFORMED {
            println!("{}: {name}", operation.route_key());
            let response = with_json(app, &request, body).assert_rejected(status, code).await;
            if status != 422 {
                continue;
            }
            // There may be more violations, because the body lacks required members.
            let violations = response.violations();
            let expected = match body.starts_with('{') {
                true => ("/unknown".to_owned(), "unknown-member".to_owned()),
                false => (String::new(), "type".to_owned()),
            };
            assert!(violations.contains(&expected), "{violations:?}");
        }
        let too_large = " ".repeat(LIMIT + 1);
        with_json(app, &request, too_large).assert_rejected(413, "body-too-large").await;
        let largest = " ".repeat(LIMIT);
        with_json(app, &request, largest).assert_rejected(400, "invalid-json").await;
    }
}

async fn a_body_that_is_not_utf_8_is_rejected_by_every_operation(app: &TestApp) {
    for (_, request) in requests(app).await {
        let body = b"{\"name\":\"\xff\"}";
        with_json(app, &request, body).assert_rejected(400, "invalid-json").await;
    }
}

async fn a_missing_body_is_rejected_unless_it_is_optional(app: &TestApp) {
    let (_, holder) = app.create(self_regenerating_body("holder")).await;
    for (operation, request) in requests(app).await {
        if operation.is_body_required() {
            app.build(request).assert_rejected(400, "invalid-json").await;
        } else {
            let is_for_itself = operation.path.contains("/self");
            let token = if is_for_itself { &holder } else { &app.admin };
            app.build(request).bearer(token).await.assert_status(200);
        }
    }
}

async fn other_content_types_are_rejected_by_every_operation(app: &TestApp) {
    for (operation, request) in requests(app).await {
        for content_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/merge-patch+json",
            "application/jsonx",
        ] {
            if operation.content_types().contains(&content_type) {
                continue;
            }
            let other = app.build(request.clone().body(content_type, "{}"));
            other.assert_rejected(415, "unsupported-media-type").await;
        }
        let untyped = Request { body: b"{}".to_vec(), ..request.clone() };
        let typed = request.body("application/json", "{}");
        let encoded = typed.clone().header("content-encoding", "gzip");
        let list = Request { headers: Vec::new(), ..typed }
            .header("content-type", "application/json, application/json");
        for (request, detail) in
            [(untyped, "is missing"), (list, "must be one"), (encoded, "without Content-Encoding")]
        {
            let response = app.build(request).assert_rejected(415, "unsupported-media-type").await;
            assert!(response.text.contains(detail), "{}", response.text);
        }
    }
}

async fn a_byte_order_mark_is_skipped(app: &TestApp) {
    let body = format!("\u{feff}{}", token_body("marked"));
    let request = Request::new("POST", "/v1/tokens").body("application/json", body);
    app.build(request).await.assert_status(201);
}

async fn an_unknown_query_parameter_is_rejected_by_every_operation(app: &TestApp) {
    let (id, _) = app.create_token("kept").await;
    let operations = Operation::all();
    assert!(operations.len() >= 8, "{operations:?}");
    for operation in operations {
        for query in ["dryRun=true", "expiresInDays=365", "dryRun="] {
            println!("{}?{query}", operation.route_key());
            let mut request = operation.request(&id);
            request.target = format!("{}?{query}", request.target);
            app.build(request).assert_rejected(400, "invalid-query").await;
        }
    }
}

async fn documented_content_types_are_accepted_by_every_operation(app: &TestApp) {
    for (operation, request) in requests(app).await {
        for content_type in operation.content_types() {
            for spelling in [
                content_type.to_owned(),
                content_type.to_uppercase(),
                format!("{content_type}; charset=utf-8"),
            ] {
                // The unknown member is found only after the content type has been accepted.
                let body = json!({ "unknown": 1 }).to_string();
                let accepted = app.build(request.clone().body(&spelling, body));
                accepted.assert_rejected(422, "validation-failed").await;
            }
        }
    }
}

async fn only_plain_names_are_repeated_in_the_response(app: &TestApp) {
    let (_, token) = app.create_token("leaked").await;
    let without_checksum = &token[..64];
    // A name that is not a plain identifier could contain a token, so no such name is repeated.
    for name in [token.as_str(), without_checksum, "a name", "\u{e9}", &"n".repeat(65)] {
        let repeated = format!(r#"{{"{name}":1,"{name}":2}}"#);
        let unknown = format!(r#"{{"{name}":1}}"#);
        for (body, status, code) in
            [(repeated, 400, "invalid-json"), (unknown, 422, "validation-failed")]
        {
            let request = Request::new("POST", "/v1/tokens").body("application/json", body);
            let response = app.build(request).assert_rejected(status, code).await;
            assert!(!response.text.contains(name), "{}", response.text);
        }
    }
    let response = app.list(&format!("{token}=1")).assert_rejected(400, "invalid-query").await;
    assert!(!response.text.contains(&token), "{}", response.text);
    let response = app.list("page=1").assert_rejected(400, "invalid-query").await;
    assert!(response.text.contains("`page`"), "{}", response.text);
}
