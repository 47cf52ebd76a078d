//! Everything on one machine, on loopback only: the functions behind one gateway, an embedded
//! DynamoDB, a capture for mail, and a clock that can be moved.

pub mod arguments;
pub mod client;
mod data_folder;
mod database;
pub mod demo;
pub mod development_secrets;
mod error;
mod functions;
mod gateway;
mod machine;
mod mail;
mod port;
mod post_office;
mod problem;
mod start_page;
mod table;
mod time;

pub use error::{LocalError, with_causes};
pub use machine::{Machine, Options};
