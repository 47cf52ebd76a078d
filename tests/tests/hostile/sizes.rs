//! As much as a body may have, where most of it is kept.

use serde_json::{Value, json};
use tests::payloads::fulfilment;

use crate::{buyers::Buyer, open, payloads::shopify_order};

#[tokio::test]
async fn an_order_whose_parcels_fill_a_body_is_taken_or_refused_by_a_field() {
    let (shop, _) = open().await;
    let buyer = Buyer { number: 1, texts: Vec::new() };
    let mut order = shopify_order(&shop, &buyer);
    let parcel = |number: u64| {
        let whole = fulfilment(&order, number, shop.now());
        let mut parcel: Value = whole
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, _)| *name != "line_items")
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        for field in ["tracking_company", "tracking_number"] {
            parcel[field] = json!("7".repeat(2_000));
        }
        parcel
    };
    let parcels: Vec<Value> = (1..=200).map(parcel).collect();
    order["fulfillments"] = json!(parcels);
    assert!(order.to_string().len() < 1_048_576);
    let answer = shop.send("orders/paid", &order).await;
    assert!([200, 400].contains(&answer.status), "{answer:?}");
}
