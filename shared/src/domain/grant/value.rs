//! The rules for values in grants.

use super::super::method;
use super::super::permission::Member;
use super::super::segment::is_invisible;
use super::super::violation::Violation;

/// The maximum length of a value in characters.
pub(super) const MAX_LENGTH: usize = 256;

/// A check of one value.
type Check = fn(&str) -> Result<(), Violation>;

/// Checks a name in a member of a grant: a valid value, or `*` for all.
///
/// # Errors
/// The violation `value` or `environment`.
pub fn check_name(member: &Member, name: &str) -> Result<(), Violation> {
    check_name_with(check_value, member, name)
}

/// Checks a stored name. Earlier releases accepted more than [`check_name`] does.
pub(super) fn check_stored_name(member: &Member, name: &str) -> Result<(), Violation> {
    check_name_with(check_stored_value, member, name)
}

fn check_name_with(check: Check, member: &Member, name: &str) -> Result<(), Violation> {
    match member.pair {
        _ if name == "*" => Ok(()),
        Some(pair) => check_pair(check, pair, name),
        None => check(name),
    }
}

/// Checks a method in a grant: an HTTP method, or `*` for all.
///
/// # Errors
/// The violation `method`.
pub fn check_method(text: &str) -> Result<(), Violation> {
    if text == "*" || method::ALL.contains(&text) {
        return Ok(());
    }
    let detail = "must be an HTTP method in capitals, such as `GET`; use `*` alone to match all";
    Err(Violation::new("method", detail))
}

/// Checks one name, or one segment of a path.
pub(super) fn check_value(text: &str) -> Result<(), Violation> {
    check_stored_value(text)?;
    if text.contains(';') {
        return invalid("must not contain `;`");
    }
    if text.trim() != text {
        return invalid("must not start or end with white space");
    }
    if text.contains(is_invisible) {
        return invalid("must not contain invisible characters");
    }
    Ok(())
}

/// Checks a stored value, by the rules that every release has applied. The further rules of [`check_value`] apply only to
/// new values, because a stored grant that an earlier release accepted must stay readable.
pub(super) fn check_stored_value(text: &str) -> Result<(), Violation> {
    // A character has at least one byte, so only the characters of long texts need to be counted.
    if text.is_empty() || text.len() > MAX_LENGTH && text.chars().count() > MAX_LENGTH {
        return invalid(&format!("must have 1 to {MAX_LENGTH} characters"));
    }
    if text == "." || text == ".." {
        return invalid("must not be `.` or `..`");
    }
    let is_forbidden = |one: &char| one.is_control() || matches!(one, '*' | '/' | '\\' | '%');
    match text.chars().find(is_forbidden) {
        None => Ok(()),
        Some('*') => invalid("must not contain `*`; use `*` alone to match everything"),
        Some(_) => invalid("must not contain `/`, `\\`, `%` or control characters"),
    }
}

fn check_pair(check: Check, [one, other]: [&str; 2], text: &str) -> Result<(), Violation> {
    let Some((first, second)) = text.rsplit_once('/') else {
        let detail = format!("must be `{one}/{other}`, `{one}/*` or `*`");
        // The code is older than vocabularies of deployments, in which a pair need not be an environment. A code never changes.
        return Err(Violation::new("environment", detail));
    };
    if text.chars().count() > MAX_LENGTH {
        // The check fails because of the length.
        return check(text);
    }
    first.split('/').try_for_each(check)?;
    if second == "*" { Ok(()) } else { check(second) }
}

fn invalid(detail: &str) -> Result<(), Violation> {
    Err(Violation::new("value", detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::STORES;

    fn of_length(length: usize) -> String {
        let cluster = "c".repeat(length - 4);
        format!("{cluster}/web")
    }

    #[test]
    fn a_pair_has_two_segments_and_at_most_256_characters() {
        let check = |text: &str| check_name(&STORES, text);
        for text in ["*", "c/web", "c/*", "arn:aws/c/web", &of_length(256)] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        for (text, code) in [
            ("web", "environment"),
            ("*/web", "value"),
            ("c/", "value"),
            ("/web", "value"),
            ("c/../web", "value"),
            (&of_length(257), "value"),
        ] {
            assert_eq!(check(text).unwrap_err().code, code, "{text}");
        }
        let detail = check("web").unwrap_err().detail;
        assert_eq!(detail, "must be `city/store`, `city/*` or `*`");
    }

    #[test]
    fn a_value_has_no_path_parameter_no_white_space_at_its_ends_and_nothing_invisible() {
        for text in ["a b", "a:b", "é", "a?b", "a#b", "日本"] {
            assert_eq!(check_value(text), Ok(()), "{text:?}");
        }
        for text in [
            "a;b",
            ";",
            " a",
            "a ",
            "\u{a0}a",
            "a\u{3000}",
            " ",
            "a\u{200b}b",
            "\u{feff}a",
            "a\u{ad}",
            "a\u{202e}b",
            "\u{3164}",
        ] {
            assert_eq!(check_value(text).unwrap_err().code, "value", "{text:?}");
            assert_eq!(check_stored_value(text), Ok(()), "earlier releases stored {text:?}");
            let pair = format!("c/{text}");
            assert!(check_name(&STORES, &pair).is_err(), "{text:?}");
            assert_eq!(check_stored_name(&STORES, &pair), Ok(()));
        }
    }

    #[test]
    fn a_method_is_an_http_method_in_capitals_or_a_star() {
        for text in ["GET", "DELETE", "CONNECT", "*"] {
            assert_eq!(check_method(text), Ok(()));
        }
        for text in ["", "get", "ANY", "FETCH"] {
            assert_eq!(check_method(text).unwrap_err().code, "method", "{text}");
        }
    }
}
