use rules::{
    facts::AppliedCode,
    ids::{CouponCode, HoldId},
};
use serde_json::{Value, json};

use crate::captured::{content, order_changed, read_changed};

const CASE: &str = "orders-paid-with-code";
const HOLD: &str = "hold_019e5a7c4d2b7f10a3c96e41b8d05f27";

fn applied(code: &str, amount: impl Into<Option<i64>>) -> AppliedCode {
    AppliedCode { code: CouponCode::parse(code).unwrap(), amount: amount.into() }
}

fn codes(changes: &[(&str, Option<Value>)]) -> Vec<AppliedCode> {
    order_changed(CASE, changes).facts.content.unwrap().value.codes
}

fn hold(attributes: Value) -> Option<HoldId> {
    order_changed(CASE, &[("/note_attributes", Some(attributes))]).facts.content.unwrap().value.hold
}

#[test]
fn an_order_has_its_codes_and_what_each_took_off() {
    assert_eq!(content(CASE).codes, [applied("RG-H7K2M9QXW4TRB8VNCF5D", 400)]);
    assert_eq!(content("orders-paid").codes, [applied("JUNE4", 400)]);
    assert_eq!(content("orders-paid-guest").codes, []);
}

#[test]
fn a_note_attribute_names_the_hold() {
    assert_eq!(content(CASE).hold, Some(HoldId::parse(HOLD).unwrap()));
    assert_eq!(content("orders-paid").hold, None);
}

#[test]
fn without_the_list_of_codes_the_applications_and_their_allocations_say_the_same() {
    for nothing in [None, Some(json!(null)), Some(json!([]))] {
        assert_eq!(codes(&[("/discount_codes", nothing)]), [applied("RG-H7K2M9QXW4TRB8VNCF5D", 400)]);
    }
    let automatic = ("/discount_applications/0/type", Some(json!("automatic")));
    assert_eq!(codes(&[("/discount_codes", None), automatic]), []);
    let of_another = ("/line_items/0/discount_allocations/0/discount_application_index", Some(json!(1)));
    assert_eq!(codes(&[("/discount_codes", None), of_another.clone()]), [applied("RG-H7K2M9QXW4TRB8VNCF5D", 50)]);
    let neither = ("/line_items/1/discount_allocations/0/discount_application_index", Some(json!(1)));
    assert_eq!(codes(&[("/discount_codes", None), of_another, neither]), [applied("RG-H7K2M9QXW4TRB8VNCF5D", None)]);
}

#[test]
fn a_code_that_cannot_be_ours_is_none_of_ours() {
    for foreign in [json!("SUMMER SALE"), json!("ÉTÉ"), json!(""), json!("x".repeat(5_000)), json!(7), json!(null)] {
        assert_eq!(codes(&[("/discount_codes/0/code", Some(foreign))]), []);
    }
}

#[test]
fn the_case_and_the_blanks_that_a_buyer_typed_do_not_matter() {
    assert_eq!(codes(&[("/discount_codes/0/code", Some(json!(" june4 ")))]), [applied("JUNE4", 400)]);
}

#[test]
fn a_code_without_an_amount_took_off_what_nobody_knows() {
    assert_eq!(codes(&[("/discount_codes", Some(json!([{"code": "JUNE4"}])))]), [applied("JUNE4", None)]);
}

#[test]
fn a_code_that_is_listed_twice_took_off_both_and_no_more_than_twenty_are_looked_at() {
    let twice = json!([{"code": "june4", "amount": "1.00"}, {"code": "JUNE4", "amount": "2.5"}]);
    assert_eq!(codes(&[("/discount_codes", Some(twice))]), [applied("JUNE4", 350)]);
    let many: Vec<Value> = (0..100).map(|number| json!({"code": format!("C{number}"), "amount": "1.00"})).collect();
    assert_eq!(codes(&[("/discount_codes", Some(json!(many)))]).len(), 20);
}

#[test]
fn an_amount_that_is_none_is_named() {
    for amount in [json!("-4.00"), json!("four"), json!({}), json!("99999999999999999999")] {
        let bad = read_changed(CASE, &[("/discount_codes/0/amount", Some(amount))]).unwrap_err();
        assert_eq!(bad.problems[0].pointer, "/discount_codes/0/amount");
    }
    let bad = read_changed(CASE, &[("/discount_codes", Some(json!({})))]).unwrap_err();
    assert_eq!(bad.problems[0].pointer, "/discount_codes");
}

#[test]
fn what_a_buyer_writes_into_the_notes_never_has_the_order_refused() {
    let many: Vec<Value> = vec![json!({"name": "a", "value": "b"}); 600];
    let long = json!([{"name": "regulars_hold", "value": "x".repeat(100_000)}]);
    let odd = json!([1, {"name": 7}, {"name": "regulars_hold"}, {"name": "regulars_hold", "value": {"a": 1}}]);
    for attributes in [json!(many), long, odd, json!("text"), json!({"regulars_hold": HOLD}), json!([["a"]])] {
        assert_eq!(hold(attributes), None);
    }
    let second = json!([{"name": "regulars_hold", "value": "not one"}, {"name": "regulars_hold", "value": HOLD}]);
    assert_eq!(hold(second).unwrap().as_str(), HOLD);
}
