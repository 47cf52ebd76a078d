//! Delivering events to endpoints: at least once, by Standard Webhooks, in no particular order. An
//! event is claimed before it is sent, so that runs at the same time do not send it twice.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use futures::future::join_all;
use jiff::Timestamp;
use outbound::{Courier, PostError};
use rules::{
    endpoint::Endpoint,
    ids::{EndpointId, EventId},
    outbound_event::{Attempted, GONE, OutboundEvent},
    program::Programs,
};
use serde_json::{json, value::RawValue};
use store::{CommitError, DueRow, Plan};
use storefront::standard_webhooks::sign;

use crate::{
    App,
    due_work::Served,
    endpoints::EndpointChange,
    error::{AppError, Attempt},
    outbound_events::event_write,
};

/// An endpoint that did not answer so often in a row gets nothing more from this run: waiting for it
/// would keep everybody else's events.
const SILENT_AFTER: u32 = 5;

/// One run's deliveries.
pub(crate) struct Round<'a> {
    courier: &'a Courier,
    /// How often in a row each endpoint has not answered.
    silent: Mutex<BTreeMap<EndpointId, u32>>,
}

impl<'a> Round<'a> {
    pub(crate) fn new(courier: &'a Courier) -> Round<'a> {
        Round { courier, silent: Mutex::default() }
    }

    fn is_silent(&self, endpoint: &EndpointId) -> bool {
        let silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        silent.get(endpoint).is_some_and(|times| *times >= SILENT_AFTER)
    }

    fn note(&self, endpoint: &EndpointId, answered: bool) {
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        let times = silent.entry(endpoint.clone()).or_default();
        *times = if answered { 0 } else { *times + 1 };
    }
}

impl App {
    /// Sends what of the event in that row is due; a failure of ours is logged and leaves it due.
    pub(crate) async fn deliver(&self, row: DueRow, round: &Round<'_>, now: Timestamp) -> Served {
        let DueRow::Event(id) = row else { return Served::NothingToDo };
        match self.try_deliver(&id, round, now).await {
            Ok(true) => Served::Done,
            Ok(false) => Served::NothingToDo,
            Err(error) => {
                tracing::error!(event.id = %id, error = &error as &dyn std::error::Error, "event not delivered");
                Served::Failed
            }
        }
    }

    /// Whether there was something to send, and nobody else was faster.
    async fn try_deliver(&self, id: &EventId, round: &Round<'_>, now: Timestamp) -> Result<bool, AppError> {
        let Some(mut event) = self.store.event(id).await? else { return Ok(false) };
        let due = event.claim(now);
        if due.is_empty() {
            return Ok(false);
        }
        match self.store.commit(Plan { writes: vec![event_write(event.clone(), now)] }).await {
            Ok(()) => {}
            Err(CommitError::Conflict) => return Ok(false),
            Err(CommitError::TooLarge) => return Err(AppError::TooLarge),
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
        let programs = self.programs(now).await?;
        let attempts = due.into_iter().map(async |endpoint| {
            let attempted = attempt(&event, &endpoint, &programs, round, now).await;
            (endpoint, attempted)
        });
        let attempts = join_all(attempts).await;
        self.until_committed(|| self.try_note(id, &attempts, now)).await?;
        for (endpoint, _) in attempts.iter().filter(|(_, attempted)| matches!(attempted, Attempted::Answered(GONE, _)))
        {
            self.switch_off(endpoint, now).await?;
        }
        Ok(true)
    }

    async fn try_note(
        &self,
        id: &EventId,
        attempts: &[(EndpointId, Attempted)],
        now: Timestamp,
    ) -> Result<(), Attempt> {
        let Some(mut event) = self.store.event(id).await? else { return Ok(()) };
        event.note(attempts, now, fastrand::u16(0..=1_000));
        self.store.commit(Plan { writes: vec![event_write(event, now)] }).await?;
        Ok(())
    }

    /// It said that it is gone.
    async fn switch_off(&self, endpoint: &EndpointId, now: Timestamp) -> Result<(), AppError> {
        let off = EndpointChange { on: Some(false), ..EndpointChange::default() };
        match self.change_endpoint(endpoint, &off, now).await {
            Ok(_) | Err(AppError::UnknownEndpoint(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

async fn attempt(
    event: &OutboundEvent,
    id: &EndpointId,
    programs: &Programs,
    round: &Round<'_>,
    now: Timestamp,
) -> Attempted {
    let endpoint = programs.endpoints.iter().find(|endpoint| endpoint.id == *id && endpoint.on);
    let Some(endpoint) = endpoint else { return Attempted::NobodyThere };
    if round.is_silent(id) {
        return Attempted::Postponed;
    }
    match post(event, endpoint, round.courier, now).await {
        Ok(receipt) => {
            round.note(id, true);
            Attempted::Answered(receipt.status, receipt.retry_after)
        }
        Err(error) => {
            tracing::warn!(endpoint.id = %id, event.id = %event.id, error = &error as &dyn std::error::Error, "no answer");
            round.note(id, false);
            Attempted::NoAnswer
        }
    }
}

async fn post(
    event: &OutboundEvent,
    endpoint: &Endpoint,
    courier: &Courier,
    now: Timestamp,
) -> Result<outbound::Receipt, PostError> {
    let data: Box<RawValue> = RawValue::from_string(event.data.clone()).map_err(|_| PostError::Request)?;
    let body = json!({ "type": event.kind, "timestamp": event.at, "data": data }).to_string();
    let signatures: Vec<String> = endpoint
        .live_secrets(now)
        .filter_map(|secret| sign(secret, event.id.as_str(), now, body.as_bytes()).ok())
        .collect();
    let (second, signatures) = (now.as_second().to_string(), signatures.join(" "));
    let headers = [
        ("webhook-id", event.id.as_str()),
        ("webhook-timestamp", second.as_str()),
        ("webhook-signature", signatures.as_str()),
    ];
    courier.post(&endpoint.url, &headers, body).await
}
