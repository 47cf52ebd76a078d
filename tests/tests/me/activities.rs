use serde_json::json;
use tests::{member_token, payloads::*, shop::SOURCE};

use crate::shop_with_member;

const PATH: &str = "/v1/me/activities";

#[tokio::test]
async fn a_member_checks_in_and_sees_it() {
    let (shop, id) = shop_with_member().await;
    let token = member_token(&id, shop.now());
    let told = shop.post_as(&token, PATH, &json!({"type": "check_in"}), Some("k-1")).await.is(201);
    assert_eq!((&told["type"], &told["points"]), (&json!("check_in"), &json!(5)));
    assert_eq!(shop.get_as(&token, PATH).await.is(200)["activities"], json!([told]));
    assert_eq!(shop.get_as(&token, "/v1/me").await.is(200)["points"]["available"], 5);
    shop.post_as(&token, PATH, &json!({"type": "check_in"}), Some("k-2")).await.is_problem(409, "cap-reached");
}

#[tokio::test]
async fn what_the_program_does_not_let_members_tell_they_do_not_earn_for() {
    let (shop, id) = shop_with_member().await;
    let token = member_token(&id, shop.now());
    for (activity, subject) in [("survey", Some("s-1")), ("ugc", None), ("training", Some("t-1"))] {
        let body = json!({"type": activity, "subject": subject});
        shop.post_as(&token, PATH, &body, Some(activity)).await.is_problem(403, "not-self-service");
    }
    shop.post_as(&token, PATH, &json!({"type": "check_in"}), None).await.is_problem(400, "idempotency-key-missing");
    assert_eq!(shop.get_as(&token, PATH).await.is(200)["activities"], json!([]));
}

#[tokio::test]
async fn a_retry_with_the_next_token_is_the_same_request() {
    let (shop, id) = shop_with_member().await;
    let tokens = [member_token(&id, shop.now()), member_token(&format!("{SOURCE}:{}", customer_id(1)), shop.now())];
    let check_in = json!({"type": "check_in"});
    let first = shop.post_as(&tokens[0], PATH, &check_in, Some("k-1")).await.is(201);
    assert_eq!(shop.post_as(&tokens[1], PATH, &check_in, Some("k-1")).await.is(201), first);
}
