//! No two secrets of a token have the same number, even if a write does not require the version that it read.

use crate::support::Fixture;
use shared::domain::event::{Caller, EventAction};
use shared::domain::id::TokenId;
use shared::domain::record::{StoredSecret, StoredToken};
use shared::domain::token::{Secret, SecretHash};
use shared::runtime::SystemClock;
use shared::service::Clock;
use shared::store::{Expected, Table, TokenChange, WriteContext, WriteOutcome};
use tests::app::POLICY;
use tests::table::{TABLE, set_token};

fn table(fixture: &Fixture) -> Table {
    Table::new(fixture.dynamodb.clone(), TABLE, POLICY.vocabulary)
}

/// Replaces the secret of a token, unless another secret was generated since the token was read.
async fn replace(table: &Table, before: StoredToken) -> WriteOutcome {
    let now = SystemClock.now();
    let id = before.record.id;
    let generation = before.last_generation + 1;
    let secret =
        StoredSecret { hash: SecretHash::new(id, &Secret::from_entropy([7; 32])), generation };
    let after = StoredToken { secret, last_generation: generation, ..before.clone() };
    let (expected, action) = (Expected::SameSecret, EventAction::Regenerated);
    let change = TokenChange { before, after, expected, action };
    let context = WriteContext {
        now,
        caller: Caller::bootstrap(),
        write_id: "7".repeat(32),
        forget_at: now.plus_days(1),
    };
    table.change(&change, &context).await.unwrap()
}

async fn read(table: &Table, id: TokenId) -> StoredToken {
    table.get(id, SystemClock.now()).await.unwrap().unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_number_of_a_secret_that_was_rolled_back_is_not_given_to_another() {
    let fixture = Fixture::new().await;
    let table = table(&fixture);
    let id = fixture.service.create("numbered").await;
    let before = read(&table, id).await;
    fixture.service.regenerate_with_grace(id, 60).await.unwrap();
    fixture.service.roll_back(id).await.unwrap();
    let current = read(&table, id).await;
    assert!(current.secret == before.secret);
    assert_eq!((before.last_generation, current.last_generation), (1, 2));
    let snapshot = fixture.snapshot().await;
    assert_eq!(replace(&table, before).await, WriteOutcome::Overtaken);
    assert!(fixture.snapshot().await == snapshot);
    assert_eq!(replace(&table, current).await, WriteOutcome::Applied);
    assert_eq!(read(&table, id).await.secret.generation, 3);
}

#[tokio::test(start_paused = true)]
async fn the_first_secret_of_a_token_of_the_first_release_can_be_replaced() {
    let fixture = Fixture::new().await;
    let table = table(&fixture);
    let id = fixture.service.create("unnumbered").await;
    for attribute in ["generation", "lastGeneration"] {
        set_token(&fixture.dynamodb, id.as_str(), attribute, None).await;
    }
    let before = read(&table, id).await;
    assert_eq!(replace(&table, before).await, WriteOutcome::Applied);
    assert_eq!(read(&table, id).await.secret.generation, 2);
}
