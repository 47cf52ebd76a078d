//! The worked example of the design, through signed webhooks.
#![cfg(test)]

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, captured, payloads::*};

/// A member who became silver in May, 2 x 19.99 + 1 x 5.00 with 4.00 off, on the 18th of June.
async fn shop_with_silver_mia() -> Shop {
    let shop = Shop::open("2026-05-10T12:00:00Z").await;
    let mia = Buyer {
        customer_id: Some(7_304_512_998_145),
        email: "mia.thornbury@example.com".to_owned(),
        has_account: true,
        verified: true,
    };
    let earlier = paid_order(6_120_345_000_001, &mia, at("2026-05-10T11:00:00Z"), &[("210.00", 1)]);
    shop.send("orders/paid", &earlier).await.is(200);
    let member = shop.find(&mia.email).await.unwrap();
    assert_eq!(member["tier"]["id"], "silver");
    assert_eq!(member["points"]["pending"], 210);
    shop
}

async fn mias_id(shop: &Shop) -> String {
    shop.id_of_customer(7_304_512_998_145).await
}

async fn ledger_sum(shop: &Shop) -> Value {
    shop.lots(&mias_id(shop).await).await["ledger"].clone()
}

#[tokio::test]
async fn a_silver_member_earns_102_points_on_member_day() {
    let shop = shop_with_silver_mia().await;
    shop.move_clock(at("2026-06-18T10:01:00Z"));
    let paid = captured("orders-paid").payload();
    assert_eq!(shop.send("orders/paid", &paid).await.is(200)["result"], "posted");
    let newest = &shop.ledger(&mias_id(&shop).await).await[0];
    assert_eq!((&newest["kind"], &newest["points"], &newest["balance_after"]), (&json!("purchase"), &json!(102), &json!(312)));

    let explained = shop.explain_order(&paid).await;
    let shares: Vec<_> = explained["lines"].as_array().unwrap().iter().map(|line| (&line["share"], &line["points"])).collect();
    assert_eq!(shares, [(&json!("90.80"), &json!(91)), (&json!("11.20"), &json!(11))]);
    println!("{}", serde_json::to_string_pretty(&explained).unwrap());
}
