//! Versions of a record, and their entity tags.

/// A record's version: 1 when the token is generated, and one more with every write.
pub type Version = u64;

/// Returns a version's entity tag, as the `ETag` header contains it.
pub fn entity_tag(version: Version) -> String {
    format!("\"{version}\"")
}

/// Returns the version that has this entity tag, or `None` if the tag is not one that [`entity_tag`] returns.
pub fn from_entity_tag(tag: &str) -> Option<Version> {
    let version = tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()?;
    // Entity tags are compared character by character, so `"01"` and `"+1"` are not `"1"`.
    (entity_tag(version) == tag).then_some(version)
}
