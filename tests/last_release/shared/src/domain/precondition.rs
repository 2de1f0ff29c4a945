//! `If-Match`: what must be true of a record for a write to happen.

/// A version of a record: 1 when generated, raised by one with every write.
pub type Version = u64;

/// The most tags of one header that count: as many as DynamoDB compares with in one `IN`.
const MOST_TAGS: usize = 100;

/// The condition that a caller put on a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// None, or `*`: the record only has to exist. The last write wins.
    Exists,
    /// The record must be at one of these versions. An empty list admits nothing.
    Version(Vec<Version>),
}

impl Precondition {
    /// Reads the value of an `If-Match` header (RFC 9110 section 13.1.1): `*`, or a list of entity tags.
    ///
    /// Comparison is strong, so a weak tag, or one that no record of ours could have, matches nothing.
    pub fn parse(header: Option<&str>) -> Self {
        match header.map(str::trim) {
            None | Some("*") => Self::Exists,
            Some(tags) => {
                let versions = tags.split(',').filter_map(|tag| version(tag.trim()));
                Self::Version(versions.take(MOST_TAGS).collect())
            }
        }
    }

    /// Whether a record at `version` meets the condition.
    pub fn admits(&self, version: Version) -> bool {
        match self {
            Self::Exists => true,
            Self::Version(versions) => versions.contains(&version),
        }
    }
}

fn version(tag: &str) -> Option<Version> {
    let digits = tag.strip_prefix('"')?.strip_suffix('"')?;
    let version = digits.parse().ok()?;
    // `"01"` and `"+1"` are other tags than `"1"`: entity tags are compared character by character.
    (entity_tag(version) == tag).then_some(version)
}

/// The entity tag of a version, as `ETag` carries it.
pub fn entity_tag(version: Version) -> String {
    format!("\"{version}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_header_and_a_star_admit_every_version() {
        assert_eq!(Precondition::parse(None), Precondition::Exists);
        assert_eq!(Precondition::parse(Some(" * ")), Precondition::Exists);
        assert!(Precondition::Exists.admits(7));
    }

    #[test]
    fn only_strongly_equal_tags_admit_a_version() {
        assert!(Precondition::parse(Some("\"7\"")).admits(7));
        assert!(Precondition::parse(Some("\"3\" , \"7\"")).admits(7));
        for header in
            ["", "7", "\"8\"", "W/\"7\"", "\"07\"", "\"+7\"", "\"7", "'7'", "\"*\"", "\"7\" \"7\""]
        {
            assert!(!Precondition::parse(Some(header)).admits(7), "{header}");
        }
    }
}
