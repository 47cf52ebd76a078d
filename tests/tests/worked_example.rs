//! The worked example of the design, and the events of the folder `events`, through signed webhooks.
#![cfg(test)]

use jiff::Timestamp;
use serde_json::{Value, json};
use tests::{Buyer, Shop, at, captured, payloads::*, shop::SOURCE};

const MIA: u64 = 7_304_512_998_145;

/// Mia became silver in May; it is the 18th of June.
async fn shop_with_silver_mia() -> (Shop, String) {
    let shop = Shop::open("2026-05-10T12:00:00Z").await;
    let email = "mia.thornbury@example.com".to_owned();
    let mia = Buyer { customer_id: Some(MIA), email, has_account: true, verified: true };
    let mut earlier = paid_order(6_120_345_000_001, &mia, at("2026-05-10T11:00:00Z"), &[("210.00", 1)]);
    earlier["customer"]["id"] = json!(MIA);
    shop.send("orders/paid", &earlier).await.is(200);
    let id = shop.id_of_customer(MIA).await;
    let member = shop.member(&id).await;
    assert_eq!((&member["tier"]["id"], &member["points"]["pending"]), (&json!("silver"), &json!(210)));
    shop.move_clock(at("2026-06-18T10:01:00Z"));
    (shop, id)
}

/// 2 x 19.99 + 1 x 5.00, discount 4.00 allocated 3.50 / 0.50, shipping 6.00.
fn the_order() -> Value {
    captured("orders-paid").payload()
}

async fn newest_entry(shop: &Shop, member: &str) -> Value {
    shop.ledger(member).await.remove(0)
}

async fn explain_newest(shop: &Shop, member: &str) -> Vec<String> {
    let id = newest_entry(shop, member).await["id"].as_str().unwrap().to_owned();
    let explained = shop.get(&format!("/v1/members/{member}/ledger/{id}/explain")).await.is(200);
    assert_eq!(explained["entry"]["id"], id);
    explained["why"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_silver_member_earns_102_points_on_member_day() {
    let (shop, mia) = shop_with_silver_mia().await;
    assert_eq!(shop.send("orders/paid", &the_order()).await.is(200), json!({"result": "posted"}));
    let entry = newest_entry(&shop, &mia).await;
    assert_eq!(
        (&entry["kind"], &entry["points"], &entry["balance_after"]),
        (&json!("purchase"), &json!(102), &json!(312))
    );
    assert_eq!(entry["order"], json!({"source": SOURCE, "id": "6120345678901"}));
    assert_eq!(shop.lots(&mia).await["ledger"], 312);
}

#[tokio::test]
async fn the_explanation_shows_the_arithmetic_and_each_line_s_share() {
    let (shop, _) = shop_with_silver_mia().await;
    shop.send("orders/paid", &the_order()).await.is(200);
    let explained = shop.explain_order(&the_order()).await;
    let lines = explained["lines"].as_array().unwrap();
    let shares: Vec<_> =
        lines.iter().map(|line| (&line["eligible"]["amount"], &line["share"], &line["points"])).collect();
    assert_eq!(shares, [(&json!("36.48"), &json!("90.80"), &json!(91)), (&json!("4.50"), &json!("11.20"), &json!(11))]);
    assert_eq!(
        explained["why"],
        json!([
            "40.98 USD eligible x 1 per unit x 1.25 (tier silver) x 2 (campaign member_day) = 102.45, so 102 points",
            "line 15320456789011: share 90.80, 91 points",
            "line 15320456789012: share 11.20, 11 points",
            "available from 2026-07-18 (counted from payment), until 2027-06-30",
        ])
    );
    assert_eq!((&explained["points"], &explained["rules"]["tier"]), (&json!(102), &json!("silver")));
}

#[tokio::test]
async fn refunding_the_second_line_takes_11_and_then_the_first_takes_91() {
    let (shop, mia) = shop_with_silver_mia().await;
    let order = the_order();
    shop.send("orders/paid", &order).await.is(200);
    let second = refund(&order, 930_000_000_001, at("2026-06-18T10:01:00Z"), &[(1, 1)]);
    shop.send("refunds/create", &second).await.is(200);
    let entry = newest_entry(&shop, &mia).await;
    assert_eq!(
        (&entry["kind"], &entry["points"], &entry["balance_after"]),
        (&json!("refund"), &json!(-11), &json!(301))
    );
    let why = explain_newest(&shop, &mia).await;
    assert_eq!(why[0], "order refunded: -11 points, 301 after it");
    assert_eq!(why[1], "the order had earned 102 points before and has earned 91 now");
    assert_eq!(why[2], "because of the refunds 930000000001");
    assert!(why.contains(&"line 15320456789012: share 11.20, 11 points, of which 0 of 1 units are kept: 0".to_owned()));

    let first = refund(&order, 930_000_000_002, at("2026-06-18T10:01:00Z"), &[(0, 2)]);
    shop.send("refunds/create", &first).await.is(200);
    let entry = newest_entry(&shop, &mia).await;
    assert_eq!((&entry["points"], &entry["balance_after"]), (&json!(-91), &json!(210)));
    assert_eq!(shop.explain_order(&order).await["nothing"], "fully_refunded");
}

#[tokio::test]
async fn the_same_events_again_change_nothing() {
    let (shop, mia) = shop_with_silver_mia().await;
    let order = the_order();
    let second = refund(&order, 930_000_000_001, at("2026-06-18T10:01:00Z"), &[(1, 1)]);
    for (topic, payload) in [("orders/paid", &order), ("refunds/create", &second)] {
        assert_eq!(shop.send(topic, payload).await.is(200)["result"], "posted");
    }
    let rows = shop.rows().await;
    shop.wire.clear();
    for (topic, payload) in [("refunds/create", &second), ("orders/paid", &order), ("refunds/create", &second)] {
        assert_eq!(shop.send(topic, payload).await.is(200), json!({"result": "known"}));
    }
    assert_eq!(shop.wire.calls().iter().filter(|call| call.writes()).count(), 0);
    assert_eq!(shop.rows().await, rows);
    assert_eq!(shop.lots(&mia).await["ledger"], 301);
}

/// Every captured event with when it was triggered, the earliest first.
fn in_sequence() -> Vec<(Timestamp, tests::Captured)> {
    let cases = [
        "customers-consent-update",
        "customers-create",
        "customers-delete",
        "customers-update",
        "fulfillment-events-create",
        "fulfillments-create",
        "fulfillments-update",
        "orders-cancelled",
        "orders-create",
        "orders-edited-as-updated",
        "orders-fulfilled",
        "orders-paid",
        "orders-paid-eur-taxes-included",
        "orders-paid-guest",
        "orders-paid-test",
        "orders-updated",
        "refunds-create-amount",
        "refunds-create-line",
    ];
    let mut events: Vec<_> =
        cases.map(captured).map(|event| (at(event.header("x-shopify-triggered-at")), event)).into();
    events.sort_by_key(|(at, _)| *at);
    events
}

/// With the very headers and bytes that were captured.
async fn replay(shop: &Shop, event: &tests::Captured) -> Value {
    let headers = event.event["headers"].as_object().unwrap();
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
    shop.call("POST", "/webhooks/shopify", &headers, &event.body).await.is(200)
}

#[tokio::test]
async fn the_captured_events_make_the_members_that_they_tell_of() {
    let shop = Shop::open("2026-05-01T00:00:00Z").await;
    for (at, event) in in_sequence() {
        shop.move_clock(at);
        replay(&shop, &event).await;
    }
    let mia = shop.find("mia.thornbury@example.com").await.unwrap();
    assert_eq!((&mia["status"], &mia["name"]), (&json!("enrolled"), &json!("Mia Thornbury-Hale")));
    assert_eq!(mia["consent"]["marketing"], "withdrawn");
    // 100 for the account; 81.96 on the 18th of which the soap and 10.00 went back; 66.00 less a hand cream
    let ledger = shop.ledger(mia["id"].as_str().unwrap()).await;
    let points: Vec<_> =
        ledger.iter().rev().map(|entry| (entry["kind"].as_str().unwrap(), entry["points"].as_i64().unwrap())).collect();
    assert_eq!(
        points,
        [("enrol", 100), ("purchase", 81), ("purchase", 54), ("delivery", 0), ("refund", -9), ("refund", -20)]
    );
    let noah = shop.find("noah.castellane@example.com").await.unwrap();
    assert_eq!((&noah["status"], &noah["points"]["pending"]), (&json!("guest"), &json!(0)));
    let priya = shop.find("priya.okonjo@example.com").await.unwrap();
    assert_eq!((&priya["status"], &priya["points"]["pending"]), (&json!("guest"), &json!(28)));
    for (case, nothing) in [
        ("orders-cancelled", "cancelled"),
        ("orders-paid-test", "test_order"),
        ("orders-paid-eur-taxes-included", "no_exchange_rate"),
    ] {
        assert_eq!(shop.explain_order(&captured(case).payload()).await["nothing"], nothing, "{case}");
    }
}

#[tokio::test]
async fn the_captured_events_backwards_and_twice_end_in_the_same_points() {
    let shop = Shop::open("2026-05-01T00:00:00Z").await;
    shop.move_clock(at("2026-07-02T00:00:00Z"));
    for (_, event) in in_sequence().iter().rev().chain(in_sequence().iter()) {
        replay(&shop, event).await;
    }
    let mia = shop.find("mia.thornbury@example.com").await.unwrap();
    let lots = shop.lots(mia["id"].as_str().unwrap()).await;
    assert_eq!(lots["ledger"], 100 + 52 + 54);
    assert_eq!((&mia["name"], &mia["consent"]["marketing"]), (&json!("Mia Thornbury-Hale"), &json!("withdrawn")));
}
