//! The three states of a member in a merge patch (RFC 7396).

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
