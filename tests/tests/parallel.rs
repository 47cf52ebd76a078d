//! Many at once: everything is counted, and counted once.
#![cfg(test)]

use futures::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Buyer, Shop, at, payloads::*};

const ORDERS: u64 = 1_000;

fn orders_of(buyer: &Buyer) -> Vec<Value> {
    let paid_at = at("2026-06-10T10:00:00Z");
    (0..ORDERS).map(|number| paid_order(6_120_000_000_000 + number, buyer, paid_at, &[("3.00", 1)])).collect()
}

/// One instance decides in turn; conflicts are between them.
fn instances(shop: &Shop, count: usize) -> Vec<Shop> {
    (0..count).map(|_| shop.another_instance()).collect()
}

/// All at once, over all instances; returns those that were answered 503.
async fn send_all(instances: &[Shop], orders: Vec<Value>) -> Vec<Value> {
    let sent = orders.into_iter().zip(instances.iter().cycle()).map(|(order, shop)| {
        let shop = shop.clone();
        tokio::spawn(async move {
            let answer = shop.send("orders/paid", &order).await;
            assert!(matches!(answer.status, 200 | 503), "{answer:?}");
            (answer.status == 503).then_some(order)
        })
    });
    join_all(sent).await.into_iter().filter_map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_orders_of_one_member_at_once_are_all_counted_once() {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    let instances = instances(&shop, 3);
    let buyer = Buyer::with_account(1);
    let mut undelivered = orders_of(&buyer);
    let mut deliveries = 0;
    while !undelivered.is_empty() {
        deliveries += 1;
        undelivered = send_all(&instances, undelivered).await;
        assert!(deliveries < 30, "{} orders were never taken", undelivered.len());
    }
    let id = shop.id_of_customer(customer_id(1)).await;
    let lots = shop.lots(&id).await;
    assert_eq!((&lots["ledger"], &lots["pending"]), (&json!(3_000), &json!(3_000)));
    let member = shop.member(&id).await;
    assert_eq!(member["tier"]["id"], "diamond");
    let entries = shop.rows().await.keys().filter(|key| key.contains(" / LED#")).count();
    assert_eq!(entries, 1_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_deliveries_of_one_event_at_once_are_one() {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    let buyer = Buyer::guest(1);
    let order = paid_order(6_120_000_000_001, &buyer, at("2026-06-10T10:00:00Z"), &[("30.00", 1)]);
    let instances = instances(&shop, 50);
    let answers = join_all(instances.iter().map(|shop| shop.send("orders/paid", &order))).await;
    let results: Vec<Value> = answers.into_iter().map(|answer| answer.is(200)["result"].clone()).collect();
    assert_eq!(results.iter().filter(|result| **result == "posted").count(), 1, "{results:?}");
    assert_eq!(results.iter().filter(|result| **result == "known").count(), 49);
    let member = shop.find(&buyer.email).await.unwrap();
    assert_eq!(shop.ledger(member["id"].as_str().unwrap()).await.len(), 1);
    assert_eq!(members(&shop).await, 1);
}

async fn members(shop: &Shop) -> usize {
    shop.rows().await.keys().filter(|key| key.ends_with(" / PROFILE")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_enrolments_of_one_address_at_once_make_one_member() {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    let body = json!({"email": "ada@example.com"});
    let instances = instances(&shop, 20);
    let answers = join_all(instances.iter().map(|shop| shop.post("/v1/members", &body, None))).await;
    let made: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(made.len(), 1);
    let id = made[0].body["id"].clone();
    for refused in answers.into_iter().filter(|answer| answer.status != 201) {
        assert_eq!(refused.is_problem(409, "member-exists")["member_id"], id);
    }
    assert_eq!(members(&shop).await, 1);
    assert_eq!(shop.lots(id.as_str().unwrap()).await["ledger"], 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_adjustments_under_one_key_at_once_are_one() {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    let id = shop.post("/v1/members", &json!({"email": "ada@example.com"}), None).await.is(201)["id"].clone();
    let path = format!("/v1/members/{}/adjustments", id.as_str().unwrap());
    let body = json!({"points": 25, "reason": "sorry"});
    let instances = instances(&shop, 30);
    let answers = join_all(instances.iter().map(|shop| shop.post(&path, &body, Some("k-1")))).await;
    let entries: Vec<Value> = answers.into_iter().map(|answer| answer.is(201)).collect();
    assert!(entries.iter().all(|entry| *entry == entries[0]), "{entries:?}");
    assert_eq!(shop.lots(id.as_str().unwrap()).await["ledger"], 125);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_and_refunds_and_adjustments_at_once_add_up() {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    let buyer = Buyer::with_account(1);
    let paid_at = at("2026-06-10T10:00:00Z");
    let orders: Vec<Value> =
        (0..20).map(|number| paid_order(6_120_000_000_000 + 10 * number, &buyer, paid_at, &[("10.00", 2)])).collect();
    shop.deliver("orders/paid", &orders[0]).await;
    let id = shop.id_of_customer(customer_id(1)).await;
    let others = instances(&shop, 3);
    let paid = join_all(orders.iter().map(|order| others[0].deliver("orders/paid", order)));
    let refunds: Vec<Value> =
        orders.iter().map(|order| refund(order, order["id"].as_u64().unwrap() + 1, paid_at, &[(0, 1)])).collect();
    let refunded = join_all(refunds.iter().map(|refund| others[1].deliver("refunds/create", refund)));
    let keys: Vec<String> = (0..10).map(|number| format!("k-{number}")).collect();
    let adjusted = join_all(keys.iter().map(|key| others[2].adjust(&id, 7, key)));
    futures::join!(paid, refunded, adjusted);
    let lots = shop.lots(&id).await;
    assert_eq!((&lots["available"], &lots["pending"], &lots["ledger"]), (&json!(70), &json!(200), &json!(270)));
    assert_eq!(shop.ledger(&id).await[0]["balance_after"], 270);
}
