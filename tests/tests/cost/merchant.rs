//! What the merchant takes: previews, and what the law demands of a shop.

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*, shop::DOMAIN};

use crate::{FIVE_LINES, NOW, cost, cost_of, shop_with_member};

async fn read_by_a_preview(members: u64) -> f64 {
    let shop = Shop::open(NOW).await;
    for number in 0..members {
        let buyer = Buyer::with_account(number);
        let order = paid_order(6_120_000_000_000 + number, &buyer, at("2026-05-17T10:00:00Z"), &FIVE_LINES);
        shop.send("orders/paid", &order).await.is(200);
    }
    let program = shop.get("/v1/program").await.is(200);
    let asked = json!({"program": program, "from": "2026-01-01T00:00:00Z", "to": NOW});
    shop.wire.clear();
    let said = shop.post("/v1/program/preview", &asked, None).await.is(200);
    assert_eq!((&said["members"], &said["complete"]), (&json!(members), &json!(true)));
    let took = shop.wire.cost();
    assert_eq!((&took.calls[..], took.write_units), (&["Query", "Query", "Query", "Scan"].map(str::to_owned)[..], 0.0));
    took.read_units
}

#[tokio::test]
async fn a_preview_reads_every_row_once_and_writes_nothing() {
    // each page of a scan is rounded up, the whole of it
    assert_eq!((read_by_a_preview(5).await, read_by_a_preview(25).await), (5.0, 11.0));
}

fn demand() -> Value {
    json!({"shop_id": 68_817_223_905_u64, "shop_domain": DOMAIN,
        "customer": {"id": customer_id(1), "email": email(1)}, "orders_to_redact": []})
}

#[tokio::test]
async fn a_request_for_data_is_a_case_with_its_place_and_again_nothing() {
    let (shop, _) = shop_with_member().await;
    let mut asked = demand();
    asked["data_request"] = json!({"id": 7});
    let took = cost_of(&shop, "customers/data_request", &asked).await;
    assert_eq!(
        took,
        cost(&[&["BatchGetItem"], &["BatchGetItem"], &["Query"], &["GetItem"], &["TransactWriteItems"]], 6.0, 5.0)
    );
    assert_eq!(cost_of(&shop, "customers/data_request", &asked).await.write_units, 0.0);
}

#[tokio::test]
async fn a_shop_that_left_is_a_case_with_its_place_and_again_nothing() {
    let shop = Shop::open(NOW).await;
    let left = json!({"shop_id": 68_817_223_905_u64, "shop_domain": DOMAIN});
    let took = cost_of(&shop, "shop/redact", &left).await;
    assert_eq!(took, cost(&[&["GetItem"], &["Query"], &["TransactWriteItems"]], 2.0, 5.0));
    assert_eq!(cost_of(&shop, "shop/redact", &left).await, cost(&[&["GetItem"], &["GetItem"]], 2.0, 0.0));
}

#[tokio::test]
async fn a_customer_who_is_to_be_forgotten_costs_an_erasure_and_a_lookup() {
    let (shop, _) = shop_with_member().await;
    let took = cost_of(&shop, "customers/redact", &demand()).await;
    assert_eq!((took.trips, took.read_units, took.write_units), (11, 12.0, 10.0), "{took:?}");
    // by their account and by their address: a guest has no account
    assert_eq!(cost_of(&shop, "customers/redact", &demand()).await, cost(&[&["BatchGetItem"]], 2.0, 0.0));
}
