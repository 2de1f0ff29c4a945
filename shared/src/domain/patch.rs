//! What an update changes, as a merge patch (RFC 7396).

use super::description::Description;
use super::grant::Permissions;
use super::network::AllowedIps;
use super::owner::Owner;
use super::record::Record;

/// What a merge patch does with one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Patch<T> {
    /// The member is absent: the attribute stays as it is.
    Unchanged,
    /// The member is `null`: the attribute is removed.
    Clear,
    /// The member has a value, which replaces the attribute.
    Set(T),
}

/// The changes that an update makes to a token.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenPatch {
    /// The description.
    pub description: Patch<Description>,
    /// The owner.
    pub owner: Patch<Owner>,
    /// The permissions, replaced as a whole. `None` leaves them unchanged: a token always has permissions.
    pub permissions: Option<Permissions>,
    /// The addresses from which the token may be used.
    pub allowed_ips: Patch<AllowedIps>,
    /// Whether the token may regenerate itself. [`Patch::Clear`] means that it may not.
    pub self_regenerate: Patch<bool>,
}

impl TokenPatch {
    /// Applies the patch to a record.
    pub fn apply_to(self, record: &mut Record) {
        // Destructured, so that a new attribute does not compile until it is considered here.
        let Self { description, owner, permissions, allowed_ips, self_regenerate } = self;
        description.apply_to(&mut record.description);
        owner.apply_to(&mut record.owner);
        if let Some(permissions) = permissions {
            record.permissions = permissions;
        }
        allowed_ips.apply_to(&mut record.allowed_ips);
        match self_regenerate {
            Patch::Unchanged => {}
            other => record.self_regenerate = other.into_value().unwrap_or_default(),
        }
    }
}

impl<T> Patch<T> {
    /// Returns the value, if there is one.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Unchanged | Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    fn apply_to(self, current: &mut Option<T>) {
        match self {
            Self::Unchanged => {}
            Self::Clear => *current = None,
            Self::Set(value) => *current = Some(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_null_and_a_value_differ() {
        for (patch, current, expected) in [
            (Patch::Unchanged, None, None),
            (Patch::Unchanged, Some(1), Some(1)),
            (Patch::Clear, Some(1), None),
            (Patch::Set(1), None, Some(1)),
            (Patch::Set(1), Some(2), Some(1)),
        ] {
            let mut value = current;
            patch.clone().apply_to(&mut value);
            assert_eq!(value, expected, "{patch:?} of {current:?}");
        }
    }
}
