//! Shopify's payloads: those of the folder `events` with what matters replaced.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::captured;

/// A line of an order: the price of a unit, and how many.
pub type Line<'a> = (&'a str, u32);

/// Who buys, as the shop knows them.
#[derive(Clone, Debug)]
pub struct Buyer {
    /// None for who checked out with an address alone.
    pub customer_id: Option<u64>,
    pub email: String,
    pub has_account: bool,
    pub verified: bool,
}

impl Buyer {
    /// Somebody with an account and a verified address.
    pub fn with_account(number: u64) -> Buyer {
        Buyer { customer_id: Some(customer_id(number)), email: email(number), has_account: true, verified: true }
    }

    /// Somebody of whom the shop keeps an address, without an account.
    pub fn without_account(number: u64) -> Buyer {
        Buyer { has_account: false, verified: false, ..Buyer::with_account(number) }
    }

    /// An order of theirs has `"customer": null`.
    pub fn guest(number: u64) -> Buyer {
        Buyer { customer_id: None, ..Buyer::without_account(number) }
    }
}

/// Before everything else.
const SIGNED_UP: &str = "2024-05-01T10:00:00Z";

pub fn customer_id(number: u64) -> u64 {
    7_304_000_000_000 + number
}

pub fn email(number: u64) -> String {
    format!("buyer-{number}@example.com")
}

/// The order as `orders/paid` tells it, seven seconds after it was paid.
pub fn paid_order(id: u64, buyer: &Buyer, paid_at: Timestamp, lines: &[Line<'_>]) -> Value {
    let mut order = captured("orders-paid").payload();
    order["id"] = json!(id);
    order["created_at"] = json!(paid_at);
    order["processed_at"] = json!(paid_at);
    order["updated_at"] = json!(paid_at + SignedDuration::from_secs(7));
    order["email"] = json!(buyer.email);
    order["contact_email"] = json!(buyer.email);
    order["customer"] = buyer.customer_id.map_or(Value::Null, |_| customer(buyer, paid_at));
    if order["customer"].is_object() {
        // they said it when they signed up, and every order tells of it again
        order["customer"]["email_marketing_consent"]["consent_updated_at"] = json!(SIGNED_UP);
    }
    (order["discount_codes"], order["discount_applications"]) = (json!([]), json!([]));
    let template = order["line_items"][1].clone();
    let items = lines.iter().enumerate().map(|(index, (price, quantity))| {
        let mut item = template.clone();
        item["id"] = json!(line_id(id, index));
        item["product_id"] = json!(8_410_000_000_000 + index);
        item["price"] = json!(price);
        item["quantity"] = json!(quantity);
        item["current_quantity"] = json!(quantity);
        item["discount_allocations"] = json!([]);
        item
    });
    order["line_items"] = items.collect();
    order
}

/// The number of an order's line.
pub fn line_id(order: u64, index: usize) -> u64 {
    order * 1_000 + u64::try_from(index).unwrap()
}

/// The same order as a later payload tells it.
#[must_use]
pub fn later(order: &Value, updated_at: Timestamp) -> Value {
    let mut later = order.clone();
    later["updated_at"] = json!(updated_at);
    later
}

/// The order once it was cancelled.
#[must_use]
pub fn cancelled(order: &Value, cancelled_at: Timestamp) -> Value {
    let mut cancelled = later(order, cancelled_at + SignedDuration::from_secs(2));
    cancelled["cancelled_at"] = json!(cancelled_at);
    cancelled["cancel_reason"] = json!("customer");
    cancelled
}

/// The order once it lists the refund, which has lowered what is left of its lines.
#[must_use]
pub fn with_refund(mut order: Value, refund: &Value) -> Value {
    let refunded_at: Timestamp = refund["created_at"].as_str().unwrap().parse().unwrap();
    order["updated_at"] = json!(refunded_at + SignedDuration::from_secs(1));
    order["financial_status"] = json!("partially_refunded");
    order["refunds"].as_array_mut().unwrap().push(refund.clone());
    for returned in refund["refund_line_items"].as_array().unwrap() {
        let lines = order["line_items"].as_array_mut().unwrap();
        let line = lines.iter_mut().find(|line| line["id"] == returned["line_item_id"]).unwrap();
        let left = line["current_quantity"].as_u64().unwrap() - returned["quantity"].as_u64().unwrap();
        line["current_quantity"] = json!(left);
    }
    order
}

/// A refund of units, by the index of their line.
pub fn refund(order: &Value, id: u64, at: Timestamp, units: &[(usize, u32)]) -> Value {
    let mut refund = refund_of(order, "refunds-create-line", id, at);
    let template = refund["refund_line_items"][0].clone();
    let items = units.iter().map(|(index, quantity)| {
        let mut item = template.clone();
        item["line_item"] = order["line_items"][index].clone();
        item["line_item_id"] = order["line_items"][index]["id"].clone();
        item["quantity"] = json!(quantity);
        item
    });
    refund["refund_line_items"] = items.collect();
    refund
}

/// A refund of money without units.
pub fn amount_refund(order: &Value, id: u64, at: Timestamp, amount: &str) -> Value {
    let mut refund = refund_of(order, "refunds-create-amount", id, at);
    let less = json!(format!("-{amount}"));
    let adjustment = &mut refund["order_adjustments"][0];
    adjustment["amount"] = less.clone();
    adjustment["amount_set"]["shop_money"]["amount"] = less;
    refund
}

fn refund_of(order: &Value, case: &str, id: u64, at: Timestamp) -> Value {
    let mut refund = captured(case).payload();
    refund["id"] = json!(id);
    refund["order_id"] = order["id"].clone();
    refund["created_at"] = json!(at);
    refund["processed_at"] = json!(at);
    refund
}

/// The parcel as `fulfillments/create` tells it.
pub fn fulfilment(order: &Value, id: u64, at: Timestamp) -> Value {
    let mut fulfilment = captured("fulfillments-create").payload();
    fulfilment["id"] = json!(id);
    fulfilment["order_id"] = order["id"].clone();
    fulfilment["created_at"] = json!(at);
    fulfilment["updated_at"] = json!(at);
    fulfilment
}

/// The carrier's word, as `fulfillment_events/create` tells it.
pub fn delivery(order: &Value, fulfilment: u64, at: Timestamp) -> Value {
    let mut delivery = captured("fulfillment-events-create").payload();
    delivery["fulfillment_id"] = json!(fulfilment);
    delivery["order_id"] = order["id"].clone();
    delivery["happened_at"] = json!(at);
    delivery
}

/// The customer as `customers/create` tells it.
pub fn customer(buyer: &Buyer, at: Timestamp) -> Value {
    let mut customer = captured("customers-create").payload();
    customer["id"] = json!(buyer.customer_id);
    customer["email"] = json!(buyer.email);
    customer["state"] = json!(if buyer.has_account { "enabled" } else { "disabled" });
    customer["verified_email"] = json!(buyer.verified);
    customer["created_at"] = json!(at);
    customer["updated_at"] = json!(at);
    customer["email_marketing_consent"]["consent_updated_at"] = json!(at);
    customer
}
