//! `If-Match`: the condition that a caller requires of a token before it is changed.

use super::version::{Version, from_entity_tag};

/// The condition that a record must meet for a write to apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// No header, or `*`: the record only has to exist. The last write wins.
    Exists,
    /// The record must have one of these versions. An empty list matches no record.
    Version {
        /// The versions of the strong tags.
        any_of: Vec<Version>,
        /// Whether the header has a weak tag, which matches no record.
        has_weak_tag: bool,
    },
}

/// A record does not have a version that the precondition allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token has another version")]
pub struct VersionConflict {
    /// Whether the header has a weak tag, which the caller may believe to match.
    pub has_weak_tag: bool,
}

impl Precondition {
    /// Parses the value of an `If-Match` header (RFC 9110 section 13.1.1): `*`, or a list of entity tags.
    ///
    /// The comparison is strong, so a weak tag matches no record.
    pub fn parse(header: Option<&str>) -> Self {
        match header.map(str::trim) {
            None | Some("*") => Self::Exists,
            Some(tags) => {
                let tags = tags.split(',').map(str::trim);
                let has_weak_tag = tags.clone().any(|tag| tag.starts_with("W/"));
                Self::Version { any_of: tags.filter_map(from_entity_tag).collect(), has_weak_tag }
            }
        }
    }

    /// Checks the version that was read. Returns it if the caller requires a version, so that the write requires it too.
    ///
    /// # Errors
    /// [`VersionConflict`].
    pub fn check(&self, version: Version) -> Result<Option<Version>, VersionConflict> {
        match self {
            Self::Exists => Ok(None),
            Self::Version { any_of, .. } if any_of.contains(&version) => Ok(Some(version)),
            Self::Version { .. } => Err(self.conflict()),
        }
    }

    /// Returns the error of a record that does not meet this condition.
    pub fn conflict(&self) -> VersionConflict {
        VersionConflict { has_weak_tag: matches!(self, Self::Version { has_weak_tag: true, .. }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: Option<&str>) -> Result<Option<Version>, VersionConflict> {
        Precondition::parse(header).check(7)
    }

    #[test]
    fn no_header_and_a_star_match_every_version() {
        assert_eq!(check(None), Ok(None));
        assert_eq!(check(Some(" * ")), Ok(None));
    }

    #[test]
    fn only_strongly_equal_tags_match_a_version() {
        assert_eq!(check(Some("\"7\"")), Ok(Some(7)));
        assert_eq!(check(Some("\"3\" , \"7\"")), Ok(Some(7)));
        for header in
            ["", "7", "\"8\"", "\"07\"", "\"+7\"", "\"7", "'7'", "\"*\"", "\"7\" \"7\"", "w/\"7\""]
        {
            assert_eq!(
                check(Some(header)),
                Err(VersionConflict { has_weak_tag: false }),
                "{header}"
            );
        }
        for header in ["W/\"7\"", "\"8\", W/\"7\""] {
            assert_eq!(
                check(Some(header)),
                Err(VersionConflict { has_weak_tag: true }),
                "{header}"
            );
        }
    }

    #[test]
    fn one_matching_tag_among_many_is_found() {
        let tags: Vec<_> = (8..=2000).chain([7]).map(|version| format!("\"{version}\"")).collect();
        assert_eq!(check(Some(&tags.join(","))), Ok(Some(7)));
    }
}
