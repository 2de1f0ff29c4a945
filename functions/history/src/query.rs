//! The query parameters of the history.

use lambda_http::Request;
use shared::domain::cursor::CursorError;
use shared::domain::history::{DayEventsRequest, DayRange, TokenEventsRequest};
use shared::domain::time::{Day, Timestamp};
use shared::http::{self, HttpError};
use std::collections::BTreeMap;

type Query<'a> = BTreeMap<&'a str, &'a str>;

/// Parses a request for the events of one token.
pub(super) fn token_events(event: &Request) -> Result<TokenEventsRequest, HttpError> {
    let query = http::query(event, &["limit", "cursor"])?;
    let (id, limit) = (http::id(event)?, http::limit(&query)?);
    let after = query.get("cursor").map(|text| TokenEventsRequest::parse_cursor(id, text));
    let after = after.transpose().map_err(invalid_cursor)?;
    Ok(TokenEventsRequest { id, limit, after })
}

/// Parses a request for the events of a range of days.
pub(super) fn day_events(event: &Request, now: Timestamp) -> Result<DayEventsRequest, HttpError> {
    let query = http::query(event, &["from", "to", "limit", "cursor"])?;
    let range = DayRange { from: day(&query, "from")?, to: day(&query, "to")? };
    let position = match query.get("cursor") {
        // Every `RangeError` describes `to`.
        None => range.start(now).map_err(|error| HttpError::query("to", error.to_string()))?,
        // The range was valid when its first page was read. A default may have changed since, at midnight.
        Some(text) => range.parse_cursor(text).map_err(invalid_cursor)?,
    };
    Ok(DayEventsRequest { range, limit: http::limit(&query)?, position })
}

fn day(query: &Query<'_>, name: &str) -> Result<Option<Day>, HttpError> {
    let Some(text) = query.get(name) else {
        return Ok(None);
    };
    let expected = "must be a day that exists, such as `2026-11-23`";
    Day::parse(text).map(Some).ok_or_else(|| HttpError::query(name, expected))
}

fn invalid_cursor(error: CursorError) -> HttpError {
    HttpError::query("cursor", error.to_string())
}
