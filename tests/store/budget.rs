//! What each operation costs, as DynamoDB counts it.

use crate::support::{TestService, first_page, token_service};
use serde_json::json;
use shared::domain::page::{Filter, PageRequest};
use shared::runtime::SystemClock;
use shared::service::Clock;
use tests::app::{route_permissions, self_regenerating_body};
use tests::faults::FaultInjector;
use tests::handlers::Handlers;
use tests::meter::Meter;
use tests::{Request, database};

/// The read and write units of one request to each route.
const BUDGETS: [(&str, f64, f64); 17] = [
    ("POST /v1/tokens", 0.0, 8.0),
    // A page of two tokens.
    ("GET /v1/tokens", 4.0, 0.0),
    // A read of the last use of a secret costs half a unit.
    ("GET /v1/tokens/{id}", 1.5, 0.0),
    ("PATCH /v1/tokens/{id}", 1.5, 6.0),
    // With the last uses of both secrets.
    ("POST /v1/tokens/{id}/regenerate", 2.0, 8.0),
    // The expiration changes, so the name item is written, too.
    ("POST /v1/tokens/{id}/rollback", 1.5, 8.0),
    // No grace period is open, so nothing is written.
    ("DELETE /v1/tokens/{id}/previous", 1.5, 0.0),
    ("GET /v1/tokens/{id}/events", 1.0, 0.0),
    ("GET /v1/events", 1.0, 0.0),
    ("POST /v1/tokens/{id}/simulate", 1.0, 0.0),
    ("POST /v1/simulate", 0.0, 0.0),
    // An unknown token.
    ("POST /v1/introspect", 1.0, 0.0),
    ("DELETE /v1/tokens/{id}", 1.0, 8.0),
    ("GET /v1/tokens/self", 1.5, 0.0),
    ("POST /v1/tokens/self/regenerate", 2.0, 8.0),
    ("DELETE /v1/tokens/self", 1.0, 8.0),
    // The request before has revoked the token, so nothing is written.
    ("POST /v1/revoke", 1.0, 0.0),
];

// DynamoDB Local counts four write units for every transaction, so the tests of writes do not use it.

#[tokio::test(start_paused = true)]
async fn each_route_costs_its_budget() {
    let database = database::create_embedded().await;
    let (client, meter) = Meter::attach(&database.client());
    let handlers = Handlers::new(token_service(&client));
    let service = TestService::new(&client);
    let issued = service.generate("measured").await.unwrap();
    meter.take();
    let token = issued.token.reveal();
    service.authorize(&token).await.unwrap();
    assert_eq!(meter.take(), (1.0, 1.0), "authorize, with the first use of the secret");
    service.authorize(&token).await.unwrap();
    assert_eq!(meter.take(), (1.0, 0.0), "authorize");

    let mut costs = Vec::new();
    for request in Request::management(&issued.record.id.to_string()) {
        let response = handlers.send_as_super_admin(&request).await;
        assert!((200..300).contains(&response.status), "{request:?}: {}", response.text);
        let (reads, writes) = meter.take();
        costs.push((handlers.route_key(&request).unwrap(), reads, writes));
    }
    let generate = Request::generate(&self_regenerating_body("held"));
    let held = handlers.send_as_super_admin(&generate).await;
    let token = held.assert_status(201).new_token().unwrap();
    meter.take();
    let (id, mut generation) = (token.split('_').nth(1).unwrap(), 1);
    for request in Request::self_service().into_iter().chain([Request::revoke(&token)]) {
        let response = handlers.send_as_holder(&request, id, generation).await;
        generation += u32::from(request.target.ends_with("/regenerate"));
        assert!((200..300).contains(&response.status), "{request:?}: {}", response.text);
        let (reads, writes) = meter.take();
        costs.push((handlers.route_key(&request).unwrap(), reads, writes));
    }
    let budgets = BUDGETS.map(|(route, reads, writes)| (route.to_owned(), reads, writes));
    assert_eq!(costs, budgets);
}

#[tokio::test(start_paused = true)]
async fn an_introspection_costs_what_an_authorization_does() {
    let database = database::create().await;
    let (client, meter) = Meter::attach(&database.client());
    let handlers = Handlers::new(token_service(&client));
    let issued = TestService::new(&client).generate("introspected").await.unwrap();
    let introspect = Request::introspect(&[("token", &issued.token.reveal())]);
    meter.take();
    for (expected, use_of_secret) in [((1.0, 1.0), "first"), ((1.0, 0.0), "second")] {
        let response = handlers.send_as_super_admin(&introspect).await.assert_status(200);
        assert_eq!(response.json()["active"], true);
        assert_eq!(meter.take(), expected, "with the {use_of_secret} use of the secret");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_of_fifty_costs_at_most_78_read_units() {
    let database = database::create().await;
    let (client, meter) = Meter::attach(&database.client());
    let service = TestService::new(&client);
    for number in 0..60 {
        // The longest names that are allowed.
        service.create(&format!("{number:03}-{}", "a".repeat(46))).await;
    }
    meter.take();
    assert_eq!(service.list(&first_page(50)).await.unwrap().entries.len(), 50);
    let (reads, writes) = meter.take();
    assert!(reads <= 78.0 && writes == 0.0, "{reads} {writes}");
}

#[tokio::test(start_paused = true)]
async fn a_list_of_fifty_with_previous_secrets_costs_at_most_102_read_units() {
    let database = database::create().await;
    let (client, meter) = Meter::attach(&database.client());
    let service = TestService::new(&client);
    for number in 0..60 {
        let id = service.create(&format!("{number:03}-{}", "a".repeat(46))).await;
        service.regenerate_with_grace(id, 3600).await.unwrap();
    }
    let tomorrow = SystemClock.now().plus_days(1);
    for unused_since in [None, Some(tomorrow)] {
        let filter = Filter { unused_since, ..Filter::default() };
        meter.take();
        let page = service.list(&PageRequest { filter, ..first_page(50) }).await.unwrap();
        assert_eq!(page.entries.len(), 50);
        let (reads, writes) = meter.take();
        // Two secrets of each token: half a unit for each last use.
        assert!(reads <= 102.0 && writes == 0.0, "{unused_since:?}: {reads} {writes}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_of_fifty_events_costs_at_most_15_read_units() {
    let database = database::create().await;
    let (client, meter) = Meter::attach(&database.client());
    let handlers = Handlers::new(token_service(&client));
    let id = TestService::new(&client).create("recorded").await.to_string();
    for number in 0..50 {
        // The longest description and owner, and permissions with which a record has almost 1 KB.
        let permissions = route_permissions("GET", &format!("/{number:080}/**"));
        let (description, owner) = (format!("{number:0350}"), format!("{number:0100}"));
        let patch =
            json!({ "description": description, "owner": owner, "permissions": permissions });
        handlers.send_as_super_admin(&Request::patch(&id, &patch)).await.assert_status(200);
    }
    for request in [Request::token_events(&id, "limit=50"), Request::events("limit=50")] {
        meter.take();
        let page = handlers.send_as_super_admin(&request).await.assert_status(200).json();
        assert_eq!(page["events"].as_array().unwrap().len(), 50);
        let (reads, writes) = meter.take();
        assert!(reads <= 15.0 && writes == 0.0, "{request:?}: {reads} {writes}");
    }
}

#[tokio::test(start_paused = true)]
async fn ending_an_open_grace_period_and_revoking_a_token_cost_their_budgets() {
    let database = database::create_embedded().await;
    let (client, meter) = Meter::attach(&database.client());
    let handlers = Handlers::new(token_service(&client));
    let service = TestService::new(&client);
    let id = service.create("rotated").await;
    let token = service.regenerate_with_grace(id, 3600).await.unwrap().token.reveal();
    meter.take();
    let end = Request::end_previous(&id.to_string());
    handlers.send_as_super_admin(&end).await.assert_status(200);
    assert_eq!(meter.take(), (1.5, 6.0), "end of the grace period");
    handlers.send_as_super_admin(&Request::revoke(&token)).await.assert_status(200);
    assert_eq!(meter.take(), (2.0, 8.0), "revocation by form");
}

#[tokio::test(start_paused = true)]
async fn malformed_tokens_cost_no_read() {
    let database = database::create().await;
    let (client, meter) = Meter::attach(&database.client());
    let (client, faults) = FaultInjector::attach(&client);
    let service = TestService::new(&client);
    let valid = service.generate("valid").await.unwrap().token.reveal();
    let mut flipped = valid.clone().into_bytes();
    flipped[40] ^= 1;
    let flipped = String::from_utf8(flipped).unwrap();
    meter.take();
    faults.inject([]);
    let handlers = Handlers::new(token_service(&client));
    for malformed in ["", "garbage", &valid[1..], &flipped, &"x".repeat(70)] {
        service.authorize(malformed).await.unwrap_err();
        let introspect = Request::introspect(&[("token", malformed)]);
        let introspected = handlers.send_as_super_admin(&introspect).await.assert_status(200);
        assert_eq!(introspected.json(), json!({ "active": false }));
    }
    assert_eq!(meter.take(), (0.0, 0.0));
    assert!(faults.requests().is_empty());
}
