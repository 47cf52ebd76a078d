//! Who a member is, and what they do besides buying.

pub mod birthday;
pub mod byline;
pub mod consent;
pub mod consent_proof;
pub mod deed;
pub mod double_opt_in;
mod kept;
pub(crate) mod one_person;
pub mod profile;
pub mod rating;
pub mod referral;
pub mod review;
pub mod review_draft;
pub mod tallies;
