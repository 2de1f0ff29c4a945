//! The grace period of a regenerate, its end, and the rollback.

use serde_json::{Value, json};
use tests::app::{timestamp, token_body};
use tests::{TestApp, table};

tests::api_tests!(
    only_super_admins_are_permitted,
    both_secrets_work_with_the_same_permissions,
    a_function_sees_the_owner_and_whether_the_secret_is_the_previous_one,
    a_grace_period_never_outlives_the_old_expiration,
    an_expired_token_has_no_grace_period,
    a_second_grace_period_is_a_conflict_and_a_regenerate_without_one_ends_both,
    a_previous_secret_fails_from_the_second_of_its_end,
    rollback_restores_the_previous_secret_and_its_expiration,
    rollback_without_a_previous_secret_is_a_conflict,
    ending_the_grace_period_ends_the_previous_secret_only,
    delete_ends_both_secrets,
    a_later_secret_never_gets_the_use_of_an_earlier_one,
    if_match_is_honoured,
    rejects_invalid_grace_periods,
    a_rotation_survives_a_lost_response,
);

/// Regenerates with a grace period. Returns the record and the new token.
async fn regenerate(app: &TestApp, id: &str, seconds: u32) -> (Value, String) {
    let body = json!({ "gracePeriodSeconds": seconds });
    let record = app.regenerate(id).json(&body).await.assert_status(200).json();
    let token = record["token"].as_str().unwrap().to_owned();
    (record, token)
}

async fn use_both(app: &TestApp, first: &str, second: &str) -> (u16, u16) {
    (app.use_token(first).await, app.use_token(second).await)
}

async fn only_super_admins_are_permitted(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    regenerate(app, &id, 60).await;
    app.rollback(&id).assert_super_admins_only().await;
    app.end_previous(&id).assert_super_admins_only().await;
}

async fn both_secrets_work_with_the_same_permissions(app: &TestApp) {
    let (id, old) = app.create_token("rotated").await;
    let (record, new) = regenerate(app, &id, 3600).await;
    let end = timestamp(&record["previousSecret"], "validUntil");
    assert_eq!(end, timestamp(&record, "regeneratedAt") + 3600);
    assert_eq!(record["previousSecret"]["lastUsedAt"], Value::Null);
    assert_eq!(use_both(app, &old, &new).await, (200, 200));
    let narrow = json!({ "permissions": { "type": "specific", "grants": [
        { "resource": "routes", "methods": ["GET"], "paths": ["/elsewhere"] },
    ]}});
    let updated = app.patch(&id, narrow).await.assert_status(200).json();
    assert_eq!(updated["previousSecret"]["validUntil"], record["previousSecret"]["validUntil"]);
    assert_eq!(use_both(app, &old, &new).await, (403, 403));
}

async fn a_function_sees_the_owner_and_whether_the_secret_is_the_previous_one(app: &TestApp) {
    let mut body = token_body("rotated");
    body["owner"] = json!("payments-team");
    let (record, old) = app.create(body).await;
    let id = record["id"].as_str().unwrap();
    let (record, new) = regenerate(app, id, 3600).await;
    let context =
        async |token: &str| app.whoami(token).await.assert_status(200).json()["context"].clone();
    let mut expected = json!({
        "tokenId": id,
        "tokenName": "rotated",
        "superAdmin": false,
        "owner": "payments-team",
        "expiresAt": record["expiresAt"],
    });
    assert_eq!(context(&new).await, expected);
    expected["expiresAt"] = record["previousSecret"]["validUntil"].clone();
    expected["secret"] = json!("previous");
    assert_eq!(context(&old).await, expected);
}

async fn a_grace_period_never_outlives_the_old_expiration(app: &TestApp) {
    let mut body = token_body("one-day");
    body["expiresInDays"] = json!(1);
    let (before, _) = app.create(body).await;
    let id = before["id"].as_str().unwrap();
    let body = json!({ "gracePeriodSeconds": 604_800, "expiresInDays": 90 });
    let record = app.regenerate(id).json(&body).await.assert_status(200).json();
    assert_eq!(record["previousSecret"]["validUntil"], before["expiresAt"]);
}

async fn an_expired_token_has_no_grace_period(app: &TestApp) {
    let (id, old) = app.create_expired_token("expired").await;
    let (record, new) = regenerate(app, &id, 3600).await;
    assert_eq!(record["previousSecret"], Value::Null);
    assert_eq!(use_both(app, &old, &new).await, (403, 200));
}

async fn a_second_grace_period_is_a_conflict_and_a_regenerate_without_one_ends_both(app: &TestApp) {
    let (id, first) = app.create_token("rotated").await;
    let (_, second) = regenerate(app, &id, 3600).await;
    let again = app.regenerate(&id).json(&json!({ "gracePeriodSeconds": 1 }));
    again.assert_rejected(409, "grace-period-open").await;
    assert_eq!(use_both(app, &first, &second).await, (200, 200));
    let record = app.regenerate(&id).await.assert_status(200).json();
    assert_eq!(record["previousSecret"], Value::Null);
    assert_eq!(use_both(app, &first, &second).await, (403, 403));
    assert_eq!(app.use_token(record["token"].as_str().unwrap()).await, 200);
}

async fn a_previous_secret_fails_from_the_second_of_its_end(app: &TestApp) {
    let (id, old) = app.create_token("rotated").await;
    let (record, new) = regenerate(app, &id, 3600).await;
    table::end_grace_period(&app.dynamodb, &id, timestamp(&record, "updatedAt")).await;
    assert_eq!(app.get(&id).await.json()["previousSecret"], Value::Null);
    assert_eq!(use_both(app, &old, &new).await, (403, 200));
    app.rollback(&id).assert_rejected(409, "no-previous-secret").await;
    let ended = app.end_previous(&id).await.assert_status(200).json();
    assert_eq!(ended["version"], record["version"], "nothing was written");
    let (record, _) = regenerate(app, &id, 60).await;
    assert!(record["previousSecret"].is_object(), "the next grace period may begin");
}

async fn rollback_restores_the_previous_secret_and_its_expiration(app: &TestApp) {
    let (before, old) = app.create(token_body("rotated")).await;
    let id = before["id"].as_str().unwrap();
    let body = json!({ "gracePeriodSeconds": 3600, "expiresAt": null });
    let new = app.regenerate(id).json(&body).await.assert_status(200).json();
    assert_eq!(new["expiresAt"], Value::Null);
    let record = app.rollback(id).await.assert_status(200).json();
    assert_eq!((&record["expiresAt"], &record["version"]), (&before["expiresAt"], &json!(3)));
    assert_eq!((&record["previousSecret"], &record["regeneratedAt"]), (&Value::Null, &Value::Null));
    assert_eq!(record.get("token"), None);
    assert_eq!(use_both(app, &old, new["token"].as_str().unwrap()).await, (200, 403));
    let listed = app.list("namePrefix=rotated&status=active").await.json();
    assert_eq!(listed["tokens"][0]["expiresAt"], before["expiresAt"]);
    let name = table::name(&app.dynamodb, "rotated").await.unwrap();
    let token = table::token(&app.dynamodb, id).await.unwrap();
    for attribute in ["expiresAt", "purgeAt"] {
        assert_eq!(name[attribute], token[attribute], "{attribute}");
    }
    app.rollback(id).assert_rejected(409, "no-previous-secret").await;
}

async fn rollback_without_a_previous_secret_is_a_conflict(app: &TestApp) {
    let (id, token) = app.create_token("rotated").await;
    app.rollback(&id).assert_rejected(409, "no-previous-secret").await;
    app.regenerate(&id).await.assert_status(200);
    app.rollback(&id).assert_rejected(409, "no-previous-secret").await;
    assert_eq!(app.use_token(&token).await, 403);
    app.rollback("0000000000000000").assert_rejected(404, "token-not-found").await;
    app.end_previous("0000000000000000").assert_rejected(404, "token-not-found").await;
}

async fn ending_the_grace_period_ends_the_previous_secret_only(app: &TestApp) {
    let (id, old) = app.create_token("rotated").await;
    let (_, new) = regenerate(app, &id, 3600).await;
    let record = app.end_previous(&id).await.assert_status(200).json();
    assert_eq!((&record["previousSecret"], &record["version"]), (&Value::Null, &json!(3)));
    assert_eq!(use_both(app, &old, &new).await, (403, 200));
    let again = app.end_previous(&id).await.assert_status(200).json();
    assert_eq!(again["version"], 3, "nothing was written");
}

async fn delete_ends_both_secrets(app: &TestApp) {
    let (id, old) = app.create_token("rotated").await;
    let (_, new) = regenerate(app, &id, 3600).await;
    app.delete(&id).await.assert_status(204);
    assert_eq!(use_both(app, &old, &new).await, (403, 403));
}

async fn a_later_secret_never_gets_the_use_of_an_earlier_one(app: &TestApp) {
    let (id, first) = app.create_token("rotated").await;
    let (_, second) = regenerate(app, &id, 3600).await;
    assert_eq!(use_both(app, &first, &second).await, (200, 200));
    app.rollback(&id).await.assert_status(200);
    let shown = app.get(&id).await.json();
    assert!(shown["lastUsed"].is_object(), "the first secret was used: {shown}");
    let (record, third) = regenerate(app, &id, 3600).await;
    assert_eq!(record["lastUsed"], Value::Null);
    assert_eq!(app.use_token(&second).await, 403);
    assert_eq!(use_both(app, &first, &third).await, (200, 200));
}

async fn if_match_is_honoured(app: &TestApp) {
    let (id, _) = app.create_token("rotated").await;
    regenerate(app, &id, 3600).await;
    let stale = "\"1\"";
    app.rollback(&id).if_match(stale).assert_rejected(412, "version-conflict").await;
    app.rollback(&id).if_match("\"2\"").await.assert_status(200);
    regenerate(app, &id, 3600).await;
    app.end_previous(&id).if_match(stale).assert_rejected(412, "version-conflict").await;
    app.end_previous(&id).if_match("*").await.assert_status(200);
}

async fn rejects_invalid_grace_periods(app: &TestApp) {
    let (id, _) = app.create_token("unchanged").await;
    for seconds in [json!(-1), json!(604_801), json!(1.5), json!("60"), json!(null), json!([1])] {
        let regenerate = app.regenerate(&id).json(&json!({ "gracePeriodSeconds": seconds }));
        let response = regenerate.assert_rejected(422, "validation-failed").await;
        assert_eq!(response.violation_pointers(), ["/gracePeriodSeconds"], "{seconds}");
    }
}

async fn a_rotation_survives_a_lost_response(app: &TestApp) {
    let (id, used) = app.create_token("rotated").await;
    let works = async || assert_eq!(app.use_token(&used).await, 200);
    works().await;
    // The response is ignored, as if it were lost, and the new token with it.
    regenerate(app, &id, 3600).await;
    works().await;
    app.rollback(&id).await.assert_status(200);
    works().await;
    let (_, new) = regenerate(app, &id, 3600).await;
    works().await;
    assert_eq!(app.use_token(&new).await, 200);
    app.end_previous(&id).await.assert_status(200);
    assert_eq!(use_both(app, &used, &new).await, (403, 200));
}
