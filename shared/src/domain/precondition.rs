//! `If-Match`: the condition that a caller puts on a write.

use super::version::{Version, from_entity_tag};

/// The maximum number of tags that are compared: DynamoDB's limit for one `IN`.
const MAX_TAGS: usize = 100;

/// The condition that a record must meet for a write to apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// No header, or `*`: the record only has to exist. The last write wins.
    Exists,
    /// The record must have one of these versions. An empty list matches no record.
    Version(Vec<Version>),
}

impl Precondition {
    /// Parses the value of an `If-Match` header (RFC 9110 section 13.1.1): `*`, or a list of entity tags.
    ///
    /// The comparison is strong, so a weak tag matches no record.
    pub fn parse(header: Option<&str>) -> Self {
        match header.map(str::trim) {
            None | Some("*") => Self::Exists,
            Some(tags) => {
                let versions = tags.split(',').filter_map(|tag| from_entity_tag(tag.trim()));
                Self::Version(versions.take(MAX_TAGS).collect())
            }
        }
    }

    /// Returns whether a record with this version meets the condition.
    pub fn matches(&self, version: Version) -> bool {
        match self {
            Self::Exists => true,
            Self::Version(versions) => versions.contains(&version),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_header_and_a_star_match_every_version() {
        assert_eq!(Precondition::parse(None), Precondition::Exists);
        assert_eq!(Precondition::parse(Some(" * ")), Precondition::Exists);
        assert!(Precondition::Exists.matches(7));
    }

    #[test]
    fn only_strongly_equal_tags_match_a_version() {
        assert!(Precondition::parse(Some("\"7\"")).matches(7));
        assert!(Precondition::parse(Some("\"3\" , \"7\"")).matches(7));
        for header in
            ["", "7", "\"8\"", "W/\"7\"", "\"07\"", "\"+7\"", "\"7", "'7'", "\"*\"", "\"7\" \"7\""]
        {
            assert!(!Precondition::parse(Some(header)).matches(7), "{header}");
        }
    }
}
