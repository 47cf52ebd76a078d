//! What is stored is what is read again. These tests need one thread and no more than what every
//! DynamoDB has, so they also run against another one (`.ci/run`: the moto server). What that one is
//! known not to have, and these tests therefore do not rest on: no transaction tokens, no index
//! capacity, no batches of 26 items or more in a transaction.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

mod answers;
mod commits;
mod due;
mod formats;
mod ledger;
mod members;
mod orders;
mod programs;
#[path = "../shop/mod.rs"]
mod shop;
#[path = "../table/mod.rs"]
mod table;
