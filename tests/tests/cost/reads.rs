//! What is only read.

use jiff::SignedDuration;
use serde_json::json;
use tests::{member_token, payloads::*, shop::SOURCE, tokens::forwarded};

use crate::{cost, cost_of_get, order, shop_with_member};

#[tokio::test]
async fn reading_a_member_takes_one_trip() {
    let (shop, id) = shop_with_member().await;
    let took = cost_of_get(&shop, &format!("/v1/members/{id}")).await;
    assert_eq!(took, cost(&[&["BatchGetItem", "Query"]], 3.0, 0.0));
    let took = cost_of_get(&shop, &format!("/v1/members/{id}/ledger")).await;
    assert_eq!(took, cost(&[&["GetItem", "Query", "Query"]], 3.0, 0.0));
    let took = cost_of_get(&shop, &format!("/v1/members/{id}/lots")).await;
    assert_eq!(took, cost(&[&["GetItem", "Query"]], 2.0, 0.0));
    let took = cost_of_get(&shop, &format!("/v1/members/{id}/tiers")).await;
    assert_eq!(took.calls, ["GetItem", "Query"]);
    let took = cost_of_get(&shop, "/v1/members?email=buyer-1@example.com").await;
    assert_eq!(took, cost(&[&["BatchGetItem"], &["BatchGetItem", "Query"]], 4.0, 0.0));
}

#[tokio::test]
async fn looking_back_reads_only_the_entries_since() {
    let (shop, id) = shop_with_member().await;
    let then = shop.now();
    for number in 0..60 {
        shop.move_clock(then + SignedDuration::from_mins(1 + number));
        shop.adjust(&id, 1, &format!("k-{number}")).await;
    }
    let took = cost_of_get(&shop, &format!("/v1/members/{id}/lots?as_of={}", shop.now())).await;
    assert_eq!(took, cost(&[&["GetItem", "Query"]], 2.0, 0.0));
    let path = format!("/v1/members/{id}/lots?as_of={}", then + SignedDuration::from_mins(50));
    assert_eq!(cost_of_get(&shop, &path).await.calls, ["GetItem", "Query", "Query"]);
}

#[tokio::test]
async fn a_quote_reads_the_account_and_newer_rules_in_one_trip_and_writes_nothing() {
    let (shop, id) = shop_with_member().await;
    let line = json!({"quantity": 1, "price": {"amount": "5.00", "currency": "USD"}});
    let mut cart = json!({"currency": "USD", "lines": [line]});
    for (member, calls, read_units) in [(None, vec!["Query"], 1.0), (Some(&id), vec!["BatchGetItem", "Query"], 3.0)] {
        cart["member_id"] = json!(member);
        shop.wire.clear();
        shop.post("/v1/quotes", &cart, None).await.is(200);
        assert_eq!(shop.wire.cost(), cost(&[&calls], read_units, 0.0));
    }
}

#[tokio::test]
async fn explaining_takes_the_entry_with_its_account_and_then_the_order() {
    let (shop, id) = shop_with_member().await;
    let took = cost_of_get(&shop, &format!("/v1/orders/{SOURCE}/6120000000000/explain")).await;
    assert_eq!(took, cost(&[&["GetItem", "Query"]], 2.0, 0.0));
    let took = cost_of_get(&shop, &format!("/v1/members/{id}/ledger/led_000000000001/explain")).await;
    assert_eq!(took, cost(&[&["GetItem", "GetItem"], &["GetItem", "Query"]], 4.0, 0.0));
}

#[tokio::test]
async fn reading_oneself_takes_one_trip_and_two_units() {
    let (shop, id) = shop_with_member().await;
    let one_trip: &[&str] = &["GetItem", "GetItem", "Query"];
    let by_id = member_token(&id, shop.now());
    shop.wire.clear();
    shop.get_as(&by_id, "/v1/me").await.is(200);
    assert_eq!(shop.wire.cost(), cost(&[one_trip], 2.0, 0.0));
    // as a storefront's customer, one lookup more
    let by_customer = member_token(&format!("{SOURCE}:{}", customer_id(1)), shop.now());
    shop.wire.clear();
    shop.get_as(&by_customer, "/v1/me").await.is(200);
    assert_eq!(shop.wire.cost(), cost(&[&["BatchGetItem"], one_trip], 3.0, 0.0));
    shop.wire.clear();
    shop.call("GET", &forwarded(&customer_id(1).to_string(), shop.now()), &[], "").await.is(200);
    assert_eq!(shop.wire.cost(), cost(&[&["BatchGetItem"], one_trip], 3.0, 0.0));
}

#[tokio::test]
async fn an_export_reads_the_member_s_partition_and_then_their_orders() {
    let (shop, id) = shop_with_member().await;
    let path = format!("/v1/members/{id}/export");
    let took = cost_of_get(&shop, &path).await;
    let account_and_partition: &[&[&str]] = &[&["GetItem"], &["Query"], &["Query"], &["BatchGetItem"]];
    // the lots are those that the API lists, and the member is the one that it shows
    let calls = [account_and_partition, &[&["GetItem", "Query"], &["BatchGetItem", "Query"]]].concat();
    assert_eq!(took, cost(&calls, 9.0, 0.0));
    for number in 0..20 {
        shop.send("orders/paid", &order(6_120_000_000_001 + number)).await.is(200);
    }
    let took = cost_of_get(&shop, &path).await;
    assert_eq!((took.trips, took.read_units), (6, 31.0), "an order is a unit, its entry and pointer a tenth: {took:?}");
}
