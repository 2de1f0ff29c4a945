//! The last use of a token's secrets.

use serde_json::{Value, json};
use shared::domain::time::Timestamp;
use tests::app::{POLICY, timestamp};
use tests::clock::FixedClock;
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
    // The use of `used` was before 2099, too.
    assert_eq!(names("unusedSince=2099-01-01T00:00:00Z").await, ["admin", "unused", "used"]);
    assert!(names("unusedSince=2020-01-01T00:00:00Z").await.is_empty(), "no token is that old");
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
    let listed = app.list("").await.json()["tokens"].as_array().unwrap().clone();
    let week = listed.iter().find(|token| token["name"] == "week").unwrap();
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

/// 2026-11-23T09:00:00Z.
const NOW: i64 = 1_795_424_400;

fn text(seconds: i64) -> String {
    Timestamp::from_seconds(seconds).unwrap().to_string()
}

#[tokio::test]
async fn a_last_use_moves_after_the_interval_and_only_for_the_token_that_is_used() {
    let clock = FixedClock::at(NOW);
    let app = TestApp::in_process_at(clock.clone()).await;
    let (first, first_token) = app.create_token("first").await;
    let (second, second_token) = app.create_token("second").await;
    let interval = i64::from(POLICY.usage_interval);
    let last_use = async |id: &str| app.get(id).await.json()["lastUsed"]["at"].clone();
    for (after, tokens, expected) in [
        (1, &[&first_token, &second_token][..], [1, 1]),
        (interval, &[&first_token], [1, 1]),
        (interval + 1, &[&first_token], [interval + 1, 1]),
        (interval + 2, &[&first_token, &second_token], [interval + 1, interval + 2]),
    ] {
        clock.set(NOW + after);
        for token in tokens {
            assert_eq!(app.use_token(token).await, 200);
        }
        let expected = expected.map(|after| json!(text(NOW + after)));
        assert_eq!([last_use(&first).await, last_use(&second).await], expected, "{after}");
    }
}

#[tokio::test]
async fn a_token_that_was_used_since_is_not_unused_even_if_its_secret_was_replaced() {
    let clock = FixedClock::at(NOW);
    let app = TestApp::in_process_at(clock.clone()).await;
    let (_, used) = app.create_token("case-used").await;
    let (replaced, replaced_token) = app.create_token("case-replaced").await;
    let (rolled_back, _) = app.create_token("case-rolled-back").await;
    let (regenerated, _) = app.create_token("case-regenerated").await;
    app.create_token("case-idle").await;
    let grace = json!({ "gracePeriodSeconds": 3600 });
    let new = app.regenerate(&rolled_back).json(&grace).await.assert_status(200).json();
    clock.set(NOW + 100);
    app.create_token("case-later").await;
    clock.set(NOW + 200);
    for token in [&*used, &replaced_token, new["token"].as_str().unwrap()] {
        assert_eq!(app.use_token(token).await, 200);
    }
    clock.set(NOW + 300);
    app.regenerate(&replaced).await.assert_status(200);
    app.regenerate(&regenerated).await.assert_status(200);
    app.rollback(&rolled_back).await.assert_status(200);
    let unused_since = async |seconds: i64| {
        let query = format!("namePrefix=case-&unusedSince={}", text(seconds));
        let page = app.list(&query).await.assert_status(200).json();
        let tokens = page["tokens"].as_array().unwrap().clone();
        tokens.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for since in [NOW + 1, NOW + 100, NOW + 200] {
        let mut expected = vec!["case-idle", "case-later", "case-regenerated"];
        // A token that was generated at that time or later is not listed.
        expected.retain(|name| *name != "case-later" || since > NOW + 100);
        assert_eq!(unused_since(since).await, expected, "{since}");
    }
    assert_eq!(unused_since(NOW + 201).await.len(), 6);
    assert!(unused_since(NOW).await.is_empty());
}
