//! What an update changes, as a merge patch (RFC 7396).

use super::description::Description;
use super::grant::Permissions;

/// The change of one attribute: absent, `null` and a value in a merge patch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Patch<T> {
    /// Absent: the attribute stays as it is.
    Unchanged,
    /// `null`: the attribute is removed.
    Clear,
    /// A value: the attribute is replaced.
    Set(T),
}

/// The changes that an update makes to a token.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenPatch {
    /// The description.
    pub description: Patch<Description>,
    /// The permissions, replaced as a whole. `None` leaves them unchanged: a token always has permissions.
    pub permissions: Option<Permissions>,
}

impl TokenPatch {
    /// Returns whether the patch changes nothing.
    pub fn is_empty(&self) -> bool {
        // Destructured, so that a new attribute does not compile until it is considered here.
        let Self { description, permissions } = self;
        *description == Patch::Unchanged && permissions.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_empty_only_if_it_changes_no_attribute() {
        for (description, permissions, empty) in [
            (Patch::Unchanged, None, true),
            (Patch::Clear, None, false),
            (Patch::Unchanged, Some(Permissions::SuperAdmin), false),
            (Patch::Clear, Some(Permissions::SuperAdmin), false),
        ] {
            let patch = TokenPatch { description, permissions };
            assert_eq!(patch.is_empty(), empty, "{patch:?}");
        }
    }
}
