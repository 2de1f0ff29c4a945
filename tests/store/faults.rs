//! Lost responses, throttling and failures: the service reports what was written, and writes stay atomic.

use crate::support::{Fixture, TestService, first_page};
use shared::domain::precondition::Precondition;
use shared::service::{AuthorizeError, Error};
use std::iter::{once, repeat_n, repeat_with};
use std::sync::Arc;
use tests::faults::{Fault, Hook};
use tests::table;
use tokio::time::Instant;

/// A number of consecutive faults that exceeds the attempts of the service, so that every attempt fails.
const ALWAYS: usize = 40;

#[tokio::test(start_paused = true)]
async fn a_generate_whose_response_is_lost_succeeds_and_applies_once() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    faults.inject([Fault::LostResponse]);
    let issued = service.generate("lost").await.unwrap();
    assert_eq!(faults.requests(), ["TransactWriteItems", "TransactWriteItems"]);
    assert_eq!(fixture.tokens_and_names().await.len(), 2);
    assert_eq!(service.get(issued.record.id).await.unwrap(), issued.record);
    faults.inject([Fault::AppliedWithError(500, "InternalServerError")]);
    service.create("failed").await;
    assert_eq!(fixture.tokens_and_names().await.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn an_update_whose_response_is_lost_succeeds_and_applies_once() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let id = service.create("lost").await;
    let failed = Fault::AppliedWithError(500, "InternalServerError");
    for (fault, version) in [(Fault::LostResponse, 2), (failed, 3)] {
        faults.inject([Fault::None, fault]);
        let record = service.set_description(id, &format!("for {version}")).await.unwrap();
        let writes = ["TransactWriteItems", "TransactWriteItems"];
        assert_eq!(faults.requests(), ["GetItem", writes[0], writes[1], "BatchGetItem"]);
        assert_eq!(record.version, version);
        assert_eq!(service.get(id).await.unwrap(), record);
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_that_is_retried_after_a_later_update_is_applied_once() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let id = service.create("followed").await;
    let other = TestService::new(&fixture.dynamodb);
    let follow = Hook(Arc::new(move || {
        let other = other.clone();
        Box::pin(async move { drop(other.set_description(id, "theirs").await.unwrap()) })
    }));
    faults.inject([Fault::None, Fault::LostResponseAfter(follow)]);
    let ours = service.set_description(id, "ours").await.unwrap();
    assert_eq!((ours.description.unwrap().as_str(), ours.version), ("ours", 2));
    let record = service.get(id).await.unwrap();
    assert_eq!((record.description.unwrap().as_str(), record.version), ("theirs", 3));
}

#[tokio::test(start_paused = true)]
async fn a_lost_update_is_sent_again() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let id = service.create("lost").await;
    faults.inject([Fault::None, Fault::LostRequest]);
    assert_eq!(service.set_description(id, "x").await.unwrap().version, 2);
}

#[tokio::test(start_paused = true)]
async fn a_request_without_a_connection_counts_as_not_sent_and_its_cause_is_logged() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let id = service.create("not-sent").await;
    let throttle = || repeat_n(Fault::Error(400, "ThrottlingException"), ALWAYS);
    // `Throttled` claims that nothing was written.
    faults.inject([Fault::None, Fault::NoConnection].into_iter().chain(throttle()));
    assert!(matches!(service.set_description(id, "x").await, Err(Error::Throttled(_))));
    faults.inject(once(Fault::NoConnection).chain(throttle()));
    assert!(matches!(service.generate("other").await, Err(Error::Throttled(_))));
    faults.inject(repeat_n(Fault::NoConnection, ALWAYS));
    let Err(Error::Unavailable(cause)) = service.generate("other").await else { panic!() };
    assert!(cause.contains("no connection io error: client error (Connect)"), "{cause}");
    assert!(cause.contains("Connection refused"), "{cause}");
    faults.inject(repeat_n(Fault::LostRequest, ALWAYS));
    let Err(Error::Unavailable(cause)) = service.get(id).await else { panic!() };
    assert!(cause.contains("connection lost io error: injected fault"), "{cause}");
}

#[tokio::test(start_paused = true)]
async fn a_regenerate_whose_response_is_lost_succeeds_and_applies_once() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let id = service.create("lost").await;
    faults.inject([Fault::None, Fault::LostResponse]);
    let issued = service.regenerate(id, &Precondition::parse(Some("\"1\""))).await.unwrap();
    assert_eq!(faults.requests(), ["GetItem", "TransactWriteItems", "TransactWriteItems"]);
    assert_eq!(issued.record.version, 2);
    assert_eq!(service.get(id).await.unwrap(), issued.record);
    service.authorize(&issued.token.reveal()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_delete_whose_response_is_lost_succeeds() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let id = service.create("lost").await;
    faults.inject([Fault::None, Fault::LostResponse]);
    service.delete(id, &Precondition::parse(Some("\"1\""))).await.unwrap();
    assert_eq!(faults.requests(), ["GetItem", "TransactWriteItems", "TransactWriteItems"]);
    assert!(fixture.tokens_and_names().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn throttling_is_retried_then_reported_and_nothing_is_written() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let id = service.create("throttled").await;
    let throttle = || Fault::Error(400, "ProvisionedThroughputExceededException");
    faults.inject([Fault::None, throttle(), throttle()]);
    service.set_description(id, "third attempt").await.unwrap();
    let write = "TransactWriteItems";
    assert_eq!(faults.requests(), ["GetItem", write, write, write, "BatchGetItem"]);

    let before = fixture.snapshot().await;
    let always = || faults.inject(repeat_with(throttle).take(ALWAYS));
    always();
    assert!(matches!(service.set_description(id, "x").await, Err(Error::Throttled(_))));
    always();
    assert!(matches!(service.generate("other").await, Err(Error::Throttled(_))));
    always();
    assert!(matches!(service.get(id).await, Err(Error::Throttled(_))));
    always();
    assert!(matches!(service.list(&first_page(10)).await, Err(Error::Throttled(_))));
    always();
    let regenerated = service.regenerate(id, &Precondition::Exists).await;
    assert!(matches!(regenerated, Err(Error::Throttled(_))));
    always();
    let deleted = service.delete(id, &Precondition::Exists).await;
    assert!(matches!(deleted, Err(Error::Throttled(_))));
    assert!(fixture.snapshot().await == before);
}

#[tokio::test(start_paused = true)]
async fn throttling_after_a_lost_response_is_reported_as_unavailable() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let throttle = Fault::Error(400, "ThrottlingException");
    faults.inject(once(Fault::LostResponse).chain(repeat_n(throttle, ALWAYS)));
    // `Throttled` would mean that nothing was written, which is not certain.
    assert!(matches!(service.generate("applied").await, Err(Error::Unavailable(_))));
    assert_eq!(fixture.tokens_and_names().await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_pause_after_a_conflict_is_short_even_if_the_request_was_throttled_before() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let id = service.create("both").await;
    let throttle = Fault::Error(400, "ThrottlingException");
    let conflict = Fault::Canceled("TransactionConflict");
    faults.inject(once(Fault::None).chain(repeat_n(throttle, 3)).chain(once(conflict)));
    let start = Instant::now();
    service.set_description(id, "x").await.unwrap();
    assert_eq!(start.elapsed().as_millis(), 20 + 40 + 80 + 80);
}

#[tokio::test(start_paused = true)]
async fn a_transaction_conflict_is_retried_then_reported_as_contended() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let conflict = || Fault::Error(400, "TransactionConflictException");
    let id = service.create("contended").await;
    faults.inject([Fault::None, conflict(), conflict()]);
    service.set_description(id, "third attempt").await.unwrap();
    let before = fixture.snapshot().await;
    faults.inject(once(Fault::None).chain(repeat_with(conflict).take(ALWAYS)));
    assert!(matches!(service.set_description(id, "x").await, Err(Error::Contended(_))));
    assert!(fixture.snapshot().await == before);
    let in_progress = || Fault::Error(400, "TransactionInProgressException");
    faults.inject([in_progress(), in_progress()]);
    service.create("in-progress").await;
}

#[tokio::test(start_paused = true)]
async fn a_failing_table_is_reported_as_unavailable_and_fails_authorization() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let issued = service.generate("unchanged").await.unwrap();
    let (id, token) = (issued.record.id, issued.token.reveal());
    let before = fixture.snapshot().await;
    for fault in [
        Fault::LostRequest,
        Fault::Error(500, "InternalServerError"),
        Fault::Error(503, "ServiceUnavailable"),
    ] {
        let always = || faults.inject(repeat_n(fault.clone(), ALWAYS));
        always();
        assert!(matches!(service.get(id).await, Err(Error::Unavailable(_))));
        always();
        assert!(matches!(service.generate("other").await, Err(Error::Unavailable(_))));
        always();
        assert!(matches!(service.set_description(id, "x").await, Err(Error::Unavailable(_))));
        always();
        let failed = service.authorize(&token).await.unwrap_err();
        assert!(matches!(failed, AuthorizeError::Failed(..)), "{failed:?}");
    }
    assert!(fixture.snapshot().await == before);
}

#[tokio::test(start_paused = true)]
async fn unprocessed_keys_of_a_list_are_requested_again() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    for name in ["one", "two", "three"] {
        service.create(name).await;
    }
    faults.inject([Fault::None, Fault::Unprocessed, Fault::Unprocessed]);
    assert_eq!(service.list(&first_page(10)).await.unwrap().entries.len(), 3);
    // Three times the tokens, then the last uses of their secrets.
    let batch = "BatchGetItem";
    assert_eq!(faults.requests(), ["Query", batch, batch, batch, batch]);
    faults.inject(once(Fault::None).chain(repeat_n(Fault::Unprocessed, ALWAYS)));
    assert!(matches!(service.list(&first_page(10)).await, Err(Error::Throttled(_))));
}

#[tokio::test(start_paused = true)]
async fn denied_access_to_the_table_is_internal_and_not_retried() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    faults.inject(repeat_n(Fault::Error(400, "AccessDeniedException"), 3));
    assert!(matches!(service.generate("other").await, Err(Error::Internal(_))));
    assert_eq!(faults.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_name_without_its_token_is_not_listed() {
    let fixture = Fixture::new().await;
    let id = fixture.service.create("orphan").await;
    let item = table::token(&fixture.dynamodb, &id.to_string()).await.unwrap();
    table::remove(&fixture.dynamodb, &item).await;
    assert!(fixture.service.list(&first_page(10)).await.unwrap().entries.is_empty());
}
