//! Halves of characters, which JSON can write and no text can have, and escapes that JSON can hide others in.

use serde_json::{Value, json};
use tests::{
    Answer, Shop, captured,
    payloads::email,
    shop::{ADMIN, bearer},
};

use crate::{
    buyers::Buyer,
    open,
    payloads::{other_order, send_woocommerce, shopify_order, woocommerce_order},
    telling::refused,
};

const HALVES: [&str; 5] = ["\\ud800", "\\udfff", "x\\ud83d", "\\ud83d\\ud83d", "\\udc00\\ud800x"];

/// The body with that in a field, as it is written in JSON.
fn with(body: &Value, pointer: &str, written: &str) -> String {
    let mut body = body.clone();
    *body.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = json!("HERE");
    body.to_string().replace("HERE", written)
}

/// It is taken without it, or refused by its name.
#[track_caller]
fn is_taken_or_named(answer: Answer, pointer: &str) {
    if answer.status != 200 {
        assert_eq!(refused(answer), [pointer]);
    }
}

fn buyer(number: u64) -> Buyer {
    Buyer { number, texts: Vec::new() }
}

async fn shopify(shop: &Shop, topic: &str, payload: &Value, pointers: &[&str]) {
    for (pointer, half) in pointers.iter().flat_map(|pointer| HALVES.map(|half| (pointer, half))) {
        is_taken_or_named(shop.send_bytes(topic, with(payload, pointer, half).as_bytes()).await, pointer);
    }
}

#[tokio::test]
async fn half_a_character_of_a_storefront_is_left_out_or_named() {
    let (shop, _) = open().await;
    let order = shopify_order(&shop, &buyer(1));
    let fields = [
        "/name",
        "/note",
        "/customer/first_name",
        "/email",
        "/discount_codes/0/code",
        "/note_attributes/0/value",
        "/note_attributes/1/value",
        "/line_items/0/title",
        "/billing_address/city",
    ];
    shopify(&shop, "orders/paid", &order, &fields).await;
    let mut product = captured("products-create").payload();
    product["updated_at"] = json!(shop.now());
    shopify(&shop, "products/create", &product, &["/title", "/handle", "/tags", "/image/src", "/vendor"]).await;
    let parcel = tests::payloads::fulfilment(&order, 1, shop.now());
    shopify(&shop, "fulfillments/create", &parcel, &["/tracking_number", "/tracking_company", "/tracking_url"]).await;
    for half in HALVES {
        let order = woocommerce_order(&shop, &buyer(2));
        for pointer in ["/number", "/billing/first_name", "/billing/email", "/customer_note", "/meta_data/0/value"] {
            let body = with(&order, pointer, half);
            is_taken_or_named(send_woocommerce(&shop, "order.updated", &body).await, pointer);
        }
        let order = other_order(&shop, &buyer(3));
        for pointer in
            ["/data/number", "/data/customer/name", "/data/customer/email", "/data/note", "/data/metadata/gift"]
        {
            is_taken_or_named(shop.send_standard(&with(&order, pointer, half), shop.now()).await, pointer);
        }
    }
}

#[tokio::test]
async fn half_a_character_in_a_request_is_refused_by_its_field() {
    let (shop, _) = open().await;
    let member = json!({"email": email(1), "name": "Mia", "locale": "en"});
    let bearer = bearer(ADMIN);
    let headers = [bearer.as_header(), ("idempotency-key", "k-1")];
    let id = shop.post("/v1/members", &member, None).await.is(201)["id"].as_str().unwrap().to_owned();
    let review = json!({"product_id": "1", "rating": 5, "title": "x", "text": "x", "author": "x"});
    let reviews = format!("/v1/members/{id}/reviews");
    for half in HALVES {
        for pointer in ["/email", "/name", "/locale"] {
            let body = with(&member, pointer, half);
            assert_eq!(refused(shop.call("POST", "/v1/members", &headers, body).await), [pointer], "{half}");
        }
        for pointer in ["/product_id", "/title", "/text", "/author"] {
            let body = with(&review, pointer, half);
            assert_eq!(refused(shop.call("POST", &reviews, &headers, body).await), [pointer], "{half}");
        }
    }
}

#[tokio::test]
async fn half_a_character_in_a_name_harms_what_has_that_name_alone() {
    let (shop, _) = open().await;
    let order = shopify_order(&shop, &buyer(1));
    let named = |object: &str| {
        let mut order = order.clone();
        order[object]["HERE"] = json!(1);
        order.to_string().replace("HERE", "\\ud800")
    };
    shop.send_bytes("orders/paid", named("client_details").as_bytes()).await.is(200);
    assert_eq!(refused(shop.send_bytes("orders/paid", named("customer").as_bytes()).await), ["/customer"]);
}

#[tokio::test]
async fn an_escape_is_the_character_that_it_stands_for() {
    let (shop, _) = open().await;
    let order = shopify_order(&shop, &buyer(1));
    let body = with(&order, "/customer/first_name", "\\u003cb\\u003e\\u0000\\u202e\\ud83d\\ude00");
    shop.send_bytes("orders/paid", body.as_bytes()).await.is(200);
    let member = shop.member(&shop.id_of_customer(tests::payloads::customer_id(1)).await).await;
    let name = member["name"].as_str().unwrap();
    assert!(name.starts_with("<b>") && name.contains('\u{1f600}'), "{name:?}");
}
