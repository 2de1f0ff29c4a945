//! The use of a secret: when it is written, and what happens if it cannot be.

use crate::support::Fixture;
use shared::domain::time::Timestamp;
use shared::domain::usage::Usage;
use shared::store::Table;
use std::iter::{once, repeat_n};
use std::time::Duration;
use tests::app::POLICY;
use tests::faults::Fault;
use tests::table;
use tokio::time::Instant;

/// A number of consecutive faults that exceeds the attempts of the service, so that every attempt fails.
const ALWAYS: usize = 40;

#[tokio::test(start_paused = true)]
async fn a_use_that_cannot_be_written_changes_no_decision() {
    for fault in [
        Fault::LostRequest,
        Fault::LostResponse,
        Fault::NoConnection,
        Fault::StalledRequest,
        Fault::Error(400, "ProvisionedThroughputExceededException"),
        Fault::Error(400, "AccessDeniedException"),
        Fault::Error(500, "InternalServerError"),
    ] {
        let fixture = Fixture::new().await;
        let (service, faults) = fixture.parts();
        let token = service.generate("used").await.unwrap().token.reveal();
        faults.inject(once(Fault::None).chain(repeat_n(fault.clone(), ALWAYS)));
        service.authorize(&token).await.unwrap();
        assert_eq!(faults.requests(), ["GetItem", "UpdateItem"], "{fault:?}: one attempt");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stalled_write_of_a_use_delays_a_decision_by_200_ms() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let token = service.generate("used").await.unwrap().token.reveal();
    faults.inject([Fault::None, Fault::StalledRequest]);
    let start = Instant::now();
    service.authorize(&token).await.unwrap();
    let rounded = Duration::from_millis(200)..=Duration::from_millis(201);
    assert!(rounded.contains(&start.elapsed()), "{:?}", start.elapsed());
    assert_eq!(faults.requests(), ["GetItem", "UpdateItem"]);
}

#[tokio::test(start_paused = true)]
async fn an_earlier_use_never_replaces_a_later_one() {
    let fixture = Fixture::new().await;
    let table = Table::new(fixture.dynamodb.clone(), table::TABLE, POLICY.vocabulary);
    let generation = 1;
    let secret = (fixture.service.create("used").await, generation);
    let at = |seconds| Timestamp::from_seconds(seconds).unwrap();
    // In the far future, because an item past its `purge_at` may be deleted at any time.
    let purge_at = at(4_000_000_000);
    let used = |seconds| Usage { at: at(seconds), source_ip: None, route: None };
    for (seconds, latest) in [(2000, 2000), (1000, 2000), (2000, 2000), (3000, 3000)] {
        table.write_usage(secret, &used(seconds), purge_at).await.unwrap();
        let usages = table.usages([secret].into_iter(), at(seconds)).await.unwrap();
        assert_eq!(usages[&secret], used(latest), "{seconds}");
    }
}
