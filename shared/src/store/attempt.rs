//! Bounded retries of writes.
//!
//! The SDK's retries are disabled for writes, because they report only the error of the last attempt. An earlier attempt may have
//! been applied, although its response was lost. A caller is told that nothing was written only if no attempt can have been
//! applied.

use super::error::{Failure, StoreError};
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use std::time::Duration;

const MAX_ATTEMPTS: u32 = 6;
/// The maximum number of attempts if another write of the same item is in progress, which takes only milliseconds. Many attempts
/// with short pauses let a revocation succeed while other callers keep writing.
const MAX_ATTEMPTS_ON_CONFLICT: u32 = 24;
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const MAX_PAUSE_ON_CONFLICT: Duration = Duration::from_millis(80);

/// The result of one attempt.
pub(super) enum AttemptResult<T> {
    /// The table responded. The response may be that a condition failed.
    Response(T),
    /// The attempt failed, with the cause for the log.
    Failed(Failure, String),
}

/// Returns the configuration of a write: one request per attempt.
pub(super) fn without_sdk_retries() -> Builder {
    Builder::new().retry_config(RetryConfig::disabled())
}

/// Sends a write until the table responds, with a bounded number of attempts. The write must be safe to repeat, such as
/// a transaction with a `ClientRequestToken`.
///
/// # Errors
/// `Throttled`, `Contended` or `Refused` only if it is certain that no attempt wrote anything. `Unavailable` if any attempt may
/// have written, or if the last one could not be sent.
pub(super) async fn retry<T, F>(send: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = AttemptResult<T>>,
{
    let (mut attempt, mut pause) = (1, FIRST_PAUSE);
    let mut ambiguous = None;
    loop {
        let (failure, cause) = match send().await {
            AttemptResult::Response(response) => return Ok(response),
            AttemptResult::Failed(failure, cause) => (failure, cause),
        };
        if failure == Failure::Ambiguous {
            ambiguous = Some(cause.clone());
        }
        let is_conflict = failure == Failure::Conflict;
        let max_attempts = if is_conflict { MAX_ATTEMPTS_ON_CONFLICT } else { MAX_ATTEMPTS };
        if attempt >= max_attempts || failure == Failure::Refused {
            return Err(match ambiguous {
                Some(cause) => StoreError::Unavailable(cause),
                None => failure.into_error(cause),
            });
        }
        tracing::debug!(attempt, cause, "write retried");
        if is_conflict {
            pause = pause.min(MAX_PAUSE_ON_CONFLICT);
        }
        tokio::time::sleep(pause).await;
        attempt += 1;
        pause *= 2;
    }
}
