//! The credential: the value of exactly one header, and no other is ever read.

use crate::event::Event;

/// Longer than any token with its scheme; what is longer is not looked at.
const MAX_VALUE: usize = 512;

/// Why there is no credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CredentialError {
    /// The header is absent.
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

/// The token in the header `name` (in lower case): after `Bearer ` in `Authorization` (RFC 6750 section 2.1; the
/// scheme in any case), bare in any other.
pub(crate) fn of<'a>(event: &'a Event, name: &str) -> Result<&'a str, CredentialError> {
    let mut values = event.header(name);
    let value = values.next().ok_or(CredentialError::Absent)?;
    let (Some(value), None) = (value.as_str(), values.next()) else {
        return Err(CredentialError::Several);
    };
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
        Ok(token.trim_start_matches(' '))
    } else {
        Err(CredentialError::Scheme)
    }
}
