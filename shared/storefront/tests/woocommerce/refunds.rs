use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::captured::{at, content, facts, order_changed};

/// The shares of the refunds by their numbers.
fn shares(changes: &[(&str, Option<Value>)]) -> BTreeMap<u64, i64> {
    let refunds = order_changed("order-paid", changes).facts.refunds;
    refunds.into_iter().map(|(id, refund)| (id.as_str().parse().unwrap(), refund.value.amount)).collect()
}

/// The shares of refunds of the worked order, 50.10 in all, of which 40.98 for lines and 2.72 their tax.
fn shares_of(totals: &[&str]) -> Vec<i64> {
    let refund = |(index, total): (usize, &&str)| json!({"id": 998 + index, "reason": "", "total": total});
    let refunds: Vec<Value> = totals.iter().enumerate().map(refund).rev().collect();
    shares(&[("/refunds", Some(json!(refunds)))]).into_values().collect()
}

#[test]
fn a_refund_of_a_lines_price_and_tax_is_worth_the_line() {
    assert_eq!(shares_of(&["-4.80"]), [450]);
    let refund = facts("order-refunded-in-part").refunds.into_values().next().unwrap();
    assert_eq!((refund.value.amount, refund.value.units.len()), (450, 0));
}

#[test]
fn a_refund_of_the_whole_order_is_worth_all_its_lines() {
    assert_eq!(shares_of(&["-50.10"]), [4_098]);
    assert_eq!(shares_of(&["50.10"]), [4_098], "whichever sign a shop writes");
}

#[test]
fn who_sends_everything_back_and_pays_the_shipping_keeps_nothing() {
    assert_eq!(shares_of(&["-43.70"]), [4_098]);
    assert_eq!(shares_of(&["-43.70", "-6.40"]), [4_098, 0]);
}

#[test]
fn an_order_that_store_credit_made_cheaper_is_paid_back_with_its_total() {
    let changes = [("/total", Some(json!("20.00"))), ("/refunds", Some(json!([{"id": 1, "total": "-20.00"}])))];
    assert_eq!(shares(&changes), [(1, 4_098)].into());
}

#[test]
fn more_than_the_order_cost_is_no_more_than_its_lines_and_of_a_gift_nothing() {
    assert_eq!(shares_of(&["-40.00", "-40.00"]).iter().sum::<i64>(), 4_098);
    let changes = [("/total", Some(json!("0.00"))), ("/refunds", Some(json!([{"id": 1, "total": "-5.00"}])))];
    assert_eq!(shares(&changes), [(1, 0)].into());
}

#[test]
fn a_refund_is_the_same_to_the_hash_in_every_later_payload() {
    let [first, both, all] =
        ["order-refunded-in-part", "order-refunded-again", "order-refunded"].map(|case| facts(case).refunds);
    assert_eq!((first.len(), both.len(), all.len()), (1, 2, 3));
    assert!(first.iter().all(|(id, refund)| both.get(id) == Some(refund)));
    assert!(both.iter().all(|(id, refund)| all.get(id) == Some(refund)));
}

#[test]
fn a_refund_is_dated_by_the_making_of_the_order_because_it_tells_no_time() {
    for refund in facts("order-refunded").refunds.into_values() {
        assert_eq!((refund.updated_at, refund.value.refunded_at), (at("2026-06-18T10:00:00Z"), refund.updated_at));
    }
}

#[test]
fn the_refunds_of_a_refunded_order_are_worth_all_its_lines() {
    let facts = facts("order-refunded");
    assert_eq!(facts.amount_refunded(), 4_098);
    let content = content("order-refunded");
    assert!(content.lines.iter().all(|line| facts.units_kept(line) == 0));
}

proptest! {
    #[test]
    fn however_a_total_is_split_its_refunds_add_up_to_the_lines_and_none_moves_another(
        cuts in prop::collection::btree_set(1..5_010_i64, 0..8),
    ) {
        let ends = cuts.iter().copied().chain([5_010]);
        let starts = [0].into_iter().chain(cuts.iter().copied());
        let totals: Vec<String> =
            starts.zip(ends).map(|(from, to)| format!("-{}.{:02}", (to - from) / 100, (to - from) % 100)).collect();
        let totals: Vec<&str> = totals.iter().map(String::as_str).collect();
        let all = shares_of(&totals);
        prop_assert_eq!(all.iter().sum::<i64>(), 4_098);
        prop_assert!(all.iter().all(|share| *share >= 0));
        for known in 0..=totals.len() {
            prop_assert_eq!(&shares_of(&totals[..known]), &all[..known]);
        }
    }
}
