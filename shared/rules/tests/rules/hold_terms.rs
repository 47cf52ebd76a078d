//! How many points a checkout may set aside, and what a part of them costs.

use crate::shop::{points, starting};
use proptest::prelude::*;
use rules::{
    hold_terms::{HoldAsk, NoHold},
    money::{Currency, MAX_MINOR, Money},
    program::Program,
    reward::Gives,
};

fn money(minor: i64, currency: &str) -> Money {
    Money { minor, currency: currency.parse().unwrap() }
}

fn ask(points: impl Into<Option<i64>>, minor: i64) -> HoldAsk {
    HoldAsk { points: points.into(), order_total: money(minor, "USD") }
}

/// Points and minor units that are held.
fn held(program: &Program, ask: HoldAsk, available: i64) -> (i64, i64) {
    let terms = program.hold_terms(ask, points(available)).unwrap();
    assert_eq!(terms.value.currency, ask.order_total.currency);
    (terms.points.get(), terms.value.minor)
}

/// The field that is refused.
fn refused(program: &Program, ask: HoldAsk, available: i64) -> String {
    match program.hold_terms(ask, points(available)) {
        Err(NoHold::BadAsk(problem)) => problem.pointer,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_hundred_points_are_one_unit_and_at_most_half_of_the_order() {
    let program = starting();
    assert_eq!(held(&program, ask(500, 4_098), 1_000), (500, 500));
    assert_eq!(held(&program, ask(2_049, 4_098), 5_000), (2_049, 2_049));
    assert_eq!(refused(&program, ask(2_050, 4_098), 5_000), "/points");
    assert_eq!(refused(&program, ask(99, 4_098), 5_000), "/points");
    let none = program.hold_terms(ask(500, 4_098), points(499));
    assert_eq!(none, Err(NoHold::Insufficient { needed: points(500), available: points(499) }));
}

#[test]
fn max_is_what_balance_and_order_allow() {
    let program = starting();
    assert_eq!(held(&program, ask(None, 4_098), 1_000), (1_000, 1_000));
    assert_eq!(held(&program, ask(None, 4_098), 5_000), (2_049, 2_049));
    assert_eq!(refused(&program, ask(None, 199), 5_000), "/order_total");
    assert_eq!(held(&program, ask(None, 200), 5_000), (100, 100));
    let too_few = program.hold_terms(ask(None, 4_098), points(99));
    assert_eq!(too_few, Err(NoHold::Insufficient { needed: points(100), available: points(99) }));
}

#[test]
fn an_order_must_be_worth_something_in_a_currency_that_has_a_rate() {
    let mut program = starting();
    assert_eq!(refused(&program, ask(100, 0), 500), "/order_total/amount");
    assert_eq!(refused(&program, ask(None, -5), 500), "/order_total/amount");
    let in_euros = HoldAsk { points: Some(500), order_total: money(4_000, "EUR") };
    assert_eq!(refused(&program, in_euros, 500), "/order_total/currency");
    program.earning.exchange_rates.insert("EUR".parse().unwrap(), "1.25".parse().unwrap());
    assert_eq!(held(&program, in_euros, 500), (500, 400));
    program.earning.exchange_rates.insert("JPY".parse().unwrap(), "0.0066".parse().unwrap());
    let in_yen = HoldAsk { points: Some(500), order_total: money(4_000, "JPY") };
    assert_eq!(held(&program, in_yen, 500), (500, 757), "5.00 USD are 757.57 JPY, and 757 JPY are 499.62 points");
    assert!(program.hold_terms(ask(None, MAX_MINOR), points(i64::MAX)).is_ok());
}

#[test]
fn without_points_as_cash_there_are_no_holds() {
    let mut program = starting();
    for reward in &mut program.rewards {
        reward.on = !matches!(reward.gives, Gives::Cash(_));
    }
    assert_eq!(program.hold_terms(ask(500, 4_098), points(1_000)), Err(NoHold::NotOffered));
    program.rewards.clear();
    assert_eq!(program.hold_terms(ask(500, 4_098), points(1_000)), Err(NoHold::NotOffered));
}

proptest! {
    #![proptest_config(crate::shop::cases(2_000))]

    #[test]
    fn a_value_never_costs_less_than_it_is_worth_nor_more_than_was_asked(
        price in 1..10_000_i64, amount in 1..10_000_i64, rate in 1..5_000_000_i64,
        asked in prop::option::of(100..1_000_000_i64), total in 1..10_000_000_i64, available in 0..1_000_000_i64,
        used in 0..=100_i64, currency in prop::sample::select(vec!["USD", "JPY", "KWD"]),
    ) {
        let mut program = starting();
        for reward in &mut program.rewards {
            if let Gives::Cash(cash) = &mut reward.gives {
                reward.points = points(price);
                cash.amount = Currency::USD.format_minor(amount).parse().unwrap();
            }
        }
        for foreign in ["JPY", "KWD"] {
            let rate = format!("{}.{:06}", rate / 1_000_000, rate % 1_000_000);
            program.earning.exchange_rates.insert(foreign.parse().unwrap(), rate.parse().unwrap());
        }
        let ask = HoldAsk { points: asked, order_total: money(total, currency) };
        if let Ok(terms) = program.hold_terms(ask, points(available)) {
            let currency = terms.value.currency;
            prop_assert!(terms.value.minor >= 1 && 2 * terms.value.minor <= total);
            prop_assert!(terms.points.get() <= asked.unwrap_or(available) && terms.points.get() <= available);
            prop_assert_eq!(terms.rate.cost(terms.value.minor, currency), Ok(terms.points));
            prop_assert!(terms.rate.value(terms.points, currency).unwrap() >= terms.value.minor);
            let part = terms.value.minor * used / 100;
            let cost = terms.rate.cost(part, currency).unwrap();
            prop_assert!(cost <= terms.points && terms.rate.value(cost, currency).unwrap() >= part);
        }
    }
}
