//! What another program would have made of the orders that are known.
#![cfg(test)]

mod coverage;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};
use tokio::runtime::Runtime;

const OPENED: &str = "2025-07-01T12:00:00Z";
const NOW: &str = "2026-06-20T12:00:00Z";

async fn program(shop: &Shop) -> Value {
    shop.get("/v1/program").await.is(200)
}

async fn preview(shop: &Shop, program: &Value) -> Value {
    let asked = json!({"program": program, "from": "2025-07-01T00:00:00Z", "to": NOW});
    shop.post("/v1/program/preview", &asked, None).await.is(200)
}

/// One order of a buyer: when it was paid, cents, and how many of its three units came back.
#[derive(Clone, Debug)]
struct Bought {
    buyer: u64,
    paid_at: Timestamp,
    cents: i64,
    returned: u32,
}

fn bought(buyer: u64, paid_at: &str, cents: i64) -> Bought {
    Bought { buyer, paid_at: at(paid_at), cents, returned: 0 }
}

/// A shop whose program is that one, with these orders.
async fn shop_with(program: Option<&Value>, orders: &[Bought]) -> Shop {
    let shop = Shop::open(OPENED).await;
    if let Some(program) = program {
        shop.put_program(program, Some("\"1\"")).await.is(200);
    }
    let mut orders = orders.to_vec();
    orders.sort_by_key(|order| order.paid_at);
    for (id, order) in (1..).zip(&orders) {
        shop.move_clock(order.paid_at + SignedDuration::from_mins(1));
        let price = format!("{}.{:02}", order.cents / 100, order.cents % 100);
        let paid = paid_order(id, &Buyer::with_account(order.buyer), order.paid_at, &[(&price, 3)]);
        shop.deliver("orders/paid", &paid).await;
        if order.returned > 0 {
            let back = refund(&paid, 9_000 + id, order.paid_at, &[(0, order.returned)]);
            shop.deliver("refunds/create", &back).await;
        }
    }
    shop.move_clock(at(NOW));
    shop
}

/// Members by number: what they have, and their tier.
async fn members(shop: &Shop, numbers: impl IntoIterator<Item = u64>) -> BTreeMap<u64, (i64, String)> {
    let mut all = BTreeMap::new();
    for number in numbers {
        let id = shop.id_of_customer(customer_id(number)).await;
        let member = shop.member(&id).await;
        let points = |kind: &str| member["points"][kind].as_i64().unwrap();
        let has = points("available") + points("pending") + points("held") - points("debt");
        all.insert(number, (has, member["tier"]["id"].as_str().unwrap().to_owned()));
    }
    all
}

fn some_orders() -> Vec<Bought> {
    vec![
        bought(1, "2026-03-02T10:00:00Z", 1_999),
        bought(1, "2026-04-02T10:00:00Z", 3_333),
        bought(2, "2026-05-02T10:00:00Z", 6_150),
        bought(3, "2026-05-05T10:00:00Z", 999),
        bought(3, "2026-05-06T10:00:00Z", 33),
    ]
}

#[tokio::test]
async fn the_program_in_force_changes_nothing() {
    let shop = shop_with(None, &some_orders()).await;
    let said = preview(&shop, &program(&shop).await).await;
    assert_eq!(said["complete"], true);
    assert_eq!((&said["members"], &said["orders"]), (&json!(3), &json!(5)));
    // 59.97 + 99.99 + 184.50 + 29.97 + 0.99, each rounded down
    assert_eq!(said["points"], json!({"now": 371, "then": 371, "difference": 0}));
    assert_eq!(said["liability"]["points"], json!({"now": 371, "then": 371, "difference": 0}));
    assert_eq!(said["liability"]["value_now"], json!({"amount": "3.71", "currency": "USD"}));
    assert_eq!(said["liability"]["value_then"], said["liability"]["value_now"]);
    assert_eq!((&said["tier_moves"], &said["most_affected"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn twice_the_rate_is_twice_the_points_but_for_what_each_order_rounds_down() {
    let shop = shop_with(None, &some_orders()).await;
    let mut candidate = program(&shop).await;
    candidate["earning"]["points_per_unit"] = json!("2");
    let said = preview(&shop, &candidate).await;
    let (now, then) = some_orders().iter().fold((0, 0), |(now, then), order| {
        let cents = order.cents * 3;
        (now + cents / 100, then + cents * 2 / 100)
    });
    assert_eq!(said["points"], json!({"now": now, "then": then, "difference": then - now}));
    assert_eq!(said["liability"]["points"]["difference"], then - now);
    let most = &said["most_affected"][0];
    let second = shop.id_of_customer(customer_id(2)).await;
    assert_eq!((&most["member_id"], &most["points"]["difference"]), (&json!(second), &json!(185)));
    let sentence = most["why"][0].as_str().unwrap();
    assert!(sentence.contains("184 points now, 369 then: 184.50 USD eligible x 2 per unit"), "{sentence}");
}

#[tokio::test]
async fn a_lower_line_moves_exactly_those_who_reach_it() {
    let shop = shop_with(None, &some_orders()).await;
    let mut candidate = program(&shop).await;
    candidate["tiers"]["levels"][1]["threshold"] = json!("150.00");
    let said = preview(&shop, &candidate).await;
    assert_eq!(said["tier_moves"], json!([{"from": "bronze", "to": "silver", "members": 2}]));
    assert_eq!(said["points"]["difference"], 0, "each reached it with the last order, which earns at the tier before");
    let moved: Vec<&str> =
        said["most_affected"].as_array().unwrap().iter().map(|one| one["member_id"].as_str().unwrap()).collect();
    for number in [1, 2] {
        assert!(moved.contains(&shop.id_of_customer(customer_id(number)).await.as_str()), "{moved:?}");
    }
    assert_eq!(said["most_affected"][0]["why"][0], "tier bronze now, silver then");
}

#[tokio::test]
async fn only_orders_of_the_window_count_and_nothing_is_written() {
    let shop = shop_with(None, &some_orders()).await;
    let mut candidate = program(&shop).await;
    candidate["earning"]["points_per_unit"] = json!("2");
    let rows = shop.rows().await;
    let asked = json!({"program": candidate, "from": "2026-05-02T10:00:00Z", "to": "2026-05-05T10:00:00Z"});
    let said = shop.post("/v1/program/preview", &asked, None).await.is(200);
    assert_eq!((&said["orders"], &said["points"]["now"]), (&json!(2), &json!(184 + 29)));
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn ten_members_are_explained_the_most_affected_first() {
    let orders: Vec<Bought> =
        (1..=12).map(|number| bought(number, "2026-05-02T10:00:00Z", 1_000 * i64::try_from(number).unwrap())).collect();
    let shop = shop_with(None, &orders).await;
    let mut candidate = program(&shop).await;
    candidate["earning"]["points_per_unit"] = json!("3");
    let said = preview(&shop, &candidate).await;
    let differences: Vec<i64> = said["most_affected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["points"]["difference"].as_i64().unwrap())
        .collect();
    assert_eq!(differences, [720, 660, 600, 540, 480, 420, 360, 300, 240, 180]);
}

#[tokio::test]
async fn what_is_asked_wrongly_is_named_all_at_once() {
    let shop = Shop::open(NOW).await;
    let good = program(&shop).await;
    let mut bad = good.clone();
    bad["currency"] = json!("XXQ");
    bad["expiry"]["months"] = json!(0);
    for (asked, pointers) in [
        (json!({"program": good, "from": NOW, "to": NOW}), vec!["/to"]),
        (json!({"program": good, "from": "2025-01-01T00:00:00Z", "to": "2026-02-01T00:00:01Z"}), vec!["/to"]),
        (json!({"program": good, "from": "2025-13-01", "to": NOW}), vec!["/from"]),
        (json!({"program": bad, "from": NOW, "to": NOW}), vec!["/to", "/program/currency", "/program/expiry/months"]),
        (json!({"program": good, "from": OPENED, "to": NOW, "dry": true}), vec!["/dry"]),
        (json!({"from": OPENED, "to": NOW}), vec!["/program"]),
    ] {
        let problem = shop.post("/v1/program/preview", &asked, None).await.is_problem(400, "invalid-request");
        let named: Vec<&str> =
            problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(named, pointers, "{problem}");
    }
}

fn histories() -> impl Strategy<Value = Vec<Bought>> {
    let order = (1..4_u64, 0..340_i64, 100..30_000_i64, 0..4_u32);
    prop::collection::vec(order, 1..10).prop_map(|orders| {
        let start = at("2025-07-02T10:00:00Z");
        // a second apart, so that no two orders are paid at once
        let paid = |(number, (buyer, days, cents, returned)): (i64, (u64, i64, i64, u32))| Bought {
            buyer,
            paid_at: start + SignedDuration::from_hours(24 * days) + SignedDuration::from_secs(number),
            cents,
            returned,
        };
        (0..).zip(orders).map(paid).collect()
    })
}

/// Rate, basis, the line of silver, its multiplier, and whether there are campaigns.
type Candidate = (&'static str, (&'static str, &'static str), &'static str, bool);

fn candidates() -> impl Strategy<Value = Candidate> {
    let rates = prop::sample::select(vec!["0.5", "1", "2", "3.333"]);
    let bases = vec![("spend", "100.00"), ("spend", "350.00"), ("points", "250"), ("orders", "2")];
    let multipliers = prop::sample::select(vec!["1", "1.5", "4"]);
    (rates, prop::sample::select(bases), multipliers, any::<bool>())
}

fn changed(mut program: Value, (rate, (basis, line), multiplier, campaigns): Candidate) -> Value {
    program["earning"]["points_per_unit"] = json!(rate);
    program["tiers"]["basis"] = json!(basis);
    program["tiers"]["levels"] = json!([
        {"id": "bronze", "threshold": "0", "multiplier": "1"},
        {"id": "silver", "threshold": line, "multiplier": multiplier},
    ]);
    if !campaigns {
        program["campaigns"] = json!([]);
    }
    program
}

#[test]
fn a_preview_is_what_a_shop_that_always_had_the_program_would_have() {
    let runtime = Runtime::new().unwrap();
    let config = ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(orders in histories(), candidate in candidates())| {
        runtime.block_on(async {
            let shop = shop_with(None, &orders).await;
            let candidate = changed(program(&shop).await, candidate);
            let said = preview(&shop, &candidate).await;
            let fresh = shop_with(Some(&candidate), &orders).await;
            let numbers: Vec<u64> = orders.iter().map(|order| order.buyer).collect();
            let (now, then) = (members(&shop, numbers.clone()).await, members(&fresh, numbers).await);
            let sum = |members: &BTreeMap<u64, (i64, String)>| members.values().map(|(points, _)| points).sum::<i64>();
            let all = json!({"now": sum(&now), "then": sum(&then), "difference": sum(&then) - sum(&now)});
            assert_eq!(said["liability"]["points"], all, "{said}");
            assert_eq!(said["points"], all, "nothing has expired within a year");
            let mut moves: BTreeMap<(String, String), u64> = BTreeMap::new();
            for (number, (_, tier)) in &now {
                if *tier != then[number].1 {
                    *moves.entry((tier.clone(), then[number].1.clone())).or_default() += 1;
                }
            }
            let moves: Value =
                moves.iter().map(|((from, to), count)| json!({"from": from, "to": to, "members": count})).collect();
            assert_eq!(said["tier_moves"], moves, "{said}");
        });
    });
}

#[tokio::test]
async fn the_window_is_of_instants_or_of_days_in_the_program_s_zone() {
    let shop = Shop::open(OPENED).await;
    let mut program = program(&shop).await;
    program["zone"] = json!("Asia/Tokyo");
    shop.put_program(&program, Some("\"1\"")).await.is(200);
    shop.move_clock(at(NOW));
    // the first and the last second of the 18th in Tokyo, and those around it
    for (id, paid_at) in
        (1..).zip(["2026-06-17T14:59:59Z", "2026-06-17T15:00:00Z", "2026-06-18T14:59:59Z", "2026-06-18T15:00:00Z"])
    {
        shop.send("orders/paid", &paid_order(id, &Buyer::with_account(1), at(paid_at), &[("10.00", 1)])).await.is(200);
    }
    for (from, to, orders) in [
        ("2026-06-18", "2026-06-18", 2),
        ("2026-06-17", "2026-06-18", 3),
        ("2026-06-18", "2026-06-18T15:00:00Z", 3),
        ("2026-06-17T14:59:59Z", "2026-06-18", 3),
    ] {
        let asked = json!({"program": program, "from": from, "to": to});
        let preview = shop.post("/v1/program/preview", &asked, None).await.is(200);
        assert_eq!(preview["orders"], orders, "{from} {to}");
    }
    for (from, to, named) in [
        ("2026-06-19", "2026-06-18", "/to"),
        ("2025-01-01", "2026-06-18", "/to"),
        ("June", "2026-06-18", "/from"),
        ("2026-06-18", "2026-06-18T10:00:00", "/to"),
    ] {
        let asked = json!({"program": program, "from": from, "to": to});
        let answer = shop.post("/v1/program/preview", &asked, None).await.is_problem(400, "invalid-request");
        assert_eq!(answer["errors"][0]["pointer"], named, "{from} {to}: {answer}");
    }
}
