use serde_json::{Value, json};

use crate::captured::{parse, read_changed};

/// The pointers that are named when that one value of the event is replaced.
fn named(case: &str, pointer: &str, value: Option<&Value>) -> Vec<String> {
    let bad = read_changed(case, &[(pointer, value.cloned())]).expect_err(&format!("{pointer}: {value:?}"));
    bad.problems.into_iter().map(|problem| problem.pointer).collect()
}

#[test]
fn each_bad_value_of_an_order_is_named_by_its_pointer() {
    let cases = [
        ("/id", json!(0)),
        ("/id", json!("seven")),
        ("/status", json!(1)),
        ("/currency", json!("XXQ")),
        ("/total", json!("-50.10")),
        ("/total", json!("a lot")),
        ("/total", json!("1.2.3")),
        ("/total", json!("1.23x")),
        ("/date_modified_gmt", json!("2026-07-03T00:00:01")),
        ("/date_created_gmt", json!("1999-12-31T00:00:00")),
        ("/date_paid_gmt", json!(12)),
        ("/date_paid_gmt", json!("")),
        ("/date_completed_gmt", json!("soon")),
        ("/customer_id", json!(-1)),
        ("/customer_id", json!("mia")),
        ("/billing", json!([])),
        ("/billing/email", json!(7)),
        ("/shipping/country", json!(1)),
        ("/line_items", json!({})),
        ("/line_items/0", json!(null)),
        ("/line_items/0/id", json!(0)),
        ("/line_items/0/quantity", json!(-1)),
        ("/line_items/0/quantity", json!(1_000_001)),
        ("/line_items/0/subtotal", json!("-39.98")),
        ("/line_items/0/total", json!("-0.01")),
        ("/line_items/0/total", json!("99999999999999999999")),
        ("/line_items/0/total", json!({})),
        ("/line_items/1/total_tax", json!("x")),
        ("/line_items/1/product_id", json!("soap")),
        ("/refunds", json!(1)),
        ("/refunds/0/id", json!(0)),
        ("/refunds/0/total", json!("ten")),
    ];
    for (pointer, value) in cases {
        assert_eq!(named("order-refunded", pointer, Some(&value)), [pointer], "{value}");
    }
}

#[test]
fn each_field_that_an_event_needs_is_named_when_it_is_missing() {
    let cases = [
        ("order-refunded", "/id"),
        ("order-refunded", "/status"),
        ("order-refunded", "/currency"),
        ("order-refunded", "/total"),
        ("order-refunded", "/date_created_gmt"),
        ("order-refunded", "/date_modified_gmt"),
        ("order-refunded", "/line_items"),
        ("order-refunded", "/line_items/0/quantity"),
        ("order-refunded", "/line_items/0/subtotal"),
        ("order-refunded", "/line_items/0/total"),
        ("order-refunded", "/refunds/0/id"),
        ("order-refunded", "/refunds/0/total"),
        ("order-deleted", "/id"),
        ("customer-created", "/id"),
        ("customer-created", "/email"),
        ("customer-updated", "/date_created_gmt"),
        ("customer-deleted", "/id"),
    ];
    for (case, pointer) in cases {
        assert_eq!(named(case, pointer, None), [pointer], "{case}");
    }
}

#[test]
fn all_fields_at_fault_are_named_at_once() {
    let changes = [
        ("/line_items/0/quantity", Some(json!(-1))),
        ("/line_items/1/total", Some(json!("-5.00"))),
        ("/date_created_gmt", Some(json!("long ago"))),
        ("/refunds/2/total", None),
        ("/id", None),
    ];
    let bad = read_changed("order-refunded", &changes).unwrap_err();
    let mut pointers: Vec<_> = bad.problems.into_iter().map(|problem| problem.pointer).collect();
    pointers.sort();
    let expected = ["/date_created_gmt", "/id", "/line_items/0/quantity", "/line_items/1/total", "/refunds/2/total"];
    assert_eq!(pointers, expected);
}

#[test]
fn two_lines_of_one_id_or_a_line_worth_more_than_any_order_are_refused() {
    assert_eq!(named("order-paid", "/line_items/1/id", Some(&json!(315))), ["/line_items"]);
    let changes =
        [("/line_items/0/quantity", Some(json!(999_999))), ("/line_items/0/subtotal", Some(json!("10000000000.00")))];
    assert_eq!(read_changed("order-paid", &changes).unwrap_err().problems[0].pointer, "/line_items/0/subtotal");
}

#[test]
fn what_is_no_object_at_all_is_refused_as_a_whole() {
    let deep = "[".repeat(200_000);
    for body in ["", "null", "[]", "webhook_id=11", "{", deep.as_str()] {
        for topic in ["order.updated", "order.deleted", "customer.created", "customer.deleted"] {
            let bad = parse(topic, body).unwrap_err();
            assert_eq!((bad.problems.len(), bad.problems[0].pointer.as_str()), (1, ""));
        }
    }
}
