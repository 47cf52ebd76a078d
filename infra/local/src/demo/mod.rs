//! A year of an invented shop, through the signed webhook routes and the API, at the time at which
//! each event arrives and each thing is done.

mod account;
mod actor;
mod acts;
mod by_mail;
mod catalogue;
mod chance;
mod deeds;
mod deliveries;
mod mailed;
mod market;
mod memory;
mod opening;
mod order;
mod payloads;
mod people;
mod play;
mod reading;
mod receiver;
mod sending;
mod shop;
mod spending;
mod staff;
mod summary;
mod year;

pub use mailed::Mailed;
pub use play::{Demo, DemoError};
pub use summary::Summary;
