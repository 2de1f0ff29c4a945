//! What an update changes, as a merge patch (RFC 7396).

use super::description::Description;
use super::grant::Permissions;
use super::record::Record;

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
    /// Returns whether the patch would change anything of this record.
    pub fn changes(&self, record: &Record) -> bool {
        // Destructured, so that a new attribute does not compile until it is considered here.
        let Self { description, permissions } = self;
        description.changes(record.description.as_ref())
            || permissions.as_ref().is_some_and(|permissions| *permissions != record.permissions)
    }
}

impl<T: PartialEq> Patch<T> {
    fn changes(&self, current: Option<&T>) -> bool {
        match self {
            Self::Unchanged => false,
            Self::Clear => current.is_some(),
            Self::Set(value) => current != Some(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_changes_unless_it_is_left_alone_or_already_so() {
        for (patch, current, expected) in [
            (Patch::Unchanged, None, false),
            (Patch::Unchanged, Some(&1), false),
            (Patch::Clear, None, false),
            (Patch::Clear, Some(&1), true),
            (Patch::Set(1), None, true),
            (Patch::Set(1), Some(&1), false),
            (Patch::Set(1), Some(&2), true),
        ] {
            assert_eq!(patch.changes(current), expected, "{patch:?} of {current:?}");
        }
    }
}
