//! Tiers over the years: changes of the rules, purchases that arrive late, and accounts that forget.

use std::time::{Duration, Instant};

use crate::shop::{
    Member, at, days_after,
    events::paid,
    history, one,
    programs::{by, in_zone, levels, version},
    refund, starting,
};
use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};
use rules::{
    account::{Account, Status},
    order::Order,
    program::{Basis, Period, Program, Programs},
    purchases::{Contribution, Purchases},
    standing::{Membership, Standing},
};

/// Pays 100.00 on each of these days, and hears of it then.
fn buys(member: &mut Member, days: &[&str]) {
    for day in days {
        member.hear(day, paid(at(day), 10_000), at(day));
    }
}

fn seen(standing: &Standing) -> (&str, Timestamp) {
    (standing.tier.as_str(), standing.since)
}

/// The second version from June.
fn changed(first: Program, second: Program) -> Member {
    let later = version(2, at("2026-06-01"), second);
    Member::new(Programs::new(version(1, at("2020-01-01"), first), vec![later]), at("2026-01-10"))
}

fn with_levels(of: &[(&str, &str, &str)]) -> Program {
    let mut program = by(Basis::Spend, Period::Rolling12Months);
    program.tiers.levels = levels(of);
    program
}

#[test]
fn a_lower_line_lifts_whoever_reaches_it_when_it_comes_into_force() {
    let lower = with_levels(&[("bronze", "0", "1"), ("silver", "100", "2")]);
    let mut member = changed(by(Basis::Spend, Period::Rolling12Months), lower);
    buys(&mut member, &["2026-02-01"]);
    assert_eq!(member.tier(at("2026-05-31")), "bronze");
    assert_eq!(seen(&member.standing(at("2026-06-02"))), ("silver", at("2026-06-01")));
}

#[test]
fn a_higher_line_takes_no_tier_before_the_end_of_its_period() {
    let higher = with_levels(&[("bronze", "0", "1"), ("silver", "1000", "2")]);
    let mut member = changed(by(Basis::Spend, Period::Rolling12Months), higher);
    buys(&mut member, &["2026-02-01", "2026-03-01", "2026-07-01", "2026-08-01"]);
    assert_eq!(seen(&member.standing(at("2027-02-28"))), ("silver", at("2026-03-01")));
    assert_eq!(member.tier(at("2027-03-01")), "bronze");
}

#[test]
fn a_tier_that_no_longer_exists_becomes_the_one_that_its_holder_qualifies_for() {
    let without_gold = with_levels(&[("bronze", "0", "1"), ("silver", "200.00", "2")]);
    let mut gold = changed(by(Basis::Spend, Period::Rolling12Months), without_gold.clone());
    buys(&mut gold, &["2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"]);
    assert_eq!(gold.tier(at("2026-05-31")), "gold");
    assert_eq!(seen(&gold.standing(at("2026-06-02"))), ("silver", at("2026-06-01")));
    let without_both = with_levels(&[("basic", "0", "1"), ("top", "9000", "2")]);
    let mut silver = changed(by(Basis::Spend, Period::Rolling12Months), without_both);
    buys(&mut silver, &["2026-02-01", "2026-03-01"]);
    assert_eq!(seen(&silver.standing(at("2026-06-02"))), ("basic", at("2026-06-01")));
}

#[test]
fn a_change_of_rules_before_somebody_joined_hides_none_after_it() {
    let program = by(Basis::Spend, Period::Rolling12Months);
    let lower = with_levels(&[("bronze", "0", "1"), ("silver", "100", "2")]);
    let versions = vec![version(2, at("2025-01-01"), program.clone()), version(3, at("2026-06-01"), lower)];
    let mut member = Member::new(Programs::new(version(1, at("2020-01-01"), program), versions), at("2026-01-10"));
    member.hear("long-ago", paid(at("2024-12-01"), 10_000), at("2026-01-10"));
    buys(&mut member, &["2026-02-01"]);
    assert_eq!(member.tier(at("2026-06-02")), "silver");
}

#[test]
fn an_order_is_priced_by_the_rules_of_the_day_it_was_paid() {
    let mut double = by(Basis::Spend, Period::Rolling12Months);
    double.earning.points_per_unit = "2".parse().unwrap();
    let mut member = changed(by(Basis::Spend, Period::Rolling12Months), double);
    member.hear("may", paid(at("2026-05-31"), 5_000), at("2026-07-01"));
    member.hear("june", paid(at("2026-06-01"), 5_000), at("2026-07-01"));
    assert_eq!((member.earned("may"), member.earned("june")), (50, 100));
}

/// Everything that an account ever counted, forgotten or not.
#[derive(Default)]
struct Unforgotten(Purchases);

impl Unforgotten {
    fn follow(&mut self, before: &Order, after: &Order) {
        let of = |order: &Order| {
            order.posted.as_ref().map(|posted| {
                let orders = i64::from(posted.spend > 0);
                (posted.paid_at, Contribution { spend: posted.spend, points: posted.points.get(), orders })
            })
        };
        if let Some((at, had)) = of(before) {
            self.0.replace(at, had, Contribution::default()).unwrap();
        }
        if let Some((at, has)) = of(after) {
            self.0.replace(at, Contribution::default(), has).unwrap();
        }
    }

    fn standing(&self, member: &Member, now: Timestamp) -> Standing {
        let joined_at = member.account.joined_at;
        Membership { anchor: None, purchases: &self.0, joined_at }.standing(&member.programs, now).unwrap()
    }
}

proptest! {
    #![proptest_config(crate::shop::cases(1_000))]

    #[test]
    fn an_old_account_that_has_forgotten_stands_as_if_it_remembered(
        programs in history::all_programs(),
        life in vec((1..120_i64, 0..25_000_i64, 0..200_i64, any::<prop::sample::Index>(), any::<bool>()), 4..60),
    ) {
        let mut member = Member::new(programs, days_after(history::start(), -900));
        let mut unforgotten = Unforgotten::default();
        let mut now = days_after(history::start(), -900);
        let mut bought: Vec<(String, Timestamp)> = Vec::new();
        for (number, (pause, minor, late, pick, refunds)) in life.iter().enumerate() {
            now = days_after(now, *pause);
            let (id, facts) = match bought.get(pick.index(bought.len().max(1))) {
                Some((id, paid_at)) if *refunds && days_after(*paid_at, 390) > now => {
                    (id.clone(), refund("r", now, &[], *minor))
                }
                _ => {
                    let paid_at = days_after(now, -(late % pause));
                    bought.push((number.to_string(), paid_at));
                    (number.to_string(), paid(paid_at, *minor))
                }
            };
            let before = member.order(&id);
            member.hear(&id, facts, now);
            unforgotten.follow(&before, &member.orders[&id]);
            prop_assert_eq!(&member.account.standing, &unforgotten.standing(&member, now));
        }
        for days in [30, 100, 200, 300, 400, 800, 1_600] {
            let later = days_after(now, days);
            prop_assert_eq!(member.standing(later), unforgotten.standing(&member, later), "{} days later", days);
        }
    }

    #[test]
    fn orders_may_arrive_in_any_order_where_points_do_not_count(
        mut purchases in vec((0..700_i64, 0..25_000_i64), 1..12).prop_shuffle(),
        basis in prop::sample::select(vec![Basis::Spend, Basis::Orders]),
        period in prop::sample::select(vec![Period::Rolling12Months, Period::CalendarYear, Period::Anniversary]),
        grace in 0..90_u16,
    ) {
        let mut program = by(basis, period);
        program.tiers.grace_days = grace;
        let now = history::start();
        let mut standings = Vec::new();
        for _ in 0..2 {
            let mut member = Member::new(one(program.clone()), days_after(now, -700));
            for (number, (days, minor)) in purchases.iter().enumerate() {
                member.hear(&number.to_string(), paid(days_after(now, -days), *minor), now);
            }
            standings.push(member.account.standing);
            purchases.sort_unstable();
        }
        prop_assert_eq!(&standings[0], &standings[1]);
    }
}

#[test]
fn accounts_forget_what_is_older_than_two_years_and_a_month() {
    let mut member = Member::new(one(by(Basis::Spend, Period::Rolling12Months)), at("2026-01-10"));
    for month in 0..60 {
        let day = days_after(at("2026-01-10"), month * 30);
        member.hear(&month.to_string(), paid(day, 10_000), day);
    }
    let kept = member.account.purchases.iter().count();
    assert!((24..=27).contains(&kept), "{kept} of 60 months");
}

#[test]
fn a_member_with_ten_thousand_purchases_is_placed_in_a_moment() {
    let programs = one(in_zone("America/New_York", starting()));
    let mut account = Account::new(Status::Guest, at("2025-01-01"), &programs);
    let mut purchases = Vec::new();
    for number in 0..10_000 {
        let at = Timestamp::from_second(at("2025-01-01").as_second() + number * 6_000).unwrap();
        purchases.push((at, Contribution { spend: 100, points: 1, orders: 1 }));
    }
    for (at, purchase) in purchases {
        account.purchases.replace(at, Contribution::default(), purchase).unwrap();
    }
    let begun = Instant::now();
    let standing = account.membership().standing(&programs, at("2026-12-01")).unwrap();
    // 35 ms unoptimised on a slow machine; a replay that looks at all for each would take 5 s
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(standing.tier.as_str(), "diamond");
}
