//! Text that wants to be more than text.

use serde_json::{Value, json};

use crate::{PRODUCT, listed, post, shop_with_buyer};

#[tokio::test]
async fn markup_is_kept_as_text_and_what_acts_on_other_text_is_gone() {
    let (shop, id) = shop_with_buyer().await;
    let body = json!({"product_id": PRODUCT, "rating": 5,
        "title": "<script>alert(1)</script>\r\nBcc: all@example.com",
        "text": "{{ 7 * 7 }} \u{202e}evil\u{2066}\u{0}\u{1b}[31m\u{feff}<img src=x onerror=alert(1)>\u{2028}%{a}",
        "author": "\u{202d}Ada\n\u{7}<b>"});
    let review = post(&shop, &id, &body, "k-1").await.is(201);
    assert_eq!(review["title"], "<script>alert(1)</script> Bcc: all@example.com");
    assert_eq!(review["text"], "{{ 7 * 7 }} evil [31m<img src=x onerror=alert(1)>\n%{a}");
    assert_eq!(review["author"], "Ada <b>");
    assert_eq!(listed(&shop, tests::shop::PUBLISHABLE, "/v1/reviews").await[0]["text"], review["text"]);
}

#[tokio::test]
async fn what_is_too_long_is_refused_by_its_field_and_kept_nowhere() {
    let (shop, id) = shop_with_buyer().await;
    for (field, fits, too_long) in
        [("title", 120, 121), ("text", 5_000, 5_001), ("text", 5_000, 100_000), ("author", 60, 61)]
    {
        let with = |length: usize| json!({"product_id": PRODUCT, "rating": 5, field: "𝕏".repeat(length)});
        let problem = post(&shop, &id, &with(too_long), "k-1").await.is_problem(400, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], format!("/{field}"));
        post(&shop, &id, &with(fits), &format!("{field}-{too_long}")).await.is(201);
    }
    let text = "x".repeat(1_100_000);
    let huge = json!({"product_id": PRODUCT, "rating": 5, "text": text});
    post(&shop, &id, &huge, "k-2").await.is_problem(413, "too-large");
}

#[tokio::test]
async fn every_fault_of_a_review_is_named() {
    let (shop, id) = shop_with_buyer().await;
    for (body, pointers) in [
        (json!({"product_id": PRODUCT, "rating": 0, "title": "x".repeat(200)}), vec!["/rating", "/title"]),
        (json!({"product_id": PRODUCT, "rating": 6}), vec!["/rating"]),
        (json!({"product_id": PRODUCT, "rating": -9_000_000_000_i64}), vec!["/rating"]),
        (json!({"product_id": PRODUCT, "rating": 4.5}), vec!["/rating"]),
        (json!({"product_id": PRODUCT, "rating": "5"}), vec!["/rating"]),
        (json!({"product_id": PRODUCT}), vec!["/rating"]),
        (json!({"product_id": "a b", "rating": 5}), vec!["/product_id"]),
        (json!({"rating": 5}), vec!["/product_id"]),
        (json!({"product_id": PRODUCT, "rating": 5, "state": "published"}), vec!["/state"]),
        (json!({"product_id": PRODUCT, "rating": 5, "order": {"source": "a b", "id": "1"}}), vec!["/order/source"]),
    ] {
        let problem = post(&shop, &id, &body, "k-1").await.is_problem(400, "invalid-request");
        let errors = problem["errors"].as_array().unwrap();
        let named: Vec<&Value> = errors.iter().map(|error| &error["pointer"]).collect();
        assert_eq!(named, pointers, "{body}: {problem}");
    }
    let path = format!("/v1/members/{id}/reviews");
    let body = json!({"product_id": PRODUCT, "rating": 5});
    shop.post(&path, &body, None).await.is_problem(400, "idempotency-key-missing");
    assert!(listed(&shop, tests::shop::ADMIN, "/v1/reviews").await.is_empty());
}
