//! What each operation costs, as the table itself counts it.

use crate::support::{caller, generate, later, service};
use shared::domain::description::Description;
use shared::domain::page::{Filter, PageRequest};
use shared::domain::patch::{Patch, TokenPatch};
use shared::domain::precondition::Precondition;
use shared::domain::route::RouteRequest;
use shared::domain::rule::RULES_WITH_DEMO;
use tests::database;
use tests::meter::Meter;

#[tokio::test]
async fn each_operation_keeps_to_its_budget() {
    let database = database::empty().await;
    let (client, meter) = Meter::on(&database.client());
    let service = service(&client);

    let issued = generate(&service, "thrifty").await.unwrap();
    assert_eq!(meter.read(), (0.0, 4.0), "generate");
    let id = issued.record.id;

    service
        .authorize(
            &issued.token.reveal(),
            &RouteRequest::to("GET", "/whoami", RULES_WITH_DEMO).unwrap(),
            service.now(),
        )
        .await
        .unwrap();
    assert_eq!(meter.read(), (1.0, 0.0), "authorize");

    service.get(id, service.now()).await.unwrap();
    assert_eq!(meter.read(), (1.0, 0.0), "get");

    let description = Patch::Set(Description::parse("cheap").unwrap());
    let patch = TokenPatch { description, permissions: None };
    service.update(&caller(), id, patch, &Precondition::Exists, service.now()).await.unwrap();
    assert_eq!(meter.read(), (0.0, 1.0), "update");

    service.regenerate(&caller(), id, later(), &Precondition::Exists, service.now()).await.unwrap();
    assert_eq!(meter.read(), (1.0, 4.0), "regenerate");

    service.delete(&caller(), id, &Precondition::Exists, service.now()).await.unwrap();
    assert_eq!(meter.read(), (1.0, 4.0), "delete");
}

#[tokio::test]
async fn a_list_of_fifty_costs_at_most_52_read_units() {
    let database = database::empty().await;
    let (client, meter) = Meter::on(&database.client());
    let service = service(&client);
    for number in 0..60 {
        // The longest names there are.
        generate(&service, &format!("{number:03}-{}", "a".repeat(46))).await.unwrap();
    }
    meter.read();
    let request = PageRequest { limit: 50, filter: Filter::default(), after: None };
    assert_eq!(service.list(&request, service.now()).await.unwrap().entries.len(), 50);
    let (reads, writes) = meter.read();
    assert!(reads <= 52.0 && writes == 0.0, "{reads} {writes}");
}

#[tokio::test]
async fn garbage_costs_no_read() {
    let database = database::empty().await;
    let (client, meter) = Meter::on(&database.client());
    let (client, wire) = tests::faults::Wire::under(&client);
    let service = service(&client);
    let good = generate(&service, "genuine").await.unwrap().token.reveal();
    let mut flipped = good.clone().into_bytes();
    flipped[40] ^= 1;
    let flipped = String::from_utf8(flipped).unwrap();
    meter.read();
    wire.plan([]);
    for garbage in ["", "garbage", &good[1..], &flipped, &"x".repeat(70)] {
        service
            .authorize(
                garbage,
                &RouteRequest::to("GET", "/whoami", RULES_WITH_DEMO).unwrap(),
                service.now(),
            )
            .await
            .unwrap_err();
    }
    assert_eq!(meter.read(), (0.0, 0.0));
    assert!(wire.sent().is_empty());
}
