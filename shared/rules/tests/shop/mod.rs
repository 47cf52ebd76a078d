//! One member of a shop, driven through the rules as the application drives them: what tests share.
#![allow(dead_code, unused_imports, unreachable_pub, reason = "every test binary uses its own part")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

pub mod desk;
pub mod events;
pub mod history;
pub mod member;
pub mod programs;

use jiff::{Timestamp, civil::Date};
use proptest::test_runner::{Config, RngSeed};
use rules::{
    coupon::CouponPlace,
    ids::{MemberId, RedemptionId},
    points::Points,
};

pub use events::{cancelled, delivered, line, payload, refund, shipped};
pub use member::Member;
pub use programs::{one, starting};

/// `2026-06-18`, or with a time of day: `2026-06-18T10:00:00Z`. A date alone means its noon, UTC.
pub fn at(text: &str) -> Timestamp {
    if text.contains('T') { text.parse().unwrap() } else { format!("{text}T12:00:00Z").parse().unwrap() }
}

pub fn on(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn days_after(start: Timestamp, days: i64) -> Timestamp {
    Timestamp::from_second(start.as_second() + days * 86_400).unwrap()
}

pub fn points(points: i64) -> Points {
    Points::new(points)
}

/// So many random cases from a fixed seed; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` replace both.
pub fn cases(cases: u32) -> Config {
    let rng_seed = RngSeed::Fixed(20_260_618);
    Config { cases, rng_seed, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() }
}

/// That of an invited friend.
pub fn coupon() -> CouponPlace {
    CouponPlace { member: MemberId::parse("mem_2").unwrap(), redemption: RedemptionId::parse("red_1").unwrap() }
}
