//! What an update changes: the three states of a member in a merge patch (RFC 7396).

use super::grant::Permissions;
use super::text::Description;

/// What a patch asks of one attribute: absent, `null` and a value are three different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<T> {
    /// Absent: leave it as it is.
    Keep,
    /// `null`: remove it.
    Clear,
    /// A value: replace it.
    Set(T),
}

/// What an update asks of a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Amendment {
    /// The description.
    pub description: Change<Description>,
    /// The permissions, as a whole; `None` leaves them.
    pub permissions: Option<Permissions>,
}

impl Amendment {
    /// Whether it leaves everything as it is.
    pub fn is_empty(&self) -> bool {
        self.permissions.is_none() && self.description == Change::Keep
    }
}
