//! Members who are somebody else, or more than one.

use serde_json::{Value, json};
use tests::{
    Buyer, Shop, at, member_token,
    payloads::*,
    shop::SOURCE,
    tokens::{MEMBER_TOKENS, forwarded, signed_token, unsigned_token},
};

use crate::{Books, NOW, enrol, order, shop_with_points};

fn link(number: u64) -> Value {
    json!({"source": SOURCE, "customer_id": customer_id(number).to_string()})
}

#[tokio::test]
async fn a_token_spends_its_own_member_s_points_alone() {
    let (shop, _, id) = shop_with_points(1_000).await;
    let thief = enrol(&shop, "eve@example.com").await;
    let books = Books::open(&shop, &[&id, &thief]).await;
    let token = member_token(&thief, shop.now());
    let body = json!({"reward_id": "coupon_5"});
    let theirs = format!("/v1/members/{id}/redemptions");
    shop.post_as(&token, &theirs, &body, Some("k-1")).await.is_problem(403, "forbidden");
    shop.post_as(&token, "/v1/me/redemptions", &body, Some("k-2")).await.is_problem(409, "insufficient-points");
    let named = json!({"reward_id": "coupon_5", "member_id": id});
    shop.post_as(&token, "/v1/me/redemptions", &named, Some("k-3")).await.is_problem(400, "invalid-request");
    books.nothing_changed().await;
    assert_eq!(shop.lots(&id).await["available"], 1_000);
}

#[tokio::test]
async fn a_forged_token_is_nobody_s() {
    let (shop, _, id) = shop_with_points(1_000).await;
    let books = Books::open(&shop, &[&id]).await;
    let now = shop.now().as_second();
    let hs256 = json!({"alg": "HS256", "typ": "JWT"});
    let claims = json!({"sub": id, "iat": now, "exp": now + 600});
    let unsigned = unsigned_token(&json!({"alg": "none", "typ": "JWT"}), &claims);
    let genuine = member_token("mem_0", shop.now());
    let (_, tag) = genuine.rsplit_once('.').unwrap();
    for token in [
        unsigned.clone(),
        format!("{unsigned}."),
        format!("{unsigned}.{tag}"),
        signed_token(&json!({"alg": "none"}), &claims, MEMBER_TOKENS),
        signed_token(&json!({"alg": "HS512"}), &claims, MEMBER_TOKENS),
        signed_token(&hs256, &claims, "another secret"),
        signed_token(&hs256, &claims, ""),
        signed_token(&hs256, &json!({"sub": id, "iat": now - 600, "exp": now}), MEMBER_TOKENS),
        signed_token(&hs256, &json!({"sub": id, "iat": now}), MEMBER_TOKENS),
        format!("{}.{tag}", unsigned_token(&hs256, &claims)),
    ] {
        let answer = shop.post_as(&token, "/v1/me/redemptions", &json!({"reward_id": "coupon_5"}), Some("k-1")).await;
        answer.is_problem(401, "unauthorized");
        books.nothing_changed().await;
    }
    assert_eq!(shop.lots(&id).await["available"], 1_000);
}

#[tokio::test]
async fn a_theme_s_request_with_another_customer_s_number_shows_nothing() {
    let (shop, _, id) = shop_with_points(1_000).await;
    let books = Books::open(&shop, &[&id]).await;
    let path = forwarded(&customer_id(2).to_string(), shop.now());
    let forged = path.replace(&customer_id(2).to_string(), &customer_id(1).to_string());
    shop.call("GET", &forged, &[], "").await.is_problem(401, "unauthorized");
    let twice = format!("{path}&logged_in_customer_id={}", customer_id(1));
    shop.call("GET", &twice, &[], "").await.is_problem(401, "unauthorized");
    books.nothing_changed().await;
}

#[tokio::test]
async fn merging_in_circles_doubles_nothing() {
    let (shop, _, id) = shop_with_points(1_000).await;
    let other = enrol(&shop, "ada@example.org").await;
    let books = Books::open(&shop, &[&id, &other]).await;
    shop.merge(&other, &id).await;
    for (number, (from, into)) in [(&id, &other), (&other, &id), (&id, &id), (&other, &other)].into_iter().enumerate() {
        let path = format!("/v1/members/{into}/merge");
        let answer = shop.post(&path, &json!({"from": from}), Some(&format!("loop-{number}"))).await;
        assert!(matches!(answer.status, 400 | 409), "{}", answer.body);
    }
    books.nothing_changed().await;
}

#[tokio::test]
async fn merging_keeps_one_of_what_comes_once() {
    let shop = Shop::open(NOW).await;
    let first = enrol(&shop, "ada@example.com").await;
    let books = Books::open(&shop, &[&first]).await;
    for number in 1..=5 {
        let more = enrol(&shop, &email(number)).await;
        if number % 2 == 0 {
            shop.merge(&first, &more).await
        } else {
            shop.merge(&more, &first).await
        };
        if number % 2 == 0 {
            break;
        }
    }
    books.nothing_changed().await;
}

#[tokio::test]
async fn merging_does_not_open_a_cap_or_a_subject_again() {
    let shop = Shop::open(NOW).await;
    let (one, other) = (enrol(&shop, "ada@example.com").await, enrol(&shop, "ada@example.org").await);
    let tell = async |id: &str, body: Value, key: &str| {
        shop.post(&format!("/v1/members/{id}/activities"), &body, Some(key)).await
    };
    tell(&one, json!({"type": "check_in"}), "k-1").await.is(201);
    tell(&one, json!({"type": "survey", "subject": "s"}), "k-2").await.is(201);
    shop.merge(&one, &other).await;
    let books = Books::open(&shop, &[&one, &other]).await;
    for (number, id) in [&one, &other].into_iter().enumerate() {
        let (day, subject) = (format!("d-{number}"), format!("s-{number}"));
        tell(id, json!({"type": "check_in"}), &day).await.is_problem(409, "cap-reached");
        tell(id, json!({"type": "survey", "subject": "S"}), &subject).await.is_problem(409, "cap-reached");
    }
    books.nothing_changed().await;
}

#[tokio::test]
async fn a_debt_follows_whoever_is_merged() {
    for debtor_is_merged in [true, false] {
        let (shop, _, id) = shop_with_points(50).await;
        let debtor = enrol(&shop, "eve@example.com").await;
        shop.adjust(&debtor, -400, "debt").await;
        let books = Books::open(&shop, &[&id, &debtor]).await;
        if debtor_is_merged {
            shop.merge(&debtor, &id).await
        } else {
            shop.merge(&id, &debtor).await
        };
        books.nothing_gained().await;
        assert_eq!(shop.member(&debtor).await["points"]["debt"], 250, "of 300, the other's 50 paid a part");
    }
}

#[tokio::test]
async fn being_erased_and_joining_again_brings_no_second_welcome_and_no_point_back() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    let account = customer(&buyer, at("2026-06-20T10:00:00Z"));
    shop.send("customers/create", &account).await.is(200);
    let erased = shop.id_of_customer(customer_id(1)).await;
    shop.adjust(&erased, -100, "spent").await;
    let books = Books::open(&shop, &[&erased]).await;
    for by_event in [true, false] {
        let before = shop.find(&buyer.email).await.unwrap()["id"].as_str().unwrap().to_owned();
        shop.delete(&format!("/v1/members/{before}")).await.is(204);
        if by_event {
            shop.send("customers/create", &later(&account, shop.now())).await.is(200);
        } else {
            shop.post("/v1/members", &json!({"email": buyer.email, "links": [link(1)]}), None).await.is(201);
        }
        let back = shop.find(&buyer.email).await.unwrap()["id"].as_str().unwrap().to_owned();
        assert_eq!(crate::worth(&shop, &back).await, 0);
        books.nothing_changed().await;
    }
}

#[tokio::test]
async fn joining_by_every_way_there_is_brings_one_welcome() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    let id = enrol(&shop, &buyer.email).await;
    let books = Books::open(&shop, &[&id]).await;
    shop.send("customers/create", &customer(&buyer, at("2026-06-20T10:00:00Z"))).await.is(200);
    shop.send("customers/update", &customer(&buyer, at("2026-06-20T11:00:00Z"))).await.is(200);
    shop.post("/v1/members", &json!({"email": buyer.email, "links": [link(1)]}), None).await.is(200);
    shop.post("/v1/members", &json!({"email": buyer.email}), None).await.is_problem(409, "member-exists");
    shop.send("customers/delete", &json!({"id": buyer.customer_id})).await.is(200);
    shop.send("customers/create", &customer(&buyer, at("2026-06-20T11:30:00Z"))).await.is(200);
    let again = shop.find(&buyer.email).await.unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(again, id);
    books.nothing_changed().await;
}

#[tokio::test]
async fn an_account_with_somebody_s_unverified_address_gets_none_of_their_points() {
    let shop = Shop::open(NOW).await;
    shop.send("orders/paid", &order(1, &Buyer::guest(1), "500.00")).await.is(200);
    let victim = shop.find(&email(1)).await.unwrap()["id"].as_str().unwrap().to_owned();
    let thief = Buyer { verified: false, ..Buyer::with_account(1) };
    shop.send("customers/create", &customer(&thief, at(NOW))).await.is(200);
    let id = shop.id_of_customer(customer_id(1)).await;
    assert_ne!(id, victim);
    let books = Books::open(&shop, &[&id]).await;
    let small = paid_order(6_120_000_000_002, &thief, at("2026-06-11T10:00:00Z"), &[("0.90", 1)]);
    shop.send("orders/paid", &small).await.is(200);
    shop.send("customers/update", &customer(&thief, shop.now())).await.is(200);
    shop.redeem(&id, "coupon_5", "k-1").await.is_problem(409, "insufficient-points");
    books.nothing_changed().await;
    assert_eq!(crate::worth(&shop, &victim).await, 500);
}

#[tokio::test]
async fn a_link_that_is_another_s_is_not_taken() {
    let (shop, _, id) = shop_with_points(1_000).await;
    let thief = enrol(&shop, "eve@example.com").await;
    let books = Books::open(&shop, &[&thief]).await;
    let answer = shop.post("/v1/members", &json!({"email": "eve@example.com", "links": [link(1)]}), None).await;
    assert_eq!(answer.status, 409, "{}", answer.body);
    assert_eq!(shop.id_of_customer(customer_id(1)).await, id);
    books.nothing_changed().await;
}

#[tokio::test]
async fn an_opening_balance_is_given_once_also_after_a_merge() {
    let shop = Shop::open(NOW).await;
    let (one, other) = (enrol(&shop, "ada@example.com").await, enrol(&shop, "ada@example.org").await);
    let mut books = Books::open(&shop, &[&one, &other]).await;
    let import = async |who: Value| {
        let mut row = json!({"points": 500, "reference": "card-7"});
        row.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
        let body = json!({"source": SOURCE, "kind": "balances", "format": "regulars", "data": [row]});
        shop.post("/v1/imports", &body, None).await.is(200)["imported"].clone()
    };
    assert_eq!(import(json!({"email": "ada@example.com"})).await, 1);
    assert_eq!(import(json!({"member_id": one})).await, 0);
    shop.merge(&one, &other).await;
    for who in [json!({"email": "ada@example.com"}), json!({"email": "ada@example.org"}), json!({"member_id": other})] {
        assert_eq!(import(who.clone()).await, 0, "{who}");
    }
    books.deserved(500);
    assert_eq!(books.nothing_gained().await.money, -100, "and of two welcomes one");
}

#[tokio::test]
async fn a_birthday_is_not_today_because_somebody_says_so() {
    let (shop, buyer, id) = shop_with_points(1).await;
    let mut books = Books::open(&shop, &[&id]).await;
    let say = async |birthday: &str| {
        let body = json!({"email": buyer.email, "links": [link(1)], "birthday": birthday});
        shop.post("/v1/members", &body, None).await
    };
    let mut number = 0;
    for (now, birthday) in [
        ("2026-07-01T12:00:00Z", "1990-07-01"),
        ("2026-08-06T12:00:00Z", "1990-08-06"),
        ("2026-11-02T12:00:00Z", "1990-11-02"),
        ("2027-01-10T12:00:00Z", "1990-01-10"),
    ] {
        shop.move_clock(at(now));
        say(birthday).await;
        number += 1;
        let bought = paid_order(6_120_000_000_100 + number, &buyer, at(now), &[("10.00", 1)]);
        shop.send("orders/paid", &bought).await.is(200);
        books.deserved(10);
        books.nothing_gained().await;
    }
}
