//! What an account is woken for: points that expire, a tier that may be lost; and a higher tier, at once.

use jiff::Timestamp;
use serde_json::json;
use tests::{
    Buyer, Ses, Shop, at,
    mailing::{lifecycle, member, message, shop_with},
    payloads::*,
};

use crate::{live_until, sent_to};

const ORDER: u64 = 6_190_000_000_000;

/// Somebody who paid that much at each of these moments.
async fn who_paid(scenario: &str, paid: &[(&str, &str)]) -> (Shop, Ses, String) {
    let (shop, ses) = shop_with(&[scenario]).await;
    let id = member(&shop, 1).await;
    for (number, (paid_at, price)) in (1..).zip(paid) {
        bought(&shop, number, at(paid_at), price).await;
    }
    (shop, ses, id)
}

async fn bought(shop: &Shop, number: u64, paid_at: Timestamp, price: &str) {
    let order = paid_order(ORDER + number, &Buyer::with_account(1), paid_at, &[(price, 1)]);
    shop.send("orders/paid", &order).await.is(200);
}

/// What went out, and on which day.
fn days(ses: &Ses) -> Vec<(String, String)> {
    sent_to(ses, 1).into_iter().map(|(scenario, at)| (scenario, at.strftime("%m-%d").to_string())).collect()
}

fn expected(days: &[(&str, &str)]) -> Vec<(String, String)> {
    days.iter().map(|(scenario, day)| ((*scenario).to_owned(), (*day).to_owned())).collect()
}

#[tokio::test]
async fn of_points_that_expire_one_hears_a_month_a_week_and_a_day_before_and_then_of_the_next_ones() {
    let paid = [("2025-07-10T10:00:00Z", "60.00"), ("2025-08-10T10:00:00Z", "40.00")];
    let (shop, ses, _) = who_paid("points_expiring", &paid).await;
    live_until(&shop, at("2026-09-01T12:00:00Z")).await;
    let of_each = ["07-01", "07-24", "07-30", "08-01", "08-24", "08-30"];
    let steps = ["points_expiring_1", "points_expiring_2", "points_expiring_3"].into_iter().cycle();
    assert_eq!(days(&ses), expected(&steps.zip(of_each).collect::<Vec<_>>()));
    let texts: Vec<String> = ses.taken().iter().map(tests::ses::Taken::text).collect();
    assert!(texts[..3].iter().all(|text| text.contains("60 of your points")), "{texts:?}");
    assert!(texts[3..].iter().all(|text| text.contains("40 of your points")), "{texts:?}");
}

#[tokio::test]
async fn of_points_that_were_spent_one_hears_no_more() {
    let paid = [("2025-07-10T10:00:00Z", "60.00"), ("2025-08-10T10:00:00Z", "40.00")];
    let (shop, ses, id) = who_paid("points_expiring", &paid).await;
    live_until(&shop, at("2026-07-02T12:00:00Z")).await;
    shop.adjust(&id, -60, "spent").await;
    live_until(&shop, at("2026-08-02T12:00:00Z")).await;
    assert_eq!(days(&ses), expected(&[("points_expiring_1", "07-01"), ("points_expiring_1", "08-01")]));
}

#[tokio::test]
async fn of_a_tier_that_will_be_lost_one_hears_a_month_and_a_week_before() {
    let (shop, ses, _) = who_paid("tier_at_risk", &[("2025-07-25T10:00:00Z", "250.00")]).await;
    live_until(&shop, at("2026-08-10T12:00:00Z")).await;
    assert_eq!(days(&ses), expected(&[("tier_at_risk_1", "06-25"), ("tier_at_risk_2", "07-18")]));
}

#[tokio::test]
async fn a_tier_of_a_calendar_year_ends_with_its_last_day() {
    let (shop, ses) = shop_with(&["tier_at_risk"]).await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["tiers"]["period"] = json!("calendar_year");
    shop.put_program(&program, Some("\"2\"")).await.is(200);
    member(&shop, 1).await;
    bought(&shop, 1, shop.now(), "250.00").await;
    shop.move_clock(at("2027-11-20T12:00:00Z"));
    live_until(&shop, at("2028-01-10T12:00:00Z")).await;
    assert_eq!(days(&ses), expected(&[("tier_at_risk_1", "12-01"), ("tier_at_risk_2", "12-24")]));
    let text = ses.taken()[0].text();
    assert!(text.contains("December 31, 2027") && !text.contains("2028"), "{text}");
}

#[tokio::test]
async fn of_a_tier_that_is_kept_after_all_one_hears_no_more() {
    let (shop, ses, _) = who_paid("tier_at_risk", &[("2025-07-25T10:00:00Z", "250.00")]).await;
    live_until(&shop, at("2026-07-01T12:00:00Z")).await;
    bought(&shop, 9, shop.now(), "250.00").await;
    live_until(&shop, at("2026-08-10T12:00:00Z")).await;
    assert_eq!(days(&ses), expected(&[("tier_at_risk_1", "06-25")]));
}

#[tokio::test]
async fn a_higher_tier_is_told_at_once() {
    let (shop, ses, _) = who_paid("tier_up", &[]).await;
    bought(&shop, 1, shop.now(), "250.00").await;
    lifecycle(&shop).await;
    assert_eq!(sent_to(&ses, 1), [("tier_up_1".to_owned(), shop.now())]);
    assert!(ses.taken()[0].text().contains("Silver"), "{}", ses.taken()[0].text());
}

/// At night, when nothing is told.
async fn who_was_silver_for_an_hour() -> (Shop, Ses, String) {
    let (shop, ses, id) = who_paid("tier_up", &[]).await;
    shop.move_clock(at("2026-06-20T22:00:00Z"));
    let order = paid_order(ORDER + 1, &Buyer::with_account(1), shop.now(), &[("250.00", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    lifecycle(&shop).await;
    shop.move_clock(at("2026-06-20T23:00:00Z"));
    shop.send("refunds/create", &refund(&order, 501, shop.now(), &[(0, 1)])).await.is(200);
    (shop, ses, id)
}

#[tokio::test]
async fn a_tier_that_a_refund_took_back_by_the_morning_is_not_told() {
    let (shop, ses, id) = who_was_silver_for_an_hour().await;
    live_until(&shop, at("2026-06-25T12:00:00Z")).await;
    assert!(ses.taken().is_empty());
    assert_eq!(message(&shop, &id, "tier_up_1").await["reason"], "nothing_to_say");
}

#[tokio::test]
async fn a_tier_that_was_lost_and_won_again_over_night_is_told_once() {
    let (shop, ses, _) = who_was_silver_for_an_hour().await;
    bought(&shop, 2, shop.now(), "260.00").await;
    live_until(&shop, at("2026-06-25T12:00:00Z")).await;
    assert_eq!(days(&ses), expected(&[("tier_up_1", "06-21")]));
}
