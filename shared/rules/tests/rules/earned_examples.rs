//! What orders earn, example by example.

use crate::shop::{
    Member, at, cancelled, delivered,
    events::{Payload, paid},
    line, on, one, payload,
    programs::{campaign, levels},
    refund, shipped, starting,
};
use rules::{
    explain::{Explanation, explain},
    facts::{Line, LineKind, OrderFacts},
    ids::ProductId,
    program::Program,
};

const PAID: &str = "2026-06-10T10:00:00Z";

fn order(lines: impl IntoIterator<Item = Line>) -> Payload {
    payload(at(PAID), lines).paid(at(PAID))
}

fn heard(program: Program, facts: OrderFacts) -> Member {
    let mut member = Member::new(one(program), at(PAID));
    member.hear("order", facts, at(PAID));
    member
}

fn explained(member: &Member) -> Explanation {
    explain(&member.order("order"), &member.programs).unwrap()
}

fn earns(program: Program, facts: OrderFacts) -> i64 {
    heard(program, facts).earned("order")
}

/// Earns nothing, says so with that word, and leaves no entry.
fn earns_nothing(program: Program, facts: OrderFacts, word: &str) {
    let member = heard(program, facts);
    assert_eq!((member.earned("order"), member.ledger.len()), (0, 0));
    let explained = explained(&member);
    assert_eq!(explained.nothing, Some(word));
    let said = format!("earns nothing: {}", word.replace('_', " "));
    assert!(explained.why.contains(&said), "{:?}", explained.why);
}

#[test]
fn a_point_for_each_whole_unit_of_the_orders_sum() {
    assert_eq!(earns(starting(), order([line("1", 199, 1)]).facts()), 1);
    assert_eq!(earns(starting(), order([line("1", 150, 1), line("2", 150, 1)]).facts()), 3, "not of each line");
    assert_eq!(earns(starting(), order([line("1", 99, 1)]).facts()), 0);
}

#[test]
fn points_left_over_go_to_the_largest_remainder_and_of_equal_ones_to_the_earlier_line() {
    let lines = |member: Member| {
        let earned = member.order("order").earned(&member.programs).unwrap().unwrap();
        earned.lines.iter().map(|line| line.points.get()).collect::<Vec<_>>()
    };
    let member = heard(starting(), order([line("1", 150, 1), line("2", 150, 1), line("3", 100, 1)]).facts());
    assert_eq!(lines(member), [2, 1, 1]);
    let member = heard(starting(), order([line("1", 120, 1), line("2", 190, 1), line("3", 190, 1)]).facts());
    assert_eq!(lines(member), [1, 2, 2]);
}

#[test]
fn gift_cards_and_tips_earn_nothing() {
    let gift_card = Line { kind: LineKind::GiftCard, ..line("2", 5_000, 1) };
    let tip = Line { kind: LineKind::Tip, ..line("3", 700, 1) };
    let member = heard(starting(), order([line("1", 1_000, 1), gift_card.clone(), tip]).facts());
    assert_eq!(member.earned("order"), 10);
    let why = explained(&member).why;
    assert!(why.contains(&"line 2 earns nothing: gift card".to_owned()), "{why:?}");
    assert!(why.contains(&"line 3 earns nothing: tip".to_owned()), "{why:?}");
    earns_nothing(starting(), order([gift_card]).facts(), "nothing_eligible");
}

#[test]
fn a_product_that_the_program_excludes_earns_nothing() {
    let mut program = starting();
    let product = ProductId::parse("42").unwrap();
    program.earning.excluded_products.push(product.clone());
    let excluded = Line { product_id: Some(product), ..line("1", 1_000, 1) };
    let other = Line { product_id: Some(ProductId::parse("43").unwrap()), ..line("2", 500, 1) };
    let member = heard(program, order([excluded, other]).facts());
    assert_eq!(member.earned("order"), 5);
    assert!(explained(&member).why.contains(&"line 1 earns nothing: excluded product".to_owned()));
}

#[test]
fn discounts_and_the_tax_in_a_price_earn_nothing() {
    let discounted = Line { discount: 250, ..line("1", 1_000, 2) };
    assert_eq!(earns(starting(), order([discounted]).facts()), 17);
    let taxed = Line { tax_included: 190, ..line("1", 1_190, 1) };
    assert_eq!(earns(starting(), order([taxed]).facts()), 10);
    let given_away = Line { discount: 1_000, tax_included: 10, ..line("1", 1_000, 1) };
    earns_nothing(starting(), order([given_away]).facts(), "nothing_eligible");
}

#[test]
fn yen_have_no_minor_units_and_dinars_have_three_digits() {
    for (code, minor, points) in [("JPY", 4_098, 4_098), ("KWD", 4_098, 4), ("USD", 4_098, 40)] {
        let mut program = starting();
        program.currency = code.parse().unwrap();
        program.tiers.levels = levels(&[("only", "0", "1")]);
        let member = heard(program, order([line("1", minor, 1)]).currency(code).facts());
        assert_eq!(member.earned("order"), points, "{code}");
        assert_eq!(member.account.purchases.iter().next().unwrap().1.spend, minor);
    }
}

#[test]
fn another_currency_converts_at_the_rate_of_the_day_it_was_priced() {
    let mut program = starting();
    program.earning.exchange_rates.insert("EUR".parse().unwrap(), "1.10".parse().unwrap());
    let facts = order([line("1", 1_999, 1)]).currency("EUR").facts();
    let mut member = heard(program.clone(), facts);
    assert_eq!(member.earned("order"), 21);
    assert_eq!(member.account.purchases.iter().next().unwrap().1.spend, 2_198, "in cents of a dollar, cut");
    let why = &explained(&member).why[0];
    assert!(why.starts_with("19.99 EUR eligible x 1.10 (USD per EUR) x 1 per unit"), "{why}");

    program.earning.exchange_rates.insert("EUR".parse().unwrap(), "2".parse().unwrap());
    member.programs.push(crate::shop::programs::version(2, at("2026-06-11"), program));
    member.hear("order", refund("r", at("2026-06-12"), &[], 999), at("2026-06-12"));
    assert_eq!(member.earned("order"), 10, "a later refund uses the same rate");
    member.hear("order", refund("rest", at("2026-06-13"), &[], 1_000), at("2026-06-13"));
    assert_eq!(member.balance(at("2026-06-13")), (0, 0, 0));
}

#[test]
fn yen_convert_into_dollars_exactly() {
    let mut program = starting();
    program.earning.exchange_rates.insert("JPY".parse().unwrap(), "0.006500".parse().unwrap());
    let member = heard(program, order([line("1", 10_000, 1)]).currency("JPY").facts());
    assert_eq!(member.earned("order"), 65);
    assert_eq!(member.account.purchases.iter().next().unwrap().1.spend, 6_500);
}

#[test]
fn a_currency_without_a_rate_earns_nothing_and_says_so() {
    earns_nothing(starting(), order([line("1", 1_000, 1)]).currency("EUR").facts(), "no_exchange_rate");
}

#[test]
fn a_test_order_earns_nothing() {
    earns_nothing(starting(), order([line("1", 1_000, 1)]).test().facts(), "test_order");
}

#[test]
fn an_order_paid_before_the_program_starts_earns_nothing() {
    let mut program = crate::shop::programs::in_zone("America/New_York", starting());
    program.starts_on = Some(on("2026-06-11"));
    let paid_at = |text: &str| payload(at(text), [line("1", 1_000, 1)]).paid(at(text)).facts();
    earns_nothing(program.clone(), paid_at("2026-06-11T03:59:59Z"), "before_the_program_starts");
    assert_eq!(earns(program, paid_at("2026-06-11T04:00:00Z")), 10, "from midnight in New York");
}

#[test]
fn a_cancelled_order_and_one_refunded_in_full_say_why_they_are_worth_nothing() {
    earns_nothing(starting(), order([line("1", 1_000, 1)]).facts().merge(cancelled(at(PAID))), "cancelled");
    let refunded = order([line("1", 1_000, 1)]).facts().merge(refund("r", at(PAID), &[("1", 1)], 0));
    earns_nothing(starting(), refunded, "fully_refunded");
}

#[test]
fn an_unpaid_order_and_one_heard_of_only_by_a_refund_say_so() {
    let mut member = heard(starting(), payload(at(PAID), [line("1", 1_000, 1)]).facts());
    assert_eq!(explained(&member).nothing, Some("not_paid"));
    member.hear("refund", refund("r", at(PAID), &[], 5), at(PAID));
    let only_refund = explain(&member.order("refund"), &member.programs).unwrap();
    assert_eq!(only_refund.nothing, Some("only_refunds_or_deliveries_known"));
}

#[test]
fn the_highest_campaign_counts_and_one_that_stacks_multiplies_on_top() {
    let june = r#"{"kind": "window", "from_at": "2026-06-01T00:00:00Z", "to_at": "2026-07-01T00:00:00Z"}"#;
    let wednesday = r#"{"kind": "weekdays", "days": ["wednesday"], "zone": "shop"}"#;
    let may = r#"{"kind": "window", "from_at": "2026-05-01T00:00:00Z", "to_at": "2026-06-01T00:00:00Z"}"#;
    let mut program = starting();
    program.campaigns = vec![
        campaign("june", "2", false, june),
        campaign("wednesday", "3", false, wednesday),
        campaign("app", "1.5", true, june),
        campaign("may", "10", true, may),
    ];
    let member = heard(program, order([line("1", 1_000, 1)]).facts());
    assert_eq!(member.earned("order"), 45);
    let why = &explained(&member).why[0];
    assert!(why.contains("x 3 (campaign wednesday) x 1.5 (campaign app) = 45.00, so 45 points"), "{why}");
}

#[test]
fn points_wait_30_days_from_payment_or_14_from_the_last_delivery() {
    let mut member = heard(starting(), order([line("1", 1_000, 1)]).facts());
    assert_eq!(explained(&member).available_on, Some(on("2026-07-10")));
    member.hear("order", shipped("a", at("2026-06-11")), at("2026-06-11"));
    member.hear("order", shipped("b", at("2026-06-11")), at("2026-06-11"));
    member.hear("order", delivered("a", at("2026-06-12")), at("2026-06-12"));
    assert_eq!(explained(&member).available_on, Some(on("2026-07-10")), "a parcel is under way");
    let entries = member.hear("order", delivered("b", at("2026-06-14")), at("2026-06-14"));
    assert_eq!(entries[0].kind, rules::ledger::EntryKind::Delivery);
    assert_eq!(entries[0].points.get(), 0, "only the day changes");
    assert_eq!(explained(&member).available_on, Some(on("2026-06-28")));
    assert_eq!(member.balance(at("2026-06-27T23:59:59Z")), (0, 10, 0));
    assert_eq!(member.balance(at("2026-06-28T00:00:00Z")), (10, 0, 0));
}

#[test]
fn the_days_are_those_of_the_shop() {
    let program = crate::shop::programs::in_zone("Pacific/Auckland", starting());
    let member = heard(program, payload(at(PAID), [line("1", 1_000, 1)]).paid(at("2026-06-30T12:00:00Z")).facts());
    assert_eq!(explained(&member).available_on, Some(on("2026-07-31")), "paid on the 1st of July in Auckland");
    assert_eq!(explained(&member).expires_on, Some(on("2027-07-31")));
}

#[test]
fn points_last_twelve_months_to_the_end_of_the_month() {
    for (paid_on, rounded, exact) in [
        ("2026-01-31", "2027-01-31", "2027-01-31"),
        ("2026-02-28", "2027-02-28", "2027-02-28"),
        ("2027-02-28", "2028-02-29", "2028-02-28"),
        ("2028-02-29", "2029-02-28", "2029-02-28"),
        ("2026-12-01", "2027-12-31", "2027-12-01"),
    ] {
        let mut program = starting();
        let expires_on = |program: Program| explained(&heard(program, paid(at(paid_on), 1_000))).expires_on;
        assert_eq!(expires_on(program.clone()), Some(on(rounded)), "{paid_on}");
        program.expiry.round = rules::program::Round::None;
        assert_eq!(expires_on(program), Some(on(exact)), "{paid_on}");
    }
}

#[test]
fn a_month_from_the_31st_of_january_ends_in_february() {
    let mut program = starting();
    program.expiry.months = 1;
    assert_eq!(explained(&heard(program, paid(at("2026-01-31"), 1_000))).expires_on, Some(on("2026-02-28")));
}

#[test]
fn a_line_added_by_an_edit_earns_at_the_price_of_the_order() {
    let mut member = Member::new(one(starting()), at(PAID));
    let first = |lines: &[Line]| payload(at(PAID), lines.to_vec()).paid(at(PAID));
    member.hear("order", first(&[line("1", 10_000, 1)]).facts(), at(PAID));
    member.hear("silver", paid(at("2026-06-11"), 20_000), at("2026-06-11"));
    let edited = first(&[line("1", 10_000, 1), line("2", 10_000, 1)]).updated(at("2026-06-12"));
    let entries = member.hear("order", edited.facts(), at("2026-06-12"));
    assert_eq!((entries[0].kind, entries[0].points.get()), (rules::ledger::EntryKind::Edit, 100));
}
