//! The cap: one mail in sixteen hours and four in seven days, what serves first, and an end for what is over.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tests::{
    Buyer, Ses, Shop, at,
    mailing::{NOW, lifecycle, member, messages, shop_with},
    payloads::*,
};

use crate::{days_after, explained, live_until, sent_to};

/// Another order of the first member, which came then.
async fn came(shop: &Shop, number: u64, arrived_at: Timestamp) {
    let order =
        paid_order(6_140_000_000_000 + number, &Buyer::with_account(1), at("2026-06-01T10:00:00Z"), &[("9.99", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("fulfillments/create", &fulfilment(&order, number, at("2026-06-02T10:00:00Z"))).await.is(200);
    shop.send("fulfillment_events/create", &delivery(&order, number, arrived_at)).await.is(200);
}

/// Somebody to whom six invitations are due within one hour, and after the first of them a word on their new tier.
async fn flooded() -> (Shop, Ses, String) {
    let (shop, ses) = shop_with(&["review_invitation", "tier_up"]).await;
    let mut program = shop.get("/v1/program").await.is(200);
    let invitation = &mut program["mail"]["scenarios"]["review_invitation"];
    (invitation["steps"], invitation["deadline"]) = (json!(["P4D"]), json!("P6D"));
    shop.put_program(&program, Some("\"2\"")).await.is(200);
    let id = member(&shop, 1).await;
    for number in 1..=6_i64 {
        // the later number is the earlier due
        let due_in = SignedDuration::from_mins(40 - number);
        came(&shop, number.unsigned_abs(), at(NOW) - SignedDuration::from_hours(96) + due_in).await;
    }
    live_until(&shop, at("2026-06-20T16:45:00Z")).await;
    let order = paid_order(6_140_000_000_009, &Buyer::with_account(1), shop.now(), &[("250.00", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    (shop, ses, id)
}

fn of_order(mail: &Value) -> String {
    mail["about"].as_str().unwrap().rsplit('#').next().unwrap().to_owned()
}

#[tokio::test]
async fn one_in_sixteen_hours_and_four_in_seven_days_go_out_what_serves_first_and_then_what_was_due_first() {
    let (shop, ses, id) = flooded().await;
    assert_eq!(sent_to(&ses, 1).len(), 1);
    live_until(&shop, days_after(at(NOW), 12)).await;
    let at_eight = |day: &str| at(&format!("2026-06-{day}T08:00:00Z"));
    let sixteen_hours_later = at("2026-06-21T08:34:00Z");
    let sent_at = [at("2026-06-20T16:34:00Z"), sixteen_hours_later, at_eight("22"), at_eight("23")];
    let scenarios = ["review_invitation_1", "tier_up_1", "review_invitation_1", "review_invitation_1"];
    let expected: Vec<_> = scenarios.map(ToOwned::to_owned).into_iter().zip(sent_at).collect();
    assert_eq!(sent_to(&ses, 1), expected);
    let mut all = messages(&shop, &id).await;
    all.retain(|mail| mail["scenario"] == "review_invitation_1" && mail["state"] == "sent");
    all.sort_by_key(|mail| mail["sent_at"].as_str().unwrap().to_owned());
    let orders: Vec<String> = all.iter().map(of_order).collect();
    assert_eq!(orders, ["6140000000006", "6140000000005", "6140000000004"]);
}

#[tokio::test]
async fn what_is_over_waits_until_its_deadline_and_then_tells_why() {
    let (shop, _, id) = flooded().await;
    live_until(&shop, days_after(at(NOW), 2)).await;
    let waits = messages(&shop, &id).await.into_iter().find(|mail| of_order(mail) == "6140000000001").unwrap();
    assert_eq!((&waits["state"], &waits["reason"]), (&json!("planned"), &json!("cap")), "{waits}");
    let now = explained(&shop, &id, &waits).await["now"].clone();
    assert_eq!((&now["would"], &now["reason"]), (&json!("wait"), &json!("cap")), "{now}");
    live_until(&shop, days_after(at(NOW), 12)).await;
    let told = explained(&shop, &id, &waits).await;
    let (state, reason, why) = (&told["message"]["state"], &told["message"]["reason"], &told["message"]["why"]);
    assert_eq!((state, reason), (&json!("skipped"), &json!("cap")), "{told}");
    assert_eq!(why, "the member had as much mail as the program allows");
    let ended_at = told["history"].as_array().unwrap().last().unwrap()["at"].as_str().unwrap().to_owned();
    assert!(at(&ended_at) <= at(told["message"]["deadline_at"].as_str().unwrap()), "{told}");
}

/// Of all that is claimed by one run.
#[tokio::test]
async fn of_what_is_due_at_once_one_run_sends_what_serves_most() {
    for _ in 0..3 {
        let (shop, ses) = shop_with(&["care", "tier_up", "welcome"]).await;
        member(&shop, 1).await;
        came(&shop, 1, days_after(at(NOW), -7)).await;
        let order = paid_order(6_150_000_000_001, &Buyer::with_account(1), at(NOW), &[("250.00", 1)]);
        shop.send("orders/paid", &order).await.is(200);
        lifecycle(&shop).await;
        let sent = ses.scenarios_to(&email(1));
        assert_eq!(sent, ["tier_up_1"]);
    }
}

#[tokio::test]
async fn what_is_part_of_an_order_neither_counts_nor_waits() {
    let (shop, ses) = shop_with(&["order_confirmation", "welcome"]).await;
    member(&shop, 1).await;
    lifecycle(&shop).await;
    // by night, and minutes after the greeting
    shop.move_clock(at("2026-06-20T22:30:00Z"));
    for number in 1..=5 {
        let buyer = Buyer::with_account(1);
        let order = paid_order(6_150_000_000_000 + number, &buyer, shop.now(), &[("19.99", 1)]);
        shop.send("orders/paid", &order).await.is(200);
    }
    live_until(&shop, at("2026-06-20T22:40:00Z")).await;
    let confirmed = sent_to(&ses, 1).into_iter().filter(|(scenario, _)| scenario == "order_confirmation_1").count();
    assert_eq!(confirmed, 5);
    let member = member(&shop, 2).await;
    let order = paid_order(6_150_000_000_009, &Buyer::with_account(2), shop.now(), &[("19.99", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    lifecycle(&shop).await;
    live_until(&shop, at("2026-06-21T08:30:00Z")).await;
    let expected = [("order_confirmation_1", "2026-06-20T22:40:00Z"), ("welcome_1", "2026-06-21T08:00:00Z")];
    assert_eq!(sent_to(&ses, 2), expected.map(|(scenario, sent_at)| (scenario.to_owned(), at(sent_at))), "{member}");
}
