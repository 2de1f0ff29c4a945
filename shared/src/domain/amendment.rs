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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_keeps_both_is_empty() {
        for (description, permissions, empty) in [
            (Change::Keep, None, true),
            (Change::Clear, None, false),
            (Change::Keep, Some(Permissions::SuperAdmin), false),
            (Change::Clear, Some(Permissions::SuperAdmin), false),
        ] {
            let amendment = Amendment { description, permissions };
            assert_eq!(amendment.is_empty(), empty, "{amendment:?}");
        }
    }
}
