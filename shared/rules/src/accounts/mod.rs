//! One member's account: lots, entries, tier, and what time does to them.

pub mod account;
pub mod lapsed;
pub mod ledger;
pub mod lots;
pub mod merge;
pub mod notices;
pub mod opening;
pub mod posting;
pub mod purchases;
pub(crate) mod running_totals;
pub mod shipped_to;
pub mod spending;
pub mod standing;
pub mod wake_up;
