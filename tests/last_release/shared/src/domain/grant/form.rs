//! The forms of values in grants.

use super::super::violation::Invalid;

/// The most characters of one value in a grant.
pub(super) const MAX_VALUE: usize = 256;

const METHODS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

/// The form of every value that has no other.
pub(super) fn value(text: &str) -> Result<(), Invalid> {
    let invalid = |why: &str| Err(Invalid::new("value", why));
    if !(1..=MAX_VALUE).contains(&text.chars().count()) {
        return invalid("must have 1 to 256 characters");
    }
    if text.chars().any(|character| character.is_control() || ['/', '\\', '%'].contains(&character))
    {
        return invalid("must hold no control character and none of `/`, `\\` and `%`");
    }
    if text == "." || text == ".." {
        return invalid("must not be `.` or `..`");
    }
    if text.contains('*') {
        return invalid("must not hold `*`: only `*` alone, for all, is a wildcard");
    }
    Ok(())
}

/// The form of a Helm environment.
pub(super) fn helm_environment(text: &str) -> Result<(), Invalid> {
    let form = || Invalid::new("environment", "must be `cluster/namespace`, `cluster/*` or `*`");
    let (cluster, namespace) = text.rsplit_once('/').ok_or_else(form)?;
    if text.chars().count() > MAX_VALUE {
        return value(text);
    }
    cluster.split('/').try_for_each(value)?;
    if namespace == "*" { Ok(()) } else { value(namespace) }
}

/// The form of a method.
pub(super) fn method(text: &str) -> Result<(), Invalid> {
    if METHODS.contains(&text) {
        return Ok(());
    }
    Err(Invalid::new("method", "must be an HTTP method in capitals, such as `GET`, or `*` alone"))
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
        for text in ["c/web", "c/*", "arn:aws/c/web", &of_length(256)] {
            assert_eq!(helm_environment(text), Ok(()), "{text}");
        }
        for (text, code) in [
            ("web", "environment"),
            ("*/web", "value"),
            ("c/", "value"),
            ("/web", "value"),
            ("c/../web", "value"),
            (&of_length(257), "value"),
        ] {
            assert_eq!(helm_environment(text).unwrap_err().code, code, "{text}");
        }
    }

    #[test]
    fn methods_are_those_of_http_in_capitals() {
        for text in ["GET", "DELETE", "CONNECT"] {
            assert_eq!(method(text), Ok(()));
        }
        for text in ["", "get", "ANY", "FETCH", "*"] {
            assert_eq!(method(text).unwrap_err().code, "method", "{text}");
        }
    }
}
