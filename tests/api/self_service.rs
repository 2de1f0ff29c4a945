//! The self-service routes, on which a token reads its own record, regenerates itself or revokes itself. They must not make a
//! stolen token more powerful.

use serde_json::{Value, json};
use tests::app::{self_regenerating_body, timestamp, token_body};
use tests::{Request, TestApp, table};

tests::api_tests!(
    any_token_reads_its_own_record,
    a_token_regenerates_itself_with_a_grace_period,
    only_a_token_with_the_right_and_its_current_secret_may_regenerate_itself,
    a_token_cannot_prolong_its_lifetime,
    a_token_cannot_widen_anything,
    a_token_reaches_no_other_token_and_no_other_route,
    a_token_revokes_itself,
    revoking_with_a_previous_secret_ends_only_its_grace_period,
    if_match_is_honoured,
    an_invalid_credential_is_rejected_on_every_route,
);

/// Generates a token that may regenerate itself, and returns its record and the token.
pub(super) async fn create(app: &TestApp, name: &str) -> (Value, String) {
    app.create(self_regenerating_body(name)).await
}

pub(super) fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

async fn any_token_reads_its_own_record(app: &TestApp) {
    for body in [
        token_body("ordinary"),
        json!({ "name": "super", "permissions": { "type": "superAdmin" } }),
    ] {
        let (record, token) = app.create(body).await;
        let shown = app.get_self(&token).await.assert_status(200);
        assert_eq!(shown.header("etag"), Some("\"1\""));
        let mut shown = shown.json();
        assert!(shown["lastUsed"]["route"] == "GET /v1/tokens/self", "{shown}");
        shown["lastUsed"] = Value::Null;
        shown["token"] = json!(token);
        assert_eq!(shown, record);
    }
    let (_, token) = app.create_token("queried").await;
    let unknown = app.request("GET", "/v1/tokens/self?limit=1").bearer(&token);
    unknown.assert_rejected(400, "invalid-query").await;
}

async fn a_token_regenerates_itself_with_a_grace_period(app: &TestApp) {
    let (before, old) = create(app, "nightly").await;
    let after = app.regenerate_self(&old).await.assert_status(200).json();
    let new = after["token"].as_str().unwrap();
    let lifetime = timestamp(&before, "expiresAt") - timestamp(&before, "createdAt");
    assert_eq!(timestamp(&after, "expiresAt"), timestamp(&after, "regeneratedAt") + lifetime);
    let end = timestamp(&after["previousSecret"], "validUntil");
    assert_eq!(end, timestamp(&after, "regeneratedAt") + 3600);
    assert_eq!(after["updatedBy"], json!({ "id": before["id"], "name": "nightly" }));
    assert_eq!((app.use_token(&old).await, app.use_token(new).await), (200, 200));
    let events = app.token_events(id(&before), "").await.json()["events"].clone();
    assert_eq!(
        (&events[0]["action"], &events[0]["actor"]),
        (&json!("regenerated"), &after["updatedBy"])
    );
    let body = json!({ "gracePeriodSeconds": 0, "expiresInDays": 1 });
    let last = app.regenerate_self(new).json(&body).await.assert_status(200).json();
    assert_eq!(last["previousSecret"], Value::Null);
    assert_eq!((app.use_token(&old).await, app.use_token(new).await), (403, 403));
    assert_eq!(app.use_token(last["token"].as_str().unwrap()).await, 200);
}

async fn only_a_token_with_the_right_and_its_current_secret_may_regenerate_itself(app: &TestApp) {
    let (_, without) = app.create_token("without-the-right").await;
    app.regenerate_self(&without).assert_rejected(403, "forbidden").await;
    app.regenerate_self(&app.admin).assert_rejected(403, "forbidden").await;
    let (record, old) = create(app, "rotated").await;
    let new = app.regenerate_self(&old).await.assert_status(200).new_token().unwrap();
    let none = json!({ "gracePeriodSeconds": 0 });
    app.regenerate_self(&old).json(&none).assert_rejected(403, "forbidden").await;
    app.regenerate_self(&new).assert_rejected(409, "grace-period-open").await;
    app.patch(id(&record), json!({ "selfRegenerate": false })).await.assert_status(200);
    app.regenerate_self(&new).json(&none).assert_rejected(403, "forbidden").await;
}

async fn a_token_cannot_prolong_its_lifetime(app: &TestApp) {
    let mut body = self_regenerating_body("week");
    body["expiresInDays"] = json!(7);
    let (_, token) = app.create(body).await;
    app.get_self(&token).await.assert_status(200);
    for (body, member) in [
        (json!({ "expiresInDays": 8 }), "/expiresInDays"),
        (json!({ "expiresInDays": 3650 }), "/expiresInDays"),
        (json!({ "expiresAt": null }), "/expiresAt"),
        (json!({ "expiresAt": "2035-01-01T00:00:00Z" }), "/expiresAt"),
    ] {
        let rejected = app.regenerate_self(&token).json(&body);
        let rejected = rejected.assert_rejected(422, "validation-failed").await;
        rejected.assert_violations(&[(member, "expiration-range")]);
    }
    // After the lifetime was shortened, it cannot grow again, even to the length that it had at first.
    let mut token = token;
    for days in [7, 3, 3] {
        let body = json!({ "expiresInDays": days, "gracePeriodSeconds": 0 });
        token =
            app.regenerate_self(&token).json(&body).await.assert_status(200).new_token().unwrap();
    }
    app.get_self(&token).await.assert_status(200);
    let longer = app.regenerate_self(&token).json(&json!({ "expiresInDays": 7 }));
    longer.assert_rejected(422, "validation-failed").await;
    let mut body = self_regenerating_body("eternal");
    body["expiresAt"] = Value::Null;
    let (_, token) = app.create(body).await;
    let record = app.regenerate_self(&token).await.assert_status(200).json();
    assert_eq!(record["expiresAt"], Value::Null, "it had no expiration");
}

async fn a_token_cannot_widen_anything(app: &TestApp) {
    let mut body = self_regenerating_body("narrow");
    body["allowedIps"] = json!(["0.0.0.0/0", "::/0"]);
    let (before, token) = app.create(body).await;
    app.get_self(&token).await.assert_status(200);
    for (member, value) in [
        ("permissions", json!({ "type": "superAdmin" })),
        ("allowedIps", Value::Null),
        ("selfRegenerate", json!(true)),
        ("owner", json!("thief")),
        ("name", json!("other")),
    ] {
        let rejected = app.regenerate_self(&token).json(&json!({ (member): value }));
        let rejected = rejected.assert_rejected(422, "validation-failed").await;
        rejected.assert_violations(&[(&format!("/{member}"), "unknown-member")]);
    }
    let after = app.regenerate_self(&token).await.assert_status(200).json();
    for member in ["id", "name", "permissions", "allowedIps", "selfRegenerate", "owner"] {
        assert_eq!(after[member], before[member], "{member}");
    }
}

async fn a_token_reaches_no_other_token_and_no_other_route(app: &TestApp) {
    let (record, token) = create(app, "curious").await;
    let (other, _) = app.create_token("other").await;
    app.get_self(&token).await.assert_status(200);
    let before = app.snapshot().await;
    for target in [&other, id(&record)] {
        for request in Request::management(target) {
            app.send(request.bearer(&token)).await.assert_gateway_error(403, "Forbidden");
        }
    }
    for (method, path) in [
        ("PATCH", "/v1/tokens/self"),
        ("POST", "/v1/tokens/self/rollback"),
        ("DELETE", "/v1/tokens/self/previous"),
        ("GET", "/v1/tokens/self/events"),
        ("POST", "/v1/tokens/self/simulate"),
    ] {
        let denied = app.request(method, path).bearer(&token).await;
        denied.assert_gateway_error(403, "Forbidden");
        // On these routes, `self` is only an invalid id, even for a super admin.
        let request = app.request(method, path).json(&json!({ "method": "GET", "path": "/" }));
        assert!([404, 422].contains(&request.await.status), "{method} {path}");
    }
    assert!(app.snapshot().await == before, "a request was denied but wrote something");
}

async fn a_token_revokes_itself(app: &TestApp) {
    let (before, token) = create(app, "leaked").await;
    let response = app.revoke_self(&token).await.assert_status(204);
    assert_eq!(response.text, "");
    assert_eq!(app.use_token(&token).await, 403);
    let record = app.get(id(&before)).await.assert_status(200).json();
    assert_eq!((&record["status"], &record["version"]), (&json!("expired"), &json!(2)));
    assert_eq!(record["expiresAt"], record["updatedAt"]);
    let name = table::name(&app.dynamodb, "leaked").await.unwrap();
    let item = table::token(&app.dynamodb, id(&before)).await.unwrap();
    for attribute in ["expiresAt", "purgeAt"] {
        assert_eq!(name[attribute], item[attribute], "{attribute}");
    }
    let events = app.token_events(id(&before), "").await.json()["events"].clone();
    let actor = json!({ "id": before["id"], "name": "leaked" });
    assert_eq!((&events[0]["action"], &events[0]["actor"]), (&json!("revoked"), &actor));
    for request in Request::self_service() {
        app.send(request.bearer(&token)).await.assert_gateway_error(403, "Forbidden");
    }
    app.regenerate(id(&before)).await.assert_status(200);
}

async fn revoking_with_a_previous_secret_ends_only_its_grace_period(app: &TestApp) {
    let (before, old) = create(app, "rotated").await;
    let new = app.regenerate_self(&old).await.assert_status(200).new_token().unwrap();
    app.revoke_self(&old).await.assert_status(204);
    assert_eq!((app.use_token(&old).await, app.use_token(&new).await), (403, 200));
    let record = app.get(id(&before)).await.json();
    assert_eq!((&record["previousSecret"], &record["status"]), (&Value::Null, &json!("active")));
    let events = app.token_events(id(&before), "").await.json()["events"].clone();
    assert_eq!(events[0]["action"], "previousEnded");
    let newest = app.regenerate_self(&new).await.assert_status(200).new_token().unwrap();
    app.revoke_self(&newest).await.assert_status(204);
    assert_eq!((app.use_token(&new).await, app.use_token(&newest).await), (403, 403));
}

async fn if_match_is_honoured(app: &TestApp) {
    let (_, token) = create(app, "versioned").await;
    app.get_self(&token).await.assert_status(200);
    app.regenerate_self(&token).if_match("\"2\"").assert_rejected(412, "version-conflict").await;
    app.revoke_self(&token).if_match("\"2\"").assert_rejected(412, "version-conflict").await;
    app.revoke_self(&token).if_match("\"1\"").await.assert_status(204);
}

async fn an_invalid_credential_is_rejected_on_every_route(app: &TestApp) {
    let (_, expired) = app.create_expired_token("expired").await;
    for request in Request::self_service() {
        for token in [&expired, "garbage"] {
            app.send(request.clone().bearer(token)).await.assert_gateway_error(403, "Forbidden");
        }
        app.send(request).await.assert_gateway_error(401, "Unauthorized");
    }
}
