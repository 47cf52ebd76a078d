use rules::{facts::AppliedCode, ids::CouponCode};
use serde_json::{Value, json};

use crate::captured::{content, order_changed, read_changed};

const CASE: &str = "order-paid-with-code";
const HOLD: &str = "hold_019e5a7c4d2b7f10a3c96e41b8d05f27";

fn applied(code: &str, amount: impl Into<Option<i64>>) -> AppliedCode {
    AppliedCode { code: CouponCode::parse(code).unwrap(), amount: amount.into() }
}

fn codes(changes: &[(&str, Option<Value>)]) -> Vec<AppliedCode> {
    order_changed(CASE, changes).facts.content.unwrap().value.codes
}

#[test]
fn an_order_has_its_coupons_and_what_each_took_off_its_prices() {
    assert_eq!(content(CASE).codes, [applied("RG-H7K2M9QXW4TRB8VNCF5D", 400)]);
    assert_eq!(content("order-paid").codes, [applied("JUNE4", 400)]);
    assert_eq!(content("order-paid-guest-eur").codes, [applied("ESTATE", 440)]);
    assert_eq!(codes(&[("/coupon_lines", Some(json!([])))]), []);
}

#[test]
fn where_prices_are_shown_with_tax_a_coupon_takes_off_the_tax_as_well() {
    assert_eq!(codes(&[("/prices_include_tax", Some(json!(true)))]), [applied("RG-H7K2M9QXW4TRB8VNCF5D", 427)]);
}

#[test]
fn a_coupon_in_finer_units_is_read_to_the_nearest_minor_unit() {
    assert_eq!(codes(&[("/coupon_lines/0/discount", Some(json!("3.995")))]), [applied("RG-H7K2M9QXW4TRB8VNCF5D", 400)]);
}

#[test]
fn a_coupon_that_cannot_be_ours_is_none_of_ours_and_one_without_an_amount_is_unknown() {
    assert_eq!(codes(&[("/coupon_lines/0/code", Some(json!("summer sale")))]), []);
    assert_eq!(codes(&[("/coupon_lines", Some(json!([{"code": "june4"}])))]), [applied("JUNE4", None)]);
}

#[test]
fn an_amount_that_is_none_is_named() {
    for amount in [json!("-4.00"), json!("four"), json!({})] {
        let bad = read_changed(CASE, &[("/coupon_lines/0/discount", Some(amount))]).unwrap_err();
        assert_eq!(bad.problems[0].pointer, "/coupon_lines/0/discount");
    }
}

#[test]
fn the_metadata_names_the_hold_whatever_plugins_put_beside_it() {
    let hold = |metadata: Value| {
        order_changed(CASE, &[("/meta_data", Some(metadata))]).facts.content.unwrap().value.hold.map(String::from)
    };
    assert_eq!(content(CASE).hold.unwrap().as_str(), HOLD);
    assert_eq!(content("order-paid").hold, None);
    let ours = json!({"id": 1, "key": "regulars_hold", "value": HOLD});
    assert_eq!(hold(json!([{"key": "plugin", "value": {"deep": [1]}}, 7, {"key": 1}, ours])).as_deref(), Some(HOLD));
    let odd = json!([{"key": "regulars_hold", "value": [HOLD]}, {"key": "regulars_hold", "value": "no # id"}]);
    for nothing in [odd, json!({}), json!("text"), json!(vec![json!({"key": "a", "value": "b"}); 600])] {
        assert_eq!(hold(nothing), None);
    }
}
