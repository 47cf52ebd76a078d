//! Orders that name coupons: used while the order is paid, usable again once it is cancelled.

use serde_json::{Value, json};
use tests::{
    Buyer, Shop, at,
    payloads::*,
    shop::{SOURCE, STOREFRONT, bearer},
};

use crate::{available, cancel, code_of, path_of, shop_with};

/// The order with those discount codes, as Shopify tells it.
pub(crate) fn with_codes(mut order: Value, codes: &[&str]) -> Value {
    let code = |code: &&str| json!({"code": code.to_lowercase(), "amount": "5.00", "type": "fixed_amount"});
    order["discount_codes"] = codes.iter().map(code).collect();
    order
}

fn order(id: u64, buyer: u64, codes: &[&str]) -> Value {
    let lines = [("30.00", 1)];
    with_codes(paid_order(id, &Buyer::guest(buyer), at("2026-06-20T10:00:00Z"), &lines), codes)
}

fn unpaid(mut order: Value) -> Value {
    order["financial_status"] = json!("pending");
    order
}

fn key(id: u64) -> Value {
    json!({"source": SOURCE, "id": id.to_string()})
}

async fn coupon(shop: &Shop, member: &str, redemption: &Value) -> Value {
    shop.get(&path_of(member, redemption)).await.is(200)["coupon"].clone()
}

#[tokio::test]
async fn a_paid_order_uses_the_coupon_and_its_cancellation_reopens_it() {
    let (shop, ada) = shop_with(1_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    let order = order(1, 1, &[code_of(&redemption)]);
    shop.send("orders/paid", &order).await.is(200);
    let used = coupon(&shop, &ada, &redemption).await;
    assert_eq!((&used["state"], &used["used_by"]), (&json!("used"), &key(1)));
    assert_eq!(used["used_at"], "2026-06-20T10:00:00Z");
    cancel(&shop, &ada, &redemption).await.is_problem(409, "coupon-used");
    shop.send("orders/cancelled", &cancelled(&order, at("2026-06-20T11:00:00Z"))).await.is(200);
    assert_eq!(coupon(&shop, &ada, &redemption).await, redemption["coupon"]);
    assert_eq!(available(&shop, &ada).await, 500);
    cancel(&shop, &ada, &redemption).await.is(200);
    assert_eq!(available(&shop, &ada).await, 1_000);
}

#[tokio::test]
async fn a_coupon_reopened_after_its_date_has_expired() {
    let (shop, ada) = shop_with(1_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    let order = order(1, 1, &[code_of(&redemption)]);
    shop.send("orders/paid", &order).await.is(200);
    shop.move_clock(at("2026-10-01T12:00:00Z"));
    assert_eq!(coupon(&shop, &ada, &redemption).await["state"], "used");
    shop.send("orders/cancelled", &cancelled(&order, at("2026-10-01T11:00:00Z"))).await.is(200);
    assert_eq!(coupon(&shop, &ada, &redemption).await["state"], "expired");
    cancel(&shop, &ada, &redemption).await.is_problem(409, "coupon-expired");
}

#[tokio::test]
async fn a_full_refund_does_not_reopen() {
    let (shop, ada) = shop_with(1_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    let order = order(1, 1, &[code_of(&redemption)]);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("refunds/create", &refund(&order, 9, at("2026-06-20T11:00:00Z"), &[(0, 1)])).await.is(200);
    assert_eq!(coupon(&shop, &ada, &redemption).await["state"], "used");
}

#[tokio::test]
async fn any_arrival_of_an_order_s_events_ends_the_same() {
    let events = |code: &str| {
        let paid = order(1, 1, &[code]);
        let placed = unpaid(order(1, 1, &[code]));
        let edited = later(&with_codes(paid.clone(), &[]), at("2026-06-20T10:30:00Z"));
        let named_again = later(&paid, at("2026-06-20T10:40:00Z"));
        let cancelled = cancelled(&paid, at("2026-06-20T11:00:00Z"));
        [
            ("orders/create", placed),
            ("orders/paid", paid),
            ("orders/updated", edited),
            ("orders/edited", named_again),
            ("orders/cancelled", cancelled),
        ]
    };
    // which of the events happened, and how the coupon then is
    for (count, state) in [(1, "issued"), (2, "used"), (3, "issued"), (4, "used"), (5, "issued")] {
        for rotation in 0..count {
            for reversed in [false, true] {
                let (shop, ada) = shop_with(1_000).await;
                let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
                let mut arrivals: Vec<_> = events(code_of(&redemption)).into_iter().take(count).collect();
                arrivals.rotate_left(rotation);
                if reversed {
                    arrivals.reverse();
                }
                for (topic, payload) in arrivals.iter().chain(&arrivals) {
                    let topic = if *topic == "orders/edited" { "orders/updated" } else { topic };
                    shop.send(topic, payload).await.is(200);
                }
                let shown = coupon(&shop, &ada, &redemption).await;
                assert_eq!(shown["state"], state, "{count} events, {rotation} {reversed}");
            }
        }
    }
}

#[tokio::test]
async fn of_two_orders_the_one_paid_first_keeps_it_and_the_other_is_told() {
    for swap in [false, true] {
        let (shop, ada) = shop_with(1_000).await;
        let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
        let first = order(1, 1, &[code_of(&redemption)]);
        let lines = [("40.00", 1)];
        let second = paid_order(2, &Buyer::with_account(2), at("2026-06-20T10:00:01Z"), &lines);
        let second = with_codes(second, &[code_of(&redemption)]);
        let arrivals = if swap { [&second, &first] } else { [&first, &second] };
        for order in arrivals {
            shop.send("orders/paid", order).await.is(200);
        }
        let used = coupon(&shop, &ada, &redemption).await;
        assert_eq!((&used["used_by"], &used["also_named_by"]), (&key(1), &json!([key(2)])));
        shop.send("orders/cancelled", &cancelled(&first, at("2026-06-20T11:00:00Z"))).await.is(200);
        let used = coupon(&shop, &ada, &redemption).await;
        assert_eq!((&used["used_by"], &used["also_named_by"]), (&key(2), &json!([])));
    }
}

#[tokio::test]
async fn an_order_that_is_not_paid_yet_keeps_the_points_from_going_back() {
    let (shop, ada) = shop_with(1_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    let order = order(1, 1, &[code_of(&redemption)]);
    shop.send("orders/create", &unpaid(order.clone())).await.is(200);
    assert_eq!(coupon(&shop, &ada, &redemption).await["state"], "issued");
    cancel(&shop, &ada, &redemption).await.is_problem(409, "coupon-used");
    shop.send("orders/cancelled", &cancelled(&unpaid(order), at("2026-06-20T11:00:00Z"))).await.is(200);
    cancel(&shop, &ada, &redemption).await.is(200);
}

#[tokio::test]
async fn an_order_whose_customer_is_not_known_yet_uses_it_too() {
    let (shop, ada) = shop_with(1_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    let mut order = order(1, 1, &[code_of(&redemption)]);
    (order["email"], order["contact_email"]) = (Value::Null, Value::Null);
    order["customer"] = Value::Null;
    shop.send("orders/paid", &order).await.is(200);
    assert_eq!(coupon(&shop, &ada, &redemption).await["state"], "used");
}

#[tokio::test]
async fn a_test_order_uses_nothing_and_other_codes_are_the_shop_s_own() {
    let (shop, ada) = shop_with(1_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    let mut test = order(1, 1, &[code_of(&redemption)]);
    test["test"] = json!(true);
    shop.send("orders/paid", &test).await.is(200);
    shop.send("orders/paid", &order(2, 1, &["SUMMER10", "WELCOME"])).await.is(200);
    assert_eq!(coupon(&shop, &ada, &redemption).await, redemption["coupon"]);
    let both = order(3, 1, &["SUMMER10", code_of(&redemption)]);
    shop.send("orders/paid", &both).await.is(200);
    assert_eq!(coupon(&shop, &ada, &redemption).await["used_by"], key(3));
}

#[tokio::test]
async fn an_order_that_names_a_cancelled_coupon_is_remembered() {
    let (shop, ada) = shop_with(1_000).await;
    let redemption = shop.redeem(&ada, "coupon_5", "k-1").await.is(201);
    cancel(&shop, &ada, &redemption).await.is(200);
    shop.send("orders/paid", &order(1, 1, &[code_of(&redemption)])).await.is(200);
    let shown = coupon(&shop, &ada, &redemption).await;
    assert_eq!((&shown["state"], &shown["used_by"]), (&json!("cancelled"), &key(1)));
    let again = shop.call("DELETE", &path_of(&ada, &redemption), &[bearer(STOREFRONT).as_header()], "").await;
    assert_eq!((again.is(200)["state"].clone(), available(&shop, &ada).await), (json!("cancelled"), 1_000));
}
