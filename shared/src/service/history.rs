//! History: the events of a token, or of a range of days.

use super::{Error, TokenService};
use crate::domain::event::Event;
use crate::domain::history::{DayEventsRequest, DayPosition, TokenEventsRequest};
use crate::domain::time::Timestamp;
use crate::store::EventPage;

impl TokenService {
    /// Returns a page of a token's events, the newest first, also after the token is deleted.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there are neither token nor events, and the failures of the table.
    pub async fn token_events(
        &self,
        request: &TokenEventsRequest,
        now: Timestamp,
    ) -> Result<EventPage, Error> {
        let TokenEventsRequest { id, limit, after } = request;
        let page = self.table.token_events(*id, *limit, after.as_deref(), now).await?;
        let is_empty = page.events.is_empty() && page.last.is_none() && after.is_none();
        // A token that an earlier release wrote may have no events yet.
        if is_empty && self.table.get(*id, now).await?.is_none() {
            return Err(Error::NotFound);
        }
        Ok(page)
    }

    /// Returns a page of the events of one day of a range, the oldest first, and where the range continues.
    ///
    /// # Errors
    /// The failures of the table.
    pub async fn day_events(
        &self,
        request: &DayEventsRequest,
        now: Timestamp,
    ) -> Result<(Vec<Event>, Option<DayPosition>), Error> {
        let DayPosition { day, after, .. } = &request.position;
        let day = day.to_string();
        let page = self.table.day_events(&day, request.limit, after.as_deref(), now).await?;
        Ok((page.events, request.position.next(page.last)))
    }
}
