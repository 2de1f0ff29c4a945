//! Times with a resolution of one second.

use chrono::{DateTime, SecondsFormat, Utc};
use std::fmt;

/// Seconds in a day of a lifetime or a retention.
pub const DAY: i64 = 86_400;

/// A time in whole seconds since 1970-01-01T00:00:00Z, from year 0 to year 9999.
///
/// Written as RFC 3339 in UTC with `Z` and no fraction, e.g. `2026-11-23T09:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Why a text is not a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// The text is not RFC 3339, or not a date of the calendar.
    #[error("must be a date and time in RFC 3339, such as `2026-12-31T23:59:59Z`")]
    Format,
    /// The text has a fraction of a second other than zero.
    #[error("must be a whole second, without a fraction")]
    Fraction,
}

impl Timestamp {
    /// The latest time that RFC 3339 can express: 9999-12-31T23:59:59Z.
    pub const LATEST: Self = Self(253_402_300_799);

    /// Creates a timestamp from seconds since 1970-01-01T00:00:00Z. Returns `None` outside the years 0 to 9999.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        let year_zero = -62_167_219_200;
        (year_zero..=Self::LATEST.0).contains(&seconds).then_some(Self(seconds))
    }

    /// Parses RFC 3339 with any offset and converts it to UTC.
    ///
    /// # Errors
    /// [`TimestampError::Fraction`] for a fraction other than zero or a leap second, otherwise
    /// [`TimestampError::Format`].
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| TimestampError::Format)?;
        // The parser ignores digits after the ninth, so the text itself is checked.
        let fraction = text.split_once('.').map_or("", |(_, rest)| rest);
        let digits = fraction.bytes().take_while(u8::is_ascii_digit);
        if time.timestamp_subsec_nanos() != 0 || digits.into_iter().any(|digit| digit != b'0') {
            return Err(TimestampError::Fraction);
        }
        Self::from_seconds(time.timestamp()).ok_or(TimestampError::Format)
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z, the unit of DynamoDB's TTL.
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// Returns the time `days` days of 86,400 seconds later, at most [`Self::LATEST`].
    pub fn plus_days(self, days: u32) -> Self {
        Self(self.0.saturating_add(i64::from(days) * DAY).min(Self::LATEST.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = DateTime::<Utc>::from_timestamp(self.0, 0).ok_or(fmt::Error)?;
        f.write_str(&time.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: i64 = Timestamp::LATEST.0;

    #[test]
    fn parse_converts_an_offset_to_utc() {
        let timestamp = Timestamp::parse("2026-11-23T10:30:00+01:30").unwrap();
        assert_eq!(timestamp.seconds(), 1_795_424_400);
        assert_eq!(timestamp.to_string(), "2026-11-23T09:00:00Z");
    }

    #[test]
    fn parse_accepts_a_fraction_of_zero() {
        assert_eq!(
            Timestamp::parse("2026-11-23T09:00:00.000Z"),
            Timestamp::parse("2026-11-23T09:00:00Z")
        );
    }

    #[test]
    fn parse_rejects_any_other_fraction() {
        for text in
            ["2026-11-23T09:00:00.5Z", "2026-11-23T09:00:00.0000000000001Z", "2026-12-31T23:59:60Z"]
        {
            assert_eq!(Timestamp::parse(text), Err(TimestampError::Fraction), "{text}");
        }
    }

    #[test]
    fn parse_rejects_what_is_not_rfc_3339() {
        for text in [
            "",
            "tomorrow",
            "2026-11-23",
            "2026-11-23T09:00:00",
            "2026-02-30T09:00:00Z",
            "1795424400",
        ] {
            assert_eq!(Timestamp::parse(text), Err(TimestampError::Format), "{text}");
        }
    }

    #[test]
    fn timestamps_cover_the_years_of_rfc_3339() {
        assert_eq!(Timestamp::from_seconds(LAST).unwrap().to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(Timestamp::from_seconds(LAST + 1), None);
        assert_eq!(
            Timestamp::from_seconds(-62_167_219_200).unwrap().to_string(),
            "0000-01-01T00:00:00Z"
        );
        assert_eq!(Timestamp::from_seconds(-62_167_219_201), None);
        assert_eq!(Timestamp::from_seconds(LAST).unwrap().plus_days(1).seconds(), LAST);
    }
}
