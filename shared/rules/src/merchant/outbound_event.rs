//! An event on its way to the merchant's endpoints: what of it is delivered, and when it is tried again.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    endpoint::EventKind,
    ids::{EndpointId, EventId, MemberId},
};

/// How long an event is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long whoever has claimed an event has to deliver it; longer than all attempts take.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// The pauses after each attempt that failed
/// (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability>).
const PAUSES_SECS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// So much longer a pause may be at random, in thousandths.
const MOST_JITTER: i64 = 200;
/// A pause that an endpoint asks for is no longer.
const LONGEST_ASKED_SECS: i64 = 86_400;
/// While an endpoint does not answer at all, what else there is for it waits.
const SILENT_PAUSE: SignedDuration = SignedDuration::from_mins(5);
/// What was never tried for so long has failed.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(4 * 24);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboundEvent {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    pub id: EventId,
    pub kind: EventKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    pub at: Timestamp,
    /// A JSON object as it is sent.
    pub data: String,
    /// One for each endpoint that listened for it when it happened.
    pub deliveries: Vec<Delivery>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_until: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub endpoint: EndpointId,
    pub state: DeliveryState,
    #[serde(default)]
    pub attempts: u32,
    /// While it is pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<Timestamp>,
    /// What the last attempt was answered, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_status: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Pending,
    Delivered,
    /// Every attempt failed.
    Failed,
    /// The endpoint was switched off or removed before.
    Skipped,
}

/// What became of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempted {
    /// The status, and the pause in seconds that was asked for.
    Answered(u16, Option<u32>),
    NoAnswer,
    /// The endpoint does not answer at all just now: it was not tried.
    Postponed,
    /// There is no such endpoint, or it is off.
    NobodyThere,
}

/// The status of an endpoint that wants nothing more.
pub const GONE: u16 = 410;

impl OutboundEvent {
    /// An event to be delivered at once.
    pub fn new(
        id: EventId,
        kind: EventKind,
        member: Option<MemberId>,
        at: Timestamp,
        data: String,
        endpoints: impl Iterator<Item = EndpointId>,
    ) -> OutboundEvent {
        let deliveries = endpoints.map(|endpoint| Delivery::pending(endpoint, at)).collect();
        OutboundEvent { version: 1, id, kind, member, at, data, deliveries, claimed_until: None }
    }

    /// When there is next something to do; nothing once all is delivered or given up.
    pub fn due_at(&self) -> Option<Timestamp> {
        let next = self.deliveries.iter().filter_map(|delivery| delivery.next_at).min()?;
        Some(self.claimed_until.map_or(next, |until| next.max(until)))
    }

    /// Takes it for a while, so that nobody else sends it; nothing if it is not due, or is taken.
    pub fn claim(&mut self, now: Timestamp) -> Vec<EndpointId> {
        if self.due_at().is_none_or(|due| due > now) {
            return Vec::new();
        }
        self.version += 1;
        self.claimed_until = Some(now.checked_add(LEASE).unwrap_or(now));
        let is_due = |delivery: &&Delivery| delivery.next_at.is_some_and(|next| next <= now);
        self.deliveries.iter().filter(is_due).map(|delivery| delivery.endpoint.clone()).collect()
    }

    /// Notes what became of the attempts, and gives it back. `jitter` is 0 to 1,000.
    pub fn note(&mut self, attempts: &[(EndpointId, Attempted)], now: Timestamp, jitter: u16) {
        self.version += 1;
        self.claimed_until = None;
        let age = now.duration_since(self.at);
        for delivery in &mut self.deliveries {
            if let Some((_, attempted)) = attempts.iter().find(|(endpoint, _)| *endpoint == delivery.endpoint) {
                delivery.note(*attempted, age, now, jitter);
            }
        }
    }

    /// Sends it again to everybody it was for, beginning the attempts anew.
    pub fn redeliver(&mut self, now: Timestamp) {
        self.version += 1;
        for delivery in &mut self.deliveries {
            *delivery = Delivery::pending(delivery.endpoint.clone(), now);
        }
    }
}

impl Delivery {
    fn pending(endpoint: EndpointId, at: Timestamp) -> Delivery {
        let state = DeliveryState::Pending;
        Delivery { endpoint, state, attempts: 0, next_at: Some(at), last_at: None, last_status: None }
    }

    fn note(&mut self, attempted: Attempted, age: SignedDuration, now: Timestamp, jitter: u16) {
        match attempted {
            Attempted::NobodyThere => return self.ends(DeliveryState::Skipped),
            Attempted::Postponed if age > GIVEN_UP_AFTER => return self.ends(DeliveryState::Failed),
            Attempted::Postponed => {
                self.next_at = now.checked_add(SILENT_PAUSE).ok();
                return;
            }
            Attempted::Answered(status, _) => self.last_status = Some(status),
            Attempted::NoAnswer => self.last_status = None,
        }
        self.attempts += 1;
        self.last_at = Some(now);
        let asked = match attempted {
            Attempted::Answered(200..=299, _) => return self.ends(DeliveryState::Delivered),
            Attempted::Answered(GONE, _) => return self.ends(DeliveryState::Failed),
            Attempted::Answered(_, asked) => asked,
            _ => None,
        };
        let Some(pause) = pause_after(self.attempts, asked, jitter) else { return self.ends(DeliveryState::Failed) };
        self.next_at = now.checked_add(pause).ok();
    }

    fn ends(&mut self, state: DeliveryState) {
        self.state = state;
        self.next_at = None;
    }
}

/// The pause after so many attempts; none after the last.
fn pause_after(attempts: u32, asked: Option<u32>, jitter: u16) -> Option<SignedDuration> {
    let index = usize::try_from(attempts).unwrap_or(usize::MAX).checked_sub(1)?;
    let millis = PAUSES_SECS.get(index)? * (1_000 + MOST_JITTER * i64::from(jitter.min(1_000)) / 1_000);
    let asked = asked.map_or(0, |secs| i64::from(secs).min(LONGEST_ASKED_SECS) * 1_000);
    Some(SignedDuration::from_millis(millis.max(asked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn endpoint() -> EndpointId {
        EndpointId::parse("end_1").unwrap()
    }

    fn event() -> OutboundEvent {
        let id = EventId::from_uuid(0x0197_8000_0000_7000_8000_0000_0000_0000);
        let now = at("2026-06-18T10:00:00Z");
        OutboundEvent::new(id, EventKind::TierChanged, None, now, "{}".to_owned(), std::iter::once(endpoint()))
    }

    /// The pauses between the attempts if each ends like this.
    fn pauses(attempted: Attempted, jitter: u16) -> Vec<i64> {
        let mut event = event();
        let mut pauses = Vec::new();
        while let Some(due) = event.due_at() {
            assert_eq!(event.claim(due), [endpoint()]);
            event.note(&[(endpoint(), attempted)], due, jitter);
            pauses.extend(event.due_at().map(|next| next.duration_since(due).as_secs()));
        }
        assert_eq!(event.deliveries[0].state, DeliveryState::Failed);
        pauses
    }

    #[test]
    fn ten_attempts_are_spread_over_three_days() {
        let plain = pauses(Attempted::Answered(500, None), 0);
        assert_eq!(plain, PAUSES_SECS);
        assert_eq!(plain.iter().sum::<i64>() / 3_600, 75);
        assert_eq!(pauses(Attempted::NoAnswer, 1_000), PAUSES_SECS.map(|secs| secs * 12 / 10));
    }

    #[test]
    fn a_pause_that_is_asked_for_is_kept_within_reason() {
        let asked = pauses(Attempted::Answered(503, Some(600)), 0);
        assert_eq!(asked[..3], [600, 600, 1_800]);
        assert_eq!(pauses(Attempted::Answered(429, Some(u32::MAX)), 0)[0], LONGEST_ASKED_SECS);
    }

    #[test]
    fn a_success_ends_it_and_so_does_an_endpoint_that_is_gone() {
        for (attempted, state, attempts) in [
            (Attempted::Answered(204, None), DeliveryState::Delivered, 1),
            (Attempted::Answered(410, None), DeliveryState::Failed, 1),
            (Attempted::NobodyThere, DeliveryState::Skipped, 0),
        ] {
            let mut event = event();
            let now = event.at;
            event.claim(now);
            event.note(&[(endpoint(), attempted)], now, 0);
            let delivery = &event.deliveries[0];
            assert_eq!((delivery.state, delivery.attempts, event.due_at()), (state, attempts, None));
        }
    }

    #[test]
    fn what_is_claimed_is_nobody_else_s_until_the_lease_ends() {
        let mut event = event();
        let now = event.at;
        assert_eq!(event.claim(now), [endpoint()]);
        assert_eq!(event.claim(now), []);
        assert_eq!(event.due_at(), Some(now + LEASE));
        assert_eq!(event.claim(now + LEASE), [endpoint()]);
    }

    #[test]
    fn what_waits_for_a_silent_endpoint_loses_no_attempt_and_does_not_wait_for_ever() {
        let mut event = event();
        let mut now = event.at;
        let end = now + SignedDuration::from_hours(5 * 24);
        while let Some(due) = event.due_at().filter(|due| *due < end) {
            now = due;
            event.claim(now);
            event.note(&[(endpoint(), Attempted::Postponed)], now, 0);
        }
        assert_eq!((event.deliveries[0].state, event.deliveries[0].attempts), (DeliveryState::Failed, 0));
        assert!(now.duration_since(event.at) <= GIVEN_UP_AFTER + SILENT_PAUSE);
    }

    #[test]
    fn a_day_is_in_the_id() {
        assert_eq!(event().id.millisecond(), 0x0197_8000_0000);
    }
}
