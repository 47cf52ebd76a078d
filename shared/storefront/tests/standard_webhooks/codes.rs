use rules::{facts::AppliedCode, ids::CouponCode};
use serde_json::{Value, json};

use crate::captured::{content, order_changed, read_changed};

const CASE: &str = "order-paid-with-code";
const HOLD: &str = "hold_019e5a7c4d2b7f10a3c96e41b8d05f27";

fn applied(code: &str, amount: impl Into<Option<i64>>) -> AppliedCode {
    AppliedCode { code: CouponCode::parse(code).unwrap(), amount: amount.into() }
}

fn codes(list: Value) -> Vec<AppliedCode> {
    order_changed(CASE, &[("/data/discount_codes", Some(list))]).facts.content.unwrap().value.codes
}

#[test]
fn an_order_has_its_codes_and_what_each_took_off() {
    assert_eq!(content(CASE).codes, [applied("RG-H7K2M9QXW4TRB8VNCF5D", 440)]);
    assert_eq!(content("order-paid").codes, []);
    assert_eq!(codes(json!([{"code": "june4"}, {"code": "SUMMER SALE"}, {"code": 7}])), [applied("JUNE4", None)]);
}

#[test]
fn an_amount_that_is_none_is_named() {
    let cases = [
        (json!("4.40"), "/data/discount_codes/0/amount"),
        (json!({"amount": "-4.40", "currency": "EUR"}), "/data/discount_codes/0/amount/amount"),
        (json!({"amount": "4.40", "currency": "USD"}), "/data/discount_codes/0/amount"),
    ];
    for (amount, pointer) in cases {
        let bad = read_changed(CASE, &[("/data/discount_codes/0/amount", Some(amount))]).unwrap_err();
        assert_eq!(bad.problems[0].pointer, pointer);
    }
}

#[test]
fn a_field_or_the_metadata_names_the_hold() {
    let hold = |hold: Value, metadata: Value| {
        let changes = [("/data/hold", Some(hold)), ("/data/metadata", Some(metadata))];
        order_changed(CASE, &changes).facts.content.unwrap().value.hold.map(String::from)
    };
    assert_eq!(content(CASE).hold.unwrap().as_str(), HOLD);
    assert_eq!(content("order-paid").hold, None);
    assert_eq!(hold(json!(null), json!({"a": [1], "regulars_hold": HOLD})).as_deref(), Some(HOLD));
    assert_eq!(hold(json!("hold_1"), json!({"regulars_hold": HOLD})).as_deref(), Some("hold_1"));
    for odd in [json!(7), json!([]), json!("no # id"), json!({"regulars_hold": 7})] {
        assert_eq!(hold(odd.clone(), odd), None);
    }
}
