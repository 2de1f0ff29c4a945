//! `allowedIps`: the addresses from which a token may be used.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};
use tests::app::token_body;
use tests::client::RequestBuilder;
use tests::handlers::authorizer_event;
use tests::{Request, TestApp, table};

tests::api_tests!(
    a_token_is_denied_outside_its_addresses_and_allowed_inside,
    entries_are_shown_in_one_notation_and_an_update_replaces_or_clears_them,
    only_a_token_with_addresses_has_the_schema_that_an_older_release_refuses,
    an_invalid_stored_list_is_unreadable,
    simulate_requires_an_allowed_address,
    rejects_invalid_lists,
    the_history_shows_changes,
);

/// A network that contains no address of the tests' clients, unless a test sets `sourceIp`.
const ELSEWHERE: [&str; 1] = ["192.0.2.0/24"];
const EVERYWHERE: [&str; 2] = ["0.0.0.0/0", "::/0"];

/// Generates a token that is permitted to GET `/orders/**` from these addresses, and returns its id and the token.
async fn create(app: &TestApp, name: &str, allowed: &[&str]) -> (String, String) {
    let mut body = token_body(name);
    body["allowedIps"] = json!(allowed);
    let (record, token) = app.create(body).await;
    (record["id"].as_str().unwrap().to_owned(), token)
}

async fn a_token_is_denied_outside_its_addresses_and_allowed_inside(app: &TestApp) {
    let (id, token) = create(app, "limited", &ELSEWHERE).await;
    app.request("GET", "/orders/7").bearer(&token).await.assert_gateway_error(403, "Forbidden");
    assert!(table::usages(&app.dynamodb, &id).await.is_empty(), "a denied use was written");
    app.patch(&id, json!({ "allowedIps": EVERYWHERE })).await.assert_status(200);
    assert_eq!(app.use_token(&token).await, 200);
    app.patch(&id, json!({ "allowedIps": ELSEWHERE })).await.assert_status(200);
    assert_eq!(app.use_token(&token).await, 403);
    app.patch(&id, json!({ "allowedIps": null })).await.assert_status(200);
    assert_eq!(app.use_token(&token).await, 200);
}

async fn entries_are_shown_in_one_notation_and_an_update_replaces_or_clears_them(app: &TestApp) {
    let written = ["203.0.113.7/32", "::ffff:198.51.100.0/120", "2001:DB8::/32"];
    let (id, _) = create(app, "limited", &written).await;
    let shown = async || app.get(&id).await.assert_status(200).json()["allowedIps"].clone();
    assert_eq!(shown().await, json!(["203.0.113.7", "198.51.100.0/24", "2001:db8::/32"]));
    let same = json!({ "allowedIps": ["203.0.113.7", "198.51.100.0/24", "2001:db8::/32"] });
    let unchanged = app.patch(&id, same).await.assert_status(200).json();
    assert_eq!(unchanged["version"], 1, "nothing was written");
    app.patch(&id, json!({ "description": "x" })).await.assert_status(200);
    assert_eq!(shown().await.as_array().unwrap().len(), 3);
    app.regenerate(&id).await.assert_status(200);
    assert_eq!(shown().await.as_array().unwrap().len(), 3);
    app.patch(&id, json!({ "allowedIps": ["10.0.0.0/8"] })).await.assert_status(200);
    assert_eq!(shown().await, json!(["10.0.0.0/8"]));
    app.patch(&id, json!({ "allowedIps": null })).await.assert_status(200);
    assert_eq!(shown().await, Value::Null);
}

async fn only_a_token_with_addresses_has_the_schema_that_an_older_release_refuses(app: &TestApp) {
    // A release that does not know `allowedIps` accepts items with `schema` 1, and treats those with 2 as unreadable.
    let (first, _) = create(app, "first", &ELSEWHERE).await;
    let (second, _) = app.create_token("second").await;
    let schema = async |id: &str| {
        let item = table::token(&app.dynamodb, id).await.unwrap();
        item["schema"].as_n().unwrap().clone()
    };
    assert_eq!((schema(&first).await, schema(&second).await), ("2".to_owned(), "1".to_owned()));
    app.patch(&second, json!({ "selfRegenerate": true })).await.assert_status(200);
    assert_eq!(schema(&second).await, "1");
    app.patch(&second, json!({ "allowedIps": ELSEWHERE })).await.assert_status(200);
    app.patch(&first, json!({ "allowedIps": null })).await.assert_status(200);
    assert_eq!((schema(&first).await, schema(&second).await), ("1".to_owned(), "2".to_owned()));
    for item in table::items(&app.dynamodb).await {
        let is_limited = item["pk"].as_s().unwrap() == &format!("TOKEN#{second}")
            && item["sk"].as_s().unwrap() == "TOKEN";
        assert_eq!(item["schema"].as_n().unwrap() == "2", is_limited, "{item:?}");
    }
}

async fn an_invalid_stored_list_is_unreadable(app: &TestApp) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    for (name, damage) in [
        ("not-a-list", text("10.0.0.0/8")),
        ("empty-list", AttributeValue::L(Vec::new())),
        ("not-a-network", AttributeValue::L(vec![text("10.0.0.0/8"), text("x")])),
    ] {
        let (id, token) = create(app, name, &EVERYWHERE).await;
        table::set_token(&app.dynamodb, &id, "allowedIps", Some(damage)).await;
        assert_eq!(app.use_token(&token).await, 500, "{name}");
        app.get(&id).assert_rejected(500, "internal").await;
        app.delete(&id).await.assert_status(204);
    }
}

fn simulation<'a>(app: &'a TestApp, id: &str, body: &Value) -> RequestBuilder<'a> {
    app.request("POST", &format!("/v1/tokens/{id}/simulate")).json(body)
}

async fn simulate_requires_an_allowed_address(app: &TestApp) {
    let (limited, _) = create(app, "limited", &ELSEWHERE).await;
    let (open, _) = app.create_token("open").await;
    let simulate = async |id: &str, source_ip: Value| {
        let body = json!({ "method": "GET", "path": "/orders/7", "sourceIp": source_ip });
        simulation(app, id, &body).await.assert_status(200).json()
    };
    let allowed = simulate(&limited, json!("::ffff:192.0.2.9")).await;
    assert_eq!((&allowed["allowed"], &allowed["grantedBy"]), (&json!(true), &json!(0)));
    for (source_ip, reason) in [
        (json!("198.51.100.1"), "the token is not allowed from this address"),
        (Value::Null, "the token is limited to some addresses; give `sourceIp`"),
    ] {
        let denied = simulate(&limited, source_ip.clone()).await;
        assert_eq!((&denied["allowed"], &denied["grantedBy"]), (&json!(false), &Value::Null));
        assert_eq!(denied["reason"], reason);
        assert_eq!(simulate(&open, source_ip).await["allowed"], true);
    }
    for invalid in [json!("10.0.0.0/8"), json!(""), json!(7), json!("localhost")] {
        let body = json!({ "method": "GET", "path": "/orders/7", "sourceIp": invalid });
        let rejected = simulation(app, &open, &body);
        let rejected = rejected.assert_rejected(422, "validation-failed").await;
        assert_eq!(rejected.violation_pointers(), ["/sourceIp"], "{invalid}");
    }
}

async fn rejects_invalid_lists(app: &TestApp) {
    let (id, _) = app.create_token("unchanged").await;
    let many: Vec<_> = (0..51).map(|last| format!("10.0.0.{last}")).collect();
    for (allowed, violations) in [
        (json!([]), &[("/allowedIps", "list-length")][..]),
        (json!(many), &[("/allowedIps", "list-length")]),
        (json!("10.0.0.0/8"), &[("/allowedIps", "type")]),
        (json!(["10.0.0.0/8", 7]), &[("/allowedIps/1", "type")]),
        (
            json!(["x", "10.0.0.1/8"]),
            &[("/allowedIps/0", "network-format"), ("/allowedIps/1", "network-host-bits")],
        ),
        (json!(["10.0.0.1", "10.0.0.1"]), &[("/allowedIps/1", "duplicate")]),
        (json!(["10.0.0.1", "::ffff:10.0.0.1"]), &[("/allowedIps/1", "duplicate")]),
    ] {
        let patch = json!({ "allowedIps": allowed });
        let rejected = app.patch(&id, patch).assert_rejected(422, "validation-failed").await;
        rejected.assert_violations(violations);
        let mut body = token_body("rejected");
        body["allowedIps"] = allowed;
        app.generate(body)
            .assert_rejected(422, "validation-failed")
            .await
            .assert_violations(violations);
    }
    let patch = json!({ "allowedIps": ["203.0.113.7/24"], "selfRegenerate": "yes" });
    let rejected = app.patch(&id, patch).assert_rejected(422, "validation-failed").await;
    assert!(rejected.text.contains("203.0.113.0/24"), "{}", rejected.text);
    assert_eq!(rejected.violation_pointers(), ["/allowedIps/0", "/selfRegenerate"]);
}

async fn the_history_shows_changes(app: &TestApp) {
    let (id, _) = create(app, "limited", &ELSEWHERE).await;
    let patch = json!({ "allowedIps": null, "selfRegenerate": true });
    app.patch(&id, patch.clone()).await.assert_status(200);
    app.patch(&id, json!({ "selfRegenerate": null })).await.assert_status(200);
    let events = app.token_events(&id, "").await.assert_status(200).json()["events"].clone();
    assert_eq!(events[0]["changes"], json!({ "selfRegenerate": false }));
    assert_eq!(events[1]["changes"], patch);
    assert_eq!(events[2]["changes"]["allowedIps"], json!(ELSEWHERE));
    assert_eq!(events[2]["changes"].get("selfRegenerate"), None);
}

#[tokio::test]
async fn only_the_address_that_the_gateway_reports_counts() {
    let app = TestApp::in_process().await;
    let (_, token) = create(&app, "limited", &["192.0.2.0/24", "2001:db8::/32"]).await;
    let allows = async |source_ip: Value| {
        // A client can send such headers.
        let request = Request::new("GET", "/orders/7").bearer(&token);
        let request =
            request.header("x-forwarded-for", "192.0.2.1").header("forwarded", "for=192.0.2.1");
        let parameters = Map::from_iter([("proxy".to_owned(), json!("7"))]);
        let mut event = authorizer_event(&request, "GET /orders/{proxy+}", &parameters);
        event["requestContext"]["http"]["sourceIp"] = source_ip;
        app.handlers().unwrap().authorize(event).await["isAuthorized"] == true
    };
    for inside in ["192.0.2.0", "::ffff:192.0.2.255", "2001:db8:1::9"] {
        assert!(allows(json!(inside)).await, "{inside}");
    }
    for outside in ["192.0.3.0", "2001:db9::1", "", "unknown", "192.0.2.1, 192.0.2.2"] {
        assert!(!allows(json!(outside)).await, "{outside}");
    }
    assert!(!allows(Value::Null).await);
    assert!(app.log().contains("\"wrong-address\""));
}
