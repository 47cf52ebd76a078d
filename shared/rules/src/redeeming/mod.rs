//! Points into value: rewards, coupons, holds and what orders take of them.

pub mod capture;
pub mod coupon;
pub mod deal;
pub mod hold;
pub mod hold_terms;
pub mod holds;
pub mod redemption;
