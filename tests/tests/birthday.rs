//! The birthday campaign: in the member's own zone, once a year, for who entered it in time.
#![cfg(test)]

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*, shop::SOURCE};

/// A member with that birthday and these other fields, enrolled in January.
async fn shop_with(fields: Value) -> Shop {
    let shop = Shop::open("2026-01-10T12:00:00Z").await;
    let link = json!({"source": SOURCE, "customer_id": customer_id(1).to_string()});
    let mut body = json!({"email": "buyer-1@example.com", "links": [link]});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    shop.post("/v1/members", &body, None).await.is(201);
    shop
}

/// What an order of 10.00 that was paid then earned.
async fn points(shop: &Shop, id: u64, paid_at: &str) -> i64 {
    shop.move_clock(shop.now().max(at(paid_at)));
    let order = paid_order(id, &Buyer::with_account(1), at(paid_at), &[("10.00", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    shop.explain_order(&order).await["points"].as_i64().unwrap()
}

#[tokio::test]
async fn orders_of_the_seven_days_from_the_birthday_earn_twice() {
    let shop = shop_with(json!({"birthday": "1990-05-03"})).await;
    for (id, paid_at, expected) in [
        (1, "2026-05-02T23:59:59Z", 10),
        (2, "2026-05-03T00:00:00Z", 20),
        (3, "2026-05-09T23:59:59Z", 20),
        (4, "2026-05-10T00:00:00Z", 10),
        (5, "2027-05-03T00:00:00Z", 20),
    ] {
        assert_eq!(points(&shop, id, paid_at).await, expected, "{paid_at}");
    }
}

#[tokio::test]
async fn a_day_is_the_member_s_own_else_their_country_s() {
    for (fields, first) in [
        (json!({"time_zone": "Pacific/Auckland", "country": "US"}), "2026-05-02T12:00:00Z"),
        (json!({"country": "JP"}), "2026-05-02T15:00:00Z"),
        (json!({"country": "US"}), "2026-05-03T04:00:00Z"),
        (json!({}), "2026-05-03T00:00:00Z"),
    ] {
        let mut fields = fields;
        fields["birthday"] = json!("1990-05-03");
        let shop = shop_with(fields.clone()).await;
        let before = at(first) - jiff::SignedDuration::from_secs(1);
        assert_eq!(points(&shop, 1, &before.to_string()).await, 10, "{fields}");
        assert_eq!(points(&shop, 2, first).await, 20, "{fields}");
    }
}

#[tokio::test]
async fn a_window_spans_new_year_and_a_leap_day_is_the_28th() {
    let shop = shop_with(json!({"birthday": "1988-12-29"})).await;
    assert_eq!(points(&shop, 1, "2026-12-30T12:00:00Z").await, 20);
    assert_eq!(points(&shop, 2, "2027-01-04T23:00:00Z").await, 20);
    assert_eq!(points(&shop, 3, "2027-01-05T00:00:00Z").await, 10);
    let shop = shop_with(json!({"birthday": "1992-02-29"})).await;
    assert_eq!(points(&shop, 1, "2026-02-28T00:00:00Z").await, 20);
    assert_eq!(points(&shop, 2, "2028-02-28T23:00:00Z").await, 10);
    assert_eq!(points(&shop, 3, "2028-02-29T00:00:00Z").await, 20);
}

#[tokio::test]
async fn a_birthday_that_was_entered_late_waits_for_the_next_year() {
    let shop = shop_with(json!({"birthday": "1990-02-08"})).await;
    assert_eq!(points(&shop, 1, "2026-02-08T12:00:00Z").await, 10, "29 days after it was entered");
    assert_eq!(points(&shop, 2, "2027-02-08T12:00:00Z").await, 20);
}

#[tokio::test]
async fn the_price_is_the_same_however_the_order_s_events_arrive() {
    let paid_at = at("2026-05-04T10:00:00Z");
    let paid = paid_order(1, &Buyer::with_account(1), paid_at, &[("10.00", 2)]);
    let back = refund(&paid, 9, at("2026-05-20T10:00:00Z"), &[(0, 1)]);
    let sent = fulfilment(&paid, 5, at("2026-05-05T10:00:00Z"));
    let events = [("orders/paid", &paid), ("refunds/create", &back), ("fulfillments/create", &sent)];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let shop = shop_with(json!({"birthday": "1990-05-03"})).await;
        shop.move_clock(at("2026-06-20T12:00:00Z"));
        for index in order {
            let (topic, payload) = events[index];
            shop.send(topic, payload).await.is(200);
        }
        assert_eq!(shop.explain_order(&paid).await["points"], 20, "{order:?}");
    }
}
