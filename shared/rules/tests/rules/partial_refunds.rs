//! Partial refunds add up to exactly the whole, however they are split.

use std::collections::BTreeMap;

use crate::shop::{Member, at, line, one, payload, points, refund, starting};
use proptest::{collection::vec, prelude::*};
use rules::facts::Line;

const PAID: &str = "2026-06-10";
const NOW: &str = "2026-06-20";

/// A member of a random multiplier who has paid for these lines.
fn paid_for(lines: &[Line], multiplier: &str) -> Member {
    let mut program = starting();
    program.tiers.levels = crate::shop::programs::levels(&[("only", "0", multiplier)]);
    let mut member = Member::new(one(program), at(PAID));
    member.hear("order", payload(at(PAID), lines.to_vec()).paid(at(PAID)).facts(), at(NOW));
    member
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let discounted = |(number, (price, quantity, percent)): (usize, (i64, u32, i64))| Line {
        discount: price * i64::from(quantity) * percent / 100,
        ..line(&number.to_string(), price, quantity)
    };
    vec((1..30_000_i64, 1..6_u32, 0..100_i64), 1..6)
        .prop_map(move |lines| lines.into_iter().enumerate().map(discounted).collect())
}

fn multipliers() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["1", "1.25", "0.1", "3.333333"])
}

/// Every unit of the order once, in any order.
fn units(lines: &[Line]) -> impl Strategy<Value = Vec<String>> + use<> {
    let all = lines.iter().flat_map(|line| vec![line.id.to_string(); line.quantity as usize]);
    Just(all.collect::<Vec<_>>()).prop_shuffle()
}

fn eligible(line: &Line) -> i64 {
    line.price * i64::from(line.quantity) - line.discount
}

/// Hears a refund and says how many points it took.
fn taken(member: &mut Member, number: usize, units: &[(&str, u32)], amount: i64) -> i64 {
    let before = member.account.ledger.get();
    member.hear("order", refund(&format!("r{number}"), at(NOW), units, amount), at(NOW));
    let taken = before - member.account.ledger.get();
    assert!(taken >= 0, "a refund never gives points");
    taken
}

proptest! {
    #![proptest_config(crate::shop::cases(750))]

    #[test]
    fn units_returned_one_by_one_take_exactly_what_the_order_gave(
        (lines, units, multiplier) in lines().prop_flat_map(|l| (Just(l.clone()), units(&l), multipliers())),
    ) {
        let mut member = paid_for(&lines, multiplier);
        let whole = member.account.ledger.get();
        let by_line = member.order("order").earned(&member.programs).unwrap().unwrap().lines;
        let mut taken_of: BTreeMap<String, i64> = BTreeMap::new();
        for (number, line) in units.iter().enumerate() {
            *taken_of.entry(line.clone()).or_default() += taken(&mut member, number, &[(line, 1)], 0);
        }
        prop_assert_eq!(taken_of.values().sum::<i64>(), whole);
        for line in by_line {
            prop_assert_eq!(taken_of[line.id.as_str()], line.points.get(), "the line gives back what it got");
        }
        prop_assert_eq!(member.state(at(NOW)).lots, rules::lots::Lots::default());
    }

    #[test]
    fn amounts_that_add_up_to_the_order_take_exactly_what_it_gave(
        lines in lines(), multiplier in multipliers(), mut cuts in vec(0..=1_000_i64, 0..6),
    ) {
        let mut member = paid_for(&lines, multiplier);
        let (whole, total) = (member.account.ledger.get(), lines.iter().map(eligible).sum::<i64>());
        cuts.extend([0, 1_000]);
        cuts.sort_unstable();
        let mut sum = 0;
        for (number, cut) in cuts.windows(2).enumerate() {
            sum += taken(&mut member, number, &[], total * cut[1] / 1_000 - total * cut[0] / 1_000);
            let fair = i128::from(whole) * i128::from(total - total * cut[1] / 1_000) / i128::from(total);
            let kept = i128::from(whole - sum);
            prop_assert!(kept <= fair && fair - kept <= lines.len() as i128, "{kept} kept where {fair} is fair");
        }
        prop_assert_eq!(sum, whole);
    }

    #[test]
    fn units_and_amounts_together_take_exactly_what_the_order_gave(
        (lines, units, multiplier) in lines().prop_flat_map(|l| (Just(l.clone()), units(&l), multipliers())),
        by_units in 0..=10_usize, amounts in 1..4_i64, amounts_first in any::<bool>(),
    ) {
        let mut member = paid_for(&lines, multiplier);
        let whole = member.account.ledger.get();
        let returned = &units[..units.len() * by_units / 10];
        let left: i64 = lines.iter().map(|line| {
            let gone = returned.iter().filter(|id| **id == line.id.as_str()).count() as i64;
            // a line's last unit carries what its value does not divide by
            eligible(line) * (i64::from(line.quantity) - gone) / i64::from(line.quantity)
        }).sum();
        let mut refunds: Vec<(Option<&str>, i64)> = returned.iter().map(|id| (Some(id.as_str()), 0)).collect();
        let parts = (0..amounts).map(|part| (None, left * (part + 1) / amounts - left * part / amounts));
        if amounts_first { refunds.splice(0..0, parts); } else { refunds.extend(parts); }
        let mut sum = 0;
        for (number, (unit, amount)) in refunds.iter().enumerate() {
            let units: Vec<_> = unit.iter().map(|id| (*id, 1)).collect();
            sum += taken(&mut member, number, &units, *amount);
        }
        prop_assert_eq!(sum, whole);
        prop_assert_eq!(member.account.purchases.iter().count(), 0, "nothing counts toward tiers");
    }
}

#[test]
fn a_line_of_three_units_keeps_whole_points_at_each_refund() {
    let mut member = paid_for(&[line("1", 1_000, 3), line("2", 100, 1)], "1");
    assert_eq!(member.account.ledger, points(31));
    assert_eq!(taken(&mut member, 1, &[("1", 1)], 0), 10);
    assert_eq!(taken(&mut member, 2, &[("1", 1)], 0), 10);
    assert_eq!(taken(&mut member, 3, &[("2", 1)], 0), 1);
    assert_eq!(taken(&mut member, 4, &[("1", 1)], 0), 10);
}

#[test]
fn more_refunded_than_bought_takes_no_more_than_the_order_gave() {
    let mut member = paid_for(&[line("1", 1_000, 1), line("2", 2_000, 1)], "1");
    assert_eq!(taken(&mut member, 1, &[("1", 5)], 0), 10);
    assert_eq!(taken(&mut member, 2, &[], 1_000_000), 20);
    assert_eq!(taken(&mut member, 3, &[("2", 1), ("unheard-of", 1)], 0), 0);
    assert_eq!(member.balance(at(NOW)), (0, 0, 0));
}

#[test]
fn units_edited_away_count_as_refunded() {
    let mut member = paid_for(&[line("1", 1_000, 3)], "1");
    let edited = Line { current_quantity: Some(1), ..line("1", 1_000, 3) };
    member.hear("order", payload(at(PAID), [edited]).updated(at("2026-06-12")).facts(), at(NOW));
    assert_eq!(member.account.ledger, points(10));
}

#[test]
fn a_refund_that_an_edit_already_counts_is_taken_once() {
    let mut member = paid_for(&[line("1", 1_000, 3)], "1");
    let edited = Line { current_quantity: Some(1), ..line("1", 1_000, 3) };
    let edited = payload(at(PAID), [edited]).updated(at("2026-06-12"));
    member.hear("order", edited.counting("r1").facts(), at(NOW));
    member.hear("order", refund("r1", at("2026-06-12"), &[("1", 2)], 0), at(NOW));
    assert_eq!(member.account.ledger, points(10));
    assert_eq!(taken(&mut member, 2, &[("1", 1)], 0), 10, "one that came later is taken too");
}
