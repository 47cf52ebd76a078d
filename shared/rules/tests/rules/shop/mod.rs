//! One member of a shop, driven through the rules as the application drives them: what tests share.

pub(crate) mod desk;
pub(crate) mod events;
pub(crate) mod history;
pub(crate) mod member;
pub(crate) mod programs;

use jiff::{Timestamp, civil::Date};
use proptest::test_runner::{Config, RngSeed};
use rules::{
    coupon::CouponPlace,
    ids::{MemberId, RedemptionId},
    points::Points,
};

pub(crate) use events::{cancelled, delivered, line, payload, refund, shipped};
pub(crate) use member::Member;
pub(crate) use programs::{one, starting};

/// `2026-06-18`, or with a time of day: `2026-06-18T10:00:00Z`. A date alone means its noon, UTC.
pub(crate) fn at(text: &str) -> Timestamp {
    if text.contains('T') { text.parse().unwrap() } else { format!("{text}T12:00:00Z").parse().unwrap() }
}

pub(crate) fn on(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn days_after(start: Timestamp, days: i64) -> Timestamp {
    Timestamp::from_second(start.as_second() + days * 86_400).unwrap()
}

pub(crate) fn points(points: i64) -> Points {
    Points::new(points)
}

/// So many random cases from a fixed seed; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` replace both.
pub(crate) fn cases(cases: u32) -> Config {
    let rng_seed = RngSeed::Fixed(20_260_618);
    Config { cases, rng_seed, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() }
}

/// That of an invited friend.
pub(crate) fn coupon() -> CouponPlace {
    CouponPlace { member: MemberId::parse("mem_2").unwrap(), redemption: RedemptionId::parse("red_1").unwrap() }
}
