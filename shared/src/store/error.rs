//! Failures of the table, and whether a write may have been applied in spite of one.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::RequestId;
use hyper_util::client::legacy;
use std::error::Error;
use std::fmt::Debug;
use std::iter::successors;

/// Why an operation failed. An operation is never applied partially.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The table still throttled the request at the last retry. Nothing was written.
    #[error("throttled: {0}")]
    Throttled(String),
    /// Other writes of the same items kept coming first, and nothing was written.
    #[error("contended: {0}")]
    Contended(String),
    /// The table fails or does not respond in time. A write may have been applied.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// An item is not a valid token or name.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The table rejects the request, because it is invalid or not permitted. Retrying cannot succeed.
    #[error("refused: {0}")]
    Refused(String),
}

/// An item that this service did not write in this form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("item `{key}` is unreadable: attribute `{attribute}` {reason}")]
pub struct Unreadable {
    /// The item's `pk`, followed by its `sk` unless the item is that of a token.
    pub key: String,
    /// The attribute that is missing or invalid.
    pub attribute: &'static str,
    /// What is wrong or expected, such as `is missing` or `must be a string`.
    pub reason: &'static str,
}

impl Unreadable {
    /// Logs the item, for a read of several items that continues without it.
    pub(super) fn log(&self) {
        let Self { key, attribute, reason } = self;
        tracing::error!(key, attribute, reason, "unreadable item");
    }
}

/// What a failed attempt means for the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Not applied: too many requests.
    Throttled,
    /// Not applied by this attempt: another write of the same item, or an earlier attempt of this one, is in progress.
    Conflict,
    /// Not applied: no connection was opened, so the request was not sent.
    NotSent,
    /// Possibly applied: no response, or an error of the service.
    Ambiguous,
    /// Rejected; retrying cannot succeed.
    Refused,
}

const THROTTLES: [&str; 6] = [
    "ProvisionedThroughputExceededException",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "ThrottlingException",
    "ThrottlingError",
    "Throttling",
];
const CONFLICTS: [&str; 3] =
    ["TransactionConflictException", "TransactionConflict", "TransactionInProgressException"];
const REFUSALS: [&str; 4] = [
    "ValidationException",
    "ValidationError",
    "AccessDeniedException",
    "UnrecognizedClientException",
];

impl Failure {
    /// Classifies the error of an SDK call.
    pub(super) fn from_sdk_error<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Self {
        match error {
            SdkError::ServiceError(service) => Self::from_code(service.err().code()),
            SdkError::ConstructionFailure(_) => Self::Refused,
            SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
                Some(error) if is_connect(error) => Self::NotSent,
                _ => Self::Ambiguous,
            },
            _ => Self::Ambiguous,
        }
    }

    /// Classifies an error code, or the code of a reason for which a transaction was cancelled.
    pub(super) fn from_code(code: Option<&str>) -> Self {
        match code {
            Some(code) if THROTTLES.contains(&code) => Self::Throttled,
            Some(code) if CONFLICTS.contains(&code) => Self::Conflict,
            Some(code) if REFUSALS.contains(&code) => Self::Refused,
            _ => Self::Ambiguous,
        }
    }

    /// Returns the error of an operation whose last attempt failed like this.
    pub(super) fn into_error(self, cause: String) -> StoreError {
        match self {
            Self::Throttled => StoreError::Throttled(cause),
            Self::Conflict => StoreError::Contended(cause),
            Self::NotSent | Self::Ambiguous => StoreError::Unavailable(cause),
            Self::Refused => StoreError::Refused(cause),
        }
    }
}

/// Describes an SDK error on one line for the log: its kind, code, message, causes and request id, and nothing of the
/// request.
pub(super) fn describe<E, R>(operation: &str, error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata + Error + 'static,
    R: Debug + 'static,
    SdkError<E, R>: RequestId,
{
    let kind = match error {
        SdkError::ServiceError(service) => service.err().code().unwrap_or("service error"),
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(_) if is_connect(error) => "no connection",
        SdkError::DispatchFailure(_) => "connection lost",
        SdkError::ResponseError(_) => "unreadable response",
        _ => "request not built",
    };
    let message = match error {
        SdkError::ServiceError(service) => service.err().message().unwrap_or_default().to_owned(),
        _ => causes(error).skip(1).map(ToString::to_string).collect::<Vec<_>>().join(": "),
    };
    let id = error.request_id().unwrap_or("none");
    format!("{operation}: {kind} {message} (request {id})")
}

/// Returns an error and its causes, outermost first.
pub fn causes<'e>(
    error: &'e (dyn Error + 'static),
) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    successors(Some(error), |&error| error.source())
}

/// Returns whether no connection could be opened, which includes name resolution and the TLS handshake.
fn is_connect(error: &(dyn Error + 'static)) -> bool {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<legacy::Error>())
        .any(legacy::Error::is_connect)
}

/// Returns the error of a read, which the SDK has retried already.
pub(super) fn read_error<E, R>(operation: &str, error: &SdkError<E, R>) -> StoreError
where
    E: ProvideErrorMetadata + Error + 'static,
    R: Debug + 'static,
    SdkError<E, R>: RequestId,
{
    let failure = match Failure::from_sdk_error(error) {
        // DynamoDB never reports a conflict for these reads, so it is unknown what happened.
        Failure::Conflict => Failure::Ambiguous,
        failure => failure,
    };
    failure.into_error(describe(operation, error))
}
