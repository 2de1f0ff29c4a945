//! The credential: the value of exactly one header, and no other is ever read.

use serde_json::Value;

/// Longer than any token with its scheme; what is longer is not looked at.
const MAX_VALUE: usize = 512;

/// Why there is no credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CredentialError {
    /// The header is absent or empty.
    Absent,
    /// The header is there more than once, holds a list, or is no text.
    Several,
    /// The value is longer than 512 bytes.
    TooLong,
    /// `Authorization` holds something other than `Bearer <token>`.
    Scheme,
}

impl CredentialError {
    /// Its code in the log.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Absent => "no-credential",
            Self::Several => "several-credentials",
            Self::TooLong => "credential-too-long",
            Self::Scheme => "not-a-bearer",
        }
    }
}

/// The token in the values of the header `name` (in lower case): after `Bearer ` in `Authorization` (RFC 6750
/// section 2.1; the scheme in any case), bare in any other.
pub(crate) fn of<'a>(values: &'a [Value], name: &str) -> Result<&'a str, CredentialError> {
    let value = match values {
        [] | [Value::Null] => return Err(CredentialError::Absent),
        [Value::String(value)] => value,
        _ => return Err(CredentialError::Several),
    };
    if value.is_empty() {
        return Err(CredentialError::Absent);
    }
    if value.len() > MAX_VALUE {
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
        // RFC 6750 writes one space, RFC 9110 section 11.4 admits several.
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
        of(values, "authorization")
    }

    #[test]
    fn the_scheme_is_taken_in_any_case_and_no_other() {
        for value in ["Bearer x", "bearer x", "BEARER x", "bEaReR   x"] {
            assert_eq!(authorization(&[json!(value)]), Ok("x"), "{value}");
        }
        for value in ["x", "Bearer", "Basic x", "Bearerx", "Bearer\tx", " Bearer x", "token x"] {
            assert_eq!(authorization(&[json!(value)]), Err(CredentialError::Scheme), "{value}");
        }
    }

    #[test]
    fn any_other_header_holds_the_token_bare() {
        assert_eq!(of(&[json!("x")], "token"), Ok("x"));
        assert_eq!(of(&[json!("Bearer x")], "token"), Ok("Bearer x"));
    }

    #[test]
    fn several_values_and_lists_are_refused() {
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
    fn nothing_is_no_credential() {
        for values in [vec![], vec![json!(null)], vec![json!("")]] {
            assert_eq!(authorization(&values), Err(CredentialError::Absent));
        }
    }

    #[test]
    fn what_is_longer_than_512_bytes_is_refused_unread() {
        let of_length = |length: usize| json!(format!("Bearer {}", "x".repeat(length - 7)));
        assert!(authorization(&[of_length(512)]).is_ok());
        assert_eq!(authorization(&[of_length(513)]), Err(CredentialError::TooLong));
        assert_eq!(authorization(&[json!(",".repeat(513))]), Err(CredentialError::TooLong));
    }
}
