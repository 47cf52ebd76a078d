//! Whose mail it is, and of which orders there is none.

use serde_json::json;
use tests::{
    Buyer, Ses, Shop, at,
    exports::orders_csv,
    mailing::{
        INVITATION, NOW, consent, delivered, four_days_ago, invited, member, message, messages, order, reviews,
        shop_with, wait,
    },
    payloads::*,
    shop::SOURCE,
};

use crate::{days_after, live_until, pairs, sent_to, states};

const ALL: &[&str] = &["review_invitation", "care", "tips", "order_confirmation", "shipped", "delivered"];

#[tokio::test]
async fn what_a_file_tells_of_plans_no_mail() {
    let (shop, ses) = shop_with(ALL).await;
    let id = member(&shop, 1).await;
    let order = paid_order(6_180_000_000_001, &Buyer::with_account(1), at("2026-06-20T10:00:00Z"), &[("9.99", 1)]);
    let body = json!({"source": SOURCE, "kind": "orders", "format": "shopify_csv", "data": orders_csv([&order])});
    let report = shop.post("/v1/imports", &body, None).await.is(200);
    assert_eq!(report["imported"], 1, "{report}");
    live_until(&shop, days_after(at(NOW), 40)).await;
    assert!(messages(&shop, &id).await.is_empty() && ses.taken().is_empty());
}

#[tokio::test]
async fn a_test_order_plans_no_mail() {
    let (shop, ses) = shop_with(ALL).await;
    let id = member(&shop, 1).await;
    let mut order = paid_order(6_180_000_000_002, &Buyer::with_account(1), at("2026-06-20T10:00:00Z"), &[("9.99", 1)]);
    order["test"] = json!(true);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("fulfillments/create", &fulfilment(&order, 1, at("2026-06-20T11:00:00Z"))).await.is(200);
    shop.send("fulfillment_events/create", &delivery(&order, 1, at("2026-06-20T12:00:00Z"))).await.is(200);
    live_until(&shop, days_after(at(NOW), 40)).await;
    assert!(messages(&shop, &id).await.is_empty() && ses.taken().is_empty());
}

#[tokio::test]
async fn the_mail_of_who_was_merged_goes_once_to_who_is_left() {
    let (shop, ses, id) = invited(&["review_invitation"]).await;
    let other = member(&shop, 2).await;
    shop.merge(&id, &other).await;
    assert_eq!(message(&shop, &other, INVITATION).await["state"], "planned");
    reviews(&shop).await;
    // the shop tells of the order again, whose member is the other by now
    delivered(&shop, 1, four_days_ago()).await;
    shop.send("fulfillment_events/create", &delivery(&order(1), 1, four_days_ago())).await.is(200);
    live_until(&shop, days_after(at(NOW), 3)).await;
    assert!(sent_to(&ses, 1).is_empty());
    assert_eq!(sent_to(&ses, 2).len(), 1);
    assert_eq!(states(&shop, &[other], INVITATION).await, pairs(&[("sent", "")]));
}

/// Each was greeted, and is to hear more.
#[tokio::test]
async fn of_what_was_planned_for_both_who_are_one_by_now_one_goes_out() {
    let (shop, ses) = shop_with(&["welcome"]).await;
    let (id, other) = (member(&shop, 1).await, member(&shop, 2).await);
    live_until(&shop, days_after(at(NOW), 1)).await;
    assert_eq!((sent_to(&ses, 1).len(), sent_to(&ses, 2).len()), (1, 1));
    shop.merge(&id, &other).await;
    live_until(&shop, days_after(at(NOW), 12)).await;
    let sent: Vec<_> = sent_to(&ses, 2).into_iter().map(|(scenario, _)| scenario).collect();
    assert_eq!(sent, ["welcome_1", "welcome_2", "welcome_3"]);
    assert!(sent_to(&ses, 1).len() == 1 && messages(&shop, &other).await.iter().all(|mail| mail["state"] != "planned"));
}

/// A guest who has bought, of whom no word on mail is known.
async fn silent_guest() -> (Shop, Ses, String) {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    let order = paid_order(6_180_000_000_003, &Buyer::guest(1), at("2026-06-10T10:00:00Z"), &[("9.99", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("fulfillments/create", &fulfilment(&order, 1, at("2026-06-11T10:00:00Z"))).await.is(200);
    shop.send("fulfillment_events/create", &delivery(&order, 1, four_days_ago())).await.is(200);
    let id = shop.only_member().await;
    (shop, ses, id)
}

#[tokio::test]
async fn a_guest_who_has_said_nothing_gets_nothing_and_a_later_yes_revives_nothing() {
    let (shop, ses, id) = silent_guest().await;
    wait(&shop, 10);
    reviews(&shop).await;
    let ended = [("skipped", "no_consent")];
    assert_eq!(states(&shop, std::slice::from_ref(&id), INVITATION).await, pairs(&ended));
    consent(&shop, &id, json!({"marketing": "granted"})).await;
    live_until(&shop, days_after(at(NOW), 2)).await;
    assert!(ses.taken().is_empty());
    assert_eq!(states(&shop, &[id], INVITATION).await, pairs(&ended));
}

#[tokio::test]
async fn a_yes_in_time_counts_and_one_after_the_deadline_does_not() {
    let (shop, ses, id) = silent_guest().await;
    consent(&shop, &id, json!({"marketing": "granted"})).await;
    live_until(&shop, days_after(at(NOW), 1)).await;
    assert_eq!(sent_to(&ses, 1).len(), 1);

    let (shop, ses, id) = silent_guest().await;
    // no run came by until its seven days were over
    shop.move_clock(days_after(at(NOW), 7) + jiff::SignedDuration::from_mins(5));
    consent(&shop, &id, json!({"marketing": "granted"})).await;
    reviews(&shop).await;
    assert_eq!(states(&shop, std::slice::from_ref(&id), INVITATION).await, pairs(&[("skipped", "deadline_passed")]));
    assert!(sent_to(&ses, 1).iter().all(|(scenario, _)| scenario != INVITATION));
}
