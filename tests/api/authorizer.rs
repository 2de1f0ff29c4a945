//! The authorizer, on protected routes.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::domain::id::TokenId;
use shared::domain::time::Timestamp;
use shared::domain::token::{Secret, Token};
use shared::runtime::SystemClock;
use shared::service::Clock;
use tests::app::{specific, token_body};
use tests::client::RequestBuilder;
use tests::{Request, TestApp, table};

tests::api_tests!(
    super_admins_are_permitted_on_every_route,
    any_valid_token_is_permitted_on_an_authenticated_route,
    a_routes_grant_permits_only_its_methods_and_paths,
    a_routes_grant_does_not_permit_routes_with_stricter_rules,
    malformed_and_unknown_tokens_are_denied,
    a_token_with_another_tokens_hash_is_denied,
    a_stored_hash_is_not_a_credential,
    no_role_permits_managing_tokens,
    a_token_expires_to_the_second,
    a_purged_token_is_denied,
    an_unreadable_token_is_denied,
    only_one_credential_in_the_configured_header_is_accepted,
    an_unsafe_path_is_denied,
    an_unknown_grant_kind_allows_nothing_and_other_grants_still_apply,
    unknown_routes_and_methods_are_not_found,
);

fn whoami<'a>(app: &'a TestApp, token: &str) -> RequestBuilder<'a> {
    app.request("GET", "/whoami").bearer(token)
}

async fn super_admins_are_permitted_on_every_route(app: &TestApp) {
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
    let (id, token) = app.create_token("valid").await;
    let echo = whoami(app, &token).await.assert_status(200).json();
    let context = json!({ "tokenId": id, "tokenName": "valid", "superAdmin": false });
    assert_eq!(echo, json!({ "method": "GET", "path": "/whoami", "context": context }));
    let (_, expired) = app.create_expired_token("expired").await;
    whoami(app, &expired).await.assert_gateway_error(403, "Forbidden");
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
    let one = format!("/v1/tokens/{}", record["id"].as_str().unwrap());
    let before = app.snapshot().await;
    for (method, path) in [
        ("GET", "/v1/tokens"),
        ("GET", &one),
        ("PATCH", &one),
        ("DELETE", &one),
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

async fn malformed_and_unknown_tokens_are_denied(app: &TestApp) {
    let (_, token) = app.create_token("known").await;
    let mut flipped = token.clone().into_bytes();
    flipped[30] = if flipped[30] == b'a' { b'b' } else { b'a' };
    let flipped = String::from_utf8(flipped).unwrap();
    // Well-formed, with a valid checksum, but no token has this id.
    let unknown = "twd_4GkTz0a9QmW1xB7c_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf01OWmF";
    for token in
        ["", "x", &token[..69], &format!("{token}x"), &flipped, unknown, &token.to_uppercase()]
    {
        whoami(app, token).await.assert_gateway_error(403, "Forbidden");
    }
    let with_header =
        |header: &str| app.request("GET", "/whoami").anonymous().header("authorization", header);
    for header in [token.as_str(), &format!("Basic {token}"), &format!("Bearer{token}"), "Bearer"] {
        with_header(header).await.assert_gateway_error(403, "Forbidden");
    }
    for header in [format!("bearer {token}"), format!("BEARER {token}")] {
        with_header(&header).await.assert_status(200);
    }
}

async fn a_token_with_another_tokens_hash_is_denied(app: &TestApp) {
    let (id, token) = app.create_token("swapped").await;
    let (other_id, _) = app.create_token("other").await;
    let other_hash = table::token(&app.dynamodb, &other_id).await.unwrap()["secretHash"].clone();
    table::set_token(&app.dynamodb, &id, "secretHash", Some(other_hash)).await;
    whoami(app, &token).await.assert_gateway_error(403, "Forbidden");
}

async fn a_stored_hash_is_not_a_credential(app: &TestApp) {
    let (id, token) = app.create_token("copied").await;
    let item = table::token(&app.dynamodb, &id).await.unwrap();
    let hash = item["secretHash"].as_b().unwrap().as_ref();
    // A well-formed token with a valid checksum whose secret is the stored hash.
    let secret = Secret::from_entropy(hash.try_into().unwrap());
    let forged = Token::new(TokenId::parse(&id).unwrap(), secret).reveal();
    assert!(Token::parse(&forged).is_ok());
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    for credential in [&forged, hex.as_str(), &format!("twd_{id}_")] {
        whoami(app, credential).await.assert_gateway_error(403, "Forbidden");
    }
    assert_eq!(app.use_token(&token).await, 200);
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
    for request in Request::management(id) {
        app.send(request.bearer(&token)).await.assert_gateway_error(403, "Forbidden");
    }
    assert!(app.snapshot().await == before, "a request was denied but wrote something");
    assert_eq!(app.use_token(&token).await, 200);
}

async fn a_token_expires_to_the_second(app: &TestApp) {
    let expires_at = Timestamp::from_seconds(SystemClock.now().seconds() + 3).unwrap();
    let mut body = token_body("short-lived");
    body["expiresAt"] = json!(expires_at.to_string());
    let (record, token) = app.create(body).await;
    assert_eq!(record["expiresAt"], expires_at.to_string());
    loop {
        // The service reads its clock between these two readings, so only a request that is wholly before or after the
        // expiration has a certain outcome.
        let before = SystemClock.now();
        let status = app.use_token(&token).await;
        let after = SystemClock.now();
        if after < expires_at {
            assert_eq!(status, 200);
        }
        if before >= expires_at {
            assert_eq!(status, 403);
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(app.get(record["id"].as_str().unwrap()).await.json()["status"], "expired");
}

async fn a_purged_token_is_denied(app: &TestApp) {
    let (id, token) = app.create_token("purged").await;
    // Purged though it has not expired: only a damaged item can be, and it must fail closed.
    app.purge(&id).await;
    whoami(app, &token).await.assert_gateway_error(403, "Forbidden");
}

async fn an_unreadable_token_is_denied(app: &TestApp) {
    for attribute in
        ["schema", "permissions", "secretHash", "expiresAt", "purgeAt", "version", "name"]
    {
        let (id, token) = app.create_token(&format!("bad-{}", attribute.to_lowercase())).await;
        let damage = AttributeValue::Bool(true);
        table::set_token(&app.dynamodb, &id, attribute, Some(damage)).await;
        whoami(app, &token).await.assert_gateway_error(403, "Forbidden");
    }
}

async fn only_one_credential_in_the_configured_header_is_accepted(app: &TestApp) {
    let (_, token) = app.create_token("single").await;
    let bearer = format!("Bearer {token}");
    let anonymous = || app.request("GET", "/whoami").anonymous();
    for header in [
        format!("{bearer}, {bearer}"),
        format!("{bearer},Bearer x"),
        format!("{bearer} "),
        "x".repeat(513),
    ] {
        // HTTP itself removes white space around a header's value.
        let is_trimmed = header.ends_with(' ') && app.handlers().is_none();
        let expected = if is_trimmed { 200 } else { 403 };
        let response = anonymous().header("authorization", &header).await;
        assert_eq!(response.status, expected, "{header}");
    }
    let query = format!("authorization={token}&access_token={token}&token={token}");
    for request in [
        app.request("GET", &format!("/whoami?{query}")).anonymous(),
        anonymous().header("cookie", &format!("authorization={bearer}; token={token}")),
        anonymous().header("token", &token),
        anonymous().header("x-authorization", &bearer),
    ] {
        request.await.assert_gateway_error(401, "Unauthorized");
    }
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

async fn an_unknown_grant_kind_allows_nothing_and_other_grants_still_apply(app: &TestApp) {
    let (id, token) = app.create_token("rolled-back").await;
    let newer = specific(json!([
        { "resource": "spaceships", "names": ["*"], "role": "fly" },
        { "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "owner" },
        { "resource": "routes", "methods": ["GET"], "paths": ["/orders/**"] },
    ]));
    let stored = AttributeValue::S(newer.to_string());
    table::set_token(&app.dynamodb, &id, "permissions", Some(stored)).await;
    let response = app.request("GET", "/orders/7").bearer(&token).await.assert_status(200);
    assert_eq!(response.json()["context"]["grant"], 2);
    let application = app.request("GET", "/projects/payments/applications/checkout");
    application.bearer(&token).await.assert_gateway_error(403, "Forbidden");
    let record = app.get(&id).await.assert_status(200).json();
    assert_eq!(record["permissions"], newer, "unknown grants must be shown unchanged");
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
async fn malformed_events_are_denied() {
    let app = TestApp::in_process().await;
    let handlers = app.handlers().unwrap();
    let fixture: Value =
        serde_json::from_str(include_str!("../fixtures/events/authorizer-2.0.json")).unwrap();
    let credential = json!(format!("Bearer {}", app.admin));
    let mut valid = fixture.clone();
    valid["headers"]["authorization"] = credential.clone();
    assert_eq!(handlers.authorize(valid.clone()).await["isAuthorized"], true);
    let mut events = vec![json!(null), json!({}), json!([]), json!("event"), json!(7), fixture];
    for member in ["routeKey", "rawPath", "headers", "requestContext"] {
        let mut event = valid.clone();
        event.as_object_mut().unwrap().remove(member);
        events.push(event);
    }
    for member in ["headers", "requestContext"] {
        let mut event = valid.clone();
        event[member] = credential.clone();
        events.push(event);
    }
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

#[tokio::test]
async fn a_failing_table_denies_everybody() {
    let app = TestApp::in_process().await;
    let (_, token) = app.create_token("valid").await;
    app.dynamodb.delete_table().table_name(table::TABLE).send().await.unwrap();
    for token in [&app.admin, &token] {
        whoami(&app, token).await.assert_gateway_error(403, "Forbidden");
    }
}
