//! What the three makes of storefronts tell, with hostile texts in it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::Sha256;
use tests::{Answer, Buyer as Customer, Captured, Shop, captured, payloads::*};

use crate::{
    buyers::{Buyer, Storefront},
    telling::{hostile, told},
};

const ORDER: u64 = 6_120_000_000_000;
/// Where the texts of a buyer begin that a product has, an order and a parcel.
const PRODUCT: usize = 0;
const BOUGHT: usize = 8;
const PARCEL: usize = 13;
const TRACKING: [&str; 3] = ["/tracking_company", "/tracking_number", "/tracking_url"];

/// The fields that are read, and the first of the texts that they have.
type Read<'a> = (usize, &'a [&'a str]);

pub(crate) fn product_id(number: u64) -> u64 {
    8_410_000_000_000 + number
}

pub(crate) async fn product(shop: &Shop, buyer: &Buyer) {
    let (now, id) = (shop.now(), product_id(buyer.number));
    match buyer.storefront() {
        Storefront::Shopify => {
            let mut product = captured("products-create").payload();
            (product["id"], product["updated_at"]) = (json!(id), json!(now));
            let read = ["/title", "/handle", "/vendor", "/product_type", "/tags", "/image/src"];
            by_shopify(shop, buyer, "products/create", &product, (PRODUCT, &read)).await;
        }
        Storefront::WooCommerce => {
            let mut product = Captured::of("webhooks", "woocommerce-product-created").payload();
            (product["id"], product["date_modified_gmt"]) = (json!(id), json!(civil(now)));
            product["date_created_gmt"] = json!(civil(now));
            let read = ["/name", "/permalink", "/images/0/src"];
            by_woocommerce(shop, buyer, "product.created", &product, (PRODUCT, &read)).await;
        }
        Storefront::Other => {
            let mut event = Captured::of("webhooks", "events-product-updated").payload();
            event["data"]["id"] = json!(id.to_string());
            let read = ["/data/title", "/data/url", "/data/image_url", "/data/category", "/data/vendor"];
            by_other(shop, buyer, event, (PRODUCT, &read)).await;
        }
    }
}

pub(crate) async fn order(shop: &Shop, buyer: &Buyer) {
    match buyer.storefront() {
        Storefront::Shopify => {
            let read = ["/name", "/note", "/customer/first_name", "/customer/last_name", "/discount_codes/0/code"];
            by_shopify(shop, buyer, "orders/paid", &shopify_order(shop, buyer), (BOUGHT, &read)).await;
        }
        // it goes out as it is paid: one payload tells both
        Storefront::WooCommerce => {
            let read = ["/number", "/billing/first_name", "/billing/last_name", "/coupon_lines/0/code"];
            by_woocommerce(shop, buyer, "order.updated", &woocommerce_order(shop, buyer), (BOUGHT, &read)).await;
        }
        Storefront::Other => {
            let read = ["/data/customer/name", "/data/customer/locale", "/data/number", "/data/discount_codes/0/code"];
            by_other(shop, buyer, other_order(shop, buyer), (BOUGHT, &read)).await;
        }
    }
}

/// It is shipped now, and arrives at that moment.
pub(crate) async fn parcel(shop: &Shop, buyer: &Buyer, arrives_at: Timestamp) {
    let (number, now) = (buyer.number, shop.now());
    match buyer.storefront() {
        Storefront::Shopify => {
            let order = json!({"id": ORDER + number});
            by_shopify(shop, buyer, "fulfillments/create", &fulfilment(&order, number, now), (PARCEL, &TRACKING)).await;
            let delivery = delivery(&order, number, arrives_at);
            by_shopify(shop, buyer, "fulfillment_events/create", &delivery, (PARCEL, &["/message", "/city"])).await;
        }
        Storefront::WooCommerce => {}
        Storefront::Other => {
            let mut event = Captured::of("webhooks", "events-order-shipped").payload();
            event["data"]["order_id"] = json!(format!("A-{number}"));
            event["data"]["fulfilment"]["shipped_at"] = json!(now);
            let read = [
                "/data/fulfilment/tracking_company",
                "/data/fulfilment/tracking_number",
                "/data/fulfilment/tracking_url",
                "/data/fulfilment/estimated_delivery_at",
            ];
            by_other(shop, buyer, event, (PARCEL, &read)).await;
            let mut event = Captured::of("webhooks", "events-order-delivered").payload();
            event["data"]["order_id"] = json!(format!("A-{number}"));
            event["data"]["fulfilment"]["delivered_at"] = json!(arrives_at);
            by_other(shop, buyer, event, (PARCEL, &[])).await;
        }
    }
}

pub(crate) fn shopify_order(shop: &Shop, buyer: &Buyer) -> Value {
    let number = buyer.number;
    let mut order = paid_order(ORDER + number, &Customer::with_account(number), shop.now(), &[("300.00", 2)]);
    order["line_items"][0]["product_id"] = json!(product_id(number));
    order["discount_codes"] = json!([{"code": "JUNE4", "amount": "4.00", "type": "fixed_amount"}]);
    order["note_attributes"] = json!([{"name": "gift", "value": "yes"}, {"name": "regulars_hold", "value": "x"}]);
    order
}

pub(crate) fn woocommerce_order(shop: &Shop, buyer: &Buyer) -> Value {
    let mut order = Captured::of("webhooks", "woocommerce-order-completed").payload();
    (order["id"], order["customer_id"]) = (json!(ORDER + buyer.number), json!(buyer.number));
    order["billing"]["email"] = json!(buyer.email());
    for field in ["date_created_gmt", "date_modified_gmt", "date_completed_gmt", "date_paid_gmt"] {
        order[field] = json!(civil(shop.now()));
    }
    order["line_items"].as_array_mut().unwrap().truncate(1);
    let line = &mut order["line_items"][0];
    line["product_id"] = json!(product_id(buyer.number));
    (line["subtotal"], line["total"]) = (json!("300.00"), json!("300.00"));
    order
}

pub(crate) fn other_order(shop: &Shop, buyer: &Buyer) -> Value {
    let (locale, country, _) = buyer.place();
    let (number, now) = (buyer.number, shop.now());
    let price = json!({"amount": "300.00", "currency": "USD"});
    json!({"type": "order.paid", "timestamp": now, "data": {
        "id": format!("A-{number}"), "number": "#1042", "currency": "USD", "created_at": now, "paid_at": now,
        "customer": {"id": format!("c_{number}"), "email": buyer.email(), "email_verified": true, "name": "Mia Wong",
            "locale": locale, "country": country},
        "lines": [{"id": "1", "product_id": buyer.product(), "quantity": 2, "price": price}],
        "discount_codes": [{"code": "JUNE4", "amount": {"amount": "4.00", "currency": "USD"}}],
        "metadata": {"regulars_hold": "x", "gift": "yes"}, "note": "Ring twice",
    }})
}

async fn by_shopify(shop: &Shop, buyer: &Buyer, topic: &str, payload: &Value, (from, read): Read<'_>) {
    let body = hostile(payload, buyer.texts_from(from), read);
    told(payload, body, 200, async |body: &Value| shop.send(topic, body).await).await;
}

async fn by_woocommerce(shop: &Shop, buyer: &Buyer, topic: &str, payload: &Value, (from, read): Read<'_>) {
    let body = hostile(payload, buyer.texts_from(from), read);
    told(payload, body, 200, async |body: &Value| send_woocommerce(shop, topic, &body.to_string()).await).await;
}

/// Told now.
async fn by_other(shop: &Shop, buyer: &Buyer, mut event: Value, (from, read): Read<'_>) {
    event["timestamp"] = json!(shop.now());
    let body = hostile(&event, buyer.texts_from(from), read);
    told(&event, body, 200, async |body: &Value| shop.send_standard(&body.to_string(), shop.now()).await).await;
}

pub(crate) async fn send_woocommerce(shop: &Shop, topic: &str, body: &str) -> Answer {
    let mac = Hmac::<Sha256>::new_from_slice(b"dev-woocommerce").unwrap().chain_update(body);
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let headers = [("x-wc-webhook-signature", signature.as_str()), ("x-wc-webhook-topic", topic)];
    shop.call("POST", "/webhooks/woocommerce", &headers, body).await
}

/// As WooCommerce writes an instant; it pays a second before it changes the order.
fn civil(at: Timestamp) -> String {
    (at - SignedDuration::from_secs(1)).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}
