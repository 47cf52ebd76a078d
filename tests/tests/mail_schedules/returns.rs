//! What goes back: a part leaves the invitation and takes the product out of it, all of it ends it.

use serde_json::{Value, json};
use tests::{
    Buyer, Ses, Shop, at, captured,
    mailing::{INVITATION, four_days_ago, member, message, reviews, shop_with, wait},
    payloads::*,
};

use crate::{explained, sent_to};

const ORDER: u64 = 6_170_000_000_001;

/// Somebody who is to be asked about two products, with what the shop calls them.
async fn two_products() -> (Shop, Ses, String, Value) {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    let id = member(&shop, 1).await;
    for (number, title) in [(8_410_000_000_000_u64, "Body oil"), (8_410_000_000_001, "Hand soap")] {
        let mut product = captured("products-create").payload();
        (product["id"], product["title"]) = (json!(number), json!(title));
        shop.send("products/update", &product).await.is(200);
    }
    let lines = [("19.99", 2), ("5.00", 1)];
    let order = paid_order(ORDER, &Buyer::with_account(1), at("2026-06-10T10:00:00Z"), &lines);
    shop.send("orders/paid", &order).await.is(200);
    shop.send("fulfillments/create", &fulfilment(&order, 1, at("2026-06-11T10:00:00Z"))).await.is(200);
    shop.send("fulfillment_events/create", &delivery(&order, 1, four_days_ago())).await.is(200);
    (shop, ses, id, order)
}

async fn went_back(shop: &Shop, order: &Value, refund_id: u64, units: &[(usize, u32)]) {
    shop.send("refunds/create", &refund(order, refund_id, shop.now(), units)).await.is(200);
}

#[tokio::test]
async fn only_what_was_kept_is_asked_about_in_the_mail_and_in_its_form() {
    let (shop, ses, _, order) = two_products().await;
    // one of two, and all of the other
    went_back(&shop, &order, 501, &[(0, 1), (1, 1)]).await;
    wait(&shop, 10);
    reviews(&shop).await;
    let [mail] = &ses.taken()[..] else { panic!("{:?}", ses.taken()) };
    let text = mail.text();
    assert!(text.contains("Body oil") && !text.contains("Hand soap"), "{text}");
    let path = mail.link("/r/").unwrap_or_else(|| panic!("{text}"));
    let form = shop.page(&path).await.is(200).as_str().unwrap().to_owned();
    assert!(form.contains("8410000000000") && !form.contains("8410000000001"), "{form}");
}

#[tokio::test]
async fn what_goes_back_after_the_mail_is_gone_from_its_form() {
    let (shop, ses, _, order) = two_products().await;
    wait(&shop, 10);
    reviews(&shop).await;
    went_back(&shop, &order, 501, &[(1, 1)]).await;
    let path = ses.taken()[0].link("/r/").unwrap();
    let form = shop.page(&path).await.is(200).as_str().unwrap().to_owned();
    assert!(form.contains("8410000000000") && !form.contains("8410000000001"), "{form}");
}

#[tokio::test]
async fn the_last_that_goes_back_ends_the_invitation_and_tells_why() {
    let (shop, ses, id, order) = two_products().await;
    went_back(&shop, &order, 501, &[(0, 2)]).await;
    assert_eq!(message(&shop, &id, INVITATION).await["state"], "planned");
    went_back(&shop, &order, 502, &[(1, 1)]).await;
    let ended = message(&shop, &id, INVITATION).await;
    let told = explained(&shop, &id, &ended).await;
    let said = (&told["message"]["state"], &told["message"]["reason"], &told["message"]["why"]);
    assert_eq!(said, (&json!("skipped"), &json!("refunded"), &json!("all of the order went back")));
    wait(&shop, 10);
    reviews(&shop).await;
    assert!(sent_to(&ses, 1).is_empty());
}
