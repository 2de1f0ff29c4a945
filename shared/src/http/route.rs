//! The method and the path on which simulate or introspect decides.

use crate::domain::violation::Violation;

const MAX_METHOD: usize = 32;

/// Parses a method. It need not be a standard one, because a route for `ANY` also accepts others, such as `PURGE`.
///
/// # Errors
/// The violation `method`.
pub fn parse_method(text: &str) -> Result<String, Violation> {
    let words = text.split('-');
    let are_words = words
        .into_iter()
        .all(|word| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_uppercase()));
    if text.len() > MAX_METHOD || !are_words || text == "ANY" {
        let detail = format!(
            "must be a method in capitals, such as `GET` but not `ANY`, of at most {MAX_METHOD} characters"
        );
        return Err(Violation::new("method", detail));
    }
    Ok(text.to_owned())
}

/// Parses a path as a client sends it, percent-encoded. An unsafe path is accepted here; the decision denies it to all but
/// super admins.
///
/// # Errors
/// The violation `path`.
pub fn parse_path(text: &str) -> Result<String, Violation> {
    let invalid = |detail: &str| Err(Violation::new("path", detail));
    if !text.starts_with('/') {
        return invalid("must start with `/`");
    }
    if text.contains(['?', '#']) || text.chars().any(char::is_control) {
        return invalid("must not contain a query, a fragment or control characters");
    }
    Ok(text.to_owned())
}
