//! What endpoints were told, or are to be told: read in order, and sent again.

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use rules::{
    endpoint::EventKind,
    ids::EventId,
    outbound_event::{KEPT, OutboundEvent},
};
use store::{Plan, Store};

use crate::{
    App,
    error::{AppError, Attempt},
    outbound_events::event_write,
};

/// Read at once; of one kind, more may have to be passed over than are asked for.
const PAGE: usize = 100;

impl App {
    /// Up to `limit` events after that one, the oldest first. An event may be recorded some seconds
    /// after the time that its id has, so who follows along asks again from a little earlier.
    ///
    /// # Errors
    /// Whatever the database fails with.
    pub async fn events(
        &self,
        after: Option<&EventId>,
        kind: Option<EventKind>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<OutboundEvent>, AppError> {
        let date = |at: Timestamp| TimeZone::UTC.to_datetime(at).date();
        let oldest = date(now.checked_sub(KEPT).unwrap_or(now));
        let mut day = after.map_or(oldest, |after| Store::day_of(after).max(oldest));
        let mut last = after.cloned();
        let mut events = Vec::new();
        while day <= date(now) && events.len() < limit {
            let page = self.store.events_of(day, last.as_ref(), PAGE).await?;
            let is_whole_day = page.len() < PAGE;
            last = page.last().map(|event| event.id.clone()).or(last);
            events.extend(page.into_iter().filter(|event| kind.is_none_or(|kind| event.kind == kind)));
            if is_whole_day {
                day = day.checked_add(1.day()).unwrap_or(jiff::civil::Date::MAX);
            }
        }
        events.truncate(limit);
        Ok(events)
    }

    /// # Errors
    /// `UnknownEvent`.
    pub async fn event(&self, id: &EventId) -> Result<OutboundEvent, AppError> {
        let event = self.store.event(id).await?;
        event.ok_or_else(|| AppError::UnknownEvent(id.clone()))
    }

    /// Sends it again to all that it was for.
    ///
    /// # Errors
    /// `UnknownEvent`; `Busy`.
    pub async fn redeliver(&self, id: &EventId, now: Timestamp) -> Result<OutboundEvent, AppError> {
        self.until_committed(|| self.try_redeliver(id, now)).await
    }

    async fn try_redeliver(&self, id: &EventId, now: Timestamp) -> Result<OutboundEvent, Attempt> {
        let mut event = self.event(id).await?;
        event.redeliver(now);
        self.store.commit(Plan { writes: vec![event_write(event.clone(), now)] }).await?;
        Ok(event)
    }
}
