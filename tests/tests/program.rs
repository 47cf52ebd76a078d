//! The merchant's rules: putting them in force, what they do to orders, and why an order earned nothing.
#![cfg(test)]

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};

const NOW: &str = "2026-06-20T12:00:00Z";

fn order(id: u64, paid_at: &str) -> Value {
    paid_order(id, &Buyer::with_account(1), at(paid_at), &[("30.00", 2)])
}

/// Changes the program in force.
async fn change(shop: &Shop, change: impl FnOnce(&mut Value)) {
    let answer = shop.get("/v1/program").await;
    let etag = answer.header("etag").unwrap().to_owned();
    let mut program = answer.is(200);
    change(&mut program);
    assert_eq!(shop.put_program(&program, Some(&etag)).await.is(200), program);
}

/// What the order earns, and the stable word for why it is nothing.
async fn earns(shop: &Shop, order: &Value) -> (i64, Value) {
    let explained = shop.explain_order(order).await;
    (explained["points"].as_i64().unwrap(), explained["nothing"].clone())
}

#[tokio::test]
async fn a_program_is_put_over_the_version_that_it_was_made_from() {
    let shop = Shop::open(NOW).await;
    let answer = shop.get("/v1/program").await;
    assert_eq!(answer.header("etag"), Some("\"1\""));
    let mut program = answer.is(200);
    program["earning"]["points_per_unit"] = json!("2");
    shop.put_program(&program, None).await.is_problem(428, "if-match-missing");
    for etag in ["\"2\"", "\"0\"", "1", "*", "W/\"1\""] {
        shop.put_program(&program, Some(etag)).await.is_problem(412, "program-changed");
    }
    let put = shop.put_program(&program, Some("\"1\"")).await;
    assert_eq!(put.header("etag"), Some("\"2\""));
    assert_eq!(put.is(200), program);
    shop.put_program(&program, Some("\"1\"")).await.is_problem(412, "program-changed");
    for instance in [&shop, &shop.another_instance()] {
        let now = instance.get("/v1/program").await;
        assert_eq!(now.header("etag"), Some("\"2\""));
        assert_eq!(now.is(200), program);
    }
}

#[tokio::test]
async fn of_programs_put_at_once_one_is_taken() {
    let shop = Shop::open(NOW).await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["earning"]["points_per_unit"] = json!("2");
    let instances: Vec<Shop> = (0..8).map(|_| shop.another_instance()).collect();
    let put = instances.iter().map(|shop| shop.put_program(&program, Some("\"1\"")));
    let mut statuses: Vec<u16> = futures::future::join_all(put).await.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
}

#[tokio::test]
async fn a_new_version_is_for_orders_paid_since() {
    let shop = Shop::open(NOW).await;
    let before = order(1, "2026-06-19T10:00:00Z");
    shop.send("orders/paid", &before).await.is(200);
    let other_instance = shop.another_instance();
    other_instance.get("/v1/program").await.is(200);
    change(&shop, |program| program["earning"]["points_per_unit"] = json!("3")).await;
    shop.move_clock(at("2026-06-21T12:00:00Z"));
    let (late, since) = (order(2, "2026-06-20T11:59:59Z"), order(3, "2026-06-20T12:00:00Z"));
    other_instance.send("orders/paid", &late).await.is(200);
    other_instance.send("orders/paid", &since).await.is(200);
    let refund = refund(&before, 9, at("2026-06-21T10:00:00Z"), &[(0, 1)]);
    other_instance.send("refunds/create", &refund).await.is(200);
    assert_eq!(earns(&shop, &before).await.0, 30, "what was priced keeps its price");
    assert_eq!(earns(&shop, &late).await.0, 60, "paid before, told later");
    assert_eq!(earns(&shop, &since).await.0, 180);
    for (order, version) in [(before, 1), (late, 1), (since, 2)] {
        assert_eq!(shop.explain_order(&order).await["rules"]["program_version"], version);
    }
}

#[tokio::test]
async fn another_currency_earns_at_its_rate_which_the_order_keeps() {
    let shop = Shop::open(NOW).await;
    let without_rate = with_currency(order(1, "2026-06-19T10:00:00Z"), "EUR");
    shop.send("orders/paid", &without_rate).await.is(200);
    assert_eq!(earns(&shop, &without_rate).await, (0, json!("no_exchange_rate")));
    change(&shop, |program| program["earning"]["exchange_rates"] = json!({"EUR": "1.10", "JPY": "0.007"})).await;
    shop.move_clock(at("2026-06-21T12:00:00Z"));
    let euros = with_currency(order(2, "2026-06-21T10:00:00Z"), "EUR");
    shop.send("orders/paid", &euros).await.is(200);
    assert_eq!(earns(&shop, &euros).await, (66, Value::Null));
    let mut yen = with_currency(order(3, "2026-06-21T10:00:00Z"), "JPY");
    (yen["line_items"][0]["price"], yen["line_items"][0]["tax_lines"]) = (json!("5000"), json!([]));
    shop.send("orders/paid", &yen).await.is(200);
    assert_eq!(earns(&shop, &yen).await, (70, Value::Null));
    change(&shop, |program| program["earning"]["exchange_rates"] = json!({"EUR": "2"})).await;
    let refund = refund(&euros, 9, at("2026-06-21T10:00:00Z"), &[(0, 1)]);
    shop.send("refunds/create", &refund).await.is(200);
    assert_eq!(earns(&shop, &euros).await, (33, Value::Null));
    assert_eq!(shop.explain_order(&euros).await["rules"]["exchange_rate"], "1.10");
}

fn with_currency(mut order: Value, currency: &str) -> Value {
    order["currency"] = json!(currency);
    order
}

#[tokio::test]
async fn an_order_that_earns_nothing_says_why() {
    let shop = Shop::open(NOW).await;
    change(&shop, |program| {
        program["starts_on"] = json!("2026-06-22");
        program["earning"]["excluded_products"] = json!(["8410000000000"]);
    })
    .await;
    shop.move_clock(at("2026-06-23T12:00:00Z"));
    let plain = |id| {
        let mut order = order(id, "2026-06-22T10:00:00Z");
        order["line_items"][0]["product_id"] = json!(1);
        order
    };
    let changed = |id, pointer: &str, value: Value| {
        let mut order = plain(id);
        *order.pointer_mut(pointer).unwrap() = value;
        order
    };
    let mut tip = plain(8);
    tip["line_items"][0]["tip"] = json!({"payment_gateway": null, "payment_method": null});
    let mut nobody = paid_order(10, &Buyer::guest(1), at("2026-06-22T10:00:00Z"), &[("30.00", 2)]);
    (nobody["email"], nobody["contact_email"]) = (Value::Null, Value::Null);
    let refunded = with_refund(plain(11), &refund(&plain(11), 9, at("2026-06-23T10:00:00Z"), &[(0, 2)]));
    let mut early = plain(4);
    early["processed_at"] = json!("2026-06-21T23:59:59Z");
    for (order, nothing) in [
        (changed(1, "/financial_status", json!("pending")), "not_paid"),
        (cancelled(&plain(2), at("2026-06-23T10:00:00Z")), "cancelled"),
        (changed(3, "/test", json!(true)), "test_order"),
        (early, "before_the_program_starts"),
        (changed(5, "/currency", json!("EUR")), "no_exchange_rate"),
        (changed(6, "/line_items/0/product_id", json!(8_410_000_000_000_u64)), "nothing_eligible"),
        (changed(7, "/line_items/0/gift_card", json!(true)), "nothing_eligible"),
        (tip, "nothing_eligible"),
        (changed(9, "/line_items/0/price", json!("0.00")), "nothing_eligible"),
        (nobody, "no_member_known"),
        (refunded, "fully_refunded"),
    ] {
        shop.send("orders/updated", &order).await.is(200);
        assert_eq!(earns(&shop, &order).await, (0, json!(nothing)), "{}", order["id"]);
        let why = shop.explain_order(&order).await["why"].clone();
        let sentence = format!("earns nothing: {}", nothing.replace('_', " "));
        assert_eq!(why.as_array().unwrap().last().unwrap(), &json!(sentence));
    }
    let unheard_of = plain(12);
    let refund = refund(&unheard_of, 9, at("2026-06-22T10:00:00Z"), &[(0, 1)]);
    assert_eq!(shop.send("refunds/create", &refund).await.is(200)["result"], "waiting");
    assert_eq!(earns(&shop, &unheard_of).await, (0, json!("only_refunds_or_deliveries_known")));
    shop.send("orders/paid", &plain(13)).await.is(200);
    assert_eq!(earns(&shop, &plain(13)).await, (60, Value::Null), "and one that has none of it earns");
}

#[tokio::test]
async fn the_tiers_are_shown_as_the_program_has_them() {
    let shop = Shop::open(NOW).await;
    let tiers = shop.get("/v1/tiers").await.is(200);
    let shown: Vec<_> = tiers["tiers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tier| {
            (tier["id"].as_str().unwrap(), tier["threshold"].as_str().unwrap(), tier["multiplier"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        shown,
        [("bronze", "0", "1"), ("silver", "200.00", "1.25"), ("gold", "500.00", "1.5"), ("diamond", "1000.00", "2")]
    );
    assert_eq!(
        (&tiers["tiers"][1]["benefits"][0]["kind"], &tiers["next_cursor"]),
        (&json!("free_shipping"), &Value::Null)
    );
}

#[tokio::test]
async fn every_fault_of_a_program_is_named_in_one_answer() {
    let shop = Shop::open(NOW).await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["currency"] = json!("XXQ");
    program["colour"] = json!("red");
    program["tiers"]["levels"][1]["threshold"] = json!("many");
    program["rewards"][0]["points"] = json!(0);
    program["pending"]["after_payment_days"] = json!(367);
    let problem = shop.put_program(&program, Some("\"1\"")).await.is_problem(400, "invalid-request");
    let mut named: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    named.sort_unstable();
    let expected =
        ["/colour", "/currency", "/pending/after_payment_days", "/rewards/0/points", "/tiers/levels/1/threshold"];
    assert_eq!(named, expected);
    let twice = program.to_string().replace("\"expiry\":", "\"zone\":\"UTC\",\"expiry\":");
    let headers = [("authorization", "Bearer dev-admin"), ("if-match", "\"1\"")];
    let problem = shop.call("PUT", "/v1/program", &headers, twice).await.is_problem(400, "invalid-request");
    assert!(problem["errors"][0]["reason"].as_str().unwrap().contains("two fields `zone`"), "{problem}");
    assert_eq!(shop.get("/v1/program").await.header("etag"), Some("\"1\""));
}

#[tokio::test]
async fn the_currency_can_change_until_there_is_a_member() {
    let shop = Shop::open(NOW).await;
    change(&shop, |program| program["currency"] = json!("EUR")).await;
    shop.post("/v1/members", &json!({"email": "ada@example.com"}), None).await.is(201);
    let mut program = shop.get("/v1/program").await.is(200);
    (program["currency"], program["expiry"]["months"]) = (json!("USD"), json!(0));
    let problem = shop.put_program(&program, Some("\"2\"")).await.is_problem(400, "invalid-request");
    let named: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(named, ["/expiry/months", "/currency"]);
    assert_eq!(problem["errors"][1]["reason"], "must stay EUR: what members have spent is counted in it");
    change(&shop, |program| program["tiers"]["basis"] = json!("points")).await;
}

#[tokio::test]
async fn the_versions_are_listed_the_newest_first_with_what_each_changed() {
    let shop = Shop::open(NOW).await;
    let first = shop.get("/v1/program").await.is(200);
    shop.move_clock(at("2026-06-21T12:00:00Z"));
    change(&shop, |program| program["earning"]["points_per_unit"] = json!("2")).await;
    change(&shop, |program| {
        program["negative"] = json!("clamp");
        program["tiers"]["grace_days"] = json!(7);
    })
    .await;
    let listed = shop.get("/v1/program/versions?limit=2").await;
    assert_eq!(listed.header("link"), Some("</v1/program/versions?limit=2&cursor=before-2>; rel=\"next\""));
    let expected = json!({"versions": [
        {"version": 3, "effective_at": "2026-06-21T12:00:00Z", "changed": ["negative", "tiers"]},
        {"version": 2, "effective_at": "2026-06-21T12:00:00Z", "changed": ["earning"]},
    ], "next_cursor": "before-2"});
    assert_eq!(listed.is(200), expected);
    let rest = shop.another_instance().get("/v1/program/versions?limit=2&cursor=before-2").await.is(200);
    let expected = json!({"versions": [{"version": 1, "effective_at": NOW, "changed": []}], "next_cursor": null});
    assert_eq!(rest, expected);
    let one = shop.get("/v1/program/versions/1").await.is(200);
    assert_eq!(one, json!({"version": 1, "effective_at": NOW, "program": first}));
    assert_eq!(shop.get("/v1/program/versions/2").await.is(200)["program"]["earning"]["points_per_unit"], "2");
    for version in ["0", "4", "x", "-1", "%2B1", "99999999999999999999"] {
        shop.get(&format!("/v1/program/versions/{version}")).await.is_problem(404, "not-found");
    }
}
