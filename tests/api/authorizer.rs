//! The authorizer: what a valid token is permitted to do on protected routes, and what happens to unknown routes, to invalid
//! events, if the table fails, and in the log.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};
use shared::runtime::AuthorizerError;
use tests::app::specific;
use tests::app::token_body;
use tests::handlers::authorizer_event;
use tests::{Request, TestApp, table};

tests::api_tests!(
    super_admins_are_permitted_on_every_route,
    any_valid_token_is_permitted_on_an_authenticated_route,
    a_routes_grant_permits_only_its_methods_and_paths,
    a_routes_grant_does_not_permit_routes_with_stricter_rules,
    no_role_permits_managing_tokens,
    an_unsafe_path_is_denied,
    unknown_kinds_and_roles_allow_nothing_and_other_grants_still_apply,
    unknown_routes_and_methods_are_not_found,
);

async fn super_admins_are_permitted_on_every_route(app: &TestApp) {
    // Requests of `app` contain the super admin's token unless a test sets another one.
    for (method, path) in [
        ("GET", "/whoami"),
        ("GET", "/projects/payments/applications/checkout"),
        ("DELETE", "/projects/payments/applications/checkout"),
        ("POST", "/projects/payments/applications/checkout/deployments/prod"),
        ("GET", "/helm/payments/cluster/web/redis"),
        ("PATCH", "/helm/payments/cluster/web/redis"),
        ("POST", "/jobs/data/prod/nightly/runs"),
        ("GET", "/clusters/c/namespaces/web/apps/Deployment/api"),
        ("PUT", "/clusters/c/namespaces/web/apps/Deployment/api"),
        ("GET", "/chart-groups/team"),
        ("PUT", "/chart-groups/team"),
        ("PATCH", "/orders/7/items"),
        ("GET", "/v1/tokens"),
    ] {
        app.request(method, path).await.assert_status(200);
    }
}

async fn any_valid_token_is_permitted_on_an_authenticated_route(app: &TestApp) {
    let (record, token) = app.create(token_body("valid")).await;
    let (id, expires_at) = (&record["id"], &record["expiresAt"]);
    let echo = app.whoami(&token).await.assert_status(200).json();
    let context = json!({ "tokenId": id, "tokenName": "valid", "superAdmin": false, "expiresAt": expires_at });
    assert_eq!(echo, json!({ "method": "GET", "path": "/whoami", "context": context }));
    let (_, expired) = app.create_expired_token("expired").await;
    app.whoami(&expired).await.assert_gateway_error(403, "Forbidden");
}

async fn a_routes_grant_permits_only_its_methods_and_paths(app: &TestApp) {
    let permissions = specific(json!([
        { "resource": "routes", "methods": ["GET", "HEAD"], "paths": ["/orders/*", "/orders/*/items"] },
        { "resource": "routes", "methods": ["*"], "paths": ["/orders/public/**"] },
    ]));
    let (_, token) = app.create(json!({ "name": "orders", "permissions": permissions })).await;
    for (method, path, status) in [
        ("GET", "/orders/7", 200),
        ("GET", "/orders/7/items", 200),
        ("GET", "/orders/7/notes", 403),
        ("POST", "/orders/7", 403),
        ("GET", "/orders/7/items/1", 403),
        ("POST", "/orders/public", 200),
        ("DELETE", "/orders/public/a/b", 200),
        ("DELETE", "/orders/publicity", 403),
    ] {
        let response = app.request(method, path).bearer(&token).await;
        assert_eq!(response.status, status, "{method} {path}");
    }
    let echo = app.request("PUT", "/orders/public/x").bearer(&token).await.json();
    assert_eq!(echo["context"]["grant"], 1);
}

async fn a_routes_grant_does_not_permit_routes_with_stricter_rules(app: &TestApp) {
    let all = json!([{ "resource": "routes", "methods": ["*"], "paths": ["/**", "/v1/**", "/v1/tokens"] }]);
    let body = json!({ "name": "all-routes", "permissions": specific(all) });
    let (record, token) = app.create(body).await;
    let token_path = format!("/v1/tokens/{}", record["id"].as_str().unwrap());
    let before = app.snapshot().await;
    for (method, path) in [
        ("GET", "/v1/tokens"),
        ("GET", &token_path),
        ("PATCH", &token_path),
        ("DELETE", &token_path),
        ("POST", "/v1/tokens"),
        ("GET", "/projects/payments/applications/checkout"),
        ("PUT", "/clusters/c/namespaces/web/apps/Deployment/api"),
    ] {
        let request = app.request(method, path).bearer(&token);
        request.await.assert_gateway_error(403, "Forbidden");
    }
    assert!(app.snapshot().await == before);
    app.request("GET", "/orders/7").bearer(&token).await.assert_status(200);
}

async fn no_role_permits_managing_tokens(app: &TestApp) {
    let permissions = specific(json!([
        { "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "manager" },
        { "resource": "helmApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "admin" },
        { "resource": "jobs", "project": "*", "environments": ["*"], "jobs": ["*"], "workflows": ["*"], "role": "admin" },
        { "resource": "kubernetes", "cluster": "*", "namespaces": ["*"], "apiGroups": ["*"], "kinds": ["*"], "names": ["*"], "role": "admin" },
        { "resource": "chartGroups", "names": ["*"], "role": "admin" },
        { "resource": "routes", "methods": ["*"], "paths": ["/**"] },
    ]));
    let (record, token) =
        app.create(json!({ "name": "all-roles", "permissions": permissions })).await;
    let id = record["id"].as_str().unwrap();
    let before = app.snapshot().await;
    // A `routes` grant is enough for introspection.
    let (introspect, others): (Vec<_>, Vec<_>) =
        Request::management(id).into_iter().partition(|one| one.target == "/v1/introspect");
    assert_eq!(introspect.len(), 1);
    for request in others {
        app.send(request.bearer(&token)).await.assert_gateway_error(403, "Forbidden");
    }
    assert!(app.snapshot().await == before, "a request was denied but wrote something");
    assert_eq!(app.use_token(&token).await, 200);
}

async fn an_unsafe_path_is_denied(app: &TestApp) {
    let (_, token) = app.create_token("orders").await;
    for path in [
        "/orders//7",
        "/orders/7/",
        "/orders/7//items",
        "/orders/%2e%2e",
        "/orders/7%2F8%5C",
        "/orders/7%252F8",
    ] {
        let response = app.request("GET", path).bearer(&token).await;
        assert_eq!(response.status, 403, "{path}");
    }
}

async fn unknown_kinds_and_roles_allow_nothing_and_other_grants_still_apply(app: &TestApp) {
    let (id, token) = app.create_token("newer-release").await;
    // A newer release may have stored these, if this release was deployed again after it.
    let permissions = specific(json!([
        { "resource": "spaceships", "names": ["*"], "role": "fly" },
        { "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "owner" },
        { "resource": "routes", "methods": ["GET"], "paths": ["/orders/**"] },
    ]));
    let stored = AttributeValue::S(permissions.to_string());
    table::set_token(&app.dynamodb, &id, "permissions", Some(stored)).await;
    let response = app.request("GET", "/orders/7").bearer(&token).await.assert_status(200);
    assert_eq!(response.json()["context"]["grant"], 2);
    let application = app.request("GET", "/projects/payments/applications/checkout");
    application.bearer(&token).await.assert_gateway_error(403, "Forbidden");
    let record = app.get(&id).await.assert_status(200).json();
    assert_eq!(record["permissions"], permissions, "unknown grants must be shown unchanged");
}

async fn unknown_routes_and_methods_are_not_found(app: &TestApp) {
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/nowhere"),
        ("PUT", "/v1/tokens"),
        ("GET", "/v1/tokens/"),
        ("POST", "/whoami"),
        ("GET", "/orders"),
        ("GET", "/V1/tokens"),
    ] {
        let request = app.request(method, path);
        request.clone().await.assert_gateway_error(404, "Not Found");
        request.anonymous().await.assert_gateway_error(404, "Not Found");
    }
}

#[tokio::test]
async fn an_event_that_is_not_understood_fails_and_one_without_exactly_one_valid_token_is_denied() {
    let app = TestApp::in_process().await;
    let handlers = app.handlers().unwrap();
    let fixture: Value =
        serde_json::from_str(include_str!("../fixtures/events/authorizer-2.0.json")).unwrap();
    let credential = json!(format!("Bearer {}", app.admin));
    let mut valid = fixture.clone();
    valid["headers"]["authorization"] = credential.clone();
    assert_eq!(handlers.authorize(valid.clone()).await["isAuthorized"], true);
    let mut events = vec![json!(null), json!({}), json!([]), json!("event"), json!(7)];
    for member in ["routeKey", "rawPath", "requestContext"] {
        let mut event = valid.clone();
        event.as_object_mut().unwrap().remove(member);
        events.push(event);
    }
    for member in ["headers", "requestContext"] {
        let mut event = valid.clone();
        event[member] = credential.clone();
        events.push(event);
    }
    for event in events {
        let error = handlers.try_authorize(event.clone()).await.unwrap_err();
        assert_eq!(error, AuthorizerError::NoDecision, "{event}");
    }
    let mut without_headers = valid.clone();
    without_headers.as_object_mut().unwrap().remove("headers");
    let mut events = vec![fixture, without_headers];
    let mut repeated = valid.clone();
    repeated["headers"]["Authorization"] = credential.clone();
    events.push(repeated);
    let mut list = valid;
    list["headers"]["authorization"] = json!([credential]);
    events.push(list);
    for event in events {
        let response = handlers.authorize(event.clone()).await;
        assert_eq!(response, json!({ "isAuthorized": false }), "{event}");
    }
    app.assert_no_secret_leaked().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_table_fails_every_request_with_a_well_formed_token() {
    for app in [TestApp::in_process().await, TestApp::over_http().await] {
        let (_, token) = app.create_token("valid").await;
        app.dynamodb.delete_table().table_name(table::TABLE).send().await.unwrap();
        for token in [&app.admin, &token] {
            app.whoami(token).await.assert_gateway_error(500, "Internal Server Error");
        }
        // A malformed token is denied without reading the table.
        app.whoami("malformed").await.assert_gateway_error(403, "Forbidden");
    }
}

/// Returns the line of the authorizer's log about the request with this id.
fn log_line(app: &TestApp, request_id: &str) -> String {
    let id = format!("\"request_id\":\"{request_id}\"");
    let log = app.log();
    let lines: Vec<_> = log.lines().filter(|line| line.contains(&id)).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].to_owned()
}

#[tokio::test]
async fn the_log_line_of_a_denial_does_not_contain_a_token_of_the_path() {
    let app = TestApp::in_process().await;
    let (_, token) = app.create_token("ordinary").await;
    let parameters = |name: &str| Map::from_iter([(name.to_owned(), json!(token))]);
    let path = format!("/elsewhere/{token}");
    for (number, (route, parameters, logged)) in [
        ("$default", Map::new(), Value::Null),
        ("GET /elsewhere/{id}", parameters("id"), json!("GET /elsewhere/{id}")),
        ("ANY /elsewhere/{proxy+}", parameters("proxy"), json!("GET /elsewhere/{proxy+}")),
    ]
    .into_iter()
    .enumerate()
    {
        for (kind, credential) in [("valid", &*token), ("garbage", "twd_x")] {
            let request = Request::new("GET", &path).bearer(credential);
            let mut event = authorizer_event(&request, route, &parameters);
            let request_id = format!("token-in-path-{number}-{kind}");
            event["requestContext"]["requestId"] = json!(request_id);
            let response = app.handlers().unwrap().authorize(event).await;
            assert_eq!(response, json!({ "isAuthorized": false }), "{route}");
            let line = log_line(&app, &request_id);
            assert!(!line.contains("twd_"), "{line}");
            assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["route"], logged, "{line}");
        }
    }
    // If a rule applies to the route, the log line contains the missing access, and so the values of the path. If a value is a
    // token, the line contains only the token's prefix and id.
    let parameters = Map::from_iter(
        [("project", token.as_str()), ("application", "shop")]
            .map(|(name, value)| (name.to_owned(), json!(value))),
    );
    let path = format!("/projects/{token}/applications/shop");
    let request = Request::new("GET", path).bearer(&token);
    let route = "GET /projects/{project}/applications/{application}";
    let mut event = authorizer_event(&request, route, &parameters);
    event["requestContext"]["requestId"] = json!("token-in-detail");
    app.handlers().unwrap().authorize(event).await;
    let line = log_line(&app, "token-in-detail");
    assert!(line.contains(&format!("{}…", &token[..21])), "{line}");
    app.assert_no_secret_leaked().await;
}
