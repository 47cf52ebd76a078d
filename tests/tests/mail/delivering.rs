//! The way of one order: delivered, invited, reviewed.

use app::{links::Links, post_office::PostOffice};
use jiff::{SignedDuration, tz::TimeZone};
use serde_json::json;
use tests::{Buyer, at, payloads::*};

use crate::{INVITATION, NOW, delivered, member, message, messages, reviews, shop_with, wait};

#[tokio::test]
async fn an_order_that_arrived_brings_one_invitation_on_the_fourth_day_and_its_review_earns_points() {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    let id = member(&shop, 1).await;
    let zone = json!({"time_zone": "America/Los_Angeles"}).to_string();
    shop.call("PATCH", &format!("/v1/members/{id}"), &[tests::shop::bearer(tests::shop::ADMIN).as_header()], zone)
        .await
        .is(200);
    // an hour past noon in the zone of the shop is five in the morning where the member is
    delivered(&shop, 1, at("2026-06-20T12:00:00Z")).await;
    let mut sent_at = None;
    for _ in 0..30 {
        shop.move_clock(shop.now() + SignedDuration::from_hours(4));
        reviews(&shop).await;
        sent_at = sent_at.or_else(|| (!ses.taken().is_empty()).then(|| shop.now()));
    }
    let [mail] = &ses.taken()[..] else { panic!("{:?}", ses.taken()) };
    assert_eq!((mail.scenario.as_str(), mail.to.as_str()), (INVITATION, email(1).as_str()));
    let local = TimeZone::get("America/Los_Angeles").unwrap().to_datetime(sent_at.unwrap());
    assert_eq!(local.date().to_string(), "2026-06-24");
    assert!((8..21).contains(&local.hour()), "{local}");
    assert!(mail.header("List-Unsubscribe").is_some() && mail.header("List-Unsubscribe-Post").is_some());
    let points = shop.member(&id).await["points"]["available"].as_i64().unwrap();
    let path = mail.link("/r/").unwrap_or_else(|| panic!("{}", mail.text()));
    let form = [("product-0", "8410000000000"), ("rating-0", "5"), ("title-0", ""), ("text-0", "Very soft.")];
    assert!(shop.submit(&path, &form).await.status < 400);
    let review = shop.get("/v1/reviews").await.is(200)["reviews"][0].clone();
    assert_eq!((&review["member_id"], &review["rating"]), (&json!(id), &json!(5)));
    assert_eq!(shop.member(&id).await["points"]["available"], points + 50);
    let earned: i64 = shop.ledger(&id).await.iter().filter(|entry| entry["points"] == 50).count().try_into().unwrap();
    assert_eq!(earned, 1);
    for _ in 0..40 {
        shop.move_clock(shop.now() + SignedDuration::from_hours(6));
        reviews(&shop).await;
    }
    assert_eq!(ses.taken().len(), 1);
    let reminder = message(&shop, &id, "review_invitation_2").await;
    assert_eq!((&reminder["state"], &reminder["reason"]), (&json!("skipped"), &json!("reviewed")));
}

#[tokio::test]
async fn a_regular_is_asked_about_what_is_new_to_them_and_not_about_what_they_reviewed_before() {
    for (lines, invitations) in [(&[("19.99", 1), ("9.00", 1)][..], 1), (&[("19.99", 1)], 0)] {
        let (shop, ses) = shop_with(&["review_invitation"]).await;
        let id = member(&shop, 1).await;
        let review = json!({"product_id": "8410000000000", "rating": 4});
        shop.post(&format!("/v1/members/{id}/reviews"), &review, Some("last-year")).await.is(201);
        let order = paid_order(6_120_000_000_901, &Buyer::with_account(1), at("2026-06-10T10:00:00Z"), lines);
        shop.send("orders/paid", &order).await.is(200);
        shop.send("fulfillments/create", &fulfilment(&order, 1, at("2026-06-11T10:00:00Z"))).await.is(200);
        shop.send("fulfillment_events/create", &delivery(&order, 1, at(NOW))).await.is(200);
        wait(&shop, 5 * 24 * 60);
        reviews(&shop).await;
        assert_eq!(ses.taken().len(), invitations, "{lines:?}");
    }
}

#[tokio::test]
async fn without_a_secret_for_links_mail_waits_and_is_lost_at_its_deadline_alone() {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    let id = member(&shop, 1).await;
    delivered(&shop, 1, at(NOW)).await;
    wait(&shop, 4 * 24 * 60);
    let keyless = shop.another_instance_with(|state| {
        let office = PostOffice { links: Links::new([]), ..state.office.as_deref().unwrap().clone() };
        *state = state.clone().with_office(office);
    });
    reviews(&keyless).await;
    assert_eq!((ses.taken().len(), &message(&shop, &id, INVITATION).await["state"]), (0, &json!("planned")));
    reviews(&shop).await;
    assert_eq!(ses.scenarios_to(&email(1)), [INVITATION]);
}

#[tokio::test]
async fn who_has_not_reviewed_is_reminded_once() {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    let id = member(&shop, 1).await;
    delivered(&shop, 1, at(NOW)).await;
    for _ in 0..30 {
        wait(&shop, 24 * 60);
        reviews(&shop).await;
    }
    assert_eq!(ses.scenarios_to(&email(1)), [INVITATION, "review_invitation_2"]);
    assert!(messages(&shop, &id).await.iter().all(|message| message["state"] == "sent"));
}
