use jiff::SignedDuration;
use tests::{payloads::*, tokens::forwarded};

use crate::shop_with_member;

#[tokio::test]
async fn a_theme_shows_the_customer_who_is_logged_in() {
    let (shop, id) = shop_with_member().await;
    let shown = shop.call("GET", &forwarded(&customer_id(1).to_string(), shop.now()), &[], "").await;
    assert_eq!(shown.header("cache-control"), Some("private, no-store"));
    assert_eq!(shown.is(200), shop.member(&id).await);
}

#[tokio::test]
async fn who_is_not_logged_in_is_told_so_and_who_is_no_member_is_not_found() {
    let (shop, _) = shop_with_member().await;
    let nobody = shop.call("GET", &forwarded("", shop.now()), &[], "").await.is_problem(401, "unauthorized");
    assert_eq!(nobody["detail"], "no customer is logged in to the shop");
    shop.call("GET", &forwarded("99", shop.now()), &[], "").await.is_problem(404, "not-found");
}

#[tokio::test]
async fn what_shopify_did_not_sign_now_is_refused_without_a_look_at_the_database() {
    let (shop, _) = shop_with_member().await;
    let customer = customer_id(1).to_string();
    let genuine = forwarded(&customer, shop.now());
    let late = forwarded(&customer, shop.now() - SignedDuration::from_secs(301));
    let early = forwarded(&customer, shop.now() + SignedDuration::from_secs(301));
    let without_signature = genuine.split("&signature=").next().unwrap();
    shop.wire.clear();
    for (path, why) in [
        (late.as_str(), "`timestamp`"),
        (&early, "`timestamp`"),
        (&genuine.replace(&customer, &customer_id(2).to_string()), "signature"),
        (&genuine.replace("myshopify.com", "myshopify.org"), "signature"),
        (&genuine.replace("signature=", "signature=0"), "signature"),
        (&format!("{genuine}&extra=1"), "signature"),
        (&format!("{genuine}&logged_in_customer_id=1"), "parameters"),
        (without_signature, "parameters"),
        ("/shopify/proxy/me", "parameters"),
    ] {
        let problem = shop.call("GET", path, &[], "").await.is_problem(401, "unauthorized");
        assert!(problem["detail"].as_str().unwrap().contains(why), "{path}: {problem}");
    }
    assert_eq!(shop.wire.calls().len(), 0);
}
