//! Nothing that a client sends makes a function exit or fail. Most tests run the program of each function, as Lambda does.

use local::database::Port;
use local::functions::names;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use tests::database;
use tests::lambda::Function;
use tests::table::TABLE;
use tests::{TestApp, gateway};

const REQUEST: &str = include_str!("fixtures/events/request.json");
const AUTHORIZER: &str = include_str!("fixtures/events/authorizer-2.0.json");

/// The headers that `lambda_http`, the runtime and the handlers read.
const HEADERS: [&str; 12] = [
    "host",
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-forwarded-for",
    "x-forwarded-port",
    "x-amzn-trace-id",
    "cookie",
    "content-type",
    "content-encoding",
    "if-match",
    "if-none-match",
    "accept-encoding",
];

/// Values that are invalid or have a special meaning in URIs, JSON or headers.
const VALUES: [&str; 24] = [
    "",
    " ",
    "https,http",
    "https, http",
    "http://",
    "://",
    "1",
    "%",
    "a b",
    "a:b:c",
    "localhost:99999",
    "[::1",
    "[::1]:x",
    "user@example.com",
    "/../..",
    "?",
    "#",
    "\\",
    "\"1\"",
    "W/\"1\", *",
    "é",
    "\u{FEFF}",
    "\u{7F}",
    "\r\n\u{0}",
];

/// Returns an event of a super admin for a route of the function.
fn event(function: &str) -> Value {
    let id = "WRx3zfetJ65842PA";
    let (method, route, body) = match function {
        "authorizer" => return serde_json::from_str(AUTHORIZER).unwrap(),
        "console" => ("GET", "/console", ""),
        "delete" => ("DELETE", "/v1/tokens/{id}", ""),
        "demo" => ("GET", "/whoami", ""),
        "generate" => ("POST", "/v1/tokens", "{}"),
        "history" => ("GET", "/v1/tokens/{id}/events", ""),
        "introspect" => ("POST", "/v1/introspect", "token=x"),
        "list" => ("GET", "/v1/tokens/{id}", ""),
        "regenerate" => ("POST", "/v1/tokens/{id}/regenerate", "{}"),
        "simulate" => ("POST", "/v1/simulate", "{}"),
        "update" => ("PATCH", "/v1/tokens/{id}", "{}"),
        other => panic!("no event for {other}"),
    };
    let mut event: Value = serde_json::from_str(REQUEST).unwrap();
    let caller = json!({ "superAdmin": true, "tokenId": id, "tokenName": "admin" });
    event["routeKey"] = json!(format!("{method} {route}"));
    event["rawPath"] = json!(route.replace("{id}", id));
    event["pathParameters"] = json!({ "id": id });
    event["body"] = json!(body);
    event["requestContext"]["http"]["method"] = json!(method);
    event["requestContext"]["authorizer"] = json!({ "lambda": caller });
    event
}

/// Converts an event to payload 1.0, which has two members for headers.
fn payload_1(event: &Value) -> Value {
    let (method, route) = event["routeKey"].as_str().unwrap().split_once(' ').unwrap();
    let caller = &event["requestContext"]["authorizer"]["lambda"];
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let caller = caller.as_object().into_iter().flatten();
    let caller: Map<_, _> =
        caller.map(|(name, value)| (name.clone(), json!(text(value)))).collect();
    let headers = event["headers"].as_object().unwrap().iter();
    let multi_value: Map<_, _> =
        headers.map(|(name, value)| (name.clone(), json!([value, value]))).collect();
    json!({
        "version": "1.0",
        "resource": route,
        "path": event["rawPath"],
        "httpMethod": method,
        "headers": event["headers"],
        "multiValueHeaders": multi_value,
        "pathParameters": event["pathParameters"],
        "requestContext": {
            "authorizer": caller,
            "domainName": "example.com",
            "httpMethod": method,
            "identity": {},
            "requestId": "request-1",
            "resourcePath": route,
            "stage": "test",
        },
        "body": event["body"],
        "isBase64Encoded": false,
    })
}

fn with_headers(mut event: Value, headers: &BTreeMap<String, String>) -> Value {
    for (name, value) in headers {
        event["headers"][name] = json!(value);
    }
    event
}

/// Generates headers: mostly those that functions read, with unusual values.
fn headers() -> impl Strategy<Value = BTreeMap<String, String>> {
    let name = prop_oneof![4 => proptest::sample::select(&HEADERS[..]).prop_map(str::to_owned), 1 => ".{0,8}"];
    let fragment = prop_oneof![4 => proptest::sample::select(&VALUES[..]).prop_map(str::to_owned), 1 => ".{0,8}"];
    btree_map(name, vec(fragment, 0..4).prop_map(|fragments| fragments.concat()), 0..6)
}

/// Generates the path, the query and the body of a request.
fn target() -> impl Strategy<Value = (String, String, String)> {
    let text = || {
        let fragment =
            prop_oneof![proptest::sample::select(&VALUES[..]).prop_map(str::to_owned), ".{0,8}"];
        vec(fragment, 0..4).prop_map(|fragments| fragments.concat())
    };
    (text(), text(), text())
}

#[test]
fn no_request_makes_a_function_fail() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let app = runtime.block_on(TestApp::in_process());
    let handlers = app.handlers().unwrap();
    let config = ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() };
    let functions: Vec<_> = names().filter(|name| *name != "authorizer").collect();
    let cases = (headers(), target(), proptest::sample::select(functions), any::<bool>());
    let invoke = |(headers, target, function, is_payload_1): (_, _, &str, bool)| {
        let (path, query, body): (String, String, String) = target;
        let mut event = with_headers(event(function), &headers);
        event["rawPath"] = json!(format!("/{path}"));
        event["rawQueryString"] = json!(query);
        event["body"] = json!(body);
        event["requestContext"]["domainName"] = json!(query);
        let mut event = if is_payload_1 { payload_1(&event) } else { event };
        event["queryStringParameters"] = json!({ query.clone(): path });
        event["multiValueQueryStringParameters"] = json!({ query: [path, body] });
        let name = format!("{}{}Function", function[..1].to_uppercase(), &function[1..]);
        let response = runtime.block_on(handlers.invoke(&name, &event));
        prop_assert!(response.status < 500, "{}", response.text);
        Ok(())
    };
    TestRunner::new(config).run(&cases, invoke).unwrap();
}

#[tokio::test]
async fn no_header_makes_a_program_exit_or_fail() {
    let database = database::create_embedded().await;
    let port = database.serve(0).await.unwrap();
    let mut runner = TestRunner::new(ProptestConfig::default());
    for function in names() {
        let mut program = start(function, &port).await;
        let valid = event(function);
        let expected = status(&program.invoke(valid.clone()).await.0.unwrap());
        let each = HEADERS.iter().flat_map(|name| VALUES.map(|value| (*name, value)));
        let each = each.map(|(name, value)| [(name.to_owned(), value.to_owned())].into());
        let each = each.map(|headers| (headers, false));
        let random = (0..60)
            .map(|number| (headers().new_tree(&mut runner).unwrap().current(), number % 2 == 0));
        for (headers, is_payload_1) in each.chain(random).collect::<Vec<_>>() {
            let event = with_headers(valid.clone(), &headers);
            // The authorizer's other kinds of events are tested in `tests/api/policies.rs`.
            let is_payload_1 = is_payload_1 && function != "authorizer";
            let event = if is_payload_1 { payload_1(&event) } else { event };
            // Lambda passes the client's trace id on, if it is a valid header.
            let trace = headers.get("x-amzn-trace-id").and_then(|id| id.parse().ok());
            let trace = trace.unwrap_or_else(|| "Root=1".parse().unwrap());
            let (response, _) = program.invoke_traced(event, trace).await;
            let response =
                response.unwrap_or_else(|error| panic!("{function}, {headers:?}: {error}"));
            assert!(status(&response) < 500, "{function}, {headers:?}: {response}");
        }
        assert_eq!(status(&program.invoke(valid).await.0.unwrap()), expected, "{function}");
    }
}

#[tokio::test]
async fn an_invalid_event_fails_only_its_invocation_and_is_not_quoted() {
    let database = database::create_embedded().await;
    let port = database.serve(0).await.unwrap();
    for function in names().filter(|name| *name != "authorizer") {
        let mut program = start(function, &port).await;
        let valid = event(function);
        let with = |name: &str, value: Value| {
            let mut event = valid.clone();
            event[name] = value;
            event
        };
        let mut not_base64 = with("isBase64Encoded", json!(true));
        not_base64["body"] = json!("a secret");
        for event in [
            json!("a secret"),
            json!(["a secret"]),
            json!({ "a secret": 1 }),
            with("headers", json!({ "host": 7, "authorization": "a secret" })),
            with("requestContext", json!("a secret")),
            with("version", json!("a secret")),
            not_base64,
        ] {
            let error = program.invoke(event.clone()).await.0.unwrap_err().to_string();
            assert!(error.contains("the event"), "{function}, {event}: {error}");
            assert!(!error.contains("a secret"), "{function}, {event}: {error}");
        }
        assert!(status(&program.invoke(valid).await.0.unwrap()) < 500);
    }
}

#[tokio::test]
async fn the_authorizer_fails_its_invocation_if_it_cannot_decide() {
    let app = TestApp::in_process().await;
    let port = app.database.serve(0).await.unwrap();
    let mut program = start("authorizer", &port).await;
    let mut malformed = event("authorizer");
    malformed["headers"]["authorization"] = json!("Bearer malformed");
    let mut valid = malformed.clone();
    valid["headers"]["authorization"] = json!(format!("Bearer {}", app.admin));
    assert_eq!(program.invoke(valid.clone()).await.0.unwrap()["isAuthorized"], true);
    app.dynamodb.delete_table().table_name(TABLE).send().await.unwrap();
    for event in [valid, json!("a secret")] {
        let error = program.invoke(event).await.0.unwrap_err();
        assert_eq!(error["errorMessage"], "no decision");
    }
    assert_eq!(status(&program.invoke(malformed).await.0.unwrap()), 403);
}

/// Returns the status of a function's response. The authorizer's response has no status; asserts that it denies, and
/// returns 403.
fn status(response: &Value) -> u64 {
    match response.get("isAuthorized") {
        Some(allowed) => {
            assert_eq!(allowed, false);
            403
        }
        None => response["statusCode"].as_u64().unwrap(),
    }
}

async fn start(function: &str, port: &Port) -> Function {
    let program = gateway::program(&format!("{function}-function"));
    let variables = [
        // No test reads the log.
        ("LOG_LEVEL", "off"),
        ("TABLE_NAME", TABLE),
        ("AWS_ENDPOINT_URL_DYNAMODB", &*port.url),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", &*port.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", "any"),
    ];
    Function::start(&program, &variables).await
}
