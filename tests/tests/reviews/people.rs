//! The people behind reviews: how they are named, and what is left of them.

use serde_json::{Value, json};
use tests::{
    Shop,
    shop::{ADMIN, PUBLISHABLE, bearer},
};

use crate::{PRODUCT, SECOND, judge, later, listed, post, review, shop_with_buyer};

async fn rename(shop: &Shop, member: &str, name: &str) {
    let body = json!({"name": name}).to_string();
    let bearer = bearer(ADMIN);
    shop.call("PATCH", &format!("/v1/members/{member}"), &[bearer.as_header()], body).await.is(200);
}

#[tokio::test]
async fn a_review_is_shown_under_a_first_name_and_an_initial_unless_its_author_says_otherwise() {
    let (shop, id) = shop_with_buyer().await;
    for (name, shown) in [
        ("Jane van Doe", json!("Jane D.")),
        ("Åsa öberg", json!("Åsa Ö.")),
        ("Cher", json!("Cher")),
        ("王小明", json!("王＊＊")),
        ("山田 太郎", json!("山＊＊")),
    ] {
        rename(&shop, &id, name).await;
        later(&shop, 5);
        let body = json!({"product_id": PRODUCT, "rating": 5, "text": name});
        assert_eq!(post(&shop, &id, &body, &shop.now().to_string()).await.is(201)["author"], shown);
    }
    for (author, shown) in [("Dr. Who", json!("Dr. Who")), ("  ", Value::Null)] {
        later(&shop, 5);
        let body = json!({"product_id": PRODUCT, "rating": 5, "author": author});
        assert_eq!(post(&shop, &id, &body, &shop.now().to_string()).await.is(201)["author"], shown);
    }
}

#[tokio::test]
async fn of_who_is_erased_the_stars_alone_are_left() {
    let (shop, id) = shop_with_buyer().await;
    rename(&shop, &id, "Jane van Doe").await;
    let body = json!({"product_id": PRODUCT, "rating": 2, "title": "I, Jane", "text": "Call me at 555-0100"});
    let written = post(&shop, &id, &body, "k-1").await.is(201);
    judge(&shop, &written, json!({"reply": "Dear Jane"})).await;
    shop.delete(&format!("/v1/members/{id}")).await.is(204);
    let left = listed(&shop, PUBLISHABLE, "/v1/reviews").await;
    assert_eq!((left.len(), &left[0]["rating"], &left[0]["verified_purchase"]), (1, &json!(2), &json!(true)));
    for field in ["author", "title", "text", "reply"] {
        assert_eq!(left[0][field], Value::Null, "{field}");
    }
    let rows = format!("{:?}", shop.rows().await);
    assert!(!rows.contains("Jane") && !rows.contains("555-0100"), "{rows}");
    let again = json!({"product_id": SECOND, "rating": 5});
    post(&shop, &id, &again, "k-2").await.is_problem(404, "not-found");
    let of_them = listed(&shop, ADMIN, &format!("/v1/reviews?member_id={id}")).await;
    assert_eq!(of_them.len(), 1);
}

#[tokio::test]
async fn a_member_with_many_reviews_is_erased_as_wholly_and_so_is_who_was_merged() {
    let (shop, id) = shop_with_buyer().await;
    let other = crate::buyer(&shop, 2).await;
    rename(&shop, &id, "Jane van Doe").await;
    for number in 0..70 {
        let body = json!({"product_id": format!("P-{number}"), "rating": 4, "text": "I, Jane"});
        let member = if number % 2 == 0 { &id } else { &other };
        post(&shop, member, &body, &format!("k-{number}")).await.is(201);
    }
    shop.merge(&other, &id).await;
    shop.delete(&format!("/v1/members/{id}")).await.is(204);
    let rows = format!("{:?}", shop.rows().await);
    assert!(!rows.contains("Jane"), "{rows}");
    assert_eq!(listed(&shop, PUBLISHABLE, "/v1/reviews?limit=100").await.len(), 70);
}

#[tokio::test]
async fn an_export_has_what_they_wrote() {
    let (shop, id) = shop_with_buyer().await;
    let written = review(&shop, &id, PRODUCT, 1).await;
    let export = shop.get(&format!("/v1/members/{id}/export")).await.is(200);
    assert_eq!(export["reviews"][0]["id"], written["id"]);
    assert_eq!(export["also_kept"]["cases"][0]["kind"], "bad_review");
}
