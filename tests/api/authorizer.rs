//! The authorizer, on protected routes.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use shared::domain::id::TokenId;
use shared::domain::token::{Secret, Token};
use shared::runtime::SystemClock;
use shared::service::Clock;
use tests::table;
use tests::{Request, TestApp};

tests::api_tests!(
    a_super_admin_reaches_every_route,
    any_valid_token_reaches_an_authenticated_route,
    a_routes_grant_reaches_what_it_covers_and_nothing_else,
    a_routes_grant_never_reaches_a_route_that_asks_for_more,
    garbage_and_strangers_are_refused,
    a_changed_secret_is_refused,
    what_the_table_holds_of_a_secret_is_no_credential,
    no_role_reaches_the_management_of_tokens,
    a_token_stops_working_at_the_second_of_its_expiration,
    a_purged_token_is_refused,
    an_unreadable_token_is_refused,
    only_one_credential_in_one_header_counts,
    a_path_that_could_be_read_in_two_ways_is_refused,
    an_unknown_kind_of_grant_allows_nothing_and_leaves_the_others_in_force,
    unknown_routes_and_methods_are_the_gateways_404,
);

async fn a_super_admin_reaches_every_route(app: &TestApp) {
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
        app.call(Request::new(method, path)).await.assert_status(200);
    }
}

async fn any_valid_token_reaches_an_authenticated_route(app: &TestApp) {
    let (id, token) = app.create_token("somebody").await;
    let echo =
        app.send(Request::new("GET", "/whoami").bearer(&token)).await.assert_status(200).json();
    let context = json!({ "tokenId": id, "tokenName": "somebody", "superAdmin": false });
    assert_eq!(echo, json!({ "method": "GET", "path": "/whoami", "context": context }));
    let (_, expired) = app.create_expired_token("nobody").await;
    app.send(Request::new("GET", "/whoami").bearer(&expired))
        .await
        .assert_gateway_error(403, "Forbidden");
}

async fn a_routes_grant_reaches_what_it_covers_and_nothing_else(app: &TestApp) {
    let grants = json!([
        { "resource": "routes", "methods": ["GET", "HEAD"], "paths": ["/orders/*", "/orders/*/items"] },
        { "resource": "routes", "methods": ["*"], "paths": ["/orders/public/**"] },
    ]);
    let permissions = json!({ "type": "specific", "grants": grants });
    let (_, token) = app.generate(json!({ "name": "walker", "permissions": permissions })).await;
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
        let answer = app.send(Request::new(method, path).bearer(&token)).await;
        assert_eq!(answer.status, status, "{method} {path}");
    }
    let echo = app.send(Request::new("PUT", "/orders/public/x").bearer(&token)).await.json();
    assert_eq!(echo["context"]["grant"], 1);
}

async fn a_routes_grant_never_reaches_a_route_that_asks_for_more(app: &TestApp) {
    let all = json!([{ "resource": "routes", "methods": ["*"], "paths": ["/**", "/v1/**", "/v1/tokens"] }]);
    let permissions = json!({ "type": "specific", "grants": all });
    let (id, token) = app.generate(json!({ "name": "greedy", "permissions": permissions })).await;
    let one = format!("/v1/tokens/{}", id["id"].as_str().unwrap());
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
        app.send(Request::new(method, path).bearer(&token))
            .await
            .assert_gateway_error(403, "Forbidden");
    }
    assert!(app.snapshot().await == before);
    app.send(Request::new("GET", "/orders/7").bearer(&token)).await.assert_status(200);
}

async fn garbage_and_strangers_are_refused(app: &TestApp) {
    let (_, token) = app.create_token("known").await;
    let mut flipped = token.clone().into_bytes();
    flipped[30] = if flipped[30] == b'a' { b'b' } else { b'a' };
    let flipped = String::from_utf8(flipped).unwrap();
    // A well-formed token of nobody's: its checksum was computed elsewhere.
    let stranger = "twd_4GkTz0a9QmW1xB7c_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf01OWmF";
    for bearer in
        ["", "x", &token[..69], &format!("{token}x"), &flipped, stranger, &token.to_uppercase()]
    {
        let answer = app.send(Request::new("GET", "/whoami").bearer(bearer)).await;
        answer.assert_gateway_error(403, "Forbidden");
    }
    for header in [token.as_str(), &format!("Basic {token}"), &format!("Bearer{token}"), "Bearer"] {
        let answer = app.send(Request::new("GET", "/whoami").header("authorization", header)).await;
        answer.assert_gateway_error(403, "Forbidden");
    }
    for header in [format!("bearer {token}"), format!("BEARER {token}")] {
        app.send(Request::new("GET", "/whoami").header("authorization", &header))
            .await
            .assert_status(200);
    }
}

async fn a_changed_secret_is_refused(app: &TestApp) {
    let (id, token) = app.create_token("swapped").await;
    let (other, _) = app.create_token("other").await;
    let hash = table::token(&app.client, &other).await.unwrap()["secretHash"].clone();
    table::set(&app.client, &format!("TOKEN#{id}"), "TOKEN", "secretHash", Some(hash)).await;
    app.send(Request::new("GET", "/whoami").bearer(&token))
        .await
        .assert_gateway_error(403, "Forbidden");
}

async fn what_the_table_holds_of_a_secret_is_no_credential(app: &TestApp) {
    let (id, token) = app.create_token("copied").await;
    let item = table::token(&app.client, &id).await.unwrap();
    let hash = item["secretHash"].as_b().unwrap().as_ref();
    let parsed = TokenId::parse(&id).unwrap();
    // Well formed, checksum included: the hash in the place of what it is a hash of.
    let forged = Token::new(parsed, Secret::from_entropy(hash.try_into().unwrap())).reveal();
    assert!(Token::parse(&forged).is_ok());
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    for credential in [forged, hex, format!("twd_{id}_")] {
        let whoami = Request::new("GET", "/whoami");
        app.send(whoami.bearer(&credential)).await.assert_gateway_error(403, "Forbidden");
    }
    assert_eq!(app.use_token(&token).await, 200);
}

async fn no_role_reaches_the_management_of_tokens(app: &TestApp) {
    let grants = json!([
        { "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "manager" },
        { "resource": "helmApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "admin" },
        { "resource": "jobs", "project": "*", "environments": ["*"], "jobs": ["*"], "workflows": ["*"], "role": "admin" },
        { "resource": "kubernetes", "cluster": "*", "namespaces": ["*"], "apiGroups": ["*"], "kinds": ["*"], "names": ["*"], "role": "admin" },
        { "resource": "chartGroups", "names": ["*"], "role": "admin" },
        { "resource": "routes", "methods": ["*"], "paths": ["/**"] },
    ]);
    let permissions = json!({ "type": "specific", "grants": grants });
    let (record, token) =
        app.generate(json!({ "name": "mightiest", "permissions": permissions })).await;
    let one = format!("/v1/tokens/{}", record["id"].as_str().unwrap());
    let more = json!({ "permissions": { "type": "superAdmin" } });
    let whoami = json!({ "method": "GET", "path": "/whoami" });
    let before = app.snapshot().await;
    for call in [
        Request::new("GET", "/v1/tokens"),
        Request::new("POST", "/v1/tokens").json(&tests::app::token_body("minted")),
        Request::new("GET", &one),
        Request::new("PATCH", &one).json(&more),
        Request::new("POST", format!("{one}/regenerate")),
        Request::new("POST", format!("{one}/simulate")).json(&whoami),
        Request::new("POST", "/v1/simulate"),
        Request::new("DELETE", &one),
    ] {
        let answer = app.send(call.bearer(&token)).await;
        answer.assert_gateway_error(403, "Forbidden");
    }
    assert!(app.snapshot().await == before, "a refusal wrote something");
    assert_eq!(app.use_token(&token).await, 200);
}

async fn a_token_stops_working_at_the_second_of_its_expiration(app: &TestApp) {
    let soon =
        shared::domain::time::Timestamp::from_seconds(SystemClock.now().seconds() + 3).unwrap();
    let mut body = tests::app::token_body("short-lived");
    body["expiresAt"] = json!(soon.to_string());
    let (record, token) = app.generate(body).await;
    assert_eq!(record["expiresAt"], soon.to_string());
    loop {
        // The clock is read on both sides of the request: only what lies on one side of the second is judged.
        let before = SystemClock.now();
        let status = app.use_token(&token).await;
        let after = SystemClock.now();
        if after < soon {
            assert_eq!(status, 200);
        }
        if before >= soon {
            assert_eq!(status, 403);
            break;
        }
        tokio::task::yield_now().await;
    }
    let id = record["id"].as_str().unwrap();
    assert_eq!(
        app.call(Request::new("GET", format!("/v1/tokens/{id}"))).await.json()["status"],
        "expired"
    );
}

async fn a_purged_token_is_refused(app: &TestApp) {
    let (id, token) = app.create_token("purged").await;
    // Not expired, and yet gone: only a damaged or meddled item can be so, and it fails closed.
    table::set_timestamp(&app.client, &id, "purgeAt", 1_000).await;
    app.send(Request::new("GET", "/whoami").bearer(&token))
        .await
        .assert_gateway_error(403, "Forbidden");
}

async fn an_unreadable_token_is_refused(app: &TestApp) {
    for attribute in
        ["schema", "permissions", "secretHash", "expiresAt", "purgeAt", "version", "name"]
    {
        let (id, token) = app.create_token(&format!("bad-{}", attribute.to_lowercase())).await;
        let key = format!("TOKEN#{id}");
        table::set(&app.client, &key, "TOKEN", attribute, Some(AttributeValue::Bool(true))).await;
        app.send(Request::new("GET", "/whoami").bearer(&token))
            .await
            .assert_gateway_error(403, "Forbidden");
    }
}

async fn only_one_credential_in_one_header_counts(app: &TestApp) {
    let (_, token) = app.create_token("single").await;
    let bearer = format!("Bearer {token}");
    for header in [
        format!("{bearer}, {bearer}"),
        format!("{bearer},Bearer x"),
        format!("{bearer} "),
        "x".repeat(513),
    ] {
        let status =
            app.send(Request::new("GET", "/whoami").header("authorization", &header)).await.status;
        // HTTP itself strips white space around a header's value.
        let expected = if header.ends_with(' ') && app.handlers().is_none() { 200 } else { 403 };
        assert_eq!(status, expected, "{header}");
    }
    for call in [
        Request::new(
            "GET",
            format!("/whoami?authorization={token}&access_token={token}&token={token}"),
        ),
        Request::new("GET", "/whoami")
            .header("cookie", &format!("authorization={bearer}; token={token}")),
        Request::new("GET", "/whoami").header("token", &token),
        Request::new("GET", "/whoami").header("x-authorization", &bearer),
    ] {
        app.send(call).await.assert_gateway_error(401, "Unauthorized");
    }
}

async fn a_path_that_could_be_read_in_two_ways_is_refused(app: &TestApp) {
    let (_, token) = app.create_token("walker").await;
    for path in [
        "/orders//7",
        "/orders/7/",
        "/orders/7//items",
        "/orders/%2e%2e",
        "/orders/7%2F8%5C",
        "/orders/7%252F8",
    ] {
        let answer = app.send(Request::new("GET", path).bearer(&token)).await;
        assert_eq!(answer.status, 403, "{path}");
    }
}

async fn an_unknown_kind_of_grant_allows_nothing_and_leaves_the_others_in_force(app: &TestApp) {
    let (id, token) = app.create_token("rolled-back").await;
    let newer = json!({ "type": "specific", "grants": [
        { "resource": "spaceships", "names": ["*"], "role": "fly" },
        { "resource": "devtronApps", "project": "*", "environments": ["*"], "applications": ["*"], "role": "owner" },
        { "resource": "routes", "methods": ["GET"], "paths": ["/orders/**"] },
    ]});
    let value = AttributeValue::S(newer.to_string());
    table::set(&app.client, &format!("TOKEN#{id}"), "TOKEN", "permissions", Some(value)).await;
    let echo =
        app.send(Request::new("GET", "/orders/7").bearer(&token)).await.assert_status(200).json();
    assert_eq!(echo["context"]["grant"], 2);
    let application = "/projects/payments/applications/checkout";
    app.send(Request::new("GET", application).bearer(&token))
        .await
        .assert_gateway_error(403, "Forbidden");
    let record =
        app.call(Request::new("GET", format!("/v1/tokens/{id}"))).await.assert_status(200).json();
    assert_eq!(
        record["permissions"], newer,
        "what an older release does not know it shows as it is"
    );
}

async fn unknown_routes_and_methods_are_the_gateways_404(app: &TestApp) {
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/nowhere"),
        ("PUT", "/v1/tokens"),
        ("GET", "/v1/tokens/"),
        ("POST", "/whoami"),
        ("GET", "/orders"),
        ("GET", "/V1/tokens"),
    ] {
        app.call(Request::new(method, path)).await.assert_gateway_error(404, "Not Found");
        app.send(Request::new(method, path)).await.assert_gateway_error(404, "Not Found");
    }
}

#[tokio::test]
async fn what_is_no_event_is_denied() {
    let app = TestApp::in_process().await;
    let handlers = app.handlers().unwrap();
    let fixture: Value =
        serde_json::from_str(include_str!("../fixtures/events/authorizer-2.0.json")).unwrap();
    let mut admins = fixture.clone();
    admins["headers"]["authorization"] = json!(format!("Bearer {}", app.admin));
    assert_eq!(handlers.authorize(admins.clone()).await["isAuthorized"], true);
    let mut events = vec![json!(null), json!({}), json!([]), json!("event"), json!(7), fixture];
    for member in ["routeKey", "rawPath", "headers", "requestContext"] {
        let mut event = admins.clone();
        event.as_object_mut().unwrap().remove(member);
        events.push(event);
        let mut event = admins.clone();
        event[member] = json!(format!("Bearer {}", app.admin));
        if member != "routeKey" && member != "rawPath" {
            events.push(event);
        }
    }
    let mut twice = admins.clone();
    twice["headers"]["Authorization"] = admins["headers"]["authorization"].clone();
    events.push(twice);
    let mut list = admins.clone();
    list["headers"]["authorization"] = json!([admins["headers"]["authorization"]]);
    events.push(list);
    for event in events {
        assert_eq!(
            handlers.authorize(event.clone()).await,
            json!({ "isAuthorized": false }),
            "{event}"
        );
    }
    app.assert_no_secret_leaked().await;
}

#[tokio::test]
async fn a_table_that_fails_lets_nobody_in() {
    let app = TestApp::in_process().await;
    let (_, token) = app.create_token("unlucky").await;
    app.client.delete_table().table_name(table::TABLE).send().await.unwrap();
    for token in [&app.admin, &token] {
        app.send(Request::new("GET", "/whoami").bearer(token))
            .await
            .assert_gateway_error(403, "Forbidden");
    }
}
