//! Ledger entries: immutable postings, each with what it did to the lots.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{OrderKey, RefundId},
    lots::LotChange,
    points::Points,
};

/// One posting: what changed, why, under which program version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts the account's entries from 1.
    pub sequence: u64,
    /// When it was recorded; never before the entry before it.
    pub at: Timestamp,
    pub kind: EntryKind,
    /// The difference to the ledger: zero where only dates moved or what was taken had expired.
    pub points: Points,
    pub balance_after: Points,
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderKey>,
    pub program_version: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<LotChange>,
    /// The difference to the debt.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub debt: Points,
    /// For an order: what it had earned before this entry, and after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earned: Option<(Points, Points)>,
    /// The refunds that this entry follows from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<RefundId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    Purchase,
    Refund,
    Cancellation,
    Edit,
    /// A delivery moved the day on which points become available.
    Delivery,
    /// The order belongs to another member now.
    Reassignment,
    Enrol,
    Adjustment,
    /// Points from before the program.
    OpeningBalance,
    /// A friend whom the member invited has bought.
    Referral,
    Expiry,
    Redemption,
    /// Points of a redemption that was cancelled.
    RedemptionReturn,
    Activity,
    /// Points of an activity that was found not to deserve them.
    ActivityReversal,
    /// Points that an order has of a hold.
    HoldCapture,
    /// They go back: the order was cancelled or refunded, or takes less.
    HoldReturn,
    /// The account was merged into another one, which has all that this one had.
    MergeOut,
    /// What another account had.
    MergeIn,
}

/// What stands where people's words stood.
const ERASED: &str = "erased with the member";

impl Entry {
    /// Whether its reason is, or holds, what somebody wrote.
    pub fn has_words(&self) -> bool {
        let kinds =
            [EntryKind::Adjustment, EntryKind::OpeningBalance, EntryKind::Activity, EntryKind::ActivityReversal];
        kinds.contains(&self.kind) && self.reason != ERASED
    }

    /// The same posting of a member who was erased.
    #[must_use]
    pub fn without_words(self) -> Entry {
        Entry { reason: ERASED.to_owned(), ..self }
    }

    /// What it did, in sentences.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = vec![format!("{}: {} points, {} after it", self.reason, self.points, self.balance_after)];
        if let Some((had, has)) = self.earned {
            said.push(format!("the order had earned {had} points before and has earned {has} now"));
        }
        if !self.refunds.is_empty() {
            let ids: Vec<&str> = self.refunds.iter().map(RefundId::as_str).collect();
            said.push(format!("because of the refunds {}", ids.join(", ")));
        }
        said.extend(self.lots.iter().map(lot_sentence));
        if !self.debt.is_zero() {
            said.push(format!("the debt changed by {}", self.debt));
        }
        said
    }
}

fn lot_sentence(change: &LotChange) -> String {
    let available = change.dates.available_on.map_or("available".to_owned(), |on| format!("available from {on}"));
    format!("{} points {available}, until {}", change.points, change.dates.expires_on)
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_zero(points: &Points) -> bool {
    points.is_zero()
}
