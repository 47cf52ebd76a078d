//! A year of an invented shop, through the signed webhook route, at the time at which each event
//! arrives.

mod catalogue;
mod chance;
mod deliveries;
mod market;
mod order;
mod payloads;
mod people;
mod play;
mod sending;
mod shop;
mod summary;
mod year;

pub use play::{Demo, DemoError};
pub use summary::Summary;
