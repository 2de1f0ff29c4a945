//! Hedged reads: a read without a response is sent once more.

use crate::support::Fixture;
use aws_sdk_dynamodb::Client;
use shared::domain::id::TokenId;
use shared::runtime::{HEDGE_AFTER, SystemClock};
use shared::service::Clock;
use shared::store::{StoreError, Table};
use tests::app::POLICY;
use tests::database::without_timeouts;
use tests::faults::{Fault, FaultInjector};
use tests::table::TABLE;

const DENIED: Fault = Fault::Error(400, "AccessDeniedException");

/// A token, and a client whose requests get faults. It has no timeouts, so if a request gets no response, only a second request
/// can end the read.
struct Hedged {
    /// Keeps the database open.
    _fixture: Fixture,
    faults: FaultInjector,
    client: Client,
    id: TokenId,
}

impl Hedged {
    async fn new() -> Self {
        let fixture = Fixture::new().await;
        let id = fixture.service.create("hedged").await;
        let (client, faults) = FaultInjector::attach(&without_timeouts(&fixture.dynamodb));
        Self { _fixture: fixture, faults, client, id }
    }

    /// Reads the token with these faults. Returns whether it was found, and the number of requests.
    async fn read<const N: usize>(&self, faults: [Fault; N]) -> (Result<bool, StoreError>, usize) {
        self.faults.inject(faults);
        let table = Table::new(self.client.clone(), TABLE, POLICY.vocabulary).hedged(HEDGE_AFTER);
        let found = table.get(self.id, SystemClock.now()).await.map(|token| token.is_some());
        (found, self.faults.requests().len())
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_without_a_response_is_sent_once_more() {
    let hedged = Hedged::new().await;
    for fault in [Fault::StalledRequest, Fault::StalledResponse] {
        let (found, requests) = hedged.read([fault.clone()]).await;
        assert_eq!((found.unwrap(), requests), (true, 2), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_read_with_a_response_is_sent_once() {
    let hedged = Hedged::new().await;
    let (found, requests) = hedged.read([]).await;
    assert_eq!((found.unwrap(), requests), (true, 1));
    let (found, requests) = hedged.read([DENIED]).await;
    assert!(found.is_err());
    assert_eq!(requests, 1, "an error is a response");
}

#[tokio::test(start_paused = true)]
async fn a_read_whose_second_request_fails_waits_for_the_first_one() {
    let hedged = Hedged::new().await;
    let (found, requests) = hedged.read([Fault::SlowResponse, DENIED]).await;
    assert_eq!((found.unwrap(), requests), (true, 2));
}
