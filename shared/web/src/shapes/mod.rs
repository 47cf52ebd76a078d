//! The JSON of requests and responses. Field names are the contract; the domain may call things otherwise.

pub mod activity;
pub mod consent;
pub mod enrolment;
pub mod entry;
pub mod explanation;
pub mod exported;
pub mod hold;
pub mod lots;
pub mod member;
pub mod member_change;
pub mod message;
pub mod money;
pub mod preview;
pub mod product;
pub mod program;
mod program_mail;
pub mod quote;
pub mod redemption;
pub mod review;
pub mod reward;
pub mod tier_change;
