//! What clients saw, and when.

use shared::domain::id::TokenId;

/// A number of the clock that ticks whenever anything begins or ends.
pub type Tick = u64;

/// One operation on one name.
#[derive(Clone, Debug)]
pub struct Event {
    /// Before it began everything that ended earlier had taken place.
    pub begun: Tick,
    pub ended: Tick,
    pub name: usize,
    pub seen: Seen,
}

/// What was done and what was answered.
#[derive(Clone, Debug)]
pub enum Seen {
    /// The token and its id; `None` if the name was taken.
    Generated(Option<(TokenId, String)>),
    Updated {
        id: TokenId,
        if_match: Option<u64>,
        change: Change,
        answer: Result<View, Miss>,
    },
    /// The new version and the new token.
    Regenerated {
        id: TokenId,
        if_match: Option<u64>,
        answer: Result<(u64, String), Miss>,
    },
    Deleted {
        id: TokenId,
        if_match: Option<u64>,
        answer: Result<(), Miss>,
    },
    Got {
        id: TokenId,
        answer: Option<View>,
    },
    /// What a list said of the name.
    Listed(Option<(TokenId, View)>),
    /// `wide` asks for what only wide permissions reach. The code of the refusal, if it was one.
    Authorized {
        id: TokenId,
        token: String,
        wide: bool,
        answer: Result<(), &'static str>,
    },
}

/// What is shown of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct View {
    pub version: u64,
    pub description: Option<u32>,
    pub wide: bool,
}

/// What an update changes.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    Description(u32),
    Reach { wide: bool },
}

/// Why a write did not take place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss {
    NotFound,
    VersionConflict,
}
