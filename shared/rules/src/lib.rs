//! What is right. Pure: no async, no AWS, no clock, no environment, no floats.
//!
//! A room is a folder; its files are reached without its name.

mod accounts;
mod mailing;
mod members;
mod merchant;
mod orders;
mod programs;
mod redeeming;
mod words;

pub mod scenarios;

pub use accounts::*;
pub use mailing::*;
pub use members::*;
pub use merchant::*;
pub use orders::*;
pub use programs::*;
pub use redeeming::*;
pub use words::*;
