use rules::{
    facts::{CustomerRef, LineKind, OrderFacts},
    ids::{CustomerId, LineId, OrderId, ProductId},
};
use serde_json::{Value, json};
use storefront::event::Event;

use crate::captured::{at, captured, content, facts, key_of, order, order_changed, parse};

#[test]
fn an_order_has_its_lines_prices_and_kinds() {
    let content = content("order-paid");
    assert_eq!(order("order-paid").id, OrderId::parse("A-20417").unwrap());
    assert_eq!((content.currency.code(), content.test), ("EUR", false));
    assert_eq!(content.created_at, at("2026-06-18T10:00:00Z"));
    let lines: Vec<_> = content
        .lines
        .iter()
        .map(|line| (line.kind, line.quantity, line.price, line.discount, line.tax_included))
        .collect();
    let expected = [
        (LineKind::Product, 2, 2_440, 440, 740),
        (LineKind::GiftCard, 1, 5_000, 0, 0),
        (LineKind::Product, 3, 500, 0, 250),
        (LineKind::Tip, 1, 200, 0, 0),
    ];
    assert_eq!(lines, expected);
    assert_eq!(content.lines[0].id, LineId::parse("1").unwrap());
    assert_eq!(content.lines[0].product_id, Some(ProductId::parse("BODY-OIL-100").unwrap()));
    assert_eq!(content.lines[3].product_id, None);
}

#[test]
fn an_order_is_as_new_as_its_event_and_paid_when_it_says_so() {
    let placed = facts("order-placed");
    assert_eq!((placed.content.unwrap().updated_at, placed.paid_at), (at("2026-06-18T10:00:00Z"), None));
    let paid = facts("order-paid");
    assert_eq!(paid.content.unwrap().updated_at, at("2026-06-18T10:00:07Z"));
    assert_eq!(paid.paid_at, Some(at("2026-06-18T10:00:07Z")));
}

#[test]
fn all_three_types_of_a_whole_order_say_the_same() {
    let body = captured("order-paid").body;
    for name in ["order.placed", "order.updated"] {
        let told = parse(&body.replace("order.paid", name));
        assert_eq!(told, Ok(Event::Order(order("order-paid"))), "{name}");
    }
}

#[test]
fn a_buyer_with_an_account_and_a_proven_address_is_known_by_both() {
    let order = order("order-paid");
    let expected = CustomerRef {
        id: Some(CustomerId::parse("c_1881").unwrap()),
        email_key: Some(key_of("jonas.weidlich@example.com")),
        email_verified: true,
        has_account: true,
    };
    assert_eq!(order.facts.customer(), Some(&expected));
    let buyer = order.buyer.unwrap();
    assert_eq!((buyer.customer_id, buyer.updated_at), (expected.id, at("2026-06-18T10:00:07Z")));
    assert_eq!(buyer.profile.name.as_deref(), Some("Jonas Weidlich"));
    assert_eq!(buyer.profile.locale.as_deref(), Some("de-AT"));
    assert_eq!(buyer.profile.country.as_deref(), Some("AT"));
    assert_eq!(buyer.profile.marketing.unwrap().at, at("2026-04-11T07:05:00Z"));
}

#[test]
fn a_guest_is_known_by_address_alone() {
    let order = order("order-paid-guest");
    let customer = order.facts.customer().unwrap();
    assert_eq!((&customer.id, customer.has_account), (&None, false));
    assert_eq!(customer.email_key, Some(key_of("priya.okonjo@example.com")));
    assert!(customer.speaks_for_address());
}

#[test]
fn a_customer_with_an_id_has_an_account_unless_the_shop_says_otherwise() {
    let silent = [("/data/customer/has_account", None), ("/data/customer/email_verified", None)];
    let order = order_changed("order-paid", &silent);
    assert!(!order.facts.customer().unwrap().speaks_for_address());
    let denied = [("/data/customer/has_account", Some(json!(false))), ("/data/customer/email_verified", None)];
    let order = order_changed("order-paid", &denied);
    assert!(order.facts.customer().unwrap().speaks_for_address());
}

#[test]
fn a_customer_without_id_and_address_is_nobody() {
    for nobody in [Value::Null, json!({}), json!({"name": "Jonas", "email": " "})] {
        let order = order_changed("order-paid", &[("/data/customer", Some(nobody))]);
        assert_eq!((order.facts.customer(), &order.buyer), (None, &None));
    }
}

#[test]
fn a_test_order_and_a_cancelled_one_say_so() {
    let changes = [("/data/test", Some(json!(true))), ("/data/cancelled_at", Some(json!("2026-06-18T14:00:00+02:00")))];
    let facts = order_changed("order-paid", &changes).facts;
    assert!(facts.content().unwrap().test);
    assert_eq!(facts.cancelled_at, Some(at("2026-06-18T12:00:00Z")));
}

#[test]
fn what_an_order_lists_is_the_same_to_the_hash_as_what_was_told_alone() {
    let told_alone = ["order-refunded-line", "order-refunded-amount", "order-shipped", "order-delivered"];
    let alone = told_alone.into_iter().map(facts).reduce(OrderFacts::merge).unwrap();
    let whole = facts("order-updated");
    assert_eq!((whole.refunds, whole.fulfilments), (alone.refunds, alone.fulfilments));
}

#[test]
fn all_that_was_heard_of_an_order_merges_in_any_order() {
    let cases = [
        "order-placed",
        "order-paid",
        "order-shipped",
        "order-delivered",
        "order-refunded-line",
        "order-refunded-amount",
        "order-updated",
    ];
    let forwards = cases.into_iter().map(facts).reduce(OrderFacts::merge).unwrap();
    let backwards = cases.into_iter().rev().map(facts).reduce(OrderFacts::merge).unwrap();
    assert_eq!(forwards, backwards);
    let kept: Vec<_> = forwards.content().unwrap().lines.iter().map(|line| forwards.units_kept(line)).collect();
    assert_eq!(kept, [2, 1, 2, 1]);
    assert_eq!(forwards.amount_refunded(), 1_000);
    assert_eq!(forwards.delivered_at(), Some(at("2026-06-22T15:58:00Z")));
}

#[test]
fn an_edit_is_a_newer_order_with_other_quantities() {
    let edited = [("/timestamp", Some(json!("2026-06-18T11:00:00Z"))), ("/data/lines/2/quantity", Some(json!(2)))];
    let edited = order_changed("order-paid", &edited).facts;
    let known = edited.merge(facts("order-paid"));
    assert_eq!(known.units_kept(&known.content().unwrap().lines[2]), 2);
}

#[test]
fn a_field_that_is_not_known_is_ignored() {
    let changes = [("/data/warehouse", Some(json!({"id": 7}))), ("/data/lines/0/colour", Some(json!(1)))];
    assert_eq!(order_changed("order-paid", &changes), order("order-paid"));
}
