//! The authorizer behind REST APIs, and behind HTTP APIs with payload 1.0: it returns a policy for one request.

use serde_json::{Map, Value, json};
use shared::runtime::AuthorizerError;
use tests::app::token_body;
use tests::app::{UNKNOWN_TOKEN, route_permissions};
use tests::handlers::function_event;
use tests::{Request, TestApp};

const HTTP: &str = include_str!("../fixtures/events/authorizer-1.0-http.json");
const REQUEST: &str = include_str!("../fixtures/events/authorizer-rest-request.json");
const TOKEN: &str = include_str!("../fixtures/events/authorizer-rest-token.json");

/// Returns the fixture with this credential.
fn event(fixture: &str, credential: &str) -> Value {
    let mut event: Value = serde_json::from_str(fixture).unwrap();
    event["headers"]["Authorization"] = json!(credential);
    if event.get("multiValueHeaders").is_some() {
        event["multiValueHeaders"]["Authorization"] = json!([credential]);
    }
    event
}

fn policy(effect: &str, arn: &Value, principal: &str, context: Value) -> Value {
    let statement = json!({ "Action": "execute-api:Invoke", "Effect": effect, "Resource": arn });
    json!({
        "principalId": principal,
        "policyDocument": { "Version": "2012-10-17", "Statement": [statement] },
        "context": context,
    })
}

fn denied(event: &Value) -> Value {
    policy("Deny", &event["methodArn"], "nobody", json!({}))
}

async fn authorize(app: &TestApp, event: &Value) -> Value {
    app.handlers().unwrap().authorize(event.clone()).await
}

#[tokio::test]
async fn an_allowed_request_gets_a_policy_for_itself_and_a_context_of_strings() {
    let app = TestApp::in_process().await;
    let (record, token) = app.create(token_body("ordinary")).await;
    let (id, expires_at) = (&record["id"], &record["expiresAt"]);
    for fixture in [HTTP, REQUEST] {
        let event = event(fixture, &format!("Bearer {token}"));
        let context = json!({ "tokenId": id, "tokenName": "ordinary", "superAdmin": "false", "grant": "0", "expiresAt": expires_at });
        let expected = policy("Allow", &event["methodArn"], id.as_str().unwrap(), context);
        assert_eq!(authorize(&app, &event).await, expected, "{fixture}");
    }
    app.assert_no_secret_leaked().await;
}

#[tokio::test]
async fn a_super_admin_gets_a_policy_for_this_request_only() {
    let app = TestApp::in_process().await;
    for fixture in [HTTP, REQUEST] {
        let event = event(fixture, &format!("bearer {}", app.admin));
        let response = authorize(&app, &event).await;
        assert_eq!(response["context"]["superAdmin"], "true");
        let statements = response["policyDocument"]["Statement"].as_array().unwrap();
        assert_eq!(statements.len(), 1);
        assert_eq!(statements[0]["Resource"], event["methodArn"]);
        assert_eq!(response["context"].get("grant"), None);
    }
}

#[tokio::test]
async fn every_denial_is_the_same_policy() {
    let app = TestApp::in_process().await;
    let body = json!({ "name": "not-permitted", "permissions": route_permissions("POST", "/**") });
    let (_, not_permitted) = app.create(body).await;
    let (_, expired) = app.create_expired_token("expired").await;

    for fixture in [HTTP, REQUEST] {
        for token in [&not_permitted, &expired, UNKNOWN_TOKEN, "garbage", ""] {
            let event = event(fixture, &format!("Bearer {token}"));
            assert_eq!(authorize(&app, &event).await, denied(&event));
        }
        for credential in [
            app.admin.clone(),
            format!("Basic {}", app.admin),
            format!("Bearer {0},Bearer {0}", app.admin),
        ] {
            let event = event(fixture, &credential);
            assert_eq!(authorize(&app, &event).await, denied(&event));
        }
    }
}

#[tokio::test]
async fn a_missing_credential_is_unauthorized() {
    let app = TestApp::in_process().await;
    for fixture in [HTTP, REQUEST] {
        let mut absent = event(fixture, "x");
        for member in ["headers", "multiValueHeaders"] {
            absent.as_object_mut().unwrap().remove(member);
        }
        for event in [absent, event(fixture, "")] {
            let error = app.handlers().unwrap().try_authorize(event).await.unwrap_err();
            assert_eq!(error.to_string(), "Unauthorized");
        }
    }
}

#[tokio::test]
async fn a_path_that_is_a_pattern_in_a_policy_is_denied_even_to_super_admins() {
    let app = TestApp::in_process().await;
    let arn = "arn:aws:execute-api:eu-central-1:123456789012:f6g7h8i9j0/prod/GET/";
    for path in ["*", "orders/*", "orders/?", "orders/${aws:username}", "orders/$x"] {
        let mut event = event(REQUEST, &format!("Bearer {}", app.admin));
        event["methodArn"] = json!(format!("{arn}{path}"));
        event["path"] = json!(format!("/{path}"));
        assert_eq!(authorize(&app, &event).await, denied(&event), "{path}");
    }
}

#[tokio::test]
async fn an_arn_with_another_method_is_denied() {
    let app = TestApp::in_process().await;
    for fixture in [HTTP, REQUEST] {
        let mut event = event(fixture, &format!("Bearer {}", app.admin));
        event["httpMethod"] = json!("DELETE");
        assert_eq!(authorize(&app, &event).await, denied(&event));
    }
}

#[tokio::test]
async fn values_are_decoded_once_behind_rest_apis_and_never_behind_http_apis() {
    let app = TestApp::in_process().await;
    let (_, token) = app.create_token("ordinary").await;
    let bearer = format!("Bearer {token}");
    // REST APIs deliver path parameters encoded, and HTTP APIs deliver them decoded.
    for (fixture, value, path, allowed) in [
        (REQUEST, "a%2520b", "/orders/a%2520b", false),
        (REQUEST, "a%zz", "/orders/a%zz", false),
        (REQUEST, "%ff", "/orders/%ff", false),
        (REQUEST, "..%2f7", "/orders/..%2f7", false),
        (HTTP, "a%20b", "/orders/a%20b", false),
        (HTTP, "..", "/orders/..", false),
        (HTTP, "a/b", "/orders/a/b", true),
        (REQUEST, "a/b", "/orders/a/b", true),
    ] {
        let mut event = event(fixture, &bearer);
        event["pathParameters"]["proxy"] = json!(value);
        event["path"] = json!(path);
        event["methodArn"] = json!(format!(
            "arn:aws:execute-api:eu-central-1:123456789012:f6g7h8i9j0/prod/GET{path}"
        ));
        let response = authorize(&app, &event).await;
        let effect = &response["policyDocument"]["Statement"][0]["Effect"];
        assert_eq!(*effect == "Allow", allowed, "{value}");
    }
}

#[tokio::test]
async fn an_event_of_a_token_authorizer_grants_no_access() {
    let app = TestApp::in_process().await;
    let mut event: Value = serde_json::from_str(TOKEN).unwrap();
    event["authorizationToken"] = json!(format!("Bearer {}", app.admin));
    let error = app.handlers().unwrap().try_authorize(event).await.unwrap_err();
    assert_eq!(error, AuthorizerError::NoDecision);
}

#[tokio::test]
async fn several_values_of_the_header_in_a_rest_event_are_denied() {
    let app = TestApp::in_process().await;
    let bearer = format!("Bearer {}", app.admin);
    for headers in [
        json!({ "Authorization": [bearer], "authorization": [bearer] }),
        json!({ "authorization": ["Bearer x", bearer] }),
        json!({ "authorization": [bearer, bearer] }),
        // One value, but the event's member `headers` has another one.
        json!({ "authorization": ["Bearer x"] }),
    ] {
        let mut event = event(REQUEST, &bearer);
        event["multiValueHeaders"] = headers.clone();
        assert_eq!(authorize(&app, &event).await, denied(&event), "{headers}");
    }
}

#[tokio::test]
async fn an_encoded_slash_in_a_rest_event_is_denied_before_it_is_decoded() {
    let app = TestApp::in_process().await;
    let (_, token) = app.create_token("decoder").await;
    for (value, allowed) in
        [("7", true), ("a%20b", true), ("a%2Fb", false), ("a%2fb", false), ("a%5cb", false)]
    {
        let mut event = event(REQUEST, &format!("Bearer {token}"));
        event["pathParameters"]["proxy"] = json!(value);
        event["path"] = json!(format!("/orders/{value}"));
        event["methodArn"] = json!(format!(
            "arn:aws:execute-api:eu-central-1:123456789012:f6g7h8i9j0/prod/GET/orders/{value}"
        ));
        let response = authorize(&app, &event).await;
        let effect = &response["policyDocument"]["Statement"][0]["Effect"];
        assert_eq!(effect == "Allow", allowed, "{value}");
    }
}

#[tokio::test]
async fn a_malformed_arn_is_denied() {
    let app = TestApp::in_process().await;
    for fixture in [HTTP, REQUEST] {
        let strings = [
            "",
            "*",
            "arn:aws:execute-api",
            "arn:aws:execute-api:r:a:api",
            "arn:aws:execute-api:r:a:api/stage",
            "arn:aws:execute-api:r:a:api/stage/*/orders/7",
            "arn:aws:execute-api:r:a:api/*/GET/orders/7",
            "arn:aws:execute-api:r:a:*/stage/GET/orders/7",
            "arn:*:execute-api:r:a:api/stage/GET/orders/7",
            "arn:aws:execute-api:?:a:api/stage/GET/orders/7",
            "arn:aws:execute-api:r:${aws:x}:api/stage/GET/orders/7",
            "arn:aws:s3:r:a:api/stage/GET/orders/7",
            "/v1/tokens*arn:aws:execute-api:r:a:api/stage/GET/orders/7",
        ];
        for arn in strings.map(|arn| json!(arn)).into_iter().chain([json!(null), json!(7)]) {
            let mut event = event(fixture, &format!("Bearer {}", app.admin));
            event["methodArn"] = arn;
            let error = app.handlers().unwrap().try_authorize(event).await.unwrap_err();
            assert_eq!(error, AuthorizerError::NoDecision);
        }
    }
}

#[tokio::test]
async fn behind_a_rest_api_only_the_string_true_is_a_super_admin() {
    let app = TestApp::in_process().await;
    let handlers = app.handlers().unwrap();
    let mut event = function_event(&Request::list(""), "GET /v1/tokens", &Map::new());
    for member in ["version", "routeKey", "rawPath", "rawQueryString"] {
        event.as_object_mut().unwrap().remove(member);
    }
    event["resource"] = json!("/v1/tokens");
    event["path"] = json!("/v1/tokens");
    event["httpMethod"] = json!("GET");
    let context = |value: Value| json!({ "principalId": "x", "superAdmin": value, "tokenId": "4GkTz0a9QmW1xB7c", "tokenName": "caller" });
    event["requestContext"] = json!({
        "accountId": "1", "apiId": "f6g7h8i9j0", "httpMethod": "GET", "identity": { "sourceIp": "203.0.113.7" }, "path": "/prod/v1/tokens",
        "protocol": "HTTP/1.1", "requestId": "r", "resourceId": "x", "resourcePath": "/v1/tokens", "stage": "prod", "requestTimeEpoch": 0,
    });
    event["requestContext"]["authorizer"] = context(json!("true"));
    handlers.invoke("ListFunction", &event).await.assert_status(200);
    for value in [json!(true), json!("True"), json!("false"), json!(1), json!(null)] {
        event["requestContext"]["authorizer"] = context(value);
        handlers.invoke("ListFunction", &event).await.assert_problem(403, "forbidden");
    }
    event["requestContext"].as_object_mut().unwrap().remove("authorizer");
    handlers.invoke("ListFunction", &event).await.assert_problem(401, "unauthenticated");
}

#[tokio::test]
async fn only_the_address_that_the_gateway_reports_counts() {
    let app = TestApp::in_process().await;
    let mut body = token_body("limited");
    body["allowedIps"] = json!(["192.0.2.0/24", "2001:db8::/32"]);
    let (_, token) = app.create(body).await;
    for fixture in [HTTP, REQUEST] {
        let allows = async |source_ip: Value| {
            let mut event = event(fixture, &format!("Bearer {token}"));
            // A client can send such a header.
            event["headers"]["X-Forwarded-For"] = json!("192.0.2.1");
            event["requestContext"]["identity"]["sourceIp"] = source_ip;
            let response = authorize(&app, &event).await;
            response["policyDocument"]["Statement"][0]["Effect"] == "Allow"
        };
        for inside in ["192.0.2.0", "::ffff:192.0.2.255", "2001:db8:1::9"] {
            assert!(allows(json!(inside)).await, "{inside}: {fixture}");
        }
        for outside in ["192.0.3.0", "203.0.113.7", "2001:db9::1", "", "unknown"] {
            assert!(!allows(json!(outside)).await, "{outside}: {fixture}");
        }
        assert!(!allows(Value::Null).await, "{fixture}");
        let mut event = event(fixture, &format!("Bearer {token}"));
        event["requestContext"].as_object_mut().unwrap().remove("identity");
        assert_eq!(authorize(&app, &event).await, denied(&event), "no address: {fixture}");
    }
}
