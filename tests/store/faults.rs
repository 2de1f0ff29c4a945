//! Lost replies, throttles and failures: the answer is right or honest, and nothing is half written.

use crate::support::{caller, generate, later, service};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use local::database::Database;
use shared::domain::description::Description;
use shared::domain::id::TokenId;
use shared::domain::page::{Filter, PageRequest};
use shared::domain::patch::{Patch, TokenPatch};
use shared::domain::precondition::Precondition;
use shared::domain::record::Record;
use shared::domain::route::RouteRequest;
use shared::domain::rule::RULES_WITH_DEMO;
use shared::domain::time::Timestamp;
use shared::service::{AuthorizeError, Error, TokenService};
use std::sync::Arc;
use tests::database;
use tests::faults::{Fault, Hook, Wire};
use tests::table::{self, TABLE};

struct Setting {
    service: TokenService,
    wire: Wire,
    client: Client,
    _database: Database,
}

async fn setting() -> Setting {
    let database = database::empty().await;
    let client = database.client();
    let (faulty, wire) = Wire::under(&client);
    Setting { service: service(&faulty), wire, client, _database: database }
}

impl Setting {
    fn now(&self) -> Timestamp {
        self.service.now()
    }

    async fn describe(&self, id: TokenId, text: &str) -> Result<Record, Error> {
        let description = Patch::Set(Description::parse(text).unwrap());
        let patch = TokenPatch { description, permissions: None };
        self.service.update(&caller(), id, patch, &Precondition::Exists, self.service.now()).await
    }

    async fn holds(&self, items: usize) {
        assert_eq!(table::items(&self.client).await.len(), items);
    }
}

#[tokio::test]
async fn a_generate_whose_reply_is_lost_answers_as_the_first_would_have() {
    let setting = setting().await;
    setting.wire.plan([Fault::LostReply]);
    let issued = generate(&setting.service, "lost").await.unwrap();
    assert_eq!(setting.wire.sent(), ["TransactWriteItems", "TransactWriteItems"]);
    setting.holds(2).await;
    assert_eq!(setting.service.get(issued.record.id, setting.now()).await.unwrap(), issued.record);
    setting.wire.plan([Fault::CarriedOutAndRefused(500, "InternalServerError")]);
    generate(&setting.service, "lost-too").await.unwrap();
    setting.holds(4).await;
}

#[tokio::test]
async fn an_update_whose_reply_is_lost_answers_as_the_first_would_have_and_is_applied_once() {
    let setting = setting().await;
    let id = generate(&setting.service, "lost").await.unwrap().record.id;
    for (fault, version) in
        [(Fault::LostReply, 2), (Fault::CarriedOutAndRefused(500, "InternalServerError"), 3)]
    {
        setting.wire.plan([fault]);
        let record = setting.describe(id, "once").await.unwrap();
        assert_eq!(setting.wire.sent(), ["UpdateItem", "GetItem"]);
        assert_eq!(record.version, version);
        assert_eq!(setting.service.get(id, setting.now()).await.unwrap(), record);
    }
}

#[tokio::test]
async fn an_update_that_may_have_been_overwritten_is_not_sent_again() {
    let setting = setting().await;
    let id = generate(&setting.service, "overtaken").await.unwrap().record.id;
    let other = service(&setting.client);
    let overtake = Hook(Arc::new(move || {
        let other = other.clone();
        Box::pin(async move {
            let description = Patch::Set(Description::parse("theirs").unwrap());
            let patch = TokenPatch { description, permissions: None };
            other.update(&caller(), id, patch, &Precondition::Exists, other.now()).await.unwrap();
        })
    }));
    setting.wire.plan([Fault::LostReplyAfter(overtake)]);
    assert!(matches!(setting.describe(id, "ours").await, Err(Error::Unavailable(_))));
    let record = setting.service.get(id, setting.now()).await.unwrap();
    assert_eq!((record.description.unwrap().as_str(), record.version), ("theirs", 3));
}

#[tokio::test]
async fn an_update_that_never_arrived_is_an_honest_unavailable_and_writes_nothing() {
    let setting = setting().await;
    let id = generate(&setting.service, "unsent").await.unwrap().record.id;
    let before = table::snapshot(&setting.client).await;
    setting.wire.plan([Fault::LostRequest]);
    assert!(matches!(setting.describe(id, "x").await, Err(Error::Unavailable(_))));
    assert!(table::snapshot(&setting.client).await == before);
}

#[tokio::test]
async fn a_regenerate_whose_reply_is_lost_answers_as_the_first_would_have() {
    let setting = setting().await;
    let id = generate(&setting.service, "lost").await.unwrap().record.id;
    setting.wire.plan([Fault::None, Fault::LostReply]);
    let issued = setting
        .service
        .regenerate(&caller(), id, later(), &Precondition::Version(vec![1]), setting.now())
        .await
        .unwrap();
    assert_eq!(setting.wire.sent(), ["GetItem", "TransactWriteItems", "TransactWriteItems"]);
    assert_eq!(issued.record.version, 2);
    assert_eq!(setting.service.get(id, setting.now()).await.unwrap(), issued.record);
    let whoami = RouteRequest::to("GET", "/whoami", RULES_WITH_DEMO).unwrap();
    setting.service.authorize(&issued.token.reveal(), &whoami, setting.now()).await.unwrap();
}

#[tokio::test]
async fn a_delete_whose_reply_is_lost_answers_as_the_first_would_have() {
    let setting = setting().await;
    let id = generate(&setting.service, "lost").await.unwrap().record.id;
    setting.wire.plan([Fault::None, Fault::LostReply]);
    setting
        .service
        .delete(&caller(), id, &Precondition::Version(vec![1]), setting.now())
        .await
        .unwrap();
    assert_eq!(setting.wire.sent(), ["GetItem", "TransactWriteItems", "TransactWriteItems"]);
    setting.holds(0).await;
}

#[tokio::test]
async fn a_throttle_is_retried_and_then_said_and_nothing_is_written() {
    let setting = setting().await;
    let id = generate(&setting.service, "patient").await.unwrap().record.id;
    let throttle = || Fault::Refused(400, "ProvisionedThroughputExceededException");
    setting.wire.plan([throttle(), throttle()]);
    setting.describe(id, "third time lucky").await.unwrap();
    assert_eq!(setting.wire.sent(), ["UpdateItem"; 3]);

    let before = table::snapshot(&setting.client).await;
    let always = || std::iter::repeat_with(throttle).take(40);
    setting.wire.plan(always());
    assert!(matches!(setting.describe(id, "x").await, Err(Error::Throttled(_))));
    setting.wire.plan(always());
    assert!(matches!(generate(&setting.service, "other").await, Err(Error::Throttled(_))));
    setting.wire.plan(always());
    assert!(matches!(setting.service.get(id, setting.now()).await, Err(Error::Throttled(_))));
    setting.wire.plan(always());
    let request = PageRequest { limit: 10, filter: Filter::default(), after: None };
    assert!(matches!(
        setting.service.list(&request, setting.now()).await,
        Err(Error::Throttled(_))
    ));
    setting.wire.plan(always());
    let regenerated =
        setting.service.regenerate(&caller(), id, None, &Precondition::Exists, setting.now()).await;
    assert!(matches!(regenerated, Err(Error::Throttled(_))));
    setting.wire.plan(always());
    let deleted = setting.service.delete(&caller(), id, &Precondition::Exists, setting.now()).await;
    assert!(matches!(deleted, Err(Error::Throttled(_))));
    setting.wire.plan([]);
    assert!(table::snapshot(&setting.client).await == before);
}

#[tokio::test]
async fn a_throttle_after_a_lost_reply_does_not_claim_that_nothing_was_written() {
    let setting = setting().await;
    let throttle = || Fault::Refused(400, "ThrottlingException");
    let faults = std::iter::once(Fault::LostReply).chain(std::iter::repeat_with(throttle).take(40));
    setting.wire.plan(faults);
    assert!(matches!(generate(&setting.service, "perhaps").await, Err(Error::Unavailable(_))));
    setting.wire.plan([]);
    setting.holds(2).await;
}

#[tokio::test]
async fn a_transaction_conflict_is_retried_and_then_unavailable() {
    let setting = setting().await;
    let conflict = || Fault::Refused(400, "TransactionConflictException");
    let id = generate(&setting.service, "busy").await.unwrap().record.id;
    setting.wire.plan([conflict(), conflict()]);
    setting.describe(id, "at last").await.unwrap();
    setting.wire.plan(std::iter::repeat_with(conflict).take(40));
    assert!(matches!(setting.describe(id, "never").await, Err(Error::Unavailable(_))));
    let in_progress = || Fault::Refused(400, "TransactionInProgressException");
    setting.wire.plan([in_progress(), in_progress()]);
    generate(&setting.service, "in-progress").await.unwrap();
}

#[tokio::test]
async fn a_table_that_fails_is_unavailable_and_refuses_authorization() {
    let setting = setting().await;
    let issued = generate(&setting.service, "steady").await.unwrap();
    let (id, token) = (issued.record.id, issued.token.reveal());
    let before = table::snapshot(&setting.client).await;
    let whoami = RouteRequest::to("GET", "/whoami", RULES_WITH_DEMO).unwrap();
    for fault in [
        Fault::LostRequest,
        Fault::Refused(500, "InternalServerError"),
        Fault::Refused(503, "ServiceUnavailable"),
    ] {
        let always = || std::iter::repeat_n(fault.clone(), 40);
        setting.wire.plan(always());
        assert!(matches!(setting.service.get(id, setting.now()).await, Err(Error::Unavailable(_))));
        setting.wire.plan(always());
        assert!(matches!(generate(&setting.service, "other").await, Err(Error::Unavailable(_))));
        setting.wire.plan(always());
        assert!(matches!(setting.describe(id, "x").await, Err(Error::Unavailable(_))));
        setting.wire.plan(always());
        let refusal = setting.service.authorize(&token, &whoami, setting.now()).await.unwrap_err();
        assert!(matches!(refusal, AuthorizeError::Failed(..)), "{refusal:?}");
    }
    setting.wire.plan([]);
    assert!(table::snapshot(&setting.client).await == before);
}

#[tokio::test]
async fn unprocessed_keys_of_a_list_are_asked_for_again() {
    let setting = setting().await;
    for name in ["one", "two", "three"] {
        generate(&setting.service, name).await.unwrap();
    }
    let request = PageRequest { limit: 10, filter: Filter::default(), after: None };
    setting.wire.plan([Fault::None, Fault::Unprocessed, Fault::Unprocessed]);
    assert_eq!(setting.service.list(&request, setting.now()).await.unwrap().entries.len(), 3);
    assert_eq!(setting.wire.sent(), ["Query", "BatchGetItem", "BatchGetItem", "BatchGetItem"]);
    setting
        .wire
        .plan(std::iter::once(Fault::None).chain(std::iter::repeat_n(Fault::Unprocessed, 40)));
    assert!(matches!(
        setting.service.list(&request, setting.now()).await,
        Err(Error::Throttled(_))
    ));
}

#[tokio::test]
async fn a_refused_request_is_internal_and_not_repeated() {
    let setting = setting().await;
    setting.wire.plan(std::iter::repeat_n(Fault::Refused(400, "AccessDeniedException"), 3));
    assert!(matches!(generate(&setting.service, "other").await, Err(Error::Internal(_))));
    assert_eq!(setting.wire.sent().len(), 1);
}

#[tokio::test]
async fn a_name_whose_token_was_removed_behind_the_services_back_is_not_listed() {
    let setting = setting().await;
    let id = generate(&setting.service, "orphan").await.unwrap().record.id;
    let key = AttributeValue::S(format!("TOKEN#{id}"));
    let request = setting.client.delete_item().table_name(TABLE).key("pk", key);
    request.key("sk", AttributeValue::S("TOKEN".to_owned())).send().await.unwrap();
    let request = PageRequest { limit: 10, filter: Filter::default(), after: None };
    assert!(setting.service.list(&request, setting.now()).await.unwrap().entries.is_empty());
}
