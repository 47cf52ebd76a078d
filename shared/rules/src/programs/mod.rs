//! The merchant's document: what earns, what it buys, and its faults.

pub mod activity;
mod activity_check;
pub mod campaign;
pub mod default_program;
mod mail_check;
pub mod mail_settings;
pub mod program;
pub mod program_check;
mod program_document;
mod referral_check;
pub mod review_settings;
pub mod reward;
mod reward_check;
