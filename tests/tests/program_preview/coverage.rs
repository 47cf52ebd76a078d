//! Whom a preview covers: everybody who can be read in time, and who was merged or erased.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};

use crate::{NOW, bought, preview, program, shop_with, some_orders};

/// Their rows are more than one page of a scan has.
const MANY: u64 = 280;

#[tokio::test]
async fn what_cannot_be_read_in_time_is_left_out_and_said_to_be() {
    let shop = Shop::open(NOW).await;
    for number in 0..MANY {
        let order = paid_order(1 + number, &Buyer::guest(number), at("2026-05-02T10:00:00Z"), &[("60.00", 3)]);
        shop.send("orders/paid", &order).await.is(200);
    }
    let program = program(&shop).await;
    let said = preview(&shop, &program).await;
    assert_eq!((&said["complete"], &said["members"], &said["orders"]), (&json!(true), &json!(MANY), &json!(MANY)));
    let slow = shop.another_instance_with(|state| state.app.preview_limits.reads_for = Duration::ZERO);
    let said = preview(&slow, &program).await;
    let (members, orders) = (said["members"].as_u64().unwrap(), said["orders"].as_u64().unwrap());
    assert_eq!(said["complete"], false);
    assert!((1..MANY).contains(&members) && orders < MANY, "{said}");
    for change in [&said["points"], &said["liability"]["points"]] {
        assert_eq!(change["difference"], 0, "of what it has read: {said}");
    }
    assert_eq!((&said["tier_moves"], &said["most_affected"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn what_cannot_be_counted_in_time_is_left_out_and_said_to_be() {
    let shop = shop_with(None, &some_orders()).await;
    let slow = shop.another_instance_with(|state| state.app.preview_limits.counts_for = Duration::ZERO);
    let said = preview(&slow, &program(&shop).await).await;
    assert_eq!((&said["complete"], &said["members"], &said["orders"]), (&json!(false), &json!(0), &json!(0)));
    assert_eq!(said["points"], json!({"now": 0, "then": 0, "difference": 0}));
}

async fn has(shop: &Shop, member: &str) -> i64 {
    shop.lots(member).await["ledger"].as_i64().unwrap()
}

#[tokio::test]
async fn who_was_merged_is_one_and_who_was_erased_still_has_their_points() {
    let mut orders = some_orders();
    orders.push(bought(4, "2026-05-09T10:00:00Z", 5_000));
    // alike at all tiers: what an order earned at its member's own tier stays, and a preview takes them as one
    let mut alike = program(&Shop::open(NOW).await).await;
    for level in alike["tiers"]["levels"].as_array_mut().unwrap() {
        level["multiplier"] = json!("1");
    }
    let shop = shop_with(Some(&alike), &orders).await;
    let mut ids = Vec::new();
    for number in 1..=4 {
        ids.push(shop.id_of_customer(customer_id(number)).await);
    }
    let [ada, bob, eve, gone] = ids.as_slice() else { unreachable!() };
    shop.merge(bob, ada).await;
    shop.merge(ada, eve).await;
    shop.delete(&format!("/v1/members/{gone}")).await.is(204);
    let in_force = program(&shop).await;
    let said = preview(&shop, &in_force).await;
    assert_eq!((&said["members"], &said["orders"], &said["complete"]), (&json!(2), &json!(6), &json!(true)));
    let all = 371 + 150;
    assert_eq!(has(&shop, eve).await, 371);
    for change in [&said["points"], &said["liability"]["points"]] {
        assert_eq!(*change, json!({"now": all, "then": all, "difference": 0}));
    }
    assert_eq!((&said["tier_moves"], &said["most_affected"]), (&json!([]), &json!([])));

    let mut candidate = in_force;
    candidate["earning"]["points_per_unit"] = json!("2");
    candidate["tiers"]["levels"][1]["threshold"] = json!("400.00");
    let said = preview(&shop, &candidate).await;
    assert_eq!(
        said["tier_moves"],
        json!([{"from": "silver", "to": "bronze", "members": 1}]),
        "together they had 375.42"
    );
    let named: Vec<&Value> = said["most_affected"].as_array().unwrap().iter().map(|one| &one["member_id"]).collect();
    assert_eq!(named, [&json!(eve), &json!(gone)]);
    assert_eq!(said["most_affected"][1]["points"], json!({"now": 150, "then": 300, "difference": 150}));
}
