//! What an update changes.

use super::change::Change;
use super::grant::Permissions;
use super::text::Description;

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
