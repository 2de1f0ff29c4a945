//! The sequential model: the state of one name, and what each operation does to it if no other runs at the same time.

use crate::history::{Change, Outcome, Rejection, TokenState};
use shared::domain::id::TokenId;

/// The token of a name, if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NameState(Option<LiveToken>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct LiveToken {
    id: TokenId,
    token: String,
    /// The secret that is in its grace period, which outlasts every run.
    previous: Option<String>,
    state: TokenState,
}

impl LiveToken {
    /// Returns whether this is the previous secret, or `None` if it is neither that nor the current one.
    fn is_previous(&self, token: &str) -> Option<bool> {
        if self.token == token {
            return Some(false);
        }
        (self.previous.as_deref() == Some(token)).then_some(true)
    }

    /// Returns the state after a revocation with the current or with the previous secret.
    fn revoked(&self, is_previous: bool) -> NameState {
        let mut after = LiveToken { previous: None, ..self.clone() };
        after.state.expired |= !is_previous;
        after.state.version += u64::from(after != *self);
        NameState(Some(after))
    }
}

impl NameState {
    /// Returns the state after an operation, or `None` if the operation cannot have had this outcome.
    pub fn after(&self, outcome: &Outcome) -> Option<Self> {
        match outcome {
            Outcome::Generated(None) => self.0.as_ref().map(|_| self.clone()),
            Outcome::Generated(Some((id, token))) => self.generated(*id, token),
            Outcome::Updated { id, if_match, change, result } => {
                self.updated(*id, *if_match, *change, result)
            }
            Outcome::Regenerated { id, if_match, grace, by_itself, result } => {
                let target = self.target(*id, *if_match).and_then(|live| match by_itself {
                    Some(token) if live.state.expired || live.is_previous(token) != Some(false) => {
                        Err(Rejection::Forbidden)
                    }
                    _ => Ok(live),
                });
                self.regenerated(target, *grace, result)
            }
            Outcome::RolledBack { id, if_match, result } => {
                self.rolled_back(*id, *if_match, *result)
            }
            Outcome::PreviousEnded { id, if_match, result } => {
                self.previous_ended(*id, *if_match, *result)
            }
            Outcome::Deleted { id, if_match, result } => self.deleted(*id, *if_match, result),
            Outcome::RevokedByItself { id, if_match, token, result } => {
                match (self.target(*id, *if_match), result) {
                    (Ok(live), Ok(())) => Some(match live.is_previous(token) {
                        Some(is_previous) => live.revoked(is_previous),
                        None => self.clone(),
                    }),
                    (Err(expected), Err(actual)) => self.unchanged_if(expected == *actual),
                    _ => None,
                }
            }
            Outcome::RevokedByForm { id, token } => {
                let live = self.live(*id);
                let presented = live.and_then(|live| Some((live, live.is_previous(token)?)));
                Some(
                    presented
                        .map_or_else(|| self.clone(), |(live, previous)| live.revoked(previous)),
                )
            }
            Outcome::Got { id, result } => {
                self.unchanged_if(self.live(*id).map(|live| live.state) == *result)
            }
            Outcome::Listed(result) => {
                let listed = self.0.as_ref().map(|live| (live.id, live.state));
                self.unchanged_if(listed == *result)
            }
            Outcome::Authorized { id, token, wide, result } => {
                self.unchanged_if(self.authorize(*id, token, *wide) == *result)
            }
            Outcome::Introspected { id, token, wide, result } => {
                let expected = match self.authorize(*id, token, *wide) {
                    Ok(()) => Some(true),
                    Err("not-permitted") => Some(false),
                    Err(_) => None,
                };
                self.unchanged_if(expected == *result)
            }
        }
    }

    fn unchanged_if(&self, is_possible: bool) -> Option<Self> {
        is_possible.then(|| self.clone())
    }

    fn live(&self, id: TokenId) -> Option<&LiveToken> {
        self.0.as_ref().filter(|live| live.id == id)
    }

    /// Returns the token that a write with this precondition changes.
    fn target(&self, id: TokenId, if_match: Option<u64>) -> Result<&LiveToken, Rejection> {
        let live = self.live(id).ok_or(Rejection::NotFound)?;
        match if_match {
            Some(version) if version != live.state.version => Err(Rejection::VersionConflict),
            _ => Ok(live),
        }
    }

    fn generated(&self, id: TokenId, token: &str) -> Option<Self> {
        let state = TokenState { version: 1, description: None, wide: true, expired: false };
        let live = LiveToken { id, token: token.to_owned(), previous: None, state };
        self.0.is_none().then_some(Self(Some(live)))
    }

    fn updated(
        &self,
        id: TokenId,
        if_match: Option<u64>,
        change: Change,
        result: &Result<TokenState, Rejection>,
    ) -> Option<Self> {
        let live = match (self.target(id, if_match), result) {
            (Ok(live), Ok(_)) => live,
            (Err(expected), Err(actual)) => return self.unchanged_if(expected == *actual),
            _ => return None,
        };
        let mut state = live.state;
        match change {
            Change::Description(description) => state.description = Some(description),
            Change::Permissions { wide } => state.wide = wide,
        }
        // A patch that changes nothing writes nothing.
        state.version += u64::from(state != live.state);
        let live = LiveToken { state, ..live.clone() };
        (*result == Ok(state)).then_some(Self(Some(live)))
    }

    fn regenerated(
        &self,
        target: Result<&LiveToken, Rejection>,
        grace: bool,
        result: &Result<(u64, String), Rejection>,
    ) -> Option<Self> {
        let live = target.and_then(|live| match &live.previous {
            Some(_) if grace => Err(Rejection::GracePeriodOpen),
            _ => Ok(live),
        });
        let (live, version, token) = match (live, result) {
            (Ok(live), Ok((version, token))) => (live, *version, token.clone()),
            (Err(expected), Err(actual)) => return self.unchanged_if(expected == *actual),
            _ => return None,
        };
        // The secret of an expired token does not work, so it gets no grace period.
        let previous = (grace && !live.state.expired).then(|| live.token.clone());
        let state = TokenState { version, expired: false, ..live.state };
        let live_after = LiveToken { id: live.id, token, previous, state };
        (version == live.state.version + 1).then_some(Self(Some(live_after)))
    }

    fn rolled_back(
        &self,
        id: TokenId,
        if_match: Option<u64>,
        result: Result<u64, Rejection>,
    ) -> Option<Self> {
        let target = self
            .target(id, if_match)
            .and_then(|live| Ok((live, live.previous.clone().ok_or(Rejection::NoPreviousSecret)?)));
        let ((live, token), version) = match (target, result) {
            (Ok(target), Ok(version)) => (target, version),
            (Err(expected), Err(actual)) => return self.unchanged_if(expected == actual),
            _ => return None,
        };
        let state = TokenState { version, ..live.state };
        let live_after = LiveToken { id, token, previous: None, state };
        (version == live.state.version + 1).then_some(Self(Some(live_after)))
    }

    fn previous_ended(
        &self,
        id: TokenId,
        if_match: Option<u64>,
        result: Result<u64, Rejection>,
    ) -> Option<Self> {
        let (live, version) = match (self.target(id, if_match), result) {
            (Ok(live), Ok(version)) => (live, version),
            (Err(expected), Err(actual)) => return self.unchanged_if(expected == actual),
            _ => return None,
        };
        let state = TokenState { version, ..live.state };
        let live_after = LiveToken { previous: None, state, ..live.clone() };
        let writes = u64::from(live.previous.is_some());
        (version == live.state.version + writes).then_some(Self(Some(live_after)))
    }

    fn deleted(
        &self,
        id: TokenId,
        if_match: Option<u64>,
        result: &Result<(), Rejection>,
    ) -> Option<Self> {
        match (self.target(id, if_match), result) {
            (Ok(_), Ok(())) => Some(Self(None)),
            (Err(expected), Err(actual)) => self.unchanged_if(expected == *actual),
            _ => None,
        }
    }

    fn authorize(&self, id: TokenId, token: &str, wide: bool) -> Result<(), &'static str> {
        let live = self.live(id).ok_or("unknown")?;
        let is_previous = live.is_previous(token).ok_or("secret-mismatch")?;
        if live.state.expired && !is_previous {
            return Err("expired");
        }
        if wide && !live.state.wide {
            return Err("not-permitted");
        }
        Ok(())
    }
}
