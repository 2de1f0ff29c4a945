//! Reads the credential from the token header, which the environment variable `TOKEN_HEADER` names. No other header is
//! read.

use serde_json::Value;

/// The maximum length of the header's value in bytes. `Bearer` and a token need only 77.
const MAX_LENGTH: usize = 512;

/// Why the header does not contain a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CredentialError {
    /// The header is absent or empty.
    Absent,
    /// The header may contain several credentials: it is repeated, contains a comma, or is not a string.
    Several,
    /// The value is longer than [`MAX_LENGTH`].
    TooLong,
    /// The value of `Authorization` is not `Bearer <token>`.
    Scheme,
}

impl CredentialError {
    /// Returns the code that is logged.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Absent => "no-credential",
            Self::Several => "several-credentials",
            Self::TooLong => "credential-too-long",
            Self::Scheme => "not-a-bearer",
        }
    }
}

/// Returns the credential in the values of the token header. `name` is the header's name in lowercase.
///
/// `Authorization` contains `Bearer` and the credential (RFC 6750 section 2.1), where `Bearer` is case-insensitive. Any
/// other token header contains only the credential.
pub(crate) fn parse<'a>(values: &'a [Value], name: &str) -> Result<&'a str, CredentialError> {
    let value = match values {
        [] | [Value::Null] => return Err(CredentialError::Absent),
        [Value::String(value)] => value,
        _ => return Err(CredentialError::Several),
    };
    if value.is_empty() {
        return Err(CredentialError::Absent);
    }
    if value.len() > MAX_LENGTH {
        return Err(CredentialError::TooLong);
    }
    if value.contains(',') {
        return Err(CredentialError::Several);
    }
    if name != "authorization" {
        return Ok(value);
    }
    let (scheme, token) = value.split_once(' ').ok_or(CredentialError::Scheme)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        // RFC 6750 has one space, RFC 9110 section 11.4 allows several.
        Ok(token.trim_start_matches(' '))
    } else {
        Err(CredentialError::Scheme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn authorization(values: &[Value]) -> Result<&str, CredentialError> {
        parse(values, "authorization")
    }

    #[test]
    fn the_bearer_scheme_is_required_and_case_insensitive() {
        for value in ["Bearer x", "bearer x", "BEARER x", "bEaReR   x"] {
            assert_eq!(authorization(&[json!(value)]), Ok("x"), "{value}");
        }
        for value in ["x", "Bearer", "Basic x", "Bearerx", "Bearer\tx", " Bearer x", "token x"] {
            assert_eq!(authorization(&[json!(value)]), Err(CredentialError::Scheme), "{value}");
        }
    }

    #[test]
    fn another_header_contains_the_token_alone() {
        assert_eq!(parse(&[json!("x")], "token"), Ok("x"));
        assert_eq!(parse(&[json!("Bearer x")], "token"), Ok("Bearer x"));
    }

    #[test]
    fn several_values_and_lists_are_rejected() {
        for values in [
            vec![json!("Bearer x"), json!("Bearer x")],
            vec![json!("Bearer x,Bearer y")],
            vec![json!("Bearer x,")],
            vec![json!(["Bearer x"])],
            vec![json!(7)],
            vec![json!({})],
        ] {
            assert_eq!(authorization(&values), Err(CredentialError::Several), "{values:?}");
        }
    }

    #[test]
    fn an_empty_or_missing_header_is_absent() {
        for values in [vec![], vec![json!(null)], vec![json!("")]] {
            assert_eq!(authorization(&values), Err(CredentialError::Absent));
        }
    }

    #[test]
    fn a_value_longer_than_512_bytes_is_rejected() {
        let of_length = |length: usize| json!(format!("Bearer {}", "x".repeat(length - 7)));
        assert!(authorization(&[of_length(512)]).is_ok());
        assert_eq!(authorization(&[of_length(513)]), Err(CredentialError::TooLong));
        assert_eq!(authorization(&[json!(",".repeat(513))]), Err(CredentialError::TooLong));
    }
}
