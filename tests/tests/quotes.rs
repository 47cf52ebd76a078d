//! Quotes: what a shop shows beside a cart is what the order then earns.
#![cfg(test)]

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};
use tests::{
    Answer, Shop, at,
    shop::{PUBLISHABLE, STOREFRONT, bearer},
};
use tokio::runtime::Runtime;

const SOURCE: &str = "storefront:local";

async fn quote(shop: &Shop, cart: &Value) -> Value {
    shop.post("/v1/quotes", cart, None).await.is(200)
}

async fn quote_as(shop: &Shop, key: &str, cart: &Value) -> Answer {
    shop.call("POST", "/v1/quotes", &[bearer(key).as_header()], cart.to_string()).await
}

fn usd(amount: &str) -> Value {
    json!({"amount": amount, "currency": "USD"})
}

/// The cart of the worked example.
fn cart() -> Value {
    json!({"currency": "USD", "lines": [
        {"product_id": "oil", "quantity": 2, "price": usd("19.99"), "discount": usd("3.50")},
        {"product_id": "soap", "quantity": 1, "price": usd("5.00"), "discount": usd("0.50")},
    ]})
}

fn of(member: &str, mut cart: Value) -> Value {
    cart["member_id"] = json!(member);
    cart
}

async fn enrolled(shop: &Shop) -> String {
    let links = json!([{"source": SOURCE, "customer_id": "c_1"}]);
    let member = json!({"email": "ada@example.com", "birthday": "1990-06-16", "links": links});
    shop.post("/v1/members", &member, None).await.is(201)["id"].as_str().unwrap().to_owned()
}

/// The cart as the storefront tells of it once it was paid.
async fn pay(shop: &Shop, id: &str, cart: &Value, paid_at: Timestamp) {
    let lines = cart["lines"].as_array().unwrap().iter().enumerate().map(|(index, line)| {
        let mut line = line.clone();
        line["id"] = json!((index + 1).to_string());
        line
    });
    let order = json!({
        "id": id, "currency": cart["currency"], "created_at": paid_at, "paid_at": paid_at,
        "customer": {"id": "c_1"}, "lines": lines.collect::<Value>(),
    });
    let body = json!({"type": "order.paid", "timestamp": paid_at, "data": order}).to_string();
    assert_eq!(shop.send_standard(&body, shop.now()).await.is(200)["result"], "posted");
}

fn total(member: &Value) -> i64 {
    let points = |kind: &str| member["points"][kind].as_i64().unwrap();
    points("available") + points("pending") - points("debt")
}

#[tokio::test]
async fn a_page_says_what_anybody_would_earn() {
    let shop = Shop::open("2026-06-18T10:00:00Z").await;
    let said = quote_as(&shop, PUBLISHABLE, &cart()).await.is(200);
    assert_eq!(said["points"], 81, "{said}");
    let sentence = "40.98 USD eligible x 1 per unit x 1 (tier bronze) x 2 (campaign member_day) = 81.96, so 81 points";
    assert_eq!(said["why"][0], sentence);
    assert_eq!(said["max_points_as_cash"], Value::Null);
    assert_eq!(said["next_tier_missing"], json!({"id": "silver", "missing": usd("159.02")}));
}

#[tokio::test]
async fn a_publishable_key_asks_for_nobody_in_particular() {
    let shop = Shop::open("2026-06-20T10:00:00Z").await;
    let member = enrolled(&shop).await;
    quote_as(&shop, PUBLISHABLE, &of(&member, cart())).await.is_problem(403, "forbidden");
    quote_as(&shop, STOREFRONT, &of(&member, cart())).await.is(200);
}

#[tokio::test]
async fn a_member_sees_how_many_points_can_pay_and_what_misses_to_the_next_tier() {
    let shop = Shop::open("2026-06-20T10:00:00Z").await;
    let member = enrolled(&shop).await;
    let cash = |points: i64, amount: &str| json!({"points": points, "value": usd(amount)});
    assert_eq!(quote(&shop, &of(&member, cart())).await["max_points_as_cash"], cash(100, "1.00"), "for joining");
    shop.adjust(&member, 1_234, "k-1").await;
    assert_eq!(quote(&shop, &of(&member, cart())).await["max_points_as_cash"], cash(1_334, "13.34"), "all of it");
    shop.adjust(&member, 5_000, "k-2").await;
    let most = quote(&shop, &of(&member, cart())).await["max_points_as_cash"].clone();
    assert_eq!(most, cash(2_049, "20.49"), "half of the order");
    let mut small = cart();
    small["lines"] = json!([{"quantity": 1, "price": usd("1.50")}]);
    assert_eq!(quote(&shop, &of(&member, small)).await["max_points_as_cash"], cash(0, "0.00"), "under the least");
    pay(&shop, "O-1", &cart(), shop.now()).await;
    let said = quote(&shop, &of(&member, cart())).await;
    assert_eq!(said["next_tier_missing"], json!({"id": "silver", "missing": usd("118.04")}));
}

#[tokio::test]
async fn a_currency_without_a_rate_earns_nothing_and_says_so() {
    let shop = Shop::open("2026-06-20T10:00:00Z").await;
    let euros = json!({"currency": "EUR", "lines": [
        {"quantity": 1, "price": {"amount": "10.00", "currency": "EUR"}},
    ]});
    let said = quote(&shop, &euros).await;
    assert_eq!((&said["points"], &said["max_points_as_cash"]), (&json!(0), &Value::Null));
    assert_eq!(said["why"].as_array().unwrap().last().unwrap(), "earns nothing: no exchange rate");
    let nothing = quote(&shop, &json!({"currency": "USD", "lines": []})).await;
    assert_eq!((&nothing["points"], nothing["why"][2].as_str()), (&json!(0), Some("earns nothing: nothing eligible")));
}

#[tokio::test]
async fn a_cart_names_each_field_that_is_bad() {
    let shop = Shop::open("2026-06-20T10:00:00Z").await;
    let with = |pointer: &str, value: Value| {
        let mut changed = of("mem_1", cart());
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        changed.pointer_mut(parent).unwrap()[field] = value;
        changed
    };
    let long: Vec<Value> = (0..501).map(|_| cart()["lines"][0].clone()).collect();
    for (cart, pointers) in [
        (with("/member_id", json!("mem_1")), vec!["/member_id"]),
        (with("/member_id", json!("a b")), vec!["/member_id"]),
        (with("/currency", json!("XXQ")), vec!["/currency"]),
        (with("/coupon", json!("X")), vec!["/coupon"]),
        (with("/lines", json!(long)), vec!["/lines"]),
        (with("/lines/0/quantity", json!(0)), vec!["/lines/0/quantity"]),
        (with("/lines/0/quantity", json!(-1)), vec!["/lines/0/quantity"]),
        (with("/lines/0/quantity", json!(1.5)), vec!["/lines/0/quantity"]),
        (with("/lines/0/quantity", json!(1_000_001)), vec!["/lines/0/quantity"]),
        (with("/lines/1/price", usd("-5.00")), vec!["/lines/1/price"]),
        (with("/lines/1/price", usd("5.001")), vec!["/lines/1/price"]),
        (with("/lines/1/price", json!("5.00")), vec!["/lines/1/price"]),
        (with("/lines/1/price", json!({"amount": "5.00", "currency": "EUR"})), vec!["/lines/1/price"]),
        (with("/lines/0/price", usd("9999999999.99")), vec!["/lines/0/price"]),
        (with("/lines/0/discount", json!({"amount": "1", "currency": "EUR"})), vec!["/lines/0/discount"]),
        (with("/lines/0/kind", json!("service")), vec!["/lines/0/kind"]),
        (with("/lines/0/product_id", json!("a b")), vec!["/lines/0/product_id"]),
        (
            json!({"currency": "USD", "lines": [
                {"quantity": 0, "price": usd("1.00"), "tax_included": {"amount": "1", "currency": "EUR"}},
                {"quantity": 0, "price": usd("1.00")},
            ]}),
            vec!["/lines/0/quantity", "/lines/0/tax_included", "/lines/1/quantity"],
        ),
    ] {
        let problem = shop.post("/v1/quotes", &cart, None).await.is_problem(400, "invalid-request");
        let named: Vec<&str> =
            problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(named, pointers, "{cart}");
    }
}

#[tokio::test]
async fn who_was_erased_is_quoted_nothing_like_who_never_was() {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    let member = shop.post("/v1/members", &json!({"email": "ada@example.com"}), None).await.is(201);
    let cart =
        |id: &Value| json!({"member_id": id, "currency": "USD", "lines": [{"quantity": 1, "price": usd("9.00")}]});
    shop.post("/v1/quotes", &cart(&member["id"]), None).await.is(200);
    shop.delete(&format!("/v1/members/{}", member["id"].as_str().unwrap())).await.is(204);
    let erased = shop.post("/v1/quotes", &cart(&member["id"]), None).await.is_problem(400, "invalid-request");
    let never = shop.post("/v1/quotes", &cart(&json!("mem_nobody")), None).await.is_problem(400, "invalid-request");
    assert_eq!(erased, never);
    assert_eq!(erased["errors"][0]["pointer"], "/member_id");
}

/// Cents, units, per cent of discount and of tax, and the kind.
type Line = (i64, u32, i64, i64, u8);

fn carts() -> impl Strategy<Value = Value> {
    let line = (0..60_000_i64, 1..5_u32, 0..=100_i64, 0..20_i64, 0..10_u8);
    let currency = prop::sample::select(vec!["USD", "EUR", "JPY", "CHF"]);
    (currency, prop::collection::vec(line, 1..6)).prop_map(|(currency, lines)| {
        let lines: Vec<Value> = lines.iter().map(|line| line_in(currency, line)).collect();
        json!({"currency": currency, "lines": lines})
    })
}

fn line_in(currency: &str, (cents, quantity, discounted, taxed, kind): &Line) -> Value {
    let money = |minor: i64| match currency {
        "JPY" => json!({"amount": minor.to_string(), "currency": currency}),
        _ => json!({"amount": format!("{}.{:02}", minor / 100, minor % 100), "currency": currency}),
    };
    let all = cents * i64::from(*quantity);
    let discount = all * discounted / 100;
    let kind = ["gift_card", "tip"].get(usize::from(*kind)).unwrap_or(&"product");
    let tax = money((all - discount) * taxed / 100);
    json!({"kind": kind, "quantity": quantity, "price": money(*cents), "discount": money(discount), "tax_included": tax})
}

/// A shop with two rates and two campaigns on top of the default ones.
async fn shop_with_rates() -> Shop {
    let shop = Shop::open("2025-06-01T12:00:00Z").await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["earning"] = json!({"points_per_unit": "1.5", "exchange_rates": {"EUR": "1.10", "JPY": "0.007"}});
    let stacking = json!({"id": "weekend", "multiplier": "1.3", "stacks": true,
        "when": {"kind": "weekdays", "days": ["saturday", "sunday"], "zone": "America/New_York"}});
    program["campaigns"].as_array_mut().unwrap().push(stacking);
    shop.put_program(&program, Some("\"1\"")).await.is(200);
    shop
}

#[test]
fn the_quote_of_any_cart_is_what_its_order_then_earns() {
    let runtime = Runtime::new().unwrap();
    let bought = prop::collection::vec((carts(), 0..200_i64), 0..4);
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(bought in bought, cart in carts(), hours in 0..720_i64)| {
        runtime.block_on(async {
            let shop = shop_with_rates().await;
            let member = enrolled(&shop).await;
            shop.move_clock(at("2026-06-01T12:00:00Z") + SignedDuration::from_hours(hours));
            for (number, (earlier, days)) in bought.iter().enumerate() {
                let paid_at = shop.now() - SignedDuration::from_hours(24 * days + 1);
                pay(&shop, &format!("E-{number}"), earlier, paid_at).await;
            }
            let said = quote(&shop, &of(&member, cart.clone())).await;
            let before = total(&shop.member(&member).await);
            pay(&shop, "O-1", &cart, shop.now()).await;
            let after = shop.member(&member).await;
            assert_eq!(total(&after) - before, said["points"].as_i64().unwrap(), "{said}");
            assert_eq!(after["tier"]["next"], said["next_tier_missing"], "{said}");
            let order = shop.get(&format!("/v1/orders/{SOURCE}/O-1/explain")).await.is(200);
            assert_eq!(order["why"], said["why"]);
        });
    });
}

#[tokio::test]
async fn a_quote_writes_nothing() {
    let shop = Shop::open("2026-06-18T10:00:00Z").await;
    let member = enrolled(&shop).await;
    let rows = shop.rows().await;
    for cart in [cart(), of(&member, cart())] {
        quote(&shop, &cart).await;
    }
    assert_eq!(shop.rows().await, rows);
}
