//! An event never replaces an item: if an item has the key of the event, nothing is written.

use crate::support::{Fixture, TestService};
use shared::domain::id::TokenId;
use shared::domain::precondition::Precondition;
use shared::domain::time::Timestamp;
use shared::service::Entropy;
use std::collections::BTreeSet;
use tests::app::POLICY;
use tests::table::{self, Item};

/// A source of the same bytes, so that each write has the same id.
struct FixedEntropy;

impl Entropy for FixedEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), String> {
        bytes.fill(7);
        Ok(())
    }
}

/// A write of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Write {
    Generate,
    Update,
    Regenerate,
    Delete,
}

impl Write {
    const ALL: [Self; 4] = [Self::Generate, Self::Update, Self::Regenerate, Self::Delete];

    /// Returns a table, its service, and the id of the token that is changed. To generate a token, the table is empty.
    async fn prepare(self) -> (Fixture, TestService, Option<TokenId>) {
        let fixture = Fixture::new().await;
        let now = Timestamp::from_seconds(4_000_000_000).unwrap();
        let service = TestService::with(&fixture.dynamodb, now, FixedEntropy, POLICY);
        let id = match self {
            Self::Generate => None,
            _ => Some(service.create("recorded").await),
        };
        (fixture, service, id)
    }

    /// Writes the token, and returns whether that succeeded.
    async fn apply(self, service: &TestService, id: Option<TokenId>) -> bool {
        let any = &Precondition::Exists;
        match (self, id) {
            (Self::Update, Some(id)) => service.set_description(id, "changed").await.is_ok(),
            (Self::Regenerate, Some(id)) => service.regenerate(id, any).await.is_ok(),
            (Self::Delete, Some(id)) => service.delete(id, any).await.is_ok(),
            (_, _) => service.generate("recorded").await.is_ok(),
        }
    }

    /// Returns the items of the events that the write adds to a table without such items.
    async fn events(self) -> Vec<Item> {
        let (fixture, service, id) = self.prepare().await;
        let before: BTreeSet<_> = fixture.snapshot().await.into_keys().collect();
        assert!(self.apply(&service, id).await, "{self:?}");
        let mut items = fixture.snapshot().await;
        items.retain(|key, _| !before.contains(key));
        let events = [false, true].map(|by_day| table::events(&items, by_day)).concat();
        events.into_iter().cloned().collect()
    }
}

#[tokio::test(start_paused = true)]
async fn an_item_with_the_key_of_an_event_is_kept_and_nothing_is_written() {
    for write in Write::ALL {
        let events = write.events().await;
        assert_eq!(events.len(), 2, "{write:?}: one beside the token, and one by day");
        for mut other in events {
            let (fixture, service, id) = write.prepare().await;
            other.retain(|attribute, _| ["pk", "sk"].contains(&attribute.as_str()));
            table::put(&fixture.dynamodb, other.clone()).await;
            let before = fixture.snapshot().await;
            assert!(!write.apply(&service, id).await, "{write:?} beside {other:?}");
            assert!(fixture.snapshot().await == before, "{write:?} beside {other:?}");
        }
    }
}
