//! What a posting leaves to write of one member.

use jiff::Timestamp;
use rules::{endpoint::EventKind, ids::MemberId, posting::Settled, program::Programs};
use serde_json::json;
use store::{Plan, Write};

use crate::{due_queue::DueQueue, outbound_events::push_event, planned_mail::push_tier_up};

/// The account as it is to be, in its place in the due index, with its entries and its change of tier.
/// What endpoints want to know of it comes along.
pub(crate) fn push_settled(plan: &mut Plan, member: &MemberId, settled: Settled, programs: &Programs, now: Timestamp) {
    let due = settled.account.wake_up.map(|wake_up| DueQueue::due_at(wake_up, now));
    push_available(plan, member, &settled, programs, now);
    plan.writes.push(Write::Account { member: member.clone(), account: settled.account, due });
    for entry in settled.entries {
        plan.writes.push(Write::Entry { member: member.clone(), entry });
    }
    if let Some(change) = settled.tier_change {
        push_event(plan, programs, EventKind::TierChanged, member, now, || {
            let (from, to) = (&change.from, &change.to);
            json!({ "from": from.tier, "to": to.tier, "since": to.since, "until": to.until })
        });
        push_tier_up(plan, member, &change, programs, now);
        plan.writes.push(Write::TierChange { member: member.clone(), change });
    }
}

fn push_available(plan: &mut Plan, member: &MemberId, settled: &Settled, programs: &Programs, now: Timestamp) {
    if settled.became_available.is_zero() {
        return;
    }
    push_event(plan, programs, EventKind::PointsAvailable, member, now, || {
        let balance = settled.account.balance(programs.at(now).program.zone.date(now), now).unwrap_or_default();
        json!({ "points": settled.became_available, "available": balance.available })
    });
}
