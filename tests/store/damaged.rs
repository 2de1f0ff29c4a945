//! Tokens that cannot be read can still be deleted, and tokens without a name item can still be regenerated.

use crate::support::Fixture;
use shared::domain::precondition::Precondition;
use shared::service::{AuthorizeError, Error};
use std::iter::repeat_n;
use tests::faults::Fault;
use tests::table;

#[tokio::test(start_paused = true)]
async fn a_delete_does_not_depend_on_reads() {
    for fault in [Fault::Error(400, "ProvisionedThroughputExceededException"), Fault::LostRequest] {
        let fixture = Fixture::new().await;
        let (service, faults) = fixture.parts();
        let issued = service.generate("stolen").await.unwrap();
        let (id, token) = (issued.record.id, issued.token.reveal());
        // All attempts of the SDK to read the token fail. The write has no fault.
        faults.inject(repeat_n(fault, 3));
        service.delete(id, &Precondition::Exists).await.unwrap();
        assert_eq!(faults.requests().last().map(String::as_str), Some("TransactWriteItems"));
        let refused = service.authorize(&token).await;
        assert!(matches!(refused, Err(AuthorizeError::Unknown(_))), "{refused:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unread_token_is_deleted_only_in_a_version_that_the_caller_named() {
    let fixture = Fixture::new().await;
    let (service, faults) = fixture.parts();
    let issued = service.generate("kept").await.unwrap();
    let id = issued.record.id;
    let throttled = || repeat_n(Fault::Error(400, "ThrottlingException"), 3);
    for tags in ["\"7\"", "\"x\"", "W/\"1\""] {
        faults.inject(throttled());
        let refused = service.delete(id, &Precondition::parse(Some(tags))).await;
        assert!(matches!(refused, Err(Error::VersionConflict(_))), "{refused:?}");
    }
    assert_eq!(service.get(id).await.unwrap(), issued.record);
    faults.inject(throttled());
    service.delete(id, &Precondition::parse(Some("\"7\", \"1\""))).await.unwrap();
    assert!(matches!(service.get(id).await, Err(Error::NotFound)));
}

#[tokio::test(start_paused = true)]
async fn a_token_without_its_name_can_be_regenerated() {
    let fixture = Fixture::new().await;
    let service = &fixture.service;
    let issued = service.generate("orphan").await.unwrap();
    let (id, old) = (issued.record.id, issued.token.reveal());
    let name = table::name(&fixture.dynamodb, "orphan").await.unwrap();
    table::remove(&fixture.dynamodb, &name).await;
    let new = service.regenerate(id, &Precondition::Exists).await.unwrap().token.reveal();
    assert!(service.authorize(&new).await.is_ok());
    let refused = service.authorize(&old).await;
    assert!(matches!(refused, Err(AuthorizeError::SecretMismatch(_))), "{refused:?}");
    assert!(table::name(&fixture.dynamodb, "orphan").await.is_none());
}
