use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{
    Answer, Shop, at,
    shop::STOREFRONT,
    tokens::{MEMBER_TOKENS, signed_token, unsigned_token},
};

use crate::{NOW, shop_with_member};

fn now() -> i64 {
    at(NOW).as_second()
}

fn header() -> Value {
    json!({"alg": "HS256", "typ": "JWT"})
}

async fn me(shop: &Shop, token: &str) -> Answer {
    shop.get_as(token, "/v1/me").await
}

async fn refused(shop: &Shop, token: &str, why: &str) {
    let problem = me(shop, token).await.is_problem(401, "unauthorized");
    assert!(problem["detail"].as_str().unwrap().contains(why), "{problem}");
}

#[tokio::test]
async fn a_minted_token_is_good_until_it_expires() {
    let (shop, id) = shop_with_member().await;
    let path = format!("/v1/members/{id}/tokens");
    let minted = shop.post_as(STOREFRONT, &path, &json!({"ttl_secs": 900}), None).await.is(201);
    assert_eq!(minted["expires_at"], "2026-06-20T12:15:00Z");
    let token = minted["token"].as_str().unwrap();
    assert_eq!(me(&shop, token).await.is(200)["id"], id.as_str());
    shop.move_clock(at("2026-06-20T12:14:59Z"));
    me(&shop, token).await.is(200);
    shop.move_clock(at("2026-06-20T12:15:00Z"));
    refused(&shop, token, "expired").await;
}

#[tokio::test]
async fn a_token_is_good_for_an_hour_unless_somebody_says_and_for_a_day_at_most() {
    let (shop, id) = shop_with_member().await;
    let path = format!("/v1/members/{id}/tokens");
    assert_eq!(shop.post(&path, &json!({}), None).await.is(201)["expires_at"], "2026-06-20T13:00:00Z");
    let day = shop.post(&path, &json!({"ttl_secs": 86_400}), None).await.is(201);
    me(&shop, day["token"].as_str().unwrap()).await.is(200);
    for bad in [json!(0), json!(-1), json!(86_401), json!("900"), json!(1.5)] {
        let problem = shop.post(&path, &json!({"ttl_secs": bad}), None).await.is_problem(400, "invalid-request");
        assert_eq!(problem["errors"][0]["pointer"], "/ttl_secs");
    }
    shop.post(&path, &json!({"ttl": 1}), None).await.is_problem(400, "invalid-request");
    shop.post("/v1/members/mem_1/tokens", &json!({}), None).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn the_same_key_gets_the_same_token() {
    let (shop, id) = shop_with_member().await;
    let path = format!("/v1/members/{id}/tokens");
    let first = shop.post(&path, &json!({"ttl_secs": 900}), Some("k-1")).await.is(201);
    shop.move_clock(at("2026-06-20T12:05:00Z"));
    assert_eq!(shop.post(&path, &json!({"ttl_secs": 900}), Some("k-1")).await.is(201), first);
    assert_ne!(shop.post(&path, &json!({"ttl_secs": 900}), Some("k-2")).await.is(201), first);
    shop.post(&path, &json!({"ttl_secs": 901}), Some("k-1")).await.is_problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn a_back_end_may_mint_tokens_itself_with_any_live_secret() {
    let (shop, id) = shop_with_member().await;
    let times = [
        json!({"sub": id, "exp": now() + 60}),
        json!({"sub": id, "exp": now() + 1}),
        json!({"sub": id, "exp": now() + 86_400}),
        json!({"sub": id, "exp": now() + 60, "iat": now() + 60, "nbf": now() + 60}),
        json!({"sub": id, "exp": now() as f64 + 60.5, "iat": now() as f64 - 0.5}),
        json!({"sub": id, "exp": now() + 60, "iss": "the shop", "jti": "7", "roles": ["buyer"]}),
    ];
    for claims in times {
        me(&shop, &signed_token(&header(), &claims, MEMBER_TOKENS)).await.is(200);
    }
    // the clock of a back end may be a minute ahead, for a whole day's token too
    let ahead = json!({"sub": id, "exp": now() + 86_460, "iat": now() + 60});
    me(&shop, &signed_token(&header(), &ahead, MEMBER_TOKENS)).await.is(200);
}

#[tokio::test]
async fn a_token_outside_of_its_times_is_refused() {
    let (shop, id) = shop_with_member().await;
    let cases = [
        (json!({"sub": id, "exp": now()}), "expired"),
        (json!({"sub": id, "exp": now() - 30}), "expired"),
        (json!({"sub": id, "exp": -1}), "expired"),
        (json!({"sub": id, "exp": now() + 600, "nbf": now() + 61}), "not good yet"),
        (json!({"sub": id, "exp": now() + 600, "iat": now() + 61}), "not good yet"),
        (json!({"sub": id, "exp": now() + 86_461}), "24 hours"),
        (json!({"sub": id, "exp": now() + 600, "iat": now() - 86_400}), "24 hours"),
        (json!({"sub": id, "exp": u64::MAX}), "24 hours"),
        (json!({"sub": id, "exp": 1e300}), "24 hours"),
    ];
    for (claims, why) in cases {
        refused(&shop, &signed_token(&header(), &claims, MEMBER_TOKENS), why).await;
    }
}

#[tokio::test]
async fn what_is_not_signed_by_a_secret_with_hs256_is_refused() {
    let (shop, id) = shop_with_member().await;
    let claims = json!({"sub": id, "exp": now() + 600});
    for algorithm in ["none", "None", "RS256", "ES256", "HS384", "HS512", "EdDSA", "hs256", ""] {
        let token = signed_token(&json!({"alg": algorithm, "typ": "JWT"}), &claims, MEMBER_TOKENS);
        refused(&shop, &token, "HS256").await;
    }
    let unsigned = unsigned_token(&header(), &claims);
    for token in
        [format!("{unsigned}."), format!("{unsigned}.AAAA"), format!("{unsigned}.=="), "a.b.c".into(), "..".into()]
    {
        refused(&shop, &token, "HS256").await;
    }
    for secret in ["", "dev-members", "dev-shopify", "dev-admin", "dev-email"] {
        refused(&shop, &signed_token(&header(), &claims, secret), "HS256").await;
    }
    let critical = json!({"alg": "HS256", "crit": ["exp"]});
    refused(&shop, &signed_token(&critical, &claims, MEMBER_TOKENS), "HS256").await;
    // another signature's token under other claims
    let genuine = signed_token(&header(), &claims, MEMBER_TOKENS);
    let tag = genuine.rsplit('.').next().unwrap();
    let others = unsigned_token(&header(), &json!({"sub": "mem_2", "exp": now() + 600}));
    refused(&shop, &format!("{others}.{tag}"), "HS256").await;
}

#[tokio::test]
async fn a_token_without_expiry_or_subject_or_for_another_service_is_refused() {
    let (shop, id) = shop_with_member().await;
    for claims in [
        json!({"sub": id}),
        json!({"exp": now() + 600}),
        json!({"sub": id, "exp": "soon"}),
        json!({"sub": 7, "exp": now() + 600}),
        json!({"sub": id, "exp": now() + 600, "aud": "another service"}),
        json!([]),
    ] {
        refused(&shop, &signed_token(&header(), &claims, MEMBER_TOKENS), "HS256").await;
    }
    for subject in ["", ":", "a b", "shopify:x:", ":1", "mem_1#PROFILE", &"m".repeat(200)] {
        let claims = json!({"sub": subject, "exp": now() + 600});
        refused(&shop, &signed_token(&header(), &claims, MEMBER_TOKENS), "`sub`").await;
    }
}

#[tokio::test]
async fn a_token_of_yesterday_is_refused_today() {
    let (shop, id) = shop_with_member().await;
    let token = signed_token(&header(), &json!({"sub": id, "exp": now() + 86_400}), MEMBER_TOKENS);
    me(&shop, &token).await.is(200);
    shop.move_clock(shop.now() + SignedDuration::from_hours(24));
    refused(&shop, &token, "expired").await;
}
