//! Who comes to the review form again, and what they take with them: what they said, their name, and nothing.

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};

use crate::{
    NOW, page_of,
    review::{FIRST, bought, first, reviews},
};

async fn rename(shop: &Shop, first: &str, last: &str) {
    let mut buyer = customer(&Buyer::with_account(1), shop.now());
    (buyer["first_name"], buyer["last_name"]) = (json!(first), json!(last));
    shop.send("customers/update", &buyer).await.is(200);
}

#[tokio::test]
async fn who_comes_again_finds_what_they_said_and_sending_it_takes_nothing_away() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    rename(&shop, "Jane", "van Doe").await;
    let mut fields = first("4", "Lovely", "Smells of <summer>.\r\n\r\nReally.");
    fields.push(("anonymous", "on"));
    page_of(shop.submit(&path, &fields).await, 200);
    let page = page_of(shop.page(&path).await, 200);
    assert!(page.has("#rating-0-4[checked]") && page.has("#rating-1-0[checked]"));
    assert!(page.has("input[name=anonymous][checked]"));
    assert_eq!(page.attribute("#title-0", "value").unwrap(), "Lovely");
    assert_eq!(page.text("#text-0").trim(), "Smells of <summer>.\n\nReally.");
    assert!(page.text("section:nth-of-type(1)").contains("You reviewed this; sending replaces it"));
    assert!(!page.text("section:nth-of-type(2)").contains("You reviewed this"));
    let star = page_of(shop.page(&format!("{path}?product={FIRST}&rating=5")).await, 200);
    assert!(star.has("#rating-0-5[checked]") && star.attribute("#title-0", "value").unwrap() == "Lovely");
    let rows = shop.rows().await;
    let again = page_of(shop.submit(&path, &fields).await, 200);
    assert!(again.text("[role=status]").contains("already"));
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn a_name_that_a_review_is_shown_under_stays_its_own() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    let member = shop.id_of_customer(customer_id(1)).await;
    let body = json!({"product_id": FIRST, "rating": 5, "author": "Dr. Who"});
    shop.post(&format!("/v1/members/{member}/reviews"), &body, Some("k-1")).await.is(201);
    shop.move_clock(at("2026-06-20T12:01:00Z"));
    page_of(shop.submit(&path, &first("3", "", "")).await, 200);
    let kept = reviews(&shop).await;
    assert_eq!((&kept[0]["rating"], &kept[0]["author"]), (&json!(3), &json!("Dr. Who")));
}

#[tokio::test]
async fn the_form_says_under_which_name_it_is_published() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    for (first_name, last_name, shown) in [("Jane", "van Doe", "Jane D."), ("小明", "王", "小＊＊")] {
        shop.move_clock(shop.now() + jiff::SignedDuration::from_mins(1));
        rename(&shop, first_name, last_name).await;
        let page = page_of(shop.page(&path).await, 200);
        assert!(page.text("main").contains(&format!("published under the name {shown}")), "{}", page.text("main"));
    }
    page_of(shop.submit(&path, &first("5", "", "")).await, 200);
    assert_eq!(reviews(&shop).await[0]["author"], "小＊＊");
}

#[tokio::test]
async fn no_rating_leaves_a_product_out_and_what_was_said_of_it_as_it_was() {
    let shop = Shop::open(NOW).await;
    let (_, path) = bought(&shop).await;
    let mut fields = first("", "", "");
    fields.push(("rating-1", "4"));
    page_of(shop.submit(&path, &fields).await, 200);
    assert_eq!(reviews(&shop).await.len(), 1);
    page_of(shop.submit(&path, &first("5", "Lovely", "Really")).await, 200);
    let before = reviews(&shop).await;
    let mut fields = first("", "Lovely", "Really");
    fields.push(("rating-1", "2"));
    page_of(shop.submit(&path, &fields).await, 200);
    let after = reviews(&shop).await;
    let of_first = |all: &[Value]| all.iter().find(|review| review["product_id"] == FIRST).cloned().unwrap();
    assert_eq!(of_first(&after), of_first(&before));
}
