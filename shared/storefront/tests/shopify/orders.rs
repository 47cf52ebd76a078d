use rules::{
    facts::{CustomerRef, LineKind},
    ids::{CustomerId, LineId, OrderId, ProductId},
    money::Currency,
};
use serde_json::{Value, json};
use storefront::event::Event;

use crate::captured::{at, captured, content, facts, key_of, line, now, order, order_changed, parse};

#[test]
fn the_worked_order_has_its_lines_prices_and_discounts() {
    let content = content("orders-paid");
    assert_eq!(content.currency, Currency::USD);
    assert!(!content.test);
    assert_eq!(content.created_at, at("2026-06-18T10:00:00Z"));
    let amounts: Vec<_> =
        content.lines.iter().map(|line| (line.quantity, line.price, line.discount, line.tax_included)).collect();
    assert_eq!(amounts, [(2, 1_999, 350, 0), (1, 500, 50, 0)]);
    let first = &content.lines[0];
    assert_eq!(first.id, LineId::parse("15320456789011").unwrap());
    assert_eq!(first.product_id, Some(ProductId::parse("8410023456701").unwrap()));
    assert_eq!((first.kind, first.current_quantity), (LineKind::Product, Some(2)));
}

#[test]
fn an_order_is_paid_once_its_status_says_so_at_the_time_it_was_processed() {
    assert_eq!(facts("orders-create").paid_at, None);
    for case in ["orders-paid", "orders-fulfilled", "orders-updated"] {
        assert_eq!(order(case).id, OrderId::parse("6120345678901").unwrap(), "{case}");
        assert_eq!(facts(case).paid_at, Some(at("2026-06-18T10:00:00Z")), "{case}");
    }
}

#[test]
fn the_content_is_as_new_as_the_payload_itself_says() {
    let content = facts("orders-paid").content.unwrap();
    assert_eq!(content.updated_at, at("2026-06-18T10:00:07Z"));
    let newer = facts("orders-updated").content.unwrap();
    assert_eq!(newer.updated_at, at("2026-06-27T20:05:31Z"));
}

#[test]
fn a_member_with_an_account_is_known_by_number_and_address() {
    let order = order("orders-paid");
    let expected = CustomerRef {
        id: Some(CustomerId::parse("7304512998145").unwrap()),
        email_key: Some(key_of("mia.thornbury@example.com")),
        email_verified: true,
        has_account: true,
    };
    assert_eq!(order.facts.customer(), Some(&expected));
    let buyer = order.buyer.unwrap();
    assert_eq!(buyer.customer_id, expected.id);
    assert_eq!(buyer.updated_at, at("2026-06-18T10:00:07Z"));
    assert_eq!(buyer.profile.email.unwrap().as_str(), "mia.thornbury@example.com");
    assert_eq!(buyer.profile.name.as_deref(), Some("Mia Thornbury"));
    assert_eq!(buyer.profile.locale.as_deref(), Some("en-US"));
    assert_eq!(buyer.profile.country.as_deref(), Some("US"));
    assert!(buyer.profile.email_verified && buyer.profile.has_account);
}

#[test]
fn a_guest_is_known_by_address_alone() {
    let order = order("orders-paid-guest");
    let expected = CustomerRef {
        id: None,
        email_key: Some(key_of("priya.okonjo@example.com")),
        email_verified: false,
        has_account: false,
    };
    assert_eq!(order.facts.customer(), Some(&expected));
    let buyer = order.buyer.unwrap();
    assert_eq!(buyer.customer_id, None);
    assert_eq!(buyer.profile.name.as_deref(), Some("Priya Okonjo"));
    assert_eq!(buyer.profile.marketing, None);
    assert_eq!(order.facts.paid_at, Some(at("2026-06-24T00:31:12Z")));
}

#[test]
fn a_guest_may_have_only_a_contact_address() {
    for nothing in [Value::Null, json!(""), json!("not an address")] {
        let order = order_changed("orders-paid-guest", &[("/email", Some(nothing))]);
        assert_eq!(order.buyer.unwrap().profile.email.unwrap().as_str(), "priya.okonjo@example.com");
    }
}

#[test]
fn an_order_of_nobody_has_no_customer() {
    let order = order_changed("orders-paid-guest", &[("/email", None), ("/contact_email", Some(Value::Null))]);
    assert_eq!(order.facts.customer(), None);
    assert_eq!(order.buyer, None);
    assert!(order.facts.paid_at.is_some());
}

#[test]
fn the_orders_address_of_a_customer_without_one_is_not_verified() {
    let order = order_changed("orders-paid", &[("/customer/email", Some(Value::Null))]);
    let customer = order.facts.customer().unwrap();
    assert_eq!(customer.email_key, Some(key_of("mia.thornbury@example.com")));
    assert!(!customer.email_verified);
}

#[test]
fn a_custom_item_has_no_product() {
    assert_eq!(line("orders-paid-guest", 1).product_id, None);
    assert_eq!(line("orders-paid-guest", 1).kind, LineKind::Product);
}

#[test]
fn gift_cards_and_tips_are_told_from_products() {
    let content = content("orders-paid-eur-taxes-included");
    assert_eq!(content.currency.code(), "EUR");
    let kinds: Vec<_> = content.lines.iter().map(|line| (line.kind, line.price)).collect();
    assert_eq!(kinds, [(LineKind::Product, 2_440), (LineKind::GiftCard, 5_000), (LineKind::Tip, 300)]);
}

#[test]
fn included_tax_is_that_of_the_whole_line_and_counts_only_where_prices_include_it() {
    let oil = line("orders-paid-eur-taxes-included", 0);
    assert_eq!((oil.quantity, oil.discount, oil.tax_included), (2, 440, 801));
    let soap = order_changed("orders-paid", &[("/taxes_included", Some(json!(true)))]).facts.content.unwrap().value;
    assert_eq!(soap.lines[1].tax_included, 30);
    assert_eq!(line("orders-paid", 1).tax_included, 0);
}

#[test]
fn a_unit_edited_away_is_no_longer_kept() {
    let facts = facts("orders-edited-as-updated");
    let cream = &facts.content().unwrap().lines[0];
    assert_eq!((cream.quantity, cream.current_quantity), (3, Some(2)));
    assert_eq!(facts.units_kept(cream), 2);
    assert!(facts.refunds.is_empty());
}

#[test]
fn a_cancelled_order_keeps_its_payment_and_refund() {
    let facts = facts("orders-cancelled");
    assert_eq!(facts.cancelled_at, Some(at("2026-06-21T19:44:08Z")));
    assert_eq!(facts.paid_at, Some(at("2026-06-21T16:10:33Z")));
    assert_eq!(facts.units_kept(&facts.content().unwrap().lines[0]), 0);
    assert_eq!(facts.amount_refunded(), 0);
}

#[test]
fn a_test_order_says_so() {
    assert!(content("orders-paid-test").test);
}

#[test]
fn every_topic_of_an_order_gives_the_same_facts() {
    let body = captured("orders-paid").body;
    for topic in ["create", "updated", "paid", "cancelled", "fulfilled", "partially_fulfilled"] {
        assert_eq!(parse(&format!("orders/{topic}"), &body), Ok(Event::Order(order("orders-paid"))), "{topic}");
    }
}

#[test]
fn all_that_was_heard_of_the_worked_order_merges_in_any_order() {
    let cases = [
        "orders-create",
        "orders-paid",
        "orders-fulfilled",
        "orders-updated",
        "refunds-create-line",
        "refunds-create-amount",
        "fulfillments-create",
        "fulfillments-update",
        "fulfillment-events-create",
    ];
    let forwards = cases.iter().map(|case| facts(case)).reduce(rules::facts::OrderFacts::merge).unwrap();
    let backwards = cases.iter().rev().map(|case| facts(case)).reduce(rules::facts::OrderFacts::merge).unwrap();
    assert_eq!(forwards, backwards);
    let kept: Vec<_> = forwards.content().unwrap().lines.iter().map(|line| forwards.units_kept(line)).collect();
    assert_eq!(kept, [2, 0]);
    assert_eq!(forwards.amount_refunded(), 1_000);
    assert_eq!(forwards.delivered_at(), Some(at("2026-06-22T17:58:00Z")));
}

#[test]
fn topics_without_facts_are_ignored_whatever_their_body() {
    for topic in ["orders/edited", "orders/delete", "app/uninstalled", "", "Orders/Paid"] {
        let event = storefront::shopify::parse(topic, b"\xff", &crate::captured::keys(), now());
        assert!(matches!(event, Ok(Event::Ignored { .. })), "{topic}");
    }
}
