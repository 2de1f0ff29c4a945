//! Requests for pages of events, of one token or of a range of days, and the cursors with which the pages continue.

use super::cursor::{self, CursorError};
use super::id::TokenId;
use super::time::{Day, Timestamp};

/// The maximum number of days in a range.
pub const MAX_DAYS: u64 = 366;

/// A request for a page of one token's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenEventsRequest {
    /// The token.
    pub id: TokenId,
    /// The maximum number of events: 1 to 100.
    pub limit: u8,
    /// The sort key of the event after which the page starts. `None` for the first page.
    pub after: Option<String>,
}

impl TokenEventsRequest {
    /// Returns the cursor of the page that follows the event with the sort key `last`.
    pub fn cursor(&self, last: &str) -> String {
        cursor::encode(&Self::query(self.id), last)
    }

    /// Parses a cursor. Returns the sort key of the event after which its page starts.
    ///
    /// # Errors
    /// [`CursorError`].
    pub fn parse_cursor(id: TokenId, cursor: &str) -> Result<String, CursorError> {
        cursor::decode(&Self::query(id), cursor)
    }

    /// Returns the query that a cursor is made for. With another query, that is for another token, the cursor is rejected.
    fn query(id: TokenId) -> String {
        format!("token-events/{id}")
    }
}

/// A request for a page of the events of a range of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayEventsRequest {
    /// The range, as the caller gave it, to which the cursors are bound.
    pub range: DayRange,
    /// The maximum number of events: 1 to 100.
    pub limit: u8,
    /// Where the page starts.
    pub position: DayPosition,
}

/// The range of days that a caller asks for. Both days default to today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRange {
    /// The first day.
    pub from: Option<Day>,
    /// The last day.
    pub to: Option<Day>,
}

/// The place in a range of days at which a page starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayPosition {
    /// The day.
    pub day: Day,
    /// The last day of the range.
    pub last_day: Day,
    /// The sort key of the event after which the page starts. `None` for the start of the day.
    pub after: Option<String>,
}

/// Why a range of days is not accepted. The message describes the parameter `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// The last day is before the first one.
    #[error("must not be earlier than `from`, which is today by default")]
    Order,
    /// There are too many days.
    #[error("must be at most 365 days after `from`")]
    Length,
}

impl DayRange {
    /// Returns the position at which the first page starts. Days after today have no events yet, so the range is cut off after
    /// today, or after its first day if that is later.
    ///
    /// # Errors
    /// [`RangeError`].
    pub fn start(&self, now: Timestamp) -> Result<DayPosition, RangeError> {
        let today = Day::of(now);
        let (day, last_day) = (self.from.unwrap_or(today), self.to.unwrap_or(today));
        // Both days are counted, so one day is 1, and 0 means that the last day is before the first one.
        match day.days_to(last_day) {
            0 => Err(RangeError::Order),
            1..=MAX_DAYS => {
                let last_day = last_day.min(today.max(day));
                Ok(DayPosition { day, last_day, after: None })
            }
            _ => Err(RangeError::Length),
        }
    }

    /// Returns the cursor of the page at `position`.
    pub fn cursor(&self, position: &DayPosition) -> String {
        let DayPosition { day, last_day, after } = position;
        let after = after.as_deref().unwrap_or_default();
        cursor::encode(&self.query(), &format!("{last_day}/{day}/{after}"))
    }

    /// Returns the position that a cursor contains.
    ///
    /// # Errors
    /// [`CursorError`].
    pub fn parse_cursor(&self, cursor: &str) -> Result<DayPosition, CursorError> {
        let text = cursor::decode(&self.query(), cursor)?;
        let mut parts = text.splitn(3, '/');
        let mut day = || parts.next().and_then(Day::parse);
        let (last_day, day) = day().zip(day()).ok_or(CursorError::Damaged)?;
        let after = parts.next().filter(|after| !after.is_empty()).map(str::to_owned);
        Ok(DayPosition { day, last_day, after })
    }

    /// Returns the query that a cursor is made for. With another query, that is for another range, the cursor is rejected.
    ///
    /// The query contains only the days that the caller gave. The default, which is today, changes at midnight, and would
    /// invalidate the cursor.
    fn query(&self) -> String {
        let text = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        format!("day-events/{}/{}", text(self.from), text(self.to))
    }
}

impl DayPosition {
    /// Returns the start of the next page, or `None` at the end of the range. `last` is the sort key of the last event of this
    /// page, or `None` if the day has no further events.
    pub fn next(&self, last: Option<String>) -> Option<Self> {
        match last {
            Some(after) => Some(Self { after: Some(after), ..self.clone() }),
            None if self.day < self.last_day => {
                Some(Self { day: self.day.next(), last_day: self.last_day, after: None })
            }
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Day> {
        Some(Day::parse(text).unwrap())
    }

    fn range(from: Option<Day>, to: Option<Day>) -> DayRange {
        DayRange { from, to }
    }

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-23T09:00:00Z").unwrap()
    }

    #[test]
    fn a_range_is_today_by_default_and_ends_today() {
        let start = range(None, None).start(now()).unwrap();
        assert_eq!((Some(start.day), Some(start.last_day)), (day("2026-11-23"), day("2026-11-23")));
        let start = range(day("2026-11-20"), day("2027-01-01")).start(now()).unwrap();
        assert_eq!((Some(start.day), Some(start.last_day)), (day("2026-11-20"), day("2026-11-23")));
        let start = range(day("2027-01-01"), day("2027-01-02")).start(now()).unwrap();
        assert_eq!(start.day, start.last_day);
    }

    #[test]
    fn a_range_is_ordered_and_has_366_days_at_most() {
        assert!(range(day("2025-11-23"), None).start(now()).is_ok());
        assert_eq!(range(day("2025-11-22"), None).start(now()), Err(RangeError::Length));
        assert_eq!(range(day("2026-11-24"), None).start(now()), Err(RangeError::Order));
        assert_eq!(range(None, day("2026-11-22")).start(now()), Err(RangeError::Order));
    }

    #[test]
    fn positions_walk_the_days_and_survive_a_cursor() {
        let range = range(day("2026-11-20"), day("2026-11-21"));
        let start = range.start(now()).unwrap();
        let later = start.next(Some("2026-11-20T09:00:00Z#ab".to_owned())).unwrap();
        let second = later.next(None).unwrap();
        assert_eq!((Some(second.day), &second.after), (day("2026-11-21"), &None));
        assert_eq!(second.next(None), None);
        for position in [start, later, second] {
            assert_eq!(range.parse_cursor(&range.cursor(&position)), Ok(position.clone()));
            let other = DayRange { to: None, ..range };
            let cursor = range.cursor(&position);
            assert_eq!(other.parse_cursor(&cursor), Err(CursorError::OtherQuery));
        }
    }
}
