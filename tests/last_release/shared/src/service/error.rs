//! What can go wrong, in the words of the domain. What it means in HTTP is `http/error.rs`'s to say.

use crate::domain::name::TokenName;
use crate::store::StoreError;

/// Why a verb was not carried out. Nothing is ever half done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such token, or it is past its purge.
    #[error("there is no such token")]
    NotFound,
    /// A live token has this name.
    #[error("the name `{0}` is taken")]
    NameTaken(TokenName),
    /// The token is not at a version that the caller's precondition admits.
    #[error("the token is at another version")]
    VersionConflict,
    /// The table throttles; nothing was written. The cause is for the log.
    #[error("{0}")]
    Throttled(String),
    /// The table fails or does not answer; the outcome may be unknown. The cause is for the log.
    #[error("{0}")]
    Unavailable(String),
    /// A defect, of the deployment or of stored data. The cause is for the log.
    #[error("{0}")]
    Internal(String),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Throttled(cause) => Self::Throttled(cause),
            StoreError::Unavailable(cause) => Self::Unavailable(cause),
            StoreError::Unreadable(unreadable) => Self::Internal(unreadable.to_string()),
            StoreError::Refused(cause) => Self::Internal(cause),
        }
    }
}
