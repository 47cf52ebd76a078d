//! As many parcels as an order can have, and as much of them as a body can bring.

use serde_json::{Value, json};
use tests::{Fault, Shop, payloads::fulfilment};

use crate::{buyers::Buyer, open, payloads::shopify_order};

const PARCELS: u64 = 200;

/// An order of which every parcel is on its way, with a tracking number of so many digits.
fn order(shop: &Shop, digits: usize) -> Value {
    let buyer = Buyer { number: 1, texts: Vec::new() };
    let mut order = shopify_order(shop, &buyer);
    let parcel = |number: u64| {
        let mut parcel = fulfilment(&order, number, shop.now());
        parcel.as_object_mut().unwrap().remove("line_items");
        parcel["tracking_number"] = json!("7".repeat(digits));
        parcel
    };
    let parcels: Vec<Value> = (1..=PARCELS).map(parcel).collect();
    order["fulfillments"] = json!(parcels);
    assert!(order.to_string().len() < 1_048_576);
    order
}

async fn shipped(shop: &Shop) -> usize {
    let id = shop.id_of_customer(tests::payloads::customer_id(1)).await;
    let (mut count, mut page) = (0, format!("/v1/members/{id}/messages?limit=100"));
    loop {
        let listed = shop.get(&page).await.is(200);
        let messages = listed["messages"].as_array().unwrap();
        count += messages.iter().filter(|message| message["scenario"] == "shipped_1").count();
        let Some(next) = listed["next_cursor"].as_str() else { return count };
        page = format!("/v1/members/{id}/messages?limit=100&cursor={next}");
    }
}

#[tokio::test]
async fn every_parcel_has_its_mail_however_many_go_out_at_once() {
    let (shop, _) = open().await;
    let order = order(&shop, 12);
    shop.send("orders/paid", &order).await.is(200);
    assert_eq!(shipped(&shop).await, 200);
    assert_eq!(shop.send("orders/paid", &order).await.is(200)["result"], "known");
    // one is called back, and the others go on
    let mut without = order.clone();
    without["fulfillments"][0]["status"] = json!("cancelled");
    without["fulfillments"][0]["updated_at"] = json!(shop.now() + jiff::SignedDuration::from_secs(1));
    without["updated_at"] = without["fulfillments"][0]["updated_at"].clone();
    shop.send("orders/updated", &without).await.is(200);
    assert_eq!(shipped(&shop).await, 200);
}

#[tokio::test]
async fn what_broke_between_two_commits_goes_on_when_the_order_is_told_again() {
    let (shop, _) = open().await;
    let order = order(&shop, 12);
    shop.wire.break_calls_of("TransactWriteItems", Fault::Refused, 3, usize::MAX);
    assert_eq!(shop.send("orders/paid", &order).await.status, 503);
    shop.wire.clear();
    let planned = shipped(&shop).await;
    assert!((1..200).contains(&planned), "{planned}");
    assert_eq!(shop.send("orders/paid", &order).await.is(200)["result"], "posted");
    assert_eq!(shipped(&shop).await, 200);
    let id = shop.id_of_customer(tests::payloads::customer_id(1)).await;
    let earned = shop.ledger(&id).await.into_iter().filter(|entry| entry["kind"] == "purchase").count();
    assert_eq!(earned, 1, "it is posted once");
}

#[tokio::test]
async fn more_of_an_order_than_a_row_can_have_is_refused_and_leaves_nothing() {
    let (shop, _) = open().await;
    shop.send("orders/paid", &order(&shop, 2_000)).await.is_problem(400, "too-large");
    let member = shop.find(&tests::payloads::email(1)).await;
    assert!(member.is_none(), "{member:?}");
}
