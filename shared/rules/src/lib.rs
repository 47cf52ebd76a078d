//! What is right. Pure: no async, no AWS, no clock, no environment, no floats.
//!
//! A room is a folder; its files are reached without its name.

mod accounts;
mod members;
mod merchant;
mod orders;
mod programs;
mod redeeming;
mod words;

pub use accounts::*;
pub use members::*;
pub use merchant::*;
pub use orders::*;
pub use programs::*;
pub use redeeming::*;
pub use words::*;
pub(crate) use accounts::running_totals;
pub use accounts::{account, lapsed, ledger, lots, merge, opening, posting, purchases, spending, standing, wake_up};
pub(crate) use members::one_person;
pub use members::{birthday, consent_proof, deed, profile, referral, tallies};
pub use merchant::{case, endpoint, outbound_event};
pub use orders::{buyer, earned, explain, facts, most_cash, order, preview, pricing, product, quote, register};
pub use programs::{activity, campaign, default_program, program, program_check, reward};
pub use redeeming::{capture, coupon, deal, hold, hold_terms, holds, redemption};
pub(crate) use words::packed;
pub use words::{country_zone, decimal, email, ids, money, points, web_address, zone};
