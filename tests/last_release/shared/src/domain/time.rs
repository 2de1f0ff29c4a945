//! Moments, to the second.

use chrono::{DateTime, SecondsFormat, Utc};
use std::fmt;

/// Seconds in a day, as lifetimes and retentions count them.
pub const DAY: i64 = 86_400;

/// A moment in whole seconds since 1970-01-01T00:00:00Z, from year 0 to year 9999.
///
/// WriteOutcome as RFC 3339 in UTC with `Z` and no fraction, e.g. `2026-11-23T09:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Why a text is not a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// Not RFC 3339 at all, or not a date of the calendar.
    #[error("must be a date and time in RFC 3339, such as 2026-12-31T23:59:59Z")]
    Format,
    /// A fraction of a second other than zero: nothing here is finer than a second.
    #[error("must be a whole second")]
    Fraction,
}

impl Timestamp {
    /// The last moment that RFC 3339 can write: 9999-12-31T23:59:59Z.
    pub const LATEST: Self = Self(253_402_300_799);

    /// The moment `seconds` after (or before) 1970-01-01T00:00:00Z; `None` past year 9999 or before year 0.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        let year_zero = -62_167_219_200;
        (year_zero..=Self::LATEST.0).contains(&seconds).then_some(Self(seconds))
    }

    /// Reads RFC 3339 with any offset and converts it to UTC.
    ///
    /// # Errors
    /// [`TimestampError::Fraction`] for a fraction other than zero or a leap second, else [`TimestampError::Format`].
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        let moment = DateTime::parse_from_rfc3339(text).map_err(|_| TimestampError::Format)?;
        // The parser drops digits past the ninth, so the text itself is asked.
        let fraction = text.split_once('.').map_or("", |(_, rest)| rest);
        let digits = fraction.bytes().take_while(u8::is_ascii_digit);
        if moment.timestamp_subsec_nanos() != 0 || digits.into_iter().any(|digit| digit != b'0') {
            return Err(TimestampError::Fraction);
        }
        Self::from_seconds(moment.timestamp()).ok_or(TimestampError::Format)
    }

    /// Seconds since 1970-01-01T00:00:00Z, the unit of DynamoDB's TTL.
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// This moment and `days` days of 86,400 seconds, held at the end of year 9999.
    pub fn plus_days(self, days: u32) -> Self {
        Self(self.0.saturating_add(i64::from(days) * DAY).min(Self::LATEST.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = DateTime::<Utc>::from_timestamp(self.0, 0).ok_or(fmt::Error)?;
        f.write_str(&moment.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: i64 = Timestamp::LATEST.0;

    #[test]
    fn moments_with_an_offset_are_converted_to_utc() {
        let moment = Timestamp::parse("2026-11-23T10:30:00+01:30").unwrap();
        assert_eq!(moment.seconds(), 1_795_424_400);
        assert_eq!(moment.to_string(), "2026-11-23T09:00:00Z");
    }

    #[test]
    fn a_fraction_of_zero_is_a_whole_second() {
        assert_eq!(
            Timestamp::parse("2026-11-23T09:00:00.000Z"),
            Timestamp::parse("2026-11-23T09:00:00Z")
        );
    }

    #[test]
    fn a_fraction_other_than_zero_is_refused_however_small() {
        for text in
            ["2026-11-23T09:00:00.5Z", "2026-11-23T09:00:00.0000000000001Z", "2026-12-31T23:59:60Z"]
        {
            assert_eq!(Timestamp::parse(text), Err(TimestampError::Fraction), "{text}");
        }
    }

    #[test]
    fn what_is_not_rfc_3339_is_refused() {
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
    fn only_years_that_rfc_3339_can_write_exist() {
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
