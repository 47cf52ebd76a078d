//! Spent, expired and owed points.

use crate::shop::{Member, at, cancelled, days_after, events::paid, on, one, refund, starting};
use rules::{
    account::Status,
    ledger::EntryKind,
    program::{Negative, Program},
};

fn member_of(program: Program) -> Member {
    Member::new(one(program), at("2026-01-10"))
}

/// Has 100 available points of one order, paid on 10 January, that live to the end of January 2027.
fn with_a_hundred(program: Program) -> Member {
    let mut member = member_of(program);
    member.hear("1", paid(at("2026-01-10"), 10_000), at("2026-01-10"));
    assert_eq!(member.balance(at("2026-02-09")), (100, 0, 0));
    member
}

fn clamping() -> Program {
    Program { negative: Negative::Clamp, ..starting() }
}

fn extending() -> Program {
    let mut program = starting();
    program.expiry.extend_on_activity = true;
    program
}

#[test]
fn a_refund_of_spent_points_is_owed() {
    let mut member = with_a_hundred(starting());
    member.spend(70, at("2026-03-01"));
    member.hear("1", cancelled(at("2026-03-02")), at("2026-03-02"));
    assert_eq!(member.balance(at("2026-03-02")), (0, 0, 70));
    assert_eq!(member.account.ledger.get(), -70);
}

#[test]
fn a_clamping_program_forgives_what_was_spent() {
    let mut member = with_a_hundred(clamping());
    member.spend(70, at("2026-03-01"));
    member.hear("1", cancelled(at("2026-03-02")), at("2026-03-02"));
    assert_eq!(member.balance(at("2026-03-02")), (0, 0, 0));
    assert_eq!(member.account.ledger.get(), 0);
}

#[test]
fn later_points_pay_the_debt_first() {
    let mut member = with_a_hundred(starting());
    member.spend(70, at("2026-03-01"));
    member.hear("1", cancelled(at("2026-03-02")), at("2026-03-02"));
    member.hear("2", paid(at("2026-03-03"), 5_000), at("2026-03-03"));
    assert_eq!(member.balance(at("2026-03-03")), (0, 0, 20));
    member.adjust(30, at("2026-03-04"));
    assert_eq!(member.balance(at("2026-03-04")), (10, 0, 0));
}

#[test]
fn a_refund_of_points_that_paid_a_debt_is_owed_again() {
    let mut member = member_of(starting());
    member.spend(40, at("2026-01-10"));
    member.hear("1", paid(at("2026-01-10"), 10_000), at("2026-01-10"));
    assert_eq!(member.balance(at("2026-01-11")), (0, 60, 0));
    member.hear("1", cancelled(at("2026-01-12")), at("2026-01-12"));
    assert_eq!(member.balance(at("2026-01-12")), (0, 0, 40));
}

#[test]
fn a_refund_takes_pending_points_of_the_order_before_any_others() {
    let mut member = with_a_hundred(starting());
    member.hear("2", paid(at("2026-03-01"), 5_000), at("2026-03-01"));
    member.hear("2", refund("r", at("2026-03-02"), &[], 2_000), at("2026-03-02"));
    assert_eq!(member.balance(at("2026-03-02")), (100, 30, 0));
}

#[test]
fn a_refund_takes_the_orders_own_lot_and_then_the_earliest_expiry() {
    let mut member = with_a_hundred(starting());
    member.hear("2", paid(at("2026-02-10"), 5_000), at("2026-02-10"));
    member.hear("3", paid(at("2026-03-10"), 5_000), at("2026-03-10"));
    let now = at("2026-06-01");
    member.spend(120, now);
    assert_eq!(member.balance(now), (80, 0, 0));
    member.hear("2", cancelled(now), now);
    assert_eq!(member.balance(now), (30, 0, 0), "30 of its own are left, 20 come from the third order");
    assert_eq!(member.account.expiring_next(on("2026-06-01")), Some((on("2027-03-31"), crate::shop::points(30))));
}

#[test]
fn a_refund_takes_no_more_of_a_shared_lot_than_the_order_put_there() {
    let mut member = member_of(starting());
    member.spend(40, at("2026-01-10"));
    member.hear("paid-a-debt", paid(at("2026-03-10"), 10_000), at("2026-03-10"));
    member.hear("same-month", paid(at("2026-03-12"), 10_000), at("2026-03-12"));
    member.hear("came-late", paid(at("2026-01-10"), 10_000), at("2026-03-14"));
    let now = at("2026-06-01");
    member.hear("paid-a-debt", cancelled(now), now);
    assert_eq!(member.account.expiring_next(on("2026-06-01")), Some((on("2027-01-31"), crate::shop::points(60))));
    assert_eq!(member.balance(now), (160, 0, 0));
}

#[test]
fn points_that_expired_unspent_are_not_taken_again_by_a_refund() {
    let mut member = with_a_hundred(starting());
    member.hear("2", paid(at("2026-06-01"), 5_000), at("2026-06-01"));
    let now = at("2027-02-15");
    assert_eq!(member.balance(now), (50, 0, 0));
    member.hear("1", refund("half", now, &[], 5_000), now);
    member.hear("1", cancelled(now), now);
    assert_eq!(member.balance(now), (50, 0, 0));
}

#[test]
fn points_spent_before_the_rest_expired_are_owed_after_a_refund() {
    let mut member = with_a_hundred(starting());
    member.spend(30, at("2026-06-01"));
    let now = at("2027-02-15");
    member.hear("1", cancelled(now), now);
    assert_eq!(member.balance(now), (0, 0, 30));
}

#[test]
fn what_expired_of_another_month_does_not_excuse_spent_points() {
    let mut member = with_a_hundred(starting());
    member.spend(100, at("2026-03-01"));
    member.hear("2", paid(at("2026-03-02"), 10_000), at("2026-03-02"));
    let now = at("2027-06-01");
    member.review(now);
    member.hear("1", cancelled(now), now);
    assert_eq!(member.balance(now), (0, 0, 100));
}

#[test]
fn an_old_order_that_arrives_after_its_points_expired_leaves_no_points_but_counts_its_entries() {
    let mut member = member_of(starting());
    let now = at("2026-06-01");
    let entries = member.hear("old", paid(at("2025-03-01"), 10_000), now);
    let kinds: Vec<_> = entries.iter().map(|entry| (entry.kind, entry.points.get(), entry.at)).collect();
    assert_eq!(kinds, [(EntryKind::Purchase, 100, now), (EntryKind::Expiry, -100, now)]);
    let refunded = member.hear("old", cancelled(now), now);
    assert_eq!((refunded[0].points.get(), member.balance(now)), (0, (0, 0, 0)));
}

#[test]
fn a_delivery_reported_after_the_points_expired_writes_nothing() {
    let mut member = with_a_hundred(starting());
    let now = at("2027-02-15");
    member.review(now);
    assert!(member.hear("1", crate::shop::delivered("a", at("2026-01-12")), now).is_empty());
}

#[test]
fn a_delivery_reported_after_the_points_became_available_anyway_writes_nothing() {
    let mut member = with_a_hundred(starting());
    assert!(member.hear("1", crate::shop::delivered("a", at("2026-01-12")), at("2026-03-01")).is_empty());
}

#[test]
fn spending_takes_the_earliest_expiry_first() {
    let mut member = with_a_hundred(starting());
    member.hear("2", paid(at("2026-03-10"), 5_000), at("2026-03-10"));
    let now = at("2026-06-01");
    member.spend(60, now);
    assert_eq!(member.account.expiring_next(on("2026-06-01")), Some((on("2027-01-31"), crate::shop::points(40))));
    member.spend(40, now);
    assert_eq!(member.account.expiring_next(on("2026-06-01")), Some((on("2027-03-31"), crate::shop::points(50))));
}

#[test]
fn lots_that_expire_together_are_one_once_they_are_available() {
    let mut member = member_of(starting());
    for day in 1..=20 {
        let paid_at = days_after(at("2026-01-01"), day);
        member.hear(&day.to_string(), paid(paid_at, 1_000), paid_at);
    }
    assert_eq!(member.account.lots.iter().count(), 20);
    member.adjust(1, at("2026-05-01"));
    assert_eq!(member.account.lots.iter().count(), 2);
}

#[test]
fn adjustments_are_available_at_once_and_expire_like_other_points() {
    let mut member = member_of(starting());
    let entries = member.adjust(50, at("2026-06-15"));
    assert_eq!((entries[0].kind, entries[0].points.get()), (EntryKind::Adjustment, 50));
    assert_eq!(member.balance(at("2026-06-15")), (50, 0, 0));
    assert_eq!(member.account.expiring_next(on("2026-06-15")), Some((on("2027-06-30"), crate::shop::points(50))));
    assert_eq!(member.balance(at("2027-07-01T00:00:00Z")), (0, 0, 0));
}

#[test]
fn an_adjustment_downwards_beyond_what_is_there_is_owed_or_forgiven() {
    let mut owing = with_a_hundred(starting());
    owing.adjust(-130, at("2026-03-01"));
    assert_eq!(owing.balance(at("2026-03-01")), (0, 0, 30));
    let mut forgiven = with_a_hundred(clamping());
    forgiven.adjust(-130, at("2026-03-01"));
    assert_eq!(forgiven.balance(at("2026-03-01")), (0, 0, 0));
}

#[test]
fn enrolment_gives_its_points_once() {
    let mut member = member_of(starting());
    assert_eq!(member.account.status, Status::Guest);
    assert!(member.enrol(false, at("2026-02-01")).is_empty(), "a known customer, without points");
    assert_eq!(member.account.status, Status::Enrolled);
    assert_eq!(member.enrol(true, at("2026-02-02"))[0].kind, EntryKind::Enrol);
    assert!(member.enrol(true, at("2026-02-03")).is_empty());
    assert_eq!(member.balance(at("2026-02-03")), (100, 0, 0));
}

#[test]
fn where_activity_extends_every_lot_lives_as_long_as_the_newest() {
    let mut member = with_a_hundred(extending());
    member.hear("2", paid(at("2026-06-10"), 5_000), at("2026-06-10"));
    assert_eq!(member.balance(at("2027-06-30")), (150, 0, 0));
    assert_eq!(member.balance(at("2027-07-01")), (0, 0, 0));
    let mut fixed = with_a_hundred(starting());
    fixed.hear("2", paid(at("2026-06-10"), 5_000), at("2026-06-10"));
    assert_eq!(fixed.balance(at("2027-06-30")), (50, 0, 0));
}

#[test]
fn an_extended_lot_is_still_the_orders_own() {
    let mut member = with_a_hundred(extending());
    member.hear("2", paid(at("2026-06-10"), 5_000), at("2026-06-10"));
    member.hear("1", cancelled(at("2026-06-11")), at("2026-06-11"));
    assert_eq!(member.balance(at("2026-06-11")), (0, 50, 0), "the pending points are the other order's");
}

#[test]
fn points_that_expired_extended_are_not_taken_again_by_a_refund() {
    let mut member = with_a_hundred(extending());
    member.hear("2", paid(at("2026-06-10"), 5_000), at("2026-06-10"));
    let now = at("2027-07-15");
    member.hear("1", cancelled(now), now);
    assert_eq!(member.balance(now), (0, 0, 0));
}

#[test]
fn a_change_of_rules_never_shortens_what_was_granted() {
    let mut member = with_a_hundred(starting());
    let mut short = starting();
    short.expiry.months = 1;
    member.programs.push(crate::shop::programs::version(2, at("2026-03-01"), short));
    member.hear("1", crate::shop::delivered("a", at("2026-03-02")), at("2026-03-02"));
    member.adjust(5, at("2026-03-03"));
    assert_eq!(member.balance(at("2026-12-31")), (100, 0, 0), "only the newer points are gone");
}

#[test]
fn a_payment_that_turns_out_to_be_earlier_expires_earlier() {
    let mut member = with_a_hundred(starting());
    let earlier = crate::shop::payload(at("2026-01-10"), [crate::shop::line("1", 10_000, 1)]).paid(at("2025-12-30"));
    member.hear("1", earlier.updated(at("2026-01-11")).facts(), at("2026-02-20"));
    assert_eq!(member.account.expiring_next(on("2026-02-20")), Some((on("2026-12-31"), crate::shop::points(100))));
}
