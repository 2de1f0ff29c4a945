//! Get: one token.

use super::Table;
use super::error::{StoreError, read_error};
use super::item::{Item, Reader, token_key};
use crate::domain::id::TokenId;
use crate::domain::record::StoredToken;
use crate::domain::time::Timestamp;
use std::pin::pin;
use std::time::Duration;

impl Table {
    /// Returns one token, or `None` if it does not exist or is past its purge time. One read unit per 4 KB.
    ///
    /// # Errors
    /// [`StoreError`]. An item that is not a valid token is [`StoreError::Unreadable`].
    pub async fn get(
        &self,
        id: TokenId,
        now: Timestamp,
    ) -> Result<Option<StoredToken>, StoreError> {
        match self.item(token_key(id)).await? {
            Some(item) => Ok(Reader::new(&item).live_token(self.vocabulary, now)?),
            None => Ok(None),
        }
    }

    /// Returns the item with this key.
    pub(super) async fn item(&self, key: Item) -> Result<Option<Item>, StoreError> {
        let read = || {
            let request = self.client.get_item().table_name(&self.name).consistent_read(true);
            request.set_key(Some(key.clone())).send()
        };
        let output = match self.hedge_after {
            Some(delay) => hedged(read, delay).await,
            None => read().await,
        };
        Ok(output.map_err(|error| read_error("GetItem", &error))?.item)
    }
}

/// Sends a read, and sends it once more if there is no response after `delay`. Returns the first success.
///
/// Only the rare slow response costs a second read, and the connection that was slow is closed.
/// The method is the hedged request of "The Tail at Scale": <https://research.google/pubs/the-tail-at-scale/>.
async fn hedged<T, E, F>(send: impl Fn() -> F, delay: Duration) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let mut first = pin!(send());
    if let Ok(result) = tokio::time::timeout(delay, first.as_mut()).await {
        return result;
    }
    let mut second = pin!(send());
    tokio::select! {
        result = &mut first => match result {
            Ok(output) => Ok(output),
            Err(_) => second.await,
        },
        result = &mut second => match result {
            Ok(output) => Ok(output),
            Err(_) => first.await,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use tokio::task::yield_now;

    #[tokio::test]
    async fn if_one_of_two_requests_fails_the_other_one_decides() {
        // Of each request: how many times it yields after both are sent, and its result.
        for (requests, expected) in [
            ([(0, Err("first")), (9, Ok("second"))], Ok("second")),
            ([(9, Ok("first")), (0, Err("second"))], Ok("first")),
            ([(0, Err("first")), (9, Err("second"))], Err("second")),
            ([(9, Err("first")), (0, Err("second"))], Err("first")),
        ] {
            let sent = &Cell::new(0);
            let send = || {
                let (yields, result) = requests[sent.get()];
                sent.set(sent.get() + 1);
                async move {
                    while sent.get() < requests.len() {
                        yield_now().await;
                    }
                    for _ in 0..yields {
                        yield_now().await;
                    }
                    result
                }
            };
            assert_eq!(hedged(send, Duration::from_millis(1)).await, expected);
        }
    }
}
