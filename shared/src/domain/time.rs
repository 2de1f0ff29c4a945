//! Times with a resolution of one second.

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};
use std::fmt;

/// The number of seconds in a day, by which lifetimes and retentions are counted.
pub const DAY: u64 = 86_400;

/// A time in whole seconds since 1970-01-01T00:00:00Z, from year 0 to year 9999.
///
/// Written as RFC 3339 in UTC with `Z` and no fraction, e.g. `2026-11-23T09:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Why a text is not a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// The text is not RFC 3339, or its year is not from 0 to 9999 in UTC.
    #[error("must be a date and time in RFC 3339, such as `2026-12-31T23:59:59Z`")]
    Format,
    /// The month does not have this day, or the year this month.
    #[error("must be a day of the calendar; this month has no such day, or there is no such month")]
    Day,
    /// The day does not have this time.
    #[error("must have a time from `00:00:00` to `23:59:59`")]
    Time,
    /// The time is the 60th second of a minute, which times in seconds since 1970 cannot express.
    #[error("must not be a leap second; use `59` as the seconds")]
    LeapSecond,
}

impl Timestamp {
    /// The latest time that RFC 3339 can express: 9999-12-31T23:59:59Z.
    pub const LATEST: Self = Self(253_402_300_799);

    /// Creates a timestamp from seconds since 1970-01-01T00:00:00Z. Returns `None` outside the years 0 to 9999.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        let year_zero = -62_167_219_200;
        (year_zero..=Self::LATEST.0).contains(&seconds).then_some(Self(seconds))
    }

    /// Parses RFC 3339 with any offset and converts it to UTC. A fraction of a second is dropped.
    ///
    /// # Errors
    /// [`TimestampError`].
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        // chrono accepts more than RFC 3339, such as a blank instead of `T`, and does not tell an impossible date from an
        // impossible time.
        let (date, time) = local_parts(text).ok_or(TimestampError::Format)?;
        NaiveDate::parse_from_str(date, "%Y-%m-%d").map_err(|_| TimestampError::Day)?;
        if time.ends_with(":60") {
            return Err(TimestampError::LeapSecond);
        }
        NaiveTime::parse_from_str(time, "%H:%M:%S").map_err(|_| TimestampError::Time)?;
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| TimestampError::Format)?;
        Self::from_seconds(time.timestamp()).ok_or(TimestampError::Format)
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z, the unit of DynamoDB's TTL.
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// Returns the seconds from `earlier` to this time, or 0 if it is not earlier.
    pub fn seconds_since(self, earlier: Self) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0)
    }

    /// Returns the time `seconds` later, at most [`Self::LATEST`].
    pub fn plus_seconds(self, seconds: u64) -> Self {
        Self(self.0.saturating_add_unsigned(seconds).min(Self::LATEST.0))
    }

    /// Returns the time `days` days of 86,400 seconds later, at most [`Self::LATEST`].
    pub fn plus_days(self, days: u32) -> Self {
        self.plus_seconds(u64::from(days) * DAY)
    }
}

/// A day in UTC, written `2026-11-23`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(NaiveDate);

impl Day {
    /// Parses a day. Returns `None` for another form, and for a day that does not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self)?;
        (day.to_string() == text).then_some(day)
    }

    /// Returns the day of a time.
    pub fn of(time: Timestamp) -> Self {
        Self(DateTime::<Utc>::from_timestamp(time.0, 0).unwrap_or_default().date_naive())
    }

    /// Returns the next day, or the same day if it is the last one that can be expressed.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.succ_opt().unwrap_or(self.0))
    }

    /// Returns the number of days from this one to `last`, both included, or 0 if `last` is earlier.
    pub fn days_to(self, last: Self) -> u64 {
        u64::try_from((last.0 - self.0).num_days().saturating_add(1)).unwrap_or(0)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = DateTime::<Utc>::from_timestamp(self.0, 0).ok_or(fmt::Error)?;
        f.write_str(&time.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

/// Splits `2026-12-31T23:59:59.5+01:00` into date and time, without fraction and offset. Returns `None` for a text without
/// the form of RFC 3339 (section 5.6).
fn local_parts(text: &str) -> Option<(&str, &str)> {
    let (local, rest) = text.split_at_checked("YYYY-MM-DDTHH:MM:SS".len())?;
    // In a form, `0` stands for any digit, and `T` for either case.
    let has_form = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(byte, expected)| match expected {
                b'0' => byte.is_ascii_digit(),
                b'T' => byte.eq_ignore_ascii_case(&b'T'),
                expected => byte == expected,
            })
    };
    let offset = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let offset = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            (offset.len() < fraction.len()).then_some(offset)?
        }
    };
    let is_offset = offset.eq_ignore_ascii_case("Z")
        || has_form(offset, "+00:00")
        || has_form(offset, "-00:00");
    let is_valid = has_form(local, "0000-00-00T00:00:00") && is_offset;
    let (date, time) = local.split_at_checked("YYYY-MM-DD".len())?;
    is_valid.then_some((date, time.get(1..)?))
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
    fn parse_drops_a_fraction() {
        let whole = Timestamp::parse("2026-11-23T09:00:00Z");
        for text in [
            "2026-11-23T09:00:00.000Z",
            "2026-11-23T09:00:00.5Z",
            "2026-11-23T09:00:00.999999999999Z",
            "2026-11-23T10:00:00.1+01:00",
            "2026-11-23t09:00:00z",
        ] {
            assert_eq!(Timestamp::parse(text), whole, "{text}");
        }
    }

    #[test]
    fn parse_rejects_other_formats_than_rfc_3339() {
        for text in [
            "",
            "tomorrow",
            "2026-11-23",
            "2026-11-23T09:00:00",
            "2026-11-23 09:00:00Z",
            "2026-11-23T09:00:00 Z",
            "2026-11-23T09:00:00\u{2212}01:00",
            "2026-11-23T09:00:00+0100",
            "2026-11-23T09:00:00+24:00",
            "2026-11-23T09:00:00.Z",
            "2026-11-23T09:00:00,5Z",
            "2026-11-23T09:00Z",
            "+2026-11-23T09:00:00Z",
            "2026-1-23T09:00:00ZZ",
            "1795424400",
            "９999-11-23T09:00:00Z", // the first digit is full-width
        ] {
            assert_eq!(Timestamp::parse(text), Err(TimestampError::Format), "{text}");
        }
    }

    #[test]
    fn parse_reports_which_part_does_not_exist() {
        for text in ["2027-02-29T09:00:00Z", "2026-04-31T09:00:00Z", "2026-13-01T09:00:00Z"] {
            assert_eq!(Timestamp::parse(text), Err(TimestampError::Day), "{text}");
        }
        for text in ["2026-11-23T24:00:00Z", "2026-11-23T09:60:00Z", "2026-11-23T09:00:61Z"] {
            assert_eq!(Timestamp::parse(text), Err(TimestampError::Time), "{text}");
        }
        for text in ["2026-12-31T23:59:60Z", "2026-12-31T23:59:60.5+01:00"] {
            assert_eq!(Timestamp::parse(text), Err(TimestampError::LeapSecond), "{text}");
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

    #[test]
    fn a_day_is_parsed_strictly_and_has_a_next_one() {
        let day = Day::parse("2028-02-28").unwrap();
        assert_eq!(day.next().to_string(), "2028-02-29");
        assert_eq!(day.days_to(Day::parse("2028-03-01").unwrap()), 3);
        assert_eq!(day.days_to(Day::parse("2028-02-01").unwrap()), 0);
        assert_eq!(Day::of(Timestamp::parse("2028-02-28T23:59:59Z").unwrap()), day);
        for text in ["", "2027-02-29", "2028-2-28", "+2028-02-28", "2028-02-28T", "today"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }
}
