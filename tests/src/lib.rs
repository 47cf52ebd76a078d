//! A whole shop in one process: the real routes, the real store and SDK, an embedded database, and a
//! wire between them that counts calls and can break any of them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what does not hold here ends a test"
)]

pub mod answer;
pub mod captured;
pub mod crowd;
pub mod exports;
pub mod mailing;
pub mod page;
pub mod payloads;
pub mod post;
pub mod receiver;
pub mod rows;
pub mod ses;
pub mod shop;
pub mod tokens;
pub mod wire;

pub use answer::Answer;
pub use captured::{Captured, captured};
pub use page::{Page, page_of};
pub use payloads::Buyer;
pub use receiver::Receiver;
pub use ses::Ses;
pub use shop::Shop;
pub use tokens::member_token;
pub use wire::{Call, Cost, Fault, Stop, Wire};

use jiff::Timestamp;

/// An instant, as people write it.
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
