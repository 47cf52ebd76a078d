//! What the rules promise, by example and for anything that may happen.
#![cfg(test)]

mod balance_law;
mod clearance;
mod consent;
mod deeds;
mod earned_examples;
mod expiry_debt;
mod facts_merge;
mod hold_capture;
mod hold_terms;
mod holds;
mod message;
mod order_history;
mod order_mail;
mod partial_refunds;
mod program_faults;
mod quiet_hours;
mod redemptions;
mod referral;
mod rewards;
mod shop;
mod tier_history;
mod tiers;
mod whole_life;
mod worked_example;
