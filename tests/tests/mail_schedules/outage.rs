//! A mail service that answers nothing, or takes nothing: little is risked, and what waits comes to its end.

use serde_json::json;
use tests::{
    Buyer, Fault, Shop, at,
    mailing::{INVITATION, NOW, cases, lifecycle, member, message, reviews, wait},
    payloads::paid_order,
    wire::SEND,
};

use crate::{each_once, many_invited, states};

async fn in_state(shop: &Shop, ids: &[String], wanted: &str) -> usize {
    states(shop, ids, INVITATION).await.into_iter().filter(|(state, _)| state == wanted).count()
}

#[tokio::test]
async fn a_service_that_is_out_of_order_costs_a_run_the_few_mails_that_were_under_way() {
    let (shop, ses, ids) = many_invited(60, &["review_invitation"]).await;
    ses.wire.break_calls_of(SEND, Fault::TimedOut, 0, usize::MAX);
    reviews(&shop).await;
    // 16 are handed over at once
    let lost = in_state(&shop, &ids, "sending").await;
    assert!((3..=18).contains(&lost), "{lost}");
    assert_eq!(in_state(&shop, &ids, "planned").await, 60 - lost, "the others wait");
    ses.wire.clear();
    wait(&shop, 61);
    reviews(&shop).await;
    lifecycle(&shop).await;
    assert_eq!((in_state(&shop, &ids, "sent").await, in_state(&shop, &ids, "unknown").await), (60 - lost, lost));
    assert_eq!(cases(&shop, "mail_unknown").await.len(), lost);
}

#[tokio::test]
async fn a_tenth_of_the_quota_is_kept_for_what_somebody_waits_for() {
    let (shop, ses, ids) = many_invited(21, &["review_invitation", "order_confirmation"]).await;
    ses.allow(true, 20);
    reviews(&shop).await;
    assert_eq!(in_state(&shop, &ids, "sent").await, 18);
    let order = paid_order(6_130_000_000_099, &Buyer::with_account(1), shop.now(), &[("5.00", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    lifecycle(&shop).await;
    assert_eq!(message(&shop, &ids[0], "order_confirmation_1").await["state"], "sent");
}

#[tokio::test]
async fn what_waits_for_a_service_that_takes_nothing_ends_at_its_deadline() {
    let (shop, ses, ids) = many_invited(3, &["review_invitation", "order_confirmation"]).await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["mail"]["scenarios"]["order_confirmation"]["deadline"] = json!("PT2H");
    shop.put_program(&program, Some("\"2\"")).await.is(200);
    ses.allow(false, 200);
    let confirmed = member(&shop, 9).await;
    let order = paid_order(6_130_000_000_099, &Buyer::with_account(9), shop.now(), &[("5.00", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    for _ in 0..3 {
        lifecycle(&shop).await;
        wait(&shop, 60);
    }
    lifecycle(&shop).await;
    let mail = message(&shop, &confirmed, "order_confirmation_1").await;
    assert_eq!((&mail["state"], &mail["reason"]), (&json!("skipped"), &json!("deadline_passed")));
    assert_eq!(in_state(&shop, &ids, "planned").await, 3, "those have time");
    ses.allow(true, 200);
    shop.move_clock(at("2026-06-21T12:00:00Z"));
    reviews(&shop).await;
    each_once(&ses.taken(), 3);
    assert!(shop.now() > at(NOW));
}
