//! What becomes of members: merged, erased, changed, and paid for whom they invited.

use app::Deadline;
use serde_json::{Value, json};
use tests::{
    Buyer, Shop, at,
    payloads::*,
    shop::{ADMIN, bearer},
};
use web::schedules;

use crate::{NOW, cost, cost_of_get, cost_of_post, shop_with_member};

/// Two who joined, have an address and a link each, and bought.
async fn shop_with_two() -> (Shop, String, String) {
    let (shop, one) = shop_with_member().await;
    let other = Buyer::with_account(2);
    let order = paid_order(6_120_000_000_009, &other, at("2026-05-18T10:00:00Z"), &[("19.99", 2)]);
    shop.send("orders/paid", &order).await.is(200);
    let other = shop.id_of_customer(customer_id(2)).await;
    (shop, one, other)
}

#[tokio::test]
async fn a_merge_writes_both_accounts_and_all_that_leads_to_them_once() {
    let (shop, into, from) = shop_with_two().await;
    let path = format!("/v1/members/{into}/merge");
    shop.wire.clear();
    shop.post(&path, &json!({"from": from}), Some("k-1")).await.is(200);
    let took = shop.wire.cost();
    // two accounts with an entry each, the profile and the one removed, a link and an address, and the key;
    // the deeds of both are read: what earns once earns once for who is one now
    assert_eq!((took.trips, took.read_units, took.write_units), (8, 12.0, 18.0), "{took:?}");
    shop.wire.clear();
    shop.post(&path, &json!({"from": from}), Some("k-1")).await.is(200);
    assert_eq!(shop.wire.cost().write_units, 0.0);
}

#[tokio::test]
async fn an_erasure_writes_the_account_and_removes_what_leads_to_it() {
    let (shop, id) = shop_with_member().await;
    shop.wire.clear();
    shop.delete(&format!("/v1/members/{id}")).await.is(204);
    let took = shop.wire.cost();
    // the reviews before it, what is known against the address, and the words of deeds, entries and cases after it
    let before: &[&[&str]] = &[&["BatchGetItem"], &["Query"], &["Query"], &["BatchGetItem"], &["GetItem"]];
    let calls = [before, &[&["TransactWriteItems"], &["GetItem"], &["Query"], &["Query"], &["Query"]]].concat();
    assert_eq!(took, cost(&calls, 10.0, 10.0));
    shop.wire.clear();
    shop.delete(&format!("/v1/members/{id}")).await.is(204);
    assert_eq!(shop.wire.cost().write_units, 0.0);
}

#[tokio::test]
async fn a_change_writes_what_it_changes() {
    let (shop, id) = shop_with_member().await;
    let path = format!("/v1/members/{id}");
    let cost_of = async |change: Value| {
        shop.wire.clear();
        shop.call("PATCH", &path, &[bearer(ADMIN).as_header()], change.to_string()).await.is(200);
        shop.wire.cost()
    };
    // the account says by its version that nobody merged them meanwhile
    let calls: &[&[&str]] = &[&["BatchGetItem"], &["Query"], &["TransactWriteItems"], &["BatchGetItem", "Query"]];
    assert_eq!(cost_of(json!({"name": "Ada King"})).await, cost(calls, 6.0, 4.0));
    assert_eq!(cost_of(json!({"consent": {"marketing": "granted"}})).await, cost(calls, 6.0, 6.0));
    let took = cost_of(json!({"email": "ada@example.com"})).await;
    assert_eq!((took.trips, took.read_units, took.write_units), (6, 8.0, 8.0), "two addresses more: {took:?}");
    assert_eq!(cost_of(json!({"name": "Ada King"})).await.write_units, 0.0);
}

#[tokio::test]
async fn a_friend_s_claim_is_one_commit_and_its_payout_one_more() {
    let shop = Shop::open(NOW).await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["pending"] = json!({"after_delivery_days": 1, "after_payment_days": 1});
    shop.put_program(&program, Some("\"1\"")).await.is(200);
    let referrer = shop.post("/v1/members", &json!({"email": "mia@example.com"}), None).await.is(201)["id"].clone();
    let path = format!("/v1/members/{}/referral", referrer.as_str().unwrap());
    let took = cost_of_get(&shop, &path).await;
    assert_eq!((took.trips, took.write_units), (4, 4.0), "the account and the code: {took:?}");
    assert_eq!(cost_of_get(&shop, &path).await.write_units, 0.0);
    let code = shop.get(&path).await.is(200)["code"].clone();
    let buyer = Buyer::with_account(1);
    shop.send("customers/create", &customer(&buyer, at("2026-06-19T10:00:00Z"))).await.is(200);
    let friend = shop.id_of_customer(customer_id(1)).await;
    let claim = format!("/v1/referrals/{}/claim", code.as_str().unwrap());
    let took = cost_of_post(&shop, &claim, &json!({"member_id": friend}), Some("k-1")).await;
    assert_eq!((took.trips, took.read_units, took.write_units), (4, 8.0, 12.0), "{took:?}");
    shop.send("orders/paid", &paid_order(1, &buyer, at(NOW), &[("30.00", 1)])).await.is(200);
    let run = async |now: &str| {
        shop.move_clock(at(now));
        shop.wire.clear();
        let run = schedules::lifecycle(&shop.state, Deadline::NONE).await.unwrap();
        let calls = shop.wire.calls().into_iter().filter(|call| call.operation == "TransactWriteItems");
        (run.accounts.served, calls.map(|call| call.units).collect::<Vec<_>>())
    };
    run("2026-06-20T23:50:00Z").await;
    assert_eq!(run("2026-06-21T00:10:00Z").await, (1, vec![7.0]), "both accounts' rows and an entry");
    assert_eq!(run("2026-06-21T00:11:00Z").await, (0, vec![]));
}
