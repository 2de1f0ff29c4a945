//! Bounded retries of writes.
//!
//! The SDK's own retries are off for writes: they cannot tell a request that was refused from one whose answer was
//! lost, and the difference decides whether "nothing was written" may be said, and whether to send it again at all.

use super::error::{Failure, StoreError};
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use std::time::Duration;

const ATTEMPTS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// What one attempt of a write came to.
pub(super) enum AttemptResult<T> {
    /// An answer, a failed condition included.
    Response(T),
    /// No answer, and the cause for the log.
    Failed(Failure, String),
}

/// The configuration of a write: one request per attempt.
pub(super) fn without_sdk_retries() -> Builder {
    Builder::new().retry_config(RetryConfig::disabled())
}

/// Repeats a write that may be repeated whatever became of it: a transaction with its client token.
///
/// # Errors
/// `Throttled` only if every attempt says that nothing was written; `Unavailable` if any attempt leaves it open.
pub(super) async fn retry_idempotent<T, F>(send: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = AttemptResult<T>>,
{
    retry(send, |failure| failure != Failure::Refused).await
}

/// Repeats a write only where the last attempt did not take place: one that would be applied twice.
///
/// # Errors
/// `Unavailable` as soon as an attempt may have taken place.
pub(super) async fn retry_if_not_applied<T, F>(send: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = AttemptResult<T>>,
{
    retry(send, |failure| matches!(failure, Failure::Throttled | Failure::Conflict)).await
}

async fn retry<T, F>(send: impl Fn() -> F, again: impl Fn(Failure) -> bool) -> Result<T, StoreError>
where
    F: Future<Output = AttemptResult<T>>,
{
    let mut pause = FIRST_PAUSE;
    let mut ambiguous = None;
    for attempt in 1.. {
        let (failure, cause) = match send().await {
            AttemptResult::Response(answer) => return Ok(answer),
            AttemptResult::Failed(failure, cause) => (failure, cause),
        };
        if failure == Failure::Ambiguous {
            ambiguous = Some(cause.clone());
        }
        if attempt == ATTEMPTS || !again(failure) {
            return Err(
                ambiguous.map_or_else(|| failure.into_error(cause), StoreError::Unavailable)
            );
        }
        tracing::debug!(attempt, cause, "write is repeated");
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
    Err(StoreError::Unavailable("no attempt was made".to_owned()))
}
