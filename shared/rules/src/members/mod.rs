//! Who a member is, and what they do besides buying.

pub mod birthday;
pub mod consent_proof;
pub mod deed;
mod kept;
pub mod profile;
pub mod referral;
pub mod tallies;
