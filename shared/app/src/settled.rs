//! What a posting leaves to write of one member.

use jiff::Timestamp;
use rules::{ids::MemberId, posting::Settled, program::Programs};
use store::{Plan, Write};

use crate::review_due::account_write;

/// The account as it is to be, with its entries and its change of tier.
pub(crate) fn push_settled(plan: &mut Plan, member: &MemberId, settled: Settled, programs: &Programs, now: Timestamp) {
    plan.writes.push(account_write(member.clone(), settled.account, programs, now));
    for entry in settled.entries {
        plan.writes.push(Write::Entry { member: member.clone(), entry });
    }
    if let Some(change) = settled.tier_change {
        plan.writes.push(Write::TierChange { member: member.clone(), change });
    }
}
