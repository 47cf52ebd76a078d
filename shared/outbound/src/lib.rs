//! Posting to a merchant's own servers: which addresses are allowed, and the client that goes there.

pub mod address;
mod courier;

pub use address::{BadAddress, Reach};
pub use courier::{ANSWER_WITHIN, Courier, PostError, Receipt};
