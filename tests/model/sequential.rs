//! The model: what one name is, and what each operation does to it when nothing else happens.

use crate::history::{Change, Miss, Seen, View};
use shared::domain::id::TokenId;

/// The live token of a name, if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Name(Option<Live>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Live {
    id: TokenId,
    token: String,
    view: View,
}

impl Name {
    /// What the name is after this operation; `None` if it cannot have been answered so.
    pub fn after(&self, seen: &Seen) -> Option<Self> {
        match seen {
            Seen::Generated(None) => self.0.as_ref().map(|_| self.clone()),
            Seen::Generated(Some((id, token))) => self.generated(*id, token),
            Seen::Updated { id, if_match, change, answer } => {
                self.updated(*id, *if_match, *change, answer)
            }
            Seen::Regenerated { id, if_match, answer } => self.regenerated(*id, *if_match, answer),
            Seen::Deleted { id, if_match, answer } => self.deleted(*id, *if_match, answer),
            Seen::Got { id, answer } => {
                self.unless(self.live(*id).map(|live| live.view) != *answer)
            }
            Seen::Listed(answer) => {
                let listed = self.0.as_ref().map(|live| (live.id, live.view));
                self.unless(listed != *answer)
            }
            Seen::Authorized { id, token, wide, answer } => {
                self.unless(self.authorize(*id, token, *wide) != *answer)
            }
        }
    }

    fn unless(&self, wrong: bool) -> Option<Self> {
        (!wrong).then(|| self.clone())
    }

    fn live(&self, id: TokenId) -> Option<&Live> {
        self.0.as_ref().filter(|live| live.id == id)
    }

    /// The token that a write with this precondition may change.
    fn target(&self, id: TokenId, if_match: Option<u64>) -> Result<&Live, Miss> {
        let live = self.live(id).ok_or(Miss::NotFound)?;
        match if_match {
            Some(version) if version != live.view.version => Err(Miss::VersionConflict),
            _ => Ok(live),
        }
    }

    fn generated(&self, id: TokenId, token: &str) -> Option<Self> {
        let view = View { version: 1, description: None, wide: true };
        let live = Live { id, token: token.to_owned(), view };
        self.0.is_none().then_some(Self(Some(live)))
    }

    fn updated(
        &self,
        id: TokenId,
        if_match: Option<u64>,
        change: Change,
        answer: &Result<View, Miss>,
    ) -> Option<Self> {
        let live = match (self.target(id, if_match), answer) {
            (Ok(live), Ok(_)) => live,
            (Err(miss), Err(answer)) => return self.unless(miss != *answer),
            _ => return None,
        };
        let mut view = View { version: live.view.version + 1, ..live.view };
        match change {
            Change::Description(text) => view.description = Some(text),
            Change::Reach { wide } => view.wide = wide,
        }
        let live = Live { view, ..live.clone() };
        (*answer == Ok(view)).then_some(Self(Some(live)))
    }

    fn regenerated(
        &self,
        id: TokenId,
        if_match: Option<u64>,
        answer: &Result<(u64, String), Miss>,
    ) -> Option<Self> {
        let (live, version, token) = match (self.target(id, if_match), answer) {
            (Ok(live), Ok((version, token))) => (live, *version, token.clone()),
            (Err(miss), Err(answer)) => return self.unless(miss != *answer),
            _ => return None,
        };
        let view = View { version, ..live.view };
        (version == live.view.version + 1).then_some(Self(Some(Live { id, token, view })))
    }

    fn deleted(
        &self,
        id: TokenId,
        if_match: Option<u64>,
        answer: &Result<(), Miss>,
    ) -> Option<Self> {
        match (self.target(id, if_match), answer) {
            (Ok(_), Ok(())) => Some(Self(None)),
            (Err(miss), Err(answer)) => self.unless(miss != *answer),
            _ => None,
        }
    }

    fn authorize(&self, id: TokenId, token: &str, wide: bool) -> Result<(), &'static str> {
        let live = self.live(id).ok_or("unknown")?;
        if live.token != token {
            return Err("secret-mismatch");
        }
        if wide && !live.view.wide {
            return Err("not-permitted");
        }
        Ok(())
    }
}
