//! `GET /v1/tokens/{id}/events` and `GET /v1/events`.

use serde_json::{Value, json};
use shared::domain::history::{DayPosition, DayRange};
use shared::domain::time::{Day, Timestamp};
use shared::runtime::SystemClock;
use shared::service::Clock;
use tests::app::{order_permissions, token_body};
use tests::clock::FixedClock;
use tests::{TestApp, table};

tests::api_tests!(
    only_super_admins_are_permitted,
    every_write_leaves_an_event_with_what_changed,
    a_request_that_changes_nothing_leaves_no_event,
    events_outlive_their_token,
    an_unknown_token_has_no_events,
    pages_contain_every_event_once,
    days_list_the_events_of_all_tokens,
    a_range_that_ended_today_can_be_paged_after_midnight,
    rejects_invalid_parameters,
    no_event_contains_a_secret,
);

async fn events(app: &TestApp, id: &str) -> Vec<Value> {
    let page = app.token_events(id, "limit=100").await.assert_status(200).json();
    assert_eq!(page["nextCursor"], Value::Null);
    page["events"].as_array().unwrap().clone()
}

async fn only_super_admins_are_permitted(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    app.token_events(&id, "").assert_super_admins_only().await;
    app.events("").assert_super_admins_only().await;
}

async fn every_write_leaves_an_event_with_what_changed(app: &TestApp) {
    let mut body = token_body("audited");
    body["owner"] = json!("payments-team");
    body["expiresAt"] = Value::Null;
    let (record, _) = app.create(body).await;
    let id = record["id"].as_str().unwrap();
    app.patch(id, json!({ "description": "new", "owner": null })).await.assert_status(200);
    app.regenerate(id).json(&json!({ "gracePeriodSeconds": 60 })).await.assert_status(200);
    app.rollback(id).await.assert_status(200);
    let regenerated = app.regenerate(id).json(&json!({ "gracePeriodSeconds": 60 })).await.json();
    app.end_previous(id).await.assert_status(200);
    app.delete(id).await.assert_status(204);
    let events = events(app, id).await;
    let actions: Vec<_> =
        events.iter().rev().map(|event| event["action"].as_str().unwrap()).collect();
    let expected = [
        "generated",
        "updated",
        "regenerated",
        "rolledBack",
        "regenerated",
        "previousEnded",
        "deleted",
    ];
    assert_eq!(actions, expected);
    for event in &events {
        assert_eq!(event["token"], json!({ "id": id, "name": "audited" }));
        assert_eq!(event["actor"]["name"], "admin");
        assert!(event["sourceIp"].is_string(), "{event}");
        assert!(event["requestId"].is_string(), "{event}");
    }
    // The events are listed from the newest to the oldest, and `index` counts from the oldest.
    let changes = |index: usize| &events[events.len() - 1 - index]["changes"];
    let generated =
        json!({ "name": "audited", "owner": "payments-team", "permissions": order_permissions() });
    assert_eq!(*changes(0), generated);
    assert_eq!(*changes(1), json!({ "description": "new", "owner": null }));
    assert_eq!(
        changes(4)["previousSecret"]["validUntil"],
        regenerated["previousSecret"]["validUntil"]
    );
    assert_eq!(*changes(5), json!({ "previousSecret": null }));
    assert_eq!(*changes(6), json!({}));
}

async fn a_request_that_changes_nothing_leaves_no_event(app: &TestApp) {
    let (id, _) = app.create_token("unchanged").await;
    app.patch(&id, json!({})).await.assert_status(200);
    app.end_previous(&id).await.assert_status(200);
    app.patch(&id, json!({ "owner": "" })).assert_rejected(422, "validation-failed").await;
    assert_eq!(events(app, &id).await.len(), 1);
}

async fn events_outlive_their_token(app: &TestApp) {
    let (id, _) = app.create_token("purged").await;
    app.purge(&id).await;
    app.get(&id).await.assert_problem(404, "token-not-found");
    assert_eq!(events(app, &id).await.len(), 1);
}

async fn an_unknown_token_has_no_events(app: &TestApp) {
    for id in ["0000000000000000", "short"] {
        app.token_events(id, "").assert_rejected(404, "token-not-found").await;
    }
    // The tokens of a release that had no history have no events.
    let (id, _) = app.create_token("older").await;
    table::remove_events(&app.dynamodb).await;
    assert!(events(app, &id).await.is_empty());
}

async fn pages_contain_every_event_once(app: &TestApp) {
    let (id, _) = app.create_token("paged").await;
    for number in 0..7 {
        app.patch(&id, json!({ "description": number.to_string() })).await.assert_status(200);
    }
    let all = events(app, &id).await;
    assert_eq!(all.len(), 8);
    let (mut seen, mut query) = (Vec::new(), "limit=3".to_owned());
    loop {
        let page = app.token_events(&id, &query).await.assert_status(200).json();
        seen.extend(page["events"].as_array().unwrap().clone());
        let Some(cursor) = page["nextCursor"].as_str() else {
            break;
        };
        query = format!("limit=3&cursor={cursor}");
    }
    assert_eq!(seen, all);
    let (other, _) = app.create_token("other").await;
    let cursor = query.split_once("cursor=").unwrap().1;
    let misused = format!("cursor={cursor}");
    app.token_events(&other, &misused).assert_rejected(400, "invalid-query").await;
    app.events(&misused).assert_rejected(400, "invalid-query").await;
}

async fn days_list_the_events_of_all_tokens(app: &TestApp) {
    let (first, _) = app.create_token("first").await;
    let (second, _) = app.create_token("second").await;
    app.delete(&first).await.assert_status(204);
    let (mut seen, mut query) = (Vec::new(), "limit=2".to_owned());
    loop {
        let page = app.events(&query).await.assert_status(200).json();
        seen.extend(page["events"].as_array().unwrap().clone());
        let Some(cursor) = page["nextCursor"].as_str() else {
            break;
        };
        query = format!("limit=2&cursor={cursor}");
    }
    let of = |id: &str| {
        let own = seen.iter().filter(|event| event["token"]["id"] == id);
        own.map(|event| event["action"].as_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((of(&first), of(&second)), (vec!["generated", "deleted"], vec!["generated"]));
    assert!(seen.iter().all(|event| event.get("changes").is_none()));
    let past = app.events("from=2026-01-01&to=2026-01-01").await.assert_status(200).json();
    assert_eq!(past, json!({ "events": [], "nextCursor": null }));
}

async fn a_range_that_ended_today_can_be_paged_after_midnight(app: &TestApp) {
    let seconds = SystemClock.now().seconds() - 24 * 60 * 60;
    let day = Day::of(Timestamp::from_seconds(seconds).unwrap());
    // A page of this range returned the cursor yesterday, when the default of `from` was that day.
    let range = DayRange { from: None, to: Some(day) };
    let cursor = range.cursor(&DayPosition { day, last_day: day, after: None });
    // Today, the default of `from` is after `to`, so the same range is valid only with the cursor.
    app.events(&format!("to={day}")).assert_rejected(400, "invalid-query").await;
    app.events(&format!("to={day}&cursor={cursor}")).await.assert_status(200);
}

async fn rejects_invalid_parameters(app: &TestApp) {
    let (id, _) = app.create_token("target").await;
    for query in ["limit=0", "limit=101", "cursor=x", "from=2026-01-01", "page=1"] {
        app.token_events(&id, query).assert_rejected(400, "invalid-query").await;
    }
    for query in [
        "from=2026-02-29",
        "from=2026-1-1",
        "to=tomorrow",
        "from=2026-11-02&to=2026-11-01",
        "from=2020-01-01&to=2026-01-01",
        "from=2099-01-01",
        "limit=x",
        "cursor=x",
        "token=x",
    ] {
        app.events(query).assert_rejected(400, "invalid-query").await;
    }
}

async fn no_event_contains_a_secret(app: &TestApp) {
    let (id, token) = app.create_token("secret").await;
    let grace = json!({ "gracePeriodSeconds": 60 });
    let new = app.regenerate(&id).json(&grace).await.assert_status(200).json();
    let text = app.token_events(&id, "").await.text;
    for secret in [&token[21..], &new["token"].as_str().unwrap()[21..], "secretHash"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn a_range_walks_its_days_from_the_oldest_event_to_the_newest() {
    const MIDNIGHT: i64 = 1_795_478_400; // 2026-11-24T00:00:00Z
    let clock = FixedClock::at(MIDNIGHT - 2);
    let app = TestApp::in_process_at(clock.clone()).await;
    clock.set(MIDNIGHT - 1);
    let (id, _) = app.create_token("audited").await;
    clock.set(MIDNIGHT);
    app.patch(&id, json!({ "description": "x" })).await.assert_status(200);
    clock.set(MIDNIGHT + 2 * 24 * 60 * 60);
    app.delete(&id).await.assert_status(204);
    // Each page has the events of one day.
    let days = async |range: &str| {
        let (mut days, mut query) = (Vec::new(), range.to_owned());
        loop {
            let page = app.events(&query).await.assert_status(200).json();
            let events = page["events"].as_array().unwrap().clone();
            let shown = |event: &Value| {
                let [at, action] = ["at", "action"].map(|member| event[member].as_str().unwrap());
                format!("{at} {action}")
            };
            days.push(events.iter().map(shown).collect::<Vec<_>>());
            let Some(cursor) = page["nextCursor"].as_str() else {
                return json!(days);
            };
            query = format!("{range}&cursor={cursor}");
        }
    };
    let first = ["2026-11-23T23:59:58Z generated", "2026-11-23T23:59:59Z generated"];
    let second = ["2026-11-24T00:00:00Z updated"];
    let last = ["2026-11-26T00:00:00Z deleted"];
    assert_eq!(days("from=2026-11-23&to=2026-11-26").await, json!([first, second, [], last]));
    assert_eq!(days("from=2026-11-23&to=2026-11-24").await, json!([first, second]));
    assert_eq!(days("from=2026-11-24&to=2026-11-24").await, json!([second]));
    assert_eq!(days("limit=100").await, json!([last]), "today");
    let newest_first = ["deleted", "updated", "generated"];
    let of_token = events(&app, &id).await;
    assert_eq!(of_token.iter().map(|event| &event["action"]).collect::<Vec<_>>(), newest_first);
}
