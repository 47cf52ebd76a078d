//! What a posting leaves to write of one member.

use jiff::Timestamp;
use rules::{ids::MemberId, posting::Settled, program::Programs};
use store::{Plan, Write};

use crate::due_work::Scenario;

/// The account as it is to be, in its place in the due index, with its entries and its change of tier.
pub(crate) fn push_settled(plan: &mut Plan, member: &MemberId, settled: Settled, _programs: &Programs, now: Timestamp) {
    let due = settled.account.wake_up.map(|wake_up| Scenario::due_at(wake_up, now));
    plan.writes.push(Write::Account { member: member.clone(), account: settled.account, due });
    for entry in settled.entries {
        plan.writes.push(Write::Entry { member: member.clone(), entry });
    }
    if let Some(change) = settled.tier_change {
        plan.writes.push(Write::TierChange { member: member.clone(), change });
    }
}
