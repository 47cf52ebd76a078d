//! One order: what is known of it, what it earned, and why.

pub mod buyer;
pub mod earned;
pub mod explain;
pub mod facts;
pub mod most_cash;
pub mod order;
pub mod preview;
pub mod pricing;
pub mod product;
pub mod quote;
pub mod register;
