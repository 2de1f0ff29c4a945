//! The rules for values in grants.

use super::super::method;
use super::super::permission::Field;
use super::super::violation::Violation;

/// The maximum length of a value in characters.
pub(super) const MAX_LENGTH: usize = 256;

/// Checks a name in a field of a grant: a valid value, or `*` for all.
///
/// # Errors
/// `value` or `environment`.
pub fn check_name(field: Field, name: &str) -> Result<(), Violation> {
    match field {
        _ if name == "*" => Ok(()),
        Field::HelmEnvironments => check_helm_environment(name),
        _ => check_value(name),
    }
}

/// Checks a method in a grant: an HTTP method, or `*` for all.
///
/// # Errors
/// `method`.
pub fn check_method(text: &str) -> Result<(), Violation> {
    if text == "*" || method::ALL.contains(&text) {
        return Ok(());
    }
    let detail = "must be an HTTP method in capitals, such as `GET`; use `*` alone to match all";
    Err(Violation::new("method", detail))
}

/// Checks one name, or one segment of a path.
pub(super) fn check_value(text: &str) -> Result<(), Violation> {
    let invalid = |detail: &str| Err(Violation::new("value", detail));
    if !(1..=MAX_LENGTH).contains(&text.chars().count()) {
        return invalid(&format!("must have 1 to {MAX_LENGTH} characters"));
    }
    if text.chars().any(|one| one.is_control() || ['/', '\\', '%'].contains(&one)) {
        return invalid("must not contain `/`, `\\`, `%` or control characters");
    }
    if text == "." || text == ".." {
        return invalid("must not be `.` or `..`");
    }
    if text.contains('*') {
        return invalid("must not contain `*`; use `*` alone to match everything");
    }
    Ok(())
}

fn check_helm_environment(text: &str) -> Result<(), Violation> {
    let Some((cluster, namespace)) = text.rsplit_once('/') else {
        let detail = "must be `cluster/namespace`, `cluster/*` or `*`";
        return Err(Violation::new("environment", detail));
    };
    if text.chars().count() > MAX_LENGTH {
        return check_value(text);
    }
    cluster.split('/').try_for_each(check_value)?;
    if namespace == "*" { Ok(()) } else { check_value(namespace) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_length(length: usize) -> String {
        let cluster = "c".repeat(length - 4);
        format!("{cluster}/web")
    }

    #[test]
    fn a_helm_environment_is_a_cluster_and_a_namespace_of_256_characters_at_most() {
        let check = |text: &str| check_name(Field::HelmEnvironments, text);
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
