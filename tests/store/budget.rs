//! What each operation costs, as DynamoDB counts it.

use crate::support::{TestService, first_page};
use shared::domain::precondition::Precondition;
use tests::database;
use tests::faults::FaultInjector;
use tests::meter::Meter;

#[tokio::test]
async fn each_operation_costs_its_budget() {
    let database = database::create().await;
    let (client, meter) = Meter::attach(&database.client());
    let service = TestService::new(&client);

    let issued = service.generate("measured").await.unwrap();
    assert_eq!(meter.take(), (0.0, 4.0), "generate");
    let id = issued.record.id;

    service.authorize(&issued.token.reveal()).await.unwrap();
    assert_eq!(meter.take(), (1.0, 0.0), "authorize");

    service.get(id).await.unwrap();
    assert_eq!(meter.take(), (1.0, 0.0), "get");

    service.set_description(id, "changed").await.unwrap();
    assert_eq!(meter.take(), (0.0, 1.0), "update");

    service.regenerate(id, &Precondition::Exists).await.unwrap();
    assert_eq!(meter.take(), (1.0, 4.0), "regenerate");

    service.delete(id, &Precondition::Exists).await.unwrap();
    assert_eq!(meter.take(), (1.0, 4.0), "delete");
}

#[tokio::test]
async fn a_list_of_fifty_costs_at_most_52_read_units() {
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
    assert!(reads <= 52.0 && writes == 0.0, "{reads} {writes}");
}

#[tokio::test]
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
    for malformed in ["", "garbage", &valid[1..], &flipped, &"x".repeat(70)] {
        service.authorize(malformed).await.unwrap_err();
    }
    assert_eq!(meter.take(), (0.0, 0.0));
    assert!(faults.requests().is_empty());
}
