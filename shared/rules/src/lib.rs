//! What is right. Pure: no async, no AWS, no clock, no environment, no floats.

pub mod account;
pub mod campaign;
pub mod decimal;
pub mod default_program;
pub mod earned;
pub mod email;
pub mod explain;
pub mod facts;
pub mod ids;
pub mod lapsed;
pub mod ledger;
pub mod lots;
pub mod money;
pub mod order;
pub mod points;
pub mod posting;
pub mod pricing;
pub mod profile;
pub mod program;
pub mod program_check;
pub mod purchases;
pub mod register;
mod running_totals;
pub mod spending;
pub mod standing;
pub mod zone;
