use serde_json::{Value, json};

use crate::captured::{captured, parse, read_changed};

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
        ("/type", json!(7)),
        ("/timestamp", json!(1_782_950_400)),
        ("/timestamp", json!("2026-07-03T00:00:01Z")),
        ("/timestamp", json!("2026-06-18T10:00:00")),
        ("/data", json!([])),
        ("/data/id", json!(20417)),
        ("/data/id", json!("")),
        ("/data/id", json!("A 20417")),
        ("/data/id", json!("x".repeat(129))),
        ("/data/created_at", json!("1999-12-31T00:00:00Z")),
        ("/data/paid_at", json!(true)),
        ("/data/cancelled_at", json!("never")),
        ("/data/test", json!("yes")),
        ("/data/customer", json!("jonas")),
        ("/data/customer/id", json!(1881)),
        ("/data/customer/email", json!("jonas")),
        ("/data/customer/email_verified", json!(1)),
        ("/data/customer/has_account", json!("no")),
        ("/data/customer/locale", json!("de_AT")),
        ("/data/customer/country", json!("Austria")),
        ("/data/customer/name", json!({})),
        ("/data/customer/consent", json!("granted")),
        ("/data/customer/consent/marketing", json!("subscribed")),
        ("/data/customer/consent/marketing_at", json!(null)),
        ("/data/lines", json!({})),
        ("/data/lines/0", json!(null)),
        ("/data/lines/0/id", json!(1)),
        ("/data/lines/0/kind", json!("service")),
        ("/data/lines/0/quantity", json!(-1)),
        ("/data/lines/0/quantity", json!("2")),
        ("/data/lines/0/price", json!("24.40")),
        ("/data/lines/0/price/amount", json!(24.4)),
        ("/data/lines/0/price/amount", json!("-24.40")),
        ("/data/lines/0/price/amount", json!("24.405")),
        ("/data/lines/0/discount/amount", json!("99999999999999999999")),
        ("/data/lines/0/tax_included/currency", json!("XXQ")),
        ("/data/refunds", json!({})),
        ("/data/refunds/0/id", json!(null)),
        ("/data/refunds/0/refunded_at", json!("2026-06-25")),
        ("/data/refunds/0/lines/0/quantity", json!(-1)),
        ("/data/refunds/0/lines/0/line_id", json!(3)),
        ("/data/refunds/1/amount/amount", json!("-10.00")),
        ("/data/fulfilments/0/shipped_at", json!("2027-01-01T00:00:00Z")),
        ("/data/fulfilments/0/delivered_at", json!(1)),
        ("/data/fulfilments/0/cancelled", json!("no")),
        ("/data/fulfilments/0/tracking_url", json!("javascript:alert(1)")),
        ("/data/fulfilments/0/estimated_delivery_at", json!("2099-01-01T00:00:00Z")),
    ];
    for (pointer, value) in cases {
        assert_eq!(named("order-updated", pointer, Some(&value)), [pointer], "{value}");
    }
}

#[test]
fn each_field_that_an_event_needs_is_named_when_it_is_missing() {
    let cases = [
        ("order-paid", "/type"),
        ("order-paid", "/timestamp"),
        ("order-paid", "/data"),
        ("order-paid", "/data/id"),
        ("order-paid", "/data/currency"),
        ("order-paid", "/data/created_at"),
        ("order-paid", "/data/paid_at"),
        ("order-paid", "/data/lines"),
        ("order-paid", "/data/lines/0/id"),
        ("order-paid", "/data/lines/0/quantity"),
        ("order-paid", "/data/lines/0/price"),
        ("order-paid", "/data/lines/0/price/currency"),
        ("order-refunded-line", "/data/order_id"),
        ("order-refunded-line", "/data/refund"),
        ("order-refunded-line", "/data/refund/id"),
        ("order-refunded-line", "/data/refund/refunded_at"),
        ("order-cancelled", "/data/order_id"),
        ("order-cancelled", "/data/cancelled_at"),
        ("order-shipped", "/data/order_id"),
        ("order-shipped", "/data/fulfilment"),
        ("order-shipped", "/data/fulfilment/id"),
        ("order-shipped", "/data/fulfilment/shipped_at"),
        ("order-delivered", "/data/fulfilment/delivered_at"),
        ("customer-updated", "/data/id"),
        ("customer-updated", "/timestamp"),
        ("consent-updated", "/data/customer_id"),
        ("consent-updated", "/data/consent"),
        ("consent-updated", "/data/consent/marketing"),
        ("consent-updated", "/data/consent/marketing_at"),
    ];
    for (case, pointer) in cases {
        assert_eq!(named(case, pointer, None), [pointer], "{case}");
    }
}

#[test]
fn a_reason_says_what_is_wrong_in_plain_words() {
    let order = |pointer, value| reason("order-updated", pointer, value);
    let dollars = json!({"amount": "5.00", "currency": "USD"});
    assert_eq!(order("/data/lines/2/price", dollars.clone()), "is in USD, the order is in EUR");
    assert_eq!(order("/data/refunds/1/amount", dollars), "is in USD, the order is in EUR");
    assert_eq!(order("/data/customer/country", json!("Austria")), "`Austria` is not a country code such as `AT`");
    assert_eq!(order("/data/customer/email", json!("jonas@")), "is not an email address");
    assert_eq!(order("/data/lines/0/kind", json!("service")), "must be `product`, `gift_card` or `tip`");
    assert!(order("/data/id", json!("A#1")).starts_with("`A#1` is not an id"));
}

#[test]
fn all_fields_at_fault_are_named_at_once() {
    let changes = [
        ("/timestamp", None),
        ("/data/id", None),
        ("/data/lines/0/quantity", Some(json!(-1))),
        ("/data/refunds/0/refunded_at", None),
        ("/data/fulfilments/0/cancelled", Some(json!(0))),
        ("/data/customer/email", Some(json!("nobody"))),
    ];
    let bad = read_changed("order-updated", &changes).unwrap_err();
    let pointers: std::collections::BTreeSet<_> = bad.problems.into_iter().map(|problem| problem.pointer).collect();
    assert_eq!(pointers, changes.into_iter().map(|(pointer, _)| pointer.to_owned()).collect());
}

#[test]
fn two_lines_of_one_id_and_lines_worth_more_than_any_order_are_refused() {
    assert_eq!(named("order-paid", "/data/lines/1/id", Some(&json!("1"))), ["/data/lines"]);
    let changes = [
        ("/data/lines/0/quantity", Some(json!(1_000_000))),
        ("/data/lines/0/price/amount", Some(json!("9999999999.00"))),
    ];
    assert_eq!(read_changed("order-paid", &changes).unwrap_err().problems[0].pointer, "/data/lines/0/price");
    let line = |id: u32| json!({"id": id.to_string(), "quantity": 1, "price": {"amount": "1.00", "currency": "EUR"}});
    let lines = |count| json!((0..count).map(line).collect::<Vec<_>>());
    assert!(read_changed("order-paid", &[("/data/lines", Some(lines(500)))]).is_ok());
    assert_eq!(named("order-paid", "/data/lines", Some(&lines(501))), ["/data/lines"]);
}

#[test]
fn what_is_no_object_at_all_is_refused_as_a_whole() {
    let deep = "[".repeat(200_000);
    let captured = captured("order-paid").body;
    for body in ["", "null", "[]", "\"order\"", "{", deep.as_str(), &captured[..captured.len() - 1]] {
        let bad = parse(body).unwrap_err();
        assert_eq!((bad.problems.len(), bad.problems[0].pointer.as_str()), (1, ""));
    }
}
