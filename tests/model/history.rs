//! The operations of a run: what each client did, when, and with which outcome.

use shared::domain::id::TokenId;

/// A logical time. It advances whenever an operation starts or finishes.
pub type Tick = u64;

/// One operation on one name.
#[derive(Clone, Debug)]
pub struct Operation {
    pub started: Tick,
    pub finished: Tick,
    /// The index of the name.
    pub name: usize,
    pub outcome: Outcome,
}

/// What an operation did, and its result.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The id and the token, or `None` if the name was taken.
    Generated(Option<(TokenId, String)>),
    Updated {
        id: TokenId,
        if_match: Option<u64>,
        change: Change,
        result: Result<TokenState, Rejection>,
    },
    /// With or without a grace period, by a super admin or by the token itself. The result is the new version and the new
    /// token.
    Regenerated {
        id: TokenId,
        if_match: Option<u64>,
        grace: bool,
        /// The token that regenerated itself.
        by_itself: Option<String>,
        result: Result<(u64, String), Rejection>,
    },
    /// The result is the new version.
    RolledBack {
        id: TokenId,
        if_match: Option<u64>,
        result: Result<u64, Rejection>,
    },
    /// The result is the version afterwards.
    PreviousEnded {
        id: TokenId,
        if_match: Option<u64>,
        result: Result<u64, Rejection>,
    },
    Deleted {
        id: TokenId,
        if_match: Option<u64>,
        result: Result<(), Rejection>,
    },
    /// By the token itself, which was authorized before.
    RevokedByItself {
        id: TokenId,
        if_match: Option<u64>,
        token: String,
        result: Result<(), Rejection>,
    },
    /// With the token in a form. The response is always the same.
    RevokedByForm {
        id: TokenId,
        token: String,
    },
    Got {
        id: TokenId,
        result: Option<TokenState>,
    },
    /// The entry that a list contained for the name.
    Listed(Option<(TokenId, TokenState)>),
    /// An authorization of a request that only wide permissions allow, or of one that narrow permissions allow as well. The
    /// error is the code of the denial.
    Authorized {
        id: TokenId,
        token: String,
        wide: bool,
        result: Result<(), &'static str>,
    },
    /// An introspection of the same requests. The result is whether the request is allowed, if the token is active.
    Introspected {
        id: TokenId,
        token: String,
        wide: bool,
        result: Option<bool>,
    },
}

/// The visible state of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenState {
    pub version: u64,
    pub description: Option<u32>,
    pub wide: bool,
    /// Revoked, and not regenerated since.
    pub expired: bool,
}

/// What an update changes.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    Description(u32),
    Permissions { wide: bool },
}

/// Why a write was not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    NotFound,
    VersionConflict,
    GracePeriodOpen,
    NoPreviousSecret,
    Forbidden,
}
