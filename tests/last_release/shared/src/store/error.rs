//! Failures of the table, and what they mean for what was written.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::RequestId;
use std::fmt;

/// Why the table gave no answer. Nothing is ever half written, whatever the error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The table throttles beyond the bounded retries; nothing was written.
    #[error("throttled: {0}")]
    Throttled(String),
    /// The table fails or does not answer in time; whether a write took place may be unknown.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// An item that cannot be read back into a record.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The table refuses the request itself, which no retry mends: no permission, or a request it calls invalid.
    #[error("refused: {0}")]
    Refused(String),
}

/// An item that is not what this service writes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("item `{key}` is unreadable: attribute `{attribute}` {reason}")]
pub struct Unreadable {
    /// The item's `pk`, and its `sk` where that says more.
    pub key: String,
    /// The attribute that is missing or wrong.
    pub attribute: &'static str,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// What one failed attempt says of the request that it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Not carried out: too much traffic.
    Throttled,
    /// Not carried out: another write of the same item is under way.
    Conflict,
    /// Perhaps carried out: no answer, or an error of the service.
    Ambiguous,
    /// Not carried out, and it never will be.
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

impl Failure {
    /// What the error of an SDK call says.
    pub(super) fn of<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Self {
        match error {
            SdkError::ServiceError(service) => Self::of_code(service.err().code()),
            SdkError::ConstructionFailure(_) => Self::Refused,
            _ => Self::Ambiguous,
        }
    }

    /// What an error code, or the code of a cancelled transaction's reason, says.
    pub(super) fn of_code(code: Option<&str>) -> Self {
        match code {
            Some(code) if THROTTLES.contains(&code) => Self::Throttled,
            Some(code) if CONFLICTS.contains(&code) => Self::Conflict,
            Some(
                "ValidationException"
                | "ValidationError"
                | "AccessDeniedException"
                | "UnrecognizedClientException",
            ) => Self::Refused,
            _ => Self::Ambiguous,
        }
    }

    /// The error of an operation whose last attempt failed so.
    pub(super) fn into_error(self, cause: String) -> StoreError {
        match self {
            Self::Throttled => StoreError::Throttled(cause),
            Self::Conflict | Self::Ambiguous => StoreError::Unavailable(cause),
            Self::Refused => StoreError::Refused(cause),
        }
    }
}

/// An SDK error on one line for the log: its kind, code, message and request id, and nothing of the request.
pub(super) fn describe<E, R>(operation: &str, error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata,
    SdkError<E, R>: RequestId,
{
    let kind = match error {
        SdkError::ServiceError(service) => service.err().code().unwrap_or("ServiceError"),
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(_) => "no connection",
        SdkError::ResponseError(_) => "unreadable response",
        _ => "request not built",
    };
    let message = match error {
        SdkError::ServiceError(service) => service.err().message().unwrap_or_default(),
        _ => "",
    };
    let id = error.request_id().unwrap_or("none");
    let mut text = String::new();
    let _ = fmt::Write::write_fmt(
        &mut text,
        format_args!("{operation}: {kind} {message} (request {id})"),
    );
    text
}

/// The error of a read, for which the SDK has made its own retries.
pub(super) fn of_read<E, R>(operation: &str, error: &SdkError<E, R>) -> StoreError
where
    E: ProvideErrorMetadata,
    SdkError<E, R>: RequestId,
{
    Failure::of(error).into_error(describe(operation, error))
}
