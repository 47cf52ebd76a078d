use serde_json::json;
use tests::{Shop, member_token, payloads::*, shop::SOURCE};

use crate::{NOW, order, shop_with_member};

#[tokio::test]
async fn a_member_sees_what_the_shop_sees_of_them() {
    let (shop, id) = shop_with_member().await;
    let seen = shop.get_as(&member_token(&id, shop.now()), "/v1/me").await;
    assert_eq!(seen.header("cache-control"), Some("private, no-store"));
    assert_eq!(seen.is(200), shop.member(&id).await);
    let by_customer = member_token(&format!("{SOURCE}:{}", customer_id(1)), shop.now());
    assert_eq!(shop.get_as(&by_customer, "/v1/me").await.is(200), shop.member(&id).await);
}

#[tokio::test]
async fn points_are_seen_as_soon_as_they_are_earned() {
    let (shop, id) = shop_with_member().await;
    let token = member_token(&id, shop.now());
    assert_eq!(shop.get_as(&token, "/v1/me").await.is(200)["points"]["pending"], 30);
    shop.send("orders/paid", &order(2)).await.is(200);
    assert_eq!(shop.get_as(&token, "/v1/me").await.is(200)["points"]["pending"], 60);
}

#[tokio::test]
async fn a_member_reads_their_own_ledger_page_by_page() {
    let (shop, id) = shop_with_member().await;
    shop.adjust(&id, 5, "k-1").await;
    let token = member_token(&id, shop.now());
    let page = shop.get_as(&token, "/v1/me/ledger?limit=1").await;
    assert_eq!(page.header("link"), Some("</v1/me/ledger?limit=1&cursor=before-2>; rel=\"next\""));
    assert_eq!(page.is(200)["entries"][0], shop.ledger(&id).await[0]);
    let rest = shop.get_as(&token, "/v1/me/ledger?limit=1&cursor=before-2").await.is(200);
    assert_eq!((&rest["entries"][0], &rest["next_cursor"]), (&shop.ledger(&id).await[1], &json!(null)));
    shop.get_as(&token, "/v1/me/ledger?limit=0").await.is_problem(400, "invalid-request");
}

#[tokio::test]
async fn who_is_no_member_is_not_found() {
    let shop = Shop::open(NOW).await;
    for subject in ["mem_1", "shopify:marlow-fern-example.myshopify.com:1", "woocommerce:shop:1"] {
        let token = member_token(subject, shop.now());
        for path in ["/v1/me", "/v1/me/ledger"] {
            shop.get_as(&token, path).await.is_problem(404, "not-found");
        }
    }
}

#[tokio::test]
async fn another_method_is_not_allowed() {
    let (shop, id) = shop_with_member().await;
    let token = member_token(&id, shop.now());
    shop.post_as(&token, "/v1/me", &json!({}), None).await.is_problem(405, "method-not-allowed");
}
