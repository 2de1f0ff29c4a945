//! How long uses and events are kept, and that those past their purge times are not returned.
//!
//! The tests use a time in the far future, so that no item is past its `purgeAt` in real time. Otherwise the table could delete
//! it during the test.

use crate::support::{Fixture, TestService, first_page};
use shared::domain::event::Event;
use shared::domain::page::Entry;
use shared::domain::time::Timestamp;
use shared::domain::usage::Usage;
use shared::runtime::SystemEntropy;
use shared::service::{AuthorizeError, Policy};
use shared::store::{EventPage, Table};
use tests::app::POLICY;
use tests::table;

/// 2096-10-02T07:06:40Z.
const NOW: i64 = 4_000_000_000;
const TODAY: &str = "2096-10-02";
const DAY: i64 = 86_400;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

fn service_at(fixture: &Fixture, seconds: i64) -> TestService {
    TestService::with(&fixture.dynamodb, at(seconds), SystemEntropy, POLICY)
}

fn purge_at(item: &table::Item) -> i64 {
    item["purgeAt"].as_n().unwrap().parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_use_is_kept_for_400_days() {
    let fixture = Fixture::new().await;
    let service = service_at(&fixture, NOW);
    let issued = service.generate("used").await.unwrap();
    service.authorize(&issued.token.reveal()).await.unwrap();
    let uses = table::usages(&fixture.dynamodb, issued.record.id.as_str()).await;
    assert_eq!(uses.iter().map(purge_at).collect::<Vec<_>>(), [NOW + 400 * DAY]);
}

#[tokio::test(start_paused = true)]
async fn a_use_is_no_longer_returned_at_its_purge_time() {
    let fixture = Fixture::new().await;
    let id = service_at(&fixture, NOW).create("used").await;
    let table = Table::new(fixture.dynamodb.clone(), table::TABLE, POLICY.vocabulary);
    let usage = Usage { at: at(NOW), source_ip: None, route: None };
    table.write_usage((id, 1), &usage, at(NOW + 10)).await.unwrap();
    for (seconds, expected) in [(NOW + 9, Some(&usage)), (NOW + 10, None)] {
        let service = service_at(&fixture, seconds);
        let usages = table.usages([(id, 1)].into_iter(), at(seconds)).await.unwrap();
        assert_eq!(usages.get(&(id, 1)), expected);
        assert_eq!(service.get(id).await.unwrap().last_used.as_ref(), expected);
        let page = service.list(&first_page(10)).await.unwrap();
        let [Entry::Record(listed)] = page.entries.as_slice() else { panic!("{page:?}") };
        assert_eq!(listed.last_used.as_ref(), expected);
        let changed = service.set_description(id, &seconds.to_string()).await.unwrap();
        assert_eq!(changed.last_used.as_ref(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn every_event_is_kept_for_the_days_of_the_history() {
    let fixture = Fixture::new().await;
    let policy = Policy { history_days: 7, ..POLICY };
    let service = TestService::with(&fixture.dynamodb, at(NOW), SystemEntropy, policy);
    let id = service.create("recorded").await;
    service.set_description(id, "changed").await.unwrap();
    service.delete(id, &shared::domain::precondition::Precondition::Exists).await.unwrap();
    let snapshot = fixture.snapshot().await;
    for by_day in [false, true] {
        let events = table::events(&snapshot, by_day);
        let kept: Vec<_> = events.into_iter().map(purge_at).collect();
        assert_eq!(kept, [NOW + 7 * DAY; 3], "by day: {by_day}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_is_no_longer_listed_at_its_purge_time() {
    let fixture = Fixture::new().await;
    let id = service_at(&fixture, NOW).create("recorded").await;
    let table = Table::new(fixture.dynamodb.clone(), table::TABLE, POLICY.vocabulary);
    let end = NOW + 400 * DAY;
    let actions = |page: EventPage| -> Vec<String> {
        page.events.into_iter().map(|Event { action, .. }| action).collect()
    };
    for (now, expected) in [(end - 1, vec!["generated"]), (end, vec![])] {
        let of_token = table.token_events(id, 10, None, at(now)).await.unwrap();
        assert_eq!(actions(of_token), expected);
        let of_day = table.day_events(TODAY, 10, None, at(now)).await.unwrap();
        assert_eq!(actions(of_day), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn no_secret_of_a_purged_token_is_accepted_even_in_a_grace_period() {
    let fixture = Fixture::new().await;
    let service = service_at(&fixture, NOW);
    let issued = service.generate("purged").await.unwrap();
    let (id, previous) = (issued.record.id, issued.token.reveal());
    let current = service.regenerate_with_grace(id, 3600).await.unwrap().token.reveal();
    for secret in [&previous, &current] {
        service.authorize(secret).await.unwrap();
    }
    // The grace period is still open. Only a damaged item can be purged before it ends.
    table::set_timestamp(&fixture.dynamodb, id.as_str(), "purgeAt", NOW).await;
    for secret in [&previous, &current] {
        let refused = service.authorize(secret).await;
        assert!(matches!(refused, Err(AuthorizeError::Unknown(_))), "{refused:?}");
    }
}
