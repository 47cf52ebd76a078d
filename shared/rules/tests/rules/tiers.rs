//! Tiers: on three bases and three periods, upgraded at once, stepped down late and slowly.

use crate::shop::{
    Member, at, cancelled, days_after,
    events::paid,
    one,
    programs::{by, in_zone},
    refund,
};
use jiff::Timestamp;
use rules::{
    program::{Basis, Period, Program},
    standing::Standing,
};

const BASES: [Basis; 3] = [Basis::Spend, Basis::Points, Basis::Orders];
const PERIODS: [Period; 3] = [Period::Rolling12Months, Period::CalendarYear, Period::Anniversary];

/// Joined on 10 January 2026.
fn member_of(program: Program) -> Member {
    Member::new(one(program), at("2026-01-10"))
}

/// Pays 100.00 on each of these days, and hears of it then.
fn buys(member: &mut Member, days: &[&str]) {
    for day in days {
        member.hear(day, paid(at(day), 10_000), at(day));
    }
}

fn every_program() -> impl Iterator<Item = Program> {
    BASES.into_iter().flat_map(|basis| PERIODS.map(|period| by(basis, period)))
}

fn seen(standing: &Standing) -> (&str, Timestamp) {
    (standing.tier.as_str(), standing.since)
}

#[test]
fn the_order_that_reaches_the_line_exactly_upgrades_at_once() {
    for program in every_program() {
        let mut member = member_of(program);
        buys(&mut member, &["2026-02-01"]);
        assert_eq!(seen(&member.account.standing), ("bronze", at("2026-01-10")));
        buys(&mut member, &["2026-03-01"]);
        assert_eq!(seen(&member.account.standing), ("silver", at("2026-03-01")));
        assert_eq!(member.tier_changes.len(), 1);
        assert_eq!(member.tier_changes[0].at, at("2026-03-01"));
    }
}

#[test]
fn one_cent_less_than_the_line_does_not_reach_it() {
    let mut member = member_of(by(Basis::Spend, Period::Rolling12Months));
    buys(&mut member, &["2026-02-01"]);
    member.hear("last", paid(at("2026-03-01"), 9_999), at("2026-03-01"));
    assert_eq!(member.tier(at("2026-03-01")), "bronze");
}

#[test]
fn the_order_that_reaches_the_line_earns_at_the_tier_before_and_the_next_at_the_new() {
    for program in every_program() {
        let mut member = member_of(program);
        buys(&mut member, &["2026-02-01", "2026-03-01", "2026-04-01"]);
        let earned = ["2026-02-01", "2026-03-01", "2026-04-01"].map(|id| member.earned(id));
        assert_eq!(earned, [100, 100, 200]);
    }
}

#[test]
fn a_tier_dates_from_the_order_that_reached_it_even_when_orders_arrive_in_reverse() {
    for program in every_program() {
        let mut member = member_of(program);
        let now = at("2026-06-01");
        member.hear("second", paid(at("2026-03-01"), 10_000), now);
        member.hear("first", paid(at("2026-02-01"), 10_000), now);
        assert_eq!(seen(&member.account.standing), ("silver", at("2026-03-01")));
    }
}

#[test]
fn a_refund_takes_back_an_upgrade_that_rested_on_it() {
    for program in every_program() {
        let mut member = member_of(program);
        buys(&mut member, &["2026-02-01", "2026-03-01"]);
        member.hear("2026-02-01", refund("r", at("2026-03-02"), &[("1", 1)], 0), at("2026-03-02"));
        assert_eq!(seen(&member.account.standing), ("bronze", at("2026-01-10")));
        assert_eq!(member.tier_changes.len(), 2);
    }
}

#[test]
fn a_refund_that_leaves_the_line_reached_takes_nothing_back() {
    let mut member = member_of(by(Basis::Spend, Period::Rolling12Months));
    buys(&mut member, &["2026-02-01", "2026-03-01", "2026-03-05"]);
    member.hear("2026-03-05", cancelled(at("2026-03-06")), at("2026-03-06"));
    assert_eq!(seen(&member.account.standing), ("silver", at("2026-03-01")));
}

#[test]
fn a_period_ends_a_year_later_or_with_the_year_or_with_the_year_of_membership() {
    for (period, until) in [
        (Period::Rolling12Months, "2027-03-01T12:00:00Z"),
        (Period::CalendarYear, "2027-01-01T00:00:00Z"),
        (Period::Anniversary, "2027-01-10T00:00:00Z"),
    ] {
        let mut member = member_of(by(Basis::Spend, period));
        buys(&mut member, &["2026-02-01", "2026-03-01"]);
        assert_eq!(member.account.standing.until, Some(at(until)));
    }
}

/// Where the year that reached the line ends with the period, it keeps the tier for the next one.
fn kept_until(period: Period) -> Timestamp {
    at(match period {
        Period::Rolling12Months => "2027-03-01T12:00:00Z",
        Period::CalendarYear => "2028-01-01T00:00:00Z",
        Period::Anniversary => "2028-01-10T00:00:00Z",
    })
}

#[test]
fn a_tier_is_kept_to_the_end_of_the_first_period_without_enough_purchases_and_no_longer() {
    for program in every_program() {
        let end = kept_until(program.tiers.period);
        let mut member = member_of(program);
        buys(&mut member, &["2026-02-01", "2026-03-01"]);
        let standing = member.standing(Timestamp::from_second(end.as_second() - 1).unwrap());
        assert_eq!((seen(&standing), standing.until), (("silver", at("2026-03-01")), Some(end)));
        assert_eq!(seen(&member.standing(end)), ("bronze", end));
    }
}

#[test]
fn a_tier_is_stepped_down_only_after_the_days_of_grace() {
    for mut program in every_program() {
        program.tiers.grace_days = 30;
        let end = kept_until(program.tiers.period);
        let mut member = member_of(program);
        buys(&mut member, &["2026-02-01", "2026-03-01"]);
        assert_eq!(member.tier(days_after(end, 29)), "silver");
        assert_eq!(member.tier(days_after(end, 30)), "bronze");
    }
}

#[test]
fn whoever_qualifies_again_within_the_period_keeps_the_tier_for_another() {
    for (period, again, until) in [
        (Period::Rolling12Months, ["2026-08-01", "2027-02-01"], "2028-03-01T12:00:00Z"),
        (Period::CalendarYear, ["2027-02-01", "2027-08-01"], "2029-01-01T00:00:00Z"),
        (Period::Anniversary, ["2027-01-10", "2028-01-09"], "2029-01-10T00:00:00Z"),
    ] {
        let mut member = member_of(by(Basis::Spend, period));
        buys(&mut member, &["2026-02-01", "2026-03-01"]);
        buys(&mut member, &again);
        let standing = member.standing(at("2028-02-01"));
        assert_eq!(seen(&standing), ("silver", at("2026-03-01")), "{period:?}");
        assert_eq!(standing.until, Some(at(until)));
    }
}

#[test]
fn whoever_qualifies_again_in_the_days_of_grace_keeps_the_tier() {
    let mut program = by(Basis::Spend, Period::CalendarYear);
    program.tiers.grace_days = 60;
    let mut member = member_of(program);
    buys(&mut member, &["2024-11-01", "2024-12-01", "2026-01-15"]);
    let in_grace = member.standing(at("2026-02-01"));
    assert_eq!((in_grace.tier.as_str(), in_grace.until), ("silver", Some(at("2026-01-01T00:00:00Z"))));
    assert_eq!(member.tier(at("2026-03-10")), "bronze", "one purchase is not enough");
    buys(&mut member, &["2026-02-20"]);
    let kept = member.standing(at("2026-06-01"));
    assert_eq!(seen(&kept), ("silver", at("2024-12-01")), "without a break");
    assert_eq!(kept.until, Some(at("2027-01-01T00:00:00Z")));
}

#[test]
fn years_without_purchases_step_down_one_level_at_a_time() {
    for (period, gold, silver, bronze) in [
        (Period::Rolling12Months, "2026-05-01", "2027-05-01", "2028-05-01"),
        (Period::CalendarYear, "2026-05-01", "2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z"),
        (Period::Anniversary, "2026-05-01", "2028-01-10T00:00:00Z", "2029-01-10T00:00:00Z"),
    ] {
        for basis in [Basis::Spend, Basis::Orders] {
            let mut member = member_of(by(basis, period));
            buys(&mut member, &["2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"]);
            for (since, tier) in [(gold, "gold"), (silver, "silver"), (bronze, "bronze")] {
                let later = days_after(at(since), 300);
                assert_eq!(seen(&member.standing(later)), (tier, at(since)), "{period:?} on {later}");
            }
            assert_eq!(member.standing(at("2036-01-01")).until, None);
        }
    }
}

#[test]
fn grace_comes_before_each_step_down() {
    let mut program = by(Basis::Spend, Period::CalendarYear);
    program.tiers.grace_days = 10;
    let mut member = member_of(program);
    buys(&mut member, &["2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"]);
    for (day, tier) in [
        ("2028-01-10T23:59:59Z", "gold"),
        ("2028-01-11T00:00:00Z", "silver"),
        ("2029-01-10T23:59:59Z", "silver"),
        ("2029-01-11T00:00:00Z", "bronze"),
    ] {
        assert_eq!(member.tier(at(day)), tier, "{day}");
    }
}

#[test]
fn a_calendar_year_is_the_shops_own() {
    let program = in_zone("Pacific/Auckland", by(Basis::Spend, Period::CalendarYear));
    let mut member = Member::new(one(program), at("2026-01-10"));
    let (last_of_2026, first_of_2027) = ("2026-12-31T10:59:59Z", "2026-12-31T11:00:00Z");
    buys(&mut member, &["2026-12-30", first_of_2027]);
    assert_eq!(member.tier(at(first_of_2027)), "bronze", "the years do not add up");
    buys(&mut member, &[last_of_2026]);
    let standing = member.standing(at(last_of_2026));
    assert_eq!(seen(&standing), ("silver", at(last_of_2026)));
    assert_eq!(standing.until, Some(at(first_of_2027)));
}

#[test]
fn a_member_of_the_29th_of_february_has_an_anniversary_every_year() {
    let program = by(Basis::Spend, Period::Anniversary);
    let mut member = Member::new(one(program), at("2024-02-29"));
    buys(&mut member, &["2025-02-27", "2025-02-28"]);
    assert_eq!(member.tier(at("2025-02-28")), "bronze", "the 28th begins another year");
    buys(&mut member, &["2025-03-01"]);
    assert_eq!(member.account.standing.until, Some(at("2026-02-28T00:00:00Z")));
    buys(&mut member, &["2027-05-01", "2027-06-01"]);
    assert_eq!(member.account.standing.until, Some(at("2028-02-29T00:00:00Z")));
}

#[test]
fn points_of_enrolment_count_toward_a_tier_by_points_and_adjustments_do_not() {
    let mut member = member_of(by(Basis::Points, Period::Rolling12Months));
    member.adjust(1_000, at("2026-01-11"));
    assert_eq!(member.tier(at("2026-01-11")), "bronze");
    member.enrol(true, at("2026-01-12"));
    buys(&mut member, &["2026-02-01"]);
    assert_eq!(member.tier(at("2026-02-01")), "silver");
}

#[test]
fn an_order_without_an_eligible_amount_does_not_count_as_one() {
    let mut member = member_of(by(Basis::Orders, Period::Rolling12Months));
    member.hear("free", paid(at("2026-02-01"), 0), at("2026-02-01"));
    buys(&mut member, &["2026-03-01"]);
    assert_eq!(member.tier(at("2026-03-01")), "bronze");
}
