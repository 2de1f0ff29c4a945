//! Why an operation failed, in terms of tokens. `http/error.rs` translates it to HTTP.

use crate::domain::name::TokenName;
use crate::domain::precondition;
use crate::domain::violation::Violation;
use crate::store::StoreError;

/// Why an operation failed. An operation is never applied partially.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The token does not exist, or is past its purge time.
    #[error("the token does not exist")]
    NotFound,
    /// A live token has this name.
    #[error("the name `{0}` is already in use")]
    NameTaken(TokenName),
    /// The token does not have a version that the caller's precondition allows.
    #[error(transparent)]
    VersionConflict(#[from] precondition::VersionConflict),
    /// A grace period is asked for, but the previous secret still works.
    #[error("the previous secret still works")]
    GracePeriodOpen,
    /// There is no previous secret that works.
    #[error("there is no previous secret")]
    NoPreviousSecret,
    /// The caller may not do this. The caller is shown the text.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The request asks for something that this token may not have.
    #[error("the body is invalid")]
    Invalid(Violation),
    /// Other callers kept changing the token, and nothing was changed. The cause is for the log.
    #[error("contended: {0}")]
    Contended(String),
    /// The table throttles requests, and nothing was written. The cause is for the log.
    #[error("throttled: {0}")]
    Throttled(String),
    /// The table is unavailable, and a write may have been applied. The cause is for the log.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// The deployment or the stored data has a defect. The cause is for the log.
    #[error("{0}")]
    Internal(String),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Contended(cause) => Self::Contended(cause),
            StoreError::Throttled(cause) => Self::Throttled(cause),
            StoreError::Unavailable(cause) => Self::Unavailable(cause),
            StoreError::Unreadable(_) | StoreError::Refused(_) => Self::Internal(error.to_string()),
        }
    }
}
