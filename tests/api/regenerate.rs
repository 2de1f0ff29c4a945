//! `POST /v1/tokens/{id}/regenerate`.

use serde_json::{Value, json};
use shared::domain::time::Timestamp;
use tests::app::{join, timestamp, token_body};
use tests::client::RequestBuilder;
use tests::{TestApp, table};

tests::api_tests!(
    only_super_admins_are_permitted,
    the_old_secret_fails_and_the_new_one_works,
    accepts_every_kind_of_expiration,
    keeps_the_lifetime_by_default,
    the_same_expiration_still_makes_a_new_secret,
    an_expired_token_works_again,
    rejects_invalid_members,
    if_match_is_honoured,
    a_missing_token_is_not_found_even_with_a_stale_if_match,
    concurrent_regenerates_with_the_same_if_match_apply_exactly_once,
    concurrent_regenerates_without_if_match_leave_the_last_secret_valid,
    a_concurrent_delete_always_wins,
    records_the_caller,
);

async fn only_super_admins_are_permitted(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    app.regenerate(&id).assert_super_admins_only().await;
}

async fn records_the_caller(app: &TestApp) {
    let (id, _) = app.create_token("shared").await;
    let (caller, token) = app.create_super_admin("second").await;
    let record = app.regenerate(&id).bearer(&token).await.assert_status(200).json();
    assert_eq!(record["updatedBy"], caller);
    assert_eq!(record["createdBy"]["name"], "admin");
}

async fn the_old_secret_fails_and_the_new_one_works(app: &TestApp) {
    let (id, old) = app.create_token("rotated").await;
    let before = app.get(&id).await.json();
    let response = app.regenerate(&id).await.assert_status(200);
    assert_eq!(response.header("etag"), Some("\"2\""));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    let record = response.json();
    let new = record["token"].as_str().unwrap();
    assert!(new.starts_with(&format!("twd_{id}_")) && new != old);
    assert_eq!((app.use_token(&old).await, app.use_token(new).await), (403, 200));
    for same in ["id", "name", "description", "permissions", "createdAt", "createdBy"] {
        assert_eq!(record[same], before[same], "{same}");
    }
    assert_eq!(record["version"], 2);
    assert_eq!(record["regeneratedAt"], record["updatedAt"]);
    let shown = app.get(&id).await.json();
    assert_eq!((&shown["version"], shown.get("token")), (&json!(2), None));
}

async fn accepts_every_kind_of_expiration(app: &TestApp) {
    let mut body = token_body("long-lived");
    body["expiresInDays"] = json!(3650);
    let (record, _) = app.create(body).await;
    let id = record["id"].as_str().unwrap();
    let regenerate =
        async |body: Value| app.regenerate(id).json(&body).await.assert_status(200).json();
    assert_eq!(lifetime_days(&regenerate(json!({ "expiresInDays": 7 })).await), 7);

    let never = regenerate(json!({ "expiresAt": null })).await;
    assert_eq!(never["expiresAt"], Value::Null);
    let (token, name) = items(app, id, "long-lived").await;
    for attribute in ["expiresAt", "purgeAt"] {
        let remains = token.contains_key(attribute) || name.contains_key(attribute);
        assert!(!remains, "{attribute} was not removed");
    }

    let fixed = regenerate(json!({ "expiresAt": "2030-01-01T00:00:00Z" })).await;
    assert_eq!(fixed["expiresAt"], "2030-01-01T00:00:00Z");
    let (token, name) = items(app, id, "long-lived").await;
    let purge_at = Timestamp::parse("2030-01-31T00:00:00Z").unwrap().seconds().to_string();
    assert_eq!(token["purgeAt"].as_n().unwrap(), &purge_at);
    assert_eq!(name["purgeAt"], token["purgeAt"]);
    assert_eq!(name["expiresAt"], token["expiresAt"]);
}

async fn keeps_the_lifetime_by_default(app: &TestApp) {
    let mut body = token_body("two-days");
    body["expiresInDays"] = json!(2);
    let (record, _) = app.create(body).await;
    let id = record["id"].as_str().unwrap();
    assert_eq!(lifetime(&app.regenerate(id).await.assert_status(200).json()), 2 * 86_400);
    let again = app.regenerate(id).json(&json!({})).await.assert_status(200).json();
    assert_eq!(lifetime(&again), 2 * 86_400);
    let never = app.regenerate(id).json(&json!({ "expiresAt": null })).await;
    assert_eq!(never.assert_status(200).json()["expiresAt"], Value::Null);
    let still_never = app.regenerate(id).await.assert_status(200).json();
    assert_eq!(still_never["expiresAt"], Value::Null);
}

/// Returns the days from `updatedAt` to `expiresAt`.
fn lifetime_days(record: &Value) -> i64 {
    lifetime(record) / 86_400
}

/// Returns the seconds from `updatedAt` to `expiresAt`.
fn lifetime(record: &Value) -> i64 {
    timestamp(record, "expiresAt") - timestamp(record, "updatedAt")
}

/// Returns the item of the token and that of its name.
async fn items(app: &TestApp, id: &str, name: &str) -> (table::Item, table::Item) {
    let token = table::token(&app.dynamodb, id).await.unwrap();
    (token, table::name(&app.dynamodb, name).await.unwrap())
}

async fn the_same_expiration_still_makes_a_new_secret(app: &TestApp) {
    for (name, expires_at) in [("never", Value::Null), ("fixed", json!("2030-01-01T00:00:00Z"))] {
        let expiration = json!({ "expiresAt": expires_at });
        let mut body = token_body(name);
        body["expiresAt"] = expires_at;
        let (before, old) = app.create(body).await;
        let id = before["id"].as_str().unwrap();
        let record = app.regenerate(id).json(&expiration).await.assert_status(200).json();
        assert_eq!(record["expiresAt"], before["expiresAt"]);
        let new = record["token"].as_str().unwrap();
        assert_eq!((app.use_token(&old).await, app.use_token(new).await), (403, 200), "{name}");
    }
}

async fn an_expired_token_works_again(app: &TestApp) {
    let (id, old) = app.create_expired_token("expired").await;
    assert_eq!(app.use_token(&old).await, 403);
    let record = app.regenerate(&id).await.assert_status(200).json();
    assert_eq!(record["status"], "active");
    assert_eq!(app.use_token(record["token"].as_str().unwrap()).await, 200);
    assert_eq!(app.use_token(&old).await, 403);
}

async fn rejects_invalid_members(app: &TestApp) {
    let (id, token) = app.create_token("unchanged").await;
    for (body, pointer) in [
        (json!({ "expiresInDays": 0 }), "/expiresInDays"),
        (json!({ "expiresInDays": null }), "/expiresInDays"),
        (json!({ "expiresAt": "2020-01-01T00:00:00Z" }), "/expiresAt"),
        (json!({ "expiresAt": null, "expiresInDays": 1 }), "/expiresAt"),
        (json!({ "name": "other" }), "/name"),
        (json!({ "permissions": { "type": "superAdmin" } }), "/permissions"),
    ] {
        let regenerate = app.regenerate(&id).json(&body);
        let response = regenerate.assert_rejected(422, "validation-failed").await;
        assert_eq!(response.violation_pointers(), [pointer], "{body}");
    }
    assert_eq!(app.use_token(&token).await, 200);
}

async fn if_match_is_honoured(app: &TestApp) {
    let (id, token) = app.create_token("guarded").await;
    for stale in ["\"2\"", "W/\"1\"", "1", ""] {
        app.regenerate(&id).if_match(stale).assert_rejected(412, "version-conflict").await;
    }
    assert_eq!(app.use_token(&token).await, 200);
    app.regenerate(&id).if_match("\"1\"").await.assert_status(200);
    app.regenerate(&id).if_match("*").await.assert_status(200);
}

async fn a_missing_token_is_not_found_even_with_a_stale_if_match(app: &TestApp) {
    let (purged, _) = app.create_token("purged").await;
    app.purge(&purged).await;
    for id in [&purged, "0000000000000000", "malformed"] {
        app.regenerate(id).assert_rejected(404, "token-not-found").await;
        app.regenerate(id).if_match("\"9\"").assert_rejected(404, "token-not-found").await;
    }
}

async fn concurrent_regenerates_with_the_same_if_match_apply_exactly_once(app: &TestApp) {
    let (id, _) = app.create_token("contended").await;
    let responses =
        join((0..20).map(|_| app.regenerate(&id).if_match("\"1\"").until_uncontended())).await;
    let mut statuses: Vec<_> = responses.iter().map(|response| response.status).collect();
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, [412; 19].as_slice()));
}

async fn concurrent_regenerates_without_if_match_leave_the_last_secret_valid(app: &TestApp) {
    let (id, _) = app.create_token("contended").await;
    let responses = join((0..5).map(|_| app.regenerate(&id).until_uncontended())).await;
    let mut records: Vec<_> =
        responses.into_iter().map(|response| response.assert_status(200).json()).collect();
    records.sort_by_key(|record| record["version"].as_u64());
    let versions: Vec<_> =
        records.iter().map(|record| record["version"].as_u64().unwrap()).collect();
    assert_eq!(versions, [2, 3, 4, 5, 6]);
    for record in records {
        let expected = if record["version"] == 6 { 200 } else { 403 };
        assert_eq!(app.use_token(record["token"].as_str().unwrap()).await, expected);
    }
}

async fn a_concurrent_delete_always_wins(app: &TestApp) {
    for number in 0..10 {
        let name = format!("contended-{number}");
        let (id, old) = app.create_token(&name).await;
        let responses =
            join([app.regenerate(&id), app.delete(&id)].map(RequestBuilder::until_uncontended))
                .await;
        assert_eq!(responses[1].status, 204);
        if responses[0].status == 200 {
            let record = responses[0].json();
            assert_eq!(app.use_token(record["token"].as_str().unwrap()).await, 403);
        } else {
            assert_eq!(responses[0].status, 404);
        }
        assert_eq!(app.use_token(&old).await, 403);
        assert!(table::token(&app.dynamodb, &id).await.is_none());
        assert!(table::name(&app.dynamodb, &name).await.is_none());
    }
}
