//! Points set aside for a checkout: nothing else spends them, nothing is posted, and time ends them.

use crate::shop::{Member, at, days_after, events::paid, one, points, refund, starting};
use jiff::{SignedDuration, Timestamp};
use rules::{
    holds::{HoldError, Holds, MAX_OPEN},
    spending::SpendError,
};

const HALF_AN_HOUR: i64 = 1_800;

fn now() -> Timestamp {
    at("2026-03-01")
}

fn later(secs: i64) -> Timestamp {
    now() + SignedDuration::from_secs(secs)
}

/// Enrolled, with 100 available points of one order, which live to the end of January 2027.
fn with_a_hundred() -> Member {
    let mut member = Member::new(one(starting()), at("2026-01-10"));
    member.hear("1", paid(at("2026-01-10"), 10_000), at("2026-01-10"));
    member.enrol(false, now());
    assert_eq!(member.held(now()), (100, 0));
    member
}

fn insufficient(needed: i64, available: i64) -> HoldError {
    HoldError::Spend(SpendError::Insufficient { needed: points(needed), available: points(available) })
}

#[test]
fn a_hold_moves_points_from_available_to_held_and_posts_nothing() {
    let mut member = with_a_hundred();
    let entries = member.ledger.len();
    member.hold("hold_1", 60, HALF_AN_HOUR, now()).unwrap();
    assert_eq!(member.held(now()), (40, 60));
    assert_eq!(member.hold("hold_2", 41, HALF_AN_HOUR, now()), Err(insufficient(41, 40)));
    member.hold("hold_2", 40, HALF_AN_HOUR, now()).unwrap();
    assert_eq!(member.held(now()), (0, 100));
    assert_eq!(member.ledger.len(), entries);
}

#[test]
fn a_released_hold_frees_its_points_once() {
    let mut member = with_a_hundred();
    member.hold("hold_1", 60, HALF_AN_HOUR, now()).unwrap();
    assert!(member.release("hold_1", now()));
    assert_eq!(member.held(now()), (100, 0));
    assert!(!member.release("hold_1", now()));
}

#[test]
fn a_hold_ends_by_itself_at_its_very_second() {
    let mut member = with_a_hundred();
    member.hold("hold_1", 60, HALF_AN_HOUR, now()).unwrap();
    assert_eq!(member.account.holds.next_end(), Some(later(HALF_AN_HOUR)));
    assert_eq!(member.held(later(HALF_AN_HOUR - 1)), (40, 60));
    assert_eq!(member.held(later(HALF_AN_HOUR)), (100, 0));
    member.check_law(later(HALF_AN_HOUR));
    member.hold("hold_2", 100, HALF_AN_HOUR, later(HALF_AN_HOUR)).unwrap();
    assert!(!member.release("hold_1", later(HALF_AN_HOUR)), "it is gone");
    assert_eq!(member.account.holds.iter().count(), 1);
}

#[test]
fn a_guest_holds_nothing_and_nobody_holds_too_often() {
    let mut guest = Member::new(one(starting()), at("2026-01-10"));
    guest.hear("1", paid(at("2026-01-10"), 10_000), at("2026-01-10"));
    assert_eq!(guest.hold("hold_1", 1, HALF_AN_HOUR, now()), Err(HoldError::NotEnrolled));
    let mut member = with_a_hundred();
    for number in 0..MAX_OPEN {
        member.hold(&format!("hold_{number}"), 1, HALF_AN_HOUR, now()).unwrap();
    }
    assert_eq!(member.hold("hold_x", 1, HALF_AN_HOUR, now()), Err(HoldError::TooMany));
    member.hold("hold_x", 1, HALF_AN_HOUR, later(HALF_AN_HOUR)).unwrap();
}

#[test]
fn a_refund_takes_points_that_are_held_and_the_hold_holds_what_is_left() {
    let mut member = with_a_hundred();
    member.hold("hold_1", 60, HALF_AN_HOUR, now()).unwrap();
    member.hear("1", refund("r", now(), &[], 7_000), now());
    assert_eq!(member.held(now()), (0, 30));
    member.adjust(50, now());
    assert_eq!(member.held(now()), (20, 60), "points that come later fill it up again");
}

#[test]
fn points_that_expire_under_a_hold_are_gone() {
    let mut member = with_a_hundred();
    let midnight: Timestamp = "2027-02-01T00:00:00Z".parse().unwrap();
    member.hold("hold_1", 60, 86_400, midnight - SignedDuration::from_mins(5)).unwrap();
    assert_eq!(member.held(midnight), (0, 0));
    member.check_law(midnight);
    member.review(midnight);
    assert_eq!(member.held(midnight), (0, 0));
}

#[test]
fn looking_back_shows_a_hold_only_while_it_was_open() {
    let mut member = with_a_hundred();
    member.hold("hold_1", 60, HALF_AN_HOUR, later(60)).unwrap();
    assert_eq!(member.held(later(59)), (100, 0));
    assert_eq!(member.held(later(60)), (40, 60));
    member.adjust(5, later(120));
    for past in [later(0), later(60), later(90), later(120), days_after(now(), -30)] {
        member.check_law_as_of(past);
    }
}

#[test]
fn the_row_of_an_account_has_holds_only_where_there_are_some() {
    let mut member = Member::new(one(starting()), at("2026-01-10"));
    member.enrol(false, now());
    member.adjust(100, now());
    let row = |member: &Member| serde_json::to_value(&member.account).unwrap();
    assert!(row(&member).get("holds").is_none());
    member.hold("hold_1", 60, HALF_AN_HOUR, now()).unwrap();
    assert_eq!(row(&member)["holds"][0][1], 60);
    assert_eq!(serde_json::from_value::<Holds>(row(&member)["holds"].clone()).unwrap(), member.account.holds);
}
