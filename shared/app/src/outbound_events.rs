//! Events for the merchant's endpoints. They are written in the commit of what they tell of, and only
//! where an endpoint listens: without one they cost nothing.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rules::{
    consent::{Consent, Topic},
    endpoint::EventKind,
    ids::{EndpointId, EventId, MemberId},
    outbound_event::OutboundEvent,
    program::Programs,
    redemption::Redemption,
};
use serde_json::{Value, json};
use store::{Plan, Write};

use crate::{due_queue::WEBHOOK, new_id::new_uuid};

/// Adds an event to a plan if somebody listens for it. The data is a JSON object without anything that
/// names a person; the member's id comes to it.
pub(crate) fn push_event(
    plan: &mut Plan,
    programs: &Programs,
    kind: EventKind,
    member: &MemberId,
    now: Timestamp,
    data: impl FnOnce() -> Value,
) {
    push_event_of(plan, programs, kind, Some(member), now, data);
}

/// The same of what need not be a member's.
pub(crate) fn push_event_of(
    plan: &mut Plan,
    programs: &Programs,
    kind: EventKind,
    member: Option<&MemberId>,
    now: Timestamp,
    data: impl FnOnce() -> Value,
) {
    let listening: Vec<EndpointId> = programs.listening(kind).map(|endpoint| endpoint.id.clone()).collect();
    if listening.is_empty() {
        return;
    }
    let mut data = data();
    if let Some((data, member)) = data.as_object_mut().zip(member) {
        data.insert("member_id".to_owned(), json!(member));
    }
    let id = EventId::from_uuid(new_uuid(now));
    let event = OutboundEvent::new(id, kind, member.cloned(), now, data.to_string(), listening.into_iter());
    plan.writes.push(event_write(event, now));
}

/// A change of what a member has said to marketing.
pub(crate) fn push_consent_change(
    plan: &mut Plan,
    programs: &Programs,
    member: &MemberId,
    (before, after): (&Consent, &Consent),
    now: Timestamp,
) {
    let switched: Vec<Topic> =
        Topic::ALL.into_iter().filter(|topic| before.is_on(*topic) != after.is_on(*topic)).collect();
    if before.marketing == after.marketing && switched.is_empty() {
        return;
    }
    push_event(plan, programs, EventKind::ConsentChanged, member, now, || {
        let topics: BTreeMap<&str, bool> =
            switched.into_iter().map(|topic| (topic.name(), after.is_on(topic))).collect();
        json!({ "marketing": { "from": before.marketing, "to": after.marketing }, "topics": topics })
    });
}

/// A reward that was bought, and the coupon that it gave.
pub(crate) fn push_redemption_events(
    plan: &mut Plan,
    member: &MemberId,
    redemption: &Redemption,
    programs: &Programs,
    now: Timestamp,
) {
    let bought = redemption.bought.as_ref();
    let (id, reward) = (&redemption.id, bought.map(|bought| &bought.reward_id));
    push_event(
        plan,
        programs,
        EventKind::RedemptionCreated,
        member,
        now,
        || json!({ "redemption_id": id, "reward_id": reward, "points": bought.map(|bought| bought.points) }),
    );
    if let Some(coupon) = &redemption.coupon {
        push_event(
            plan,
            programs,
            EventKind::CouponIssued,
            member,
            now,
            || json!({ "redemption_id": id, "reward_id": reward, "code": coupon.code, "expires_at": coupon.expires_at }),
        );
    }
}

/// The event in its place in the due index.
pub(crate) fn event_write(event: OutboundEvent, now: Timestamp) -> Write {
    let due = event.due_at().map(|at| WEBHOOK.due(at, now));
    Write::Event { event, due }
}
