//! The last use of a token's secrets.

use serde_json::{Value, json};
use tests::app::timestamp;
use tests::{TestApp, table};

tests::api_tests!(
    a_use_is_shown_with_its_route_and_address,
    a_denied_request_does_not_count_as_a_use,
    each_secret_has_its_own_last_use,
    filters_unused_tokens,
    filters_tokens_that_expire_before_a_time,
);

async fn a_use_is_shown_with_its_route_and_address(app: &TestApp) {
    let (id, token) = app.create_token("used").await;
    assert_eq!(app.get(&id).await.json()["lastUsed"], Value::Null);
    assert_eq!(app.use_token(&token).await, 200);
    let record = app.get(&id).await.assert_status(200).json();
    assert_eq!(record["lastUsed"]["route"], "GET /orders/{proxy+}");
    assert!(record["lastUsed"]["sourceIp"].is_string(), "{record}");
    assert!(timestamp(&record["lastUsed"], "at") >= timestamp(&record, "createdAt"));
    let listed = app.list("namePrefix=used").await.assert_status(200).json();
    assert_eq!(listed["tokens"][0], record);
    assert_eq!(record["version"], 1, "a use does not change the record");
}

async fn a_denied_request_does_not_count_as_a_use(app: &TestApp) {
    let (id, token) = app.create_token("denied").await;
    app.request("POST", "/orders/7").bearer(&token).await.assert_gateway_error(403, "Forbidden");
    let (expired, expired_token) = app.create_expired_token("expired").await;
    assert_eq!(app.use_token(&expired_token).await, 403);
    for id in [id, expired] {
        assert_eq!(app.get(&id).await.json()["lastUsed"], Value::Null);
        assert!(table::usages(&app.dynamodb, &id).await.is_empty());
    }
}

async fn each_secret_has_its_own_last_use(app: &TestApp) {
    let (id, old) = app.create_token("rotated").await;
    let grace = json!({ "gracePeriodSeconds": 3600 });
    let record = app.regenerate(&id).json(&grace).await.assert_status(200).json();
    assert_eq!(app.use_token(&old).await, 200);
    let record_after = app.get(&id).await.json();
    assert_eq!(record_after["lastUsed"], Value::Null);
    assert!(record_after["previousSecret"]["lastUsedAt"].is_string(), "{record_after}");
    assert_eq!(app.use_token(record["token"].as_str().unwrap()).await, 200);
    assert!(app.get(&id).await.json()["lastUsed"].is_object());
    assert_eq!(table::usages(&app.dynamodb, &id).await.len(), 2);
}

async fn filters_unused_tokens(app: &TestApp) {
    let (_, token) = app.create_token("used").await;
    app.create_token("unused").await;
    assert_eq!(app.use_token(&token).await, 200);
    let names = async |query: &str| {
        let page = app.list(query).await.assert_status(200).json();
        let tokens = page["tokens"].as_array().unwrap().clone();
        tokens.iter().map(|token| token["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // In a year, the use was before that time too.
    assert_eq!(names("unusedSince=2099-01-01T00:00:00Z").await, ["admin", "unused", "used"]);
    assert!(names("unusedSince=2020-01-01T00:00:00Z").await.is_empty(), "no token is so old");
    for invalid in ["unusedSince=yesterday", "unusedSince=2026-01-01", "expiresBefore=7"] {
        app.list(invalid).assert_rejected(400, "invalid-query").await;
    }
}

async fn filters_tokens_that_expire_before_a_time(app: &TestApp) {
    for (name, days) in [("week", 7), ("year", 365)] {
        let mut body = tests::app::token_body(name);
        body["expiresInDays"] = json!(days);
        app.create(body).await;
    }
    app.create_expired_token("expired").await;
    let soon = app.list("").await.json()["tokens"].as_array().unwrap().clone();
    let week = soon.iter().find(|token| token["name"] == "week").unwrap();
    let names = async |query: String| {
        let page = app.list(&query).await.assert_status(200).json();
        page["tokens"]
            .as_array()
            .unwrap()
            .iter()
            .map(|token| token["name"].clone())
            .collect::<Vec<_>>()
    };
    let at = week["expiresAt"].as_str().unwrap();
    assert!(names(format!("expiresBefore={at}")).await.is_empty());
    assert_eq!(names("expiresBefore=2099-01-01T00:00:00Z".to_owned()).await, ["week", "year"]);
}
