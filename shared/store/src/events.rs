//! Events for endpoints, by day and shard.

use futures::future::try_join_all;
use jiff::civil::Date;
use rules::{ids::EventId, outbound_event::OutboundEvent};

use crate::{
    error::StoreError,
    keys::{self, EVENT_SHARDS},
    row,
    table::Store,
};

impl Store {
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn event(&self, event: &EventId) -> Result<Option<OutboundEvent>, StoreError> {
        self.get("read event", &keys::event(event)).await
    }

    /// Up to `limit` events of a UTC day after that one, in the order of their ids.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn events_of(
        &self,
        day: Date,
        after: Option<&EventId>,
        limit: usize,
    ) -> Result<Vec<OutboundEvent>, StoreError> {
        // `~` sorts after every id; with one more character a place is after the id itself
        let first = after.map_or_else(|| "evt_".to_owned(), |id| format!("{id}!"));
        let page = i32::try_from(limit).unwrap_or(i32::MAX).max(1);
        let shards = (0..EVENT_SHARDS).map(async |shard| {
            let query = self.between(&keys::events(day, shard), &first, "evt_~").limit(page);
            self.query_while("read events", query, limit, row::read::<OutboundEvent>, |_| true).await
        });
        let mut events: Vec<OutboundEvent> = try_join_all(shards).await?.into_iter().flatten().collect();
        events.sort_by(|one, other| one.id.cmp(&other.id));
        events.truncate(limit);
        Ok(events)
    }

    /// The UTC day on which an event happened.
    pub fn day_of(event: &EventId) -> Date {
        keys::day_of(event)
    }
}
