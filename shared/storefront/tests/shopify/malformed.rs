use serde_json::{Value, json};

use crate::captured::{parse, read_changed};

/// The pointers that are named when that one value of the event is replaced.
fn named(case: &str, pointer: &str, value: Option<&Value>) -> Vec<String> {
    let bad = read_changed(case, &[(pointer, value.cloned())]).expect_err(&format!("{pointer}: {value:?}"));
    bad.problems.into_iter().map(|problem| problem.pointer).collect()
}

fn reason(case: &str, pointer: &str, value: Value) -> String {
    let bad = read_changed(case, &[(pointer, Some(value))]).unwrap_err();
    bad.problems.into_iter().find(|problem| problem.pointer == pointer).unwrap().reason
}

#[test]
fn each_bad_value_of_an_order_is_named_by_its_pointer() {
    let cases = [
        ("/id", json!(-1)),
        ("/id", json!({})),
        ("/updated_at", json!("2026-07-03T00:00:01Z")),
        ("/created_at", json!("1999-12-31T00:00:00Z")),
        ("/processed_at", json!(12)),
        ("/currency", json!("XXQ")),
        ("/currency", json!("")),
        ("/test", json!("yes")),
        ("/line_items", json!({})),
        ("/line_items/0", json!(null)),
        ("/line_items/0/id", json!("a line")),
        ("/line_items/0/quantity", json!(-1)),
        ("/line_items/0/quantity", json!(1_000_001)),
        ("/line_items/0/quantity", json!("2")),
        ("/line_items/0/current_quantity", json!(1.5)),
        ("/line_items/1/price", json!("-5.00")),
        ("/line_items/1/price", json!("5.001")),
        ("/line_items/1/price", json!("99999999999999999999")),
        ("/line_items/1/price", json!([])),
        ("/line_items/0/discount_allocations/0/amount", json!("-3.50")),
        ("/line_items/0/discount_allocations", json!(true)),
        ("/line_items/0/tax_lines/0/price", json!("x")),
        ("/line_items/0/gift_card", json!(0)),
        ("/customer", json!("mia")),
        ("/customer/id", json!("mia")),
        ("/customer/email", json!(7)),
        ("/customer/email_marketing_consent/consent_updated_at", json!("soon")),
        ("/shipping_address", json!([])),
        ("/refunds/0/id", json!(null)),
        ("/refunds/0/created_at", json!("never")),
        ("/refunds/0/refund_line_items/0/quantity", json!(-2)),
        ("/refunds/1/order_adjustments/0/amount_set/shop_money/amount", json!("ten")),
        ("/fulfillments/0/updated_at", json!(null)),
        ("/fulfillments/0/tracking_number", json!(12)),
    ];
    for (pointer, value) in cases {
        assert_eq!(named("orders-updated", pointer, Some(&value)), [pointer], "{value}");
    }
}

#[test]
fn each_field_that_an_event_needs_is_named_when_it_is_missing() {
    let cases = [
        ("orders-paid", "/id"),
        ("orders-paid", "/updated_at"),
        ("orders-paid", "/created_at"),
        ("orders-paid", "/currency"),
        ("orders-paid", "/line_items"),
        ("orders-paid", "/line_items/1/price"),
        ("refunds-create-line", "/order_id"),
        ("refunds-create-line", "/created_at"),
        ("refunds-create-line", "/refund_line_items/0/line_item_id"),
        ("refunds-create-amount", "/order_adjustments/0/amount_set/shop_money/amount"),
        ("fulfillments-create", "/order_id"),
        ("fulfillments-create", "/created_at"),
        ("fulfillment-events-create", "/status"),
        ("fulfillment-events-create", "/happened_at"),
        ("customers-create", "/id"),
        ("customers-update", "/updated_at"),
        ("customers-delete", "/id"),
        ("customers-redact", "/shop_domain"),
        ("customers-redact", "/customer/id"),
        ("customers-data-request", "/customer"),
        ("customers-data-request", "/data_request/id"),
        ("shop-redact", "/shop_domain"),
    ];
    for (case, pointer) in cases {
        assert_eq!(named(case, pointer, None), [pointer], "{case}");
    }
}

#[test]
fn a_reason_says_what_is_wrong_in_plain_words() {
    let order = |pointer, value| reason("orders-paid", pointer, value);
    assert_eq!(order("/line_items/0/quantity", json!(-1)), "`-1` is negative");
    assert_eq!(order("/line_items/0/price", json!("-1.00")), "`-1.00` is negative");
    assert_eq!(order("/currency", json!("XXQ")), "`XXQ` is not an ISO 4217 currency code");
    assert_eq!(
        order("/created_at", json!("2100-01-01T00:00:00Z")),
        "`2100-01-01T00:00:00Z` is more than 24 hours ahead"
    );
    assert_eq!(order("/line_items/0/quantity", Value::Null), "is missing");
}

#[test]
fn all_fields_at_fault_are_named_at_once() {
    let changes = [
        ("/line_items/0/quantity", Some(json!(-1))),
        ("/line_items/1/price", Some(json!("-5.00"))),
        ("/created_at", Some(json!("long ago"))),
        ("/id", None),
    ];
    let mut pointers: Vec<_> = read_changed("orders-paid", &changes)
        .unwrap_err()
        .problems
        .into_iter()
        .map(|problem| problem.pointer)
        .collect();
    pointers.sort();
    assert_eq!(pointers, ["/created_at", "/id", "/line_items/0/quantity", "/line_items/1/price"]);
}

#[test]
fn an_order_has_no_more_lines_and_refunds_than_may_be() {
    let line = |id: u64| json!({"id": id, "quantity": 1, "price": "1.00"});
    let lines = |count| json!((1..=count).map(line).collect::<Vec<_>>());
    assert!(read_changed("orders-paid", &[("/line_items", Some(lines(500)))]).is_ok());
    assert_eq!(named("orders-paid", "/line_items", Some(&lines(501))), ["/line_items"]);
    let refunds = vec![json!({"id": 1, "created_at": "2026-06-25T11:20:00Z"}); 501];
    assert_eq!(named("orders-paid", "/refunds", Some(&json!(refunds))), ["/refunds"]);
}

#[test]
fn two_lines_of_one_id_are_refused() {
    assert_eq!(named("orders-paid", "/line_items/1/id", Some(&json!(15320456789011_u64))), ["/line_items"]);
}

#[test]
fn a_line_worth_more_than_any_order_is_refused() {
    let changes =
        [("/line_items/0/price", Some(json!("9999999999.00"))), ("/line_items/0/quantity", Some(json!(1_000_000)))];
    let bad = read_changed("orders-paid", &changes).unwrap_err();
    assert_eq!(bad.problems[0].pointer, "/line_items/0/price");
}

#[test]
fn what_is_no_object_at_all_is_refused_as_a_whole() {
    let deep = "[".repeat(200_000);
    for body in ["", "null", "[]", "\"order\"", "{", "{\"id\": 1,}", deep.as_str()] {
        for topic in ["orders/paid", "refunds/create", "fulfillments/update", "customers/create"] {
            let bad = parse(topic, body).unwrap_err();
            assert_eq!(bad.problems.len(), 1);
            assert_eq!(bad.problems[0].pointer, "");
        }
    }
}
