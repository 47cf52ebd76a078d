//! The worked example of the design: 102 points, shared 91 and 11.

use crate::shop::{Member, at, events, line, one, payload, refund, starting};
use rules::{explain::explain, facts::Line};

const PAID: &str = "2026-06-18T10:00:00Z";

/// A member who became silver earlier pays on the 18th.
fn paid() -> Member {
    let mut member = Member::new(one(starting()), at("2026-03-01"));
    member.hear("before", events::paid(at("2026-03-01"), 20_000), at("2026-03-01"));
    let lines = [Line { discount: 350, ..line("1", 1_999, 2) }, Line { discount: 50, ..line("2", 500, 1) }];
    member.hear("order", payload(at(PAID), lines).paid(at(PAID)).facts(), at(PAID));
    member
}

#[test]
fn the_order_earns_102_points() {
    let member = paid();
    assert_eq!(member.tier(at(PAID)), "silver");
    assert_eq!(member.earned("order"), 102);
    assert_eq!(member.balance(at(PAID)), (200, 102, 0));
}

#[test]
fn its_lines_get_91_and_11() {
    let member = paid();
    let lines = member.order("order").earned(&member.programs).unwrap().unwrap().lines;
    let shares: Vec<_> = lines.iter().map(|line| (line.eligible, line.share.as_str(), line.points.get())).collect();
    assert_eq!(shares, [(3_648, "90.80", 91), (450, "11.20", 11)]);
}

#[test]
fn refunding_the_second_line_takes_11_and_then_the_first_91() {
    let mut member = paid();
    let second = member.hear("order", refund("r1", at(PAID), &[("2", 1)], 0), at(PAID));
    assert_eq!(second[0].points.get(), -11);
    let first = member.hear("order", refund("r2", at(PAID), &[("1", 2)], 0), at(PAID));
    assert_eq!(first[0].points.get(), -91);
    assert_eq!(member.balance(at(PAID)), (200, 0, 0));
}

#[test]
fn it_is_explained_to_the_cent() {
    let member = paid();
    let explained = explain(&member.order("order"), &member.programs).unwrap();
    assert_eq!(
        explained.why,
        [
            "40.98 USD eligible x 1 per unit x 1.25 (tier silver) x 2 (campaign member_day) = 102.45, so 102 points",
            "line 1: share 90.80, 91 points",
            "line 2: share 11.20, 11 points",
            "available from 2026-07-18 (counted from payment), until 2027-06-30",
        ]
    );
}

#[test]
fn after_a_refund_it_is_explained_what_was_kept() {
    let mut member = paid();
    member.hear("order", refund("r1", at(PAID), &[("1", 1)], 0), at(PAID));
    let explained = explain(&member.order("order"), &member.programs).unwrap();
    assert_eq!(explained.why[1], "line 1: share 90.80, 91 points, of which 1 of 2 units are kept: 45");
    assert_eq!(explained.points.get(), 56);
}
