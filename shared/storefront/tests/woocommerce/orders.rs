use rules::{
    facts::{CustomerRef, Shipment},
    ids::{CustomerId, FulfilmentId, OrderId, ProductId},
    money::Currency,
};
use serde_json::{Value, json};
use storefront::event::Event;

use crate::captured::{at, captured, content, facts, key_of, now, order, order_changed, parse, read_changed};

const PAID_AT: &str = "2026-06-18T10:00:06Z";

#[test]
fn the_worked_order_has_its_lines_and_what_was_paid_for_them() {
    let content = content("order-paid");
    assert_eq!(order("order-paid").id, OrderId::parse("727").unwrap());
    assert_eq!((content.currency, content.test), (Currency::USD, false));
    assert_eq!(content.created_at, at("2026-06-18T10:00:00Z"));
    let amounts: Vec<_> = content.lines.iter().map(|line| (line.quantity, line.price, line.discount)).collect();
    assert_eq!(amounts, [(2, 1_999, 350), (1, 500, 50)]);
    assert_eq!(content.lines[0].product_id, Some(ProductId::parse("93").unwrap()));
    assert!(content.lines.iter().all(|line| line.current_quantity.is_none()));
}

#[test]
fn an_order_is_paid_at_the_time_that_is_utc_without_saying_so() {
    assert_eq!(facts("order-created").paid_at, None);
    for case in ["order-paid", "order-completed", "order-refunded"] {
        assert_eq!(facts(case).paid_at, Some(at(PAID_AT)), "{case}");
    }
    assert_eq!(facts("order-paid").content.unwrap().updated_at, at("2026-06-18T10:00:07Z"));
}

#[test]
fn a_time_that_does_say_so_is_the_same() {
    let order = order_changed("order-paid", &[("/date_paid_gmt", Some(json!("2026-06-18T12:00:06+02:00")))]);
    assert_eq!(order.facts.paid_at, Some(at(PAID_AT)));
}

#[test]
fn a_member_with_an_account_is_known_by_its_number_because_nothing_proves_the_address() {
    let order = order("order-paid");
    let expected = CustomerRef {
        id: Some(CustomerId::parse("25").unwrap()),
        email_key: Some(key_of("mia.thornbury@example.com")),
        email_verified: false,
        has_account: true,
    };
    assert_eq!(order.facts.customer(), Some(&expected));
    assert!(!expected.speaks_for_address());
    let buyer = order.buyer.unwrap();
    assert_eq!(buyer.customer_id, expected.id);
    assert_eq!(buyer.updated_at, at("2026-06-18T10:00:07Z"));
    assert_eq!(buyer.profile.name.as_deref(), Some("Mia Thornbury"));
    assert_eq!(buyer.profile.country.as_deref(), Some("US"));
    assert_eq!(buyer.profile.marketing, None);
}

#[test]
fn a_guest_has_the_number_zero_and_is_known_by_the_billing_address() {
    let order = order("order-paid-guest-eur");
    let expected = CustomerRef {
        id: None,
        email_key: Some(key_of("chiara.bellandi@example.com")),
        email_verified: false,
        has_account: false,
    };
    assert_eq!(order.facts.customer(), Some(&expected));
    assert!(expected.speaks_for_address());
    let buyer = order.buyer.unwrap();
    assert_eq!((buyer.customer_id, buyer.profile.country.as_deref()), (None, Some("IT")));
}

#[test]
fn an_order_of_nobody_has_no_customer() {
    for nothing in ["", "not an address", "deleted@site.invalid"] {
        let order = order_changed("order-paid-guest-eur", &[("/billing/email", Some(json!(nothing)))]);
        assert_eq!((order.facts.customer(), &order.buyer), (None, &None), "{nothing}");
    }
}

#[test]
fn a_completed_order_is_one_parcel_that_went_out_and_is_not_known_to_have_arrived() {
    assert!(facts("order-paid").fulfilments.is_empty());
    let facts = facts("order-completed");
    let parcel = &facts.fulfilments[&FulfilmentId::parse("completed").unwrap()];
    let shipment = parcel.shipment.clone().unwrap();
    let shipped_at = at("2026-06-19T13:30:00Z");
    let expected = Shipment {
        shipped_at,
        cancelled: false,
        tracking_company: None,
        tracking_number: None,
        tracking_url: None,
        estimated_delivery_at: None,
    };
    assert_eq!((shipment.updated_at, shipment.value), (shipped_at, expected));
    assert_eq!(facts.delivered_at(), None);
}

#[test]
fn a_paid_order_that_is_cancelled_or_trashed_is_cancelled_for_good() {
    for status in ["cancelled", "trash"] {
        let facts = order_changed("order-cancelled", &[("/status", Some(json!(status)))]).facts;
        assert_eq!(facts.cancelled_at, Some(at("2026-06-21T19:44:08Z")), "{status}");
        assert_eq!(facts.paid_at, Some(at("2026-06-21T16:10:33Z")), "{status}");
    }
}

#[test]
fn an_unpaid_order_that_the_shop_cancelled_by_itself_may_still_be_paid() {
    let unpaid = order_changed("order-created", &[("/status", Some(json!("cancelled")))]).facts;
    assert_eq!(unpaid.cancelled_at, None);
    assert_eq!(unpaid.units_kept(&unpaid.content().unwrap().lines[0]), 0);
    let known = unpaid.merge(facts("order-paid"));
    assert_eq!((known.cancelled_at, known.paid_at), (None, Some(at(PAID_AT))));
    assert_eq!(known.units_kept(&known.content().unwrap().lines[0]), 2);
}

#[test]
fn of_a_failed_or_refunded_order_the_buyer_keeps_nothing_until_it_is_so_no_more() {
    for status in ["failed", "refunded"] {
        let facts = order_changed("order-paid", &[("/status", Some(json!(status)))]).facts;
        let kept: Vec<u32> = facts.content().unwrap().lines.iter().map(|line| facts.units_kept(line)).collect();
        assert_eq!((kept, facts.cancelled_at), (vec![0, 0], None), "{status}");
    }
    for status in ["pending", "on-hold", "processing", "completed", "packed"] {
        let facts = order_changed("order-paid", &[("/status", Some(json!(status)))]).facts;
        assert_eq!(facts.content, self::facts("order-paid").content, "{status}");
    }
}

#[test]
fn a_deleted_order_is_cancelled_when_we_hear_of_it() {
    let order = order("order-deleted");
    assert_eq!((order.id.as_str(), order.facts.cancelled_at, order.buyer), ("735", Some(now()), None));
    assert_eq!(order.facts.content, None);
}

#[test]
fn another_payload_under_the_topic_of_a_deletion_deletes_nothing() {
    for topic in ["order.deleted", "customer.deleted"] {
        let bad = parse(topic, &captured("order-paid").body).unwrap_err();
        assert_eq!(
            (bad.problems[0].pointer.as_str(), bad.problems[0].reason.as_str()),
            ("/id", "must be the only field")
        );
    }
}

#[test]
fn a_draft_of_the_checkout_is_no_order() {
    for status in ["checkout-draft", "auto-draft"] {
        let event = read_changed("order-created", &[("/status", Some(json!(status))), ("/date_paid_gmt", None)]);
        assert!(matches!(event, Ok(Event::Ignored { .. })), "{status}");
    }
}

#[test]
fn every_topic_of_an_order_gives_the_same_facts() {
    let body = captured("order-paid").body;
    for topic in ["order.created", "order.updated", "order.restored"] {
        assert_eq!(parse(topic, &body), Ok(Event::Order(order("order-paid"))), "{topic}");
    }
}

#[test]
fn a_product_that_is_no_more_has_no_number() {
    for nothing in [json!(0), Value::Null] {
        let order = order_changed("order-paid", &[("/line_items/0/product_id", Some(nothing))]);
        assert_eq!(order.facts.content().unwrap().lines[0].product_id, None);
    }
}
