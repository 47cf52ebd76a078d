//! Members invite friends: who gets what, who gets nothing, and each of it once.
#![cfg(test)]

use app::Deadline;
use futures::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Buyer, Fault, Shop, at, member_token, payloads::*};

const NOW: &str = "2026-06-01T12:00:00Z";

async fn enrol(shop: &Shop, email: &str) -> String {
    let member = shop.post("/v1/members", &json!({"email": email}), None).await.is(201);
    member["id"].as_str().unwrap().to_owned()
}

/// A shop, and the member who invites with their code.
async fn shop_with_referrer() -> (Shop, String, String) {
    let shop = Shop::open(NOW).await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["pending"] = json!({"after_delivery_days": 1, "after_payment_days": 1});
    shop.put_program(&program, Some("\"1\"")).await.is(200);
    let referrer = enrol(&shop, "mia.wong@gmail.com").await;
    let code = referral(&shop, &referrer).await["code"].as_str().unwrap().to_owned();
    (shop, referrer, code)
}

async fn referral(shop: &Shop, member: &str) -> Value {
    shop.get(&format!("/v1/members/{member}/referral")).await.is(200)
}

async fn claim(shop: &Shop, code: &str, friend: &str) -> Answer {
    shop.claim_referral(code, friend).await
}

/// A friend whom the shop knows as that buyer's account, and who has claimed.
async fn friend(shop: &Shop, code: &str, number: u64) -> (String, Buyer) {
    let buyer = Buyer::with_account(number);
    shop.send("customers/create", &customer(&buyer, shop.now())).await.is(200);
    let id = shop.id_of_customer(customer_id(number)).await;
    claim(shop, code, &id).await.is(201);
    (id, buyer)
}

fn order_of(buyer: &Buyer, id: u64, paid_at: &str) -> Value {
    paid_order(6_120_000_000_000 + id, buyer, at(paid_at), &[("30.00", 1)])
}

async fn run(shop: &Shop, now: &str) {
    shop.move_clock(at(now));
    let done = web::schedules::lifecycle(&shop.state, Deadline::NONE).await.unwrap();
    assert_eq!(done.accounts.failed, 0);
}

async fn points_of(shop: &Shop, member: &str) -> i64 {
    shop.lots(member).await["ledger"].as_i64().unwrap()
}

#[tokio::test]
async fn a_friend_gets_a_coupon_and_the_referrer_points_once_the_order_is_kept() {
    let (shop, referrer, code) = shop_with_referrer().await;
    let shown = referral(&shop, &referrer).await;
    assert_eq!(shown, json!({"code": code, "link": null, "claimed": 0, "paid": 0, "points_earned": 0}));
    let friend_id = enrol(&shop, "ada@example.com").await;
    let coupon = claim(&shop, &code.to_lowercase(), &friend_id).await.is(201)["coupon"].clone();
    assert_eq!((&coupon["origin"], &coupon["state"]), (&json!("referral"), &json!("issued")));
    assert_eq!(coupon["value"], json!({"kind": "amount_off", "amount": "5.00", "currency": "USD"}));
    assert_eq!(coupon["expires_at"], "2026-08-30T12:00:00Z");
    let coupons = shop.get(&format!("/v1/members/{friend_id}/coupons")).await.is(200);
    assert_eq!(coupons["coupons"], json!([coupon]));
    assert_eq!(referral(&shop, &referrer).await["claimed"], 1);

    let (_, buyer) = friend(&shop, &code, 1).await;
    shop.send("orders/paid", &order_of(&buyer, 1, "2026-06-01T13:00:00Z")).await.is(200);
    run(&shop, "2026-06-01T23:00:00Z").await;
    assert_eq!(points_of(&shop, &referrer).await, 100);
    run(&shop, "2026-06-02T01:00:00Z").await;
    assert_eq!(points_of(&shop, &referrer).await, 300);
    let entry = shop.ledger(&referrer).await[0].clone();
    assert_eq!((&entry["kind"], &entry["points"]), (&json!("referral"), &json!(200)));
    let shown = referral(&shop, &referrer).await;
    assert_eq!((&shown["claimed"], &shown["paid"], &shown["points_earned"]), (&json!(2), &json!(1), &json!(200)));
    run(&shop, "2026-06-02T02:00:00Z").await;
    run(&shop, "2026-06-05T02:00:00Z").await;
    assert_eq!(points_of(&shop, &referrer).await, 300);
}

#[tokio::test]
async fn what_is_refunded_before_its_window_is_over_pays_nothing() {
    let (shop, referrer, code) = shop_with_referrer().await;
    let (_, buyer) = friend(&shop, &code, 1).await;
    let order = order_of(&buyer, 1, "2026-06-01T13:00:00Z");
    shop.send("orders/paid", &order).await.is(200);
    shop.move_clock(at("2026-06-01T16:00:00Z"));
    let refund = refund(&order, 930_000_000_001, at("2026-06-01T15:00:00Z"), &[(0, 1)]);
    shop.send("refunds/create", &refund).await.is(200);
    run(&shop, "2026-06-03T00:00:00Z").await;
    assert_eq!(points_of(&shop, &referrer).await, 100);
    // another order of theirs that is kept does
    shop.send("orders/paid", &order_of(&buyer, 2, "2026-06-02T13:00:00Z")).await.is(200);
    run(&shop, "2026-06-04T00:00:00Z").await;
    assert_eq!(points_of(&shop, &referrer).await, 300);
}

#[tokio::test]
async fn nobody_invites_themselves_by_any_name() {
    let (shop, referrer, code) = shop_with_referrer().await;
    claim(&shop, &code, &referrer).await.is_problem(409, "self-referral");
    for alias in ["miawong@gmail.com", "mia.wong+shop@gmail.com", "m.i.a.wong@googlemail.com"] {
        let alias = enrol(&shop, alias).await;
        claim(&shop, &code, &alias).await.is_problem(409, "self-referral");
    }
    assert_eq!(referral(&shop, &referrer).await["claimed"], 0);
}

#[tokio::test]
async fn a_friend_claims_once_for_ever_and_so_does_a_mailbox() {
    let (shop, _, code) = shop_with_referrer().await;
    let other = enrol(&shop, "bob@example.com").await;
    let others = referral(&shop, &other).await["code"].as_str().unwrap().to_owned();
    let ada = enrol(&shop, "ada@example.com").await;
    claim(&shop, &code, &ada).await.is(201);
    shop.move_clock(at("2027-07-01T12:00:00Z"));
    claim(&shop, &code, &ada).await.is_problem(409, "already-referred");
    claim(&shop, &others, &ada).await.is_problem(409, "already-referred");
    let alias = enrol(&shop, "ada+2@example.com").await;
    claim(&shop, &others, &alias).await.is_problem(409, "already-referred");
}

#[tokio::test]
async fn who_has_bought_or_invited_the_other_gets_nothing() {
    let (shop, referrer, code) = shop_with_referrer().await;
    let buyer = Buyer::with_account(7);
    shop.send("orders/paid", &order_of(&buyer, 7, "2026-06-01T10:00:00Z")).await.is(200);
    let customer = shop.id_of_customer(customer_id(7)).await;
    claim(&shop, &code, &customer).await.is_problem(409, "not-a-new-customer");
    // a circle of three
    let mut last = code;
    for name in ["ada", "bob"] {
        let id = enrol(&shop, &format!("{name}@example.com")).await;
        claim(&shop, &last, &id).await.is(201);
        last = referral(&shop, &id).await["code"].as_str().unwrap().to_owned();
        claim(&shop, &last, &referrer).await.is_problem(409, "reciprocal-referral");
    }
}

#[tokio::test]
async fn an_unknown_code_costs_as_much_as_a_known_one_and_a_guest_has_none() {
    let (shop, _, code) = shop_with_referrer().await;
    let ada = enrol(&shop, "ada@example.com").await;
    shop.wire.clear();
    claim(&shop, "ZZZZZZZZ", &ada).await.is_problem(404, "not-found");
    let unknown = shop.wire.cost();
    shop.wire.clear();
    claim(&shop, &code, &ada).await.is(201);
    let known = shop.wire.cost();
    assert_eq!(known.calls[..known.calls.len() - 1], unknown.calls);
    assert!(known.write_units <= 12.0, "{known:?}");
    claim(&shop, "nonsense!", &ada).await.is_problem(404, "not-found");
    let problem = claim(&shop, &code, "mem_1").await.is_problem(400, "invalid-request");
    assert_eq!(problem["errors"][0]["pointer"], "/member_id");
    shop.send("orders/paid", &order_of(&Buyer::guest(9), 9, "2026-06-01T10:00:00Z")).await.is(200);
    let guest = shop.find(&email(9)).await.unwrap()["id"].as_str().unwrap().to_owned();
    shop.get(&format!("/v1/members/{guest}/referral")).await.is_problem(409, "not-enrolled");
}

#[tokio::test]
async fn a_member_invites_and_claims_for_themself() {
    let (shop, referrer, code) = shop_with_referrer().await;
    let shown = shop.get_as(&member_token(&referrer, shop.now()), "/v1/me/referral").await.is(200);
    assert_eq!(shown["code"], code.as_str());
    let ada = member_token(&enrol(&shop, "ada@example.com").await, shop.now());
    let path = format!("/v1/me/referrals/{code}/claim");
    let first = shop.post_as(&ada, &path, &json!({}), Some("k-1")).await.is(201);
    assert_eq!(shop.post_as(&ada, &path, &json!({}), Some("k-1")).await.is(201), first);
    shop.post_as(&ada, &path, &json!({}), Some("k-2")).await.is_problem(409, "already-referred");
    assert_eq!(shop.get_as(&ada, "/v1/me/coupons").await.is(200)["coupons"], json!([first["coupon"]]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_claims_at_once_are_one() {
    let (shop, referrer, code) = shop_with_referrer().await;
    let mut friends = vec![enrol(&shop, "ada@example.com").await];
    friends.push(enrol(&shop, "ada+1@example.com").await);
    let instances: Vec<Shop> = (0..5).map(|_| shop.another_instance()).collect();
    let claims = (0..100).map(|number| claim(&instances[number % 5], &code, &friends[number % 2]));
    let answers = join_all(claims).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 409 | 503)));
    assert_eq!(referral(&shop, &referrer).await["claimed"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_that_breaks_anywhere_is_made_once() {
    for fault in [Fault::Refused, Fault::AnswerLost, Fault::TimedOutAfterwards, Fault::Throttled] {
        for call in 0..3 {
            let (shop, referrer, code) = shop_with_referrer().await;
            let (_, buyer) = friend(&shop, &code, 1).await;
            shop.send("orders/paid", &order_of(&buyer, 1, "2026-06-01T13:00:00Z")).await.is(200);
            shop.move_clock(at("2026-06-02T01:00:00Z"));
            shop.wire.break_calls_of("TransactWriteItems", fault, call, 1_000);
            drop(web::schedules::lifecycle(&shop.state, Deadline::NONE).await);
            shop.wire.clear();
            run(&shop, "2026-06-02T02:00:00Z").await;
            assert_eq!(points_of(&shop, &referrer).await, 300, "{fault:?} {call}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_that_breaks_is_made_once() {
    for fault in [Fault::Refused, Fault::AnswerLost, Fault::TimedOutAfterwards, Fault::Throttled, Fault::Conflict] {
        let (shop, referrer, code) = shop_with_referrer().await;
        let ada = enrol(&shop, "ada@example.com").await;
        shop.wire.break_calls_of("TransactWriteItems", fault, 0, 1_000);
        let path = format!("/v1/referrals/{code}/claim");
        let body = json!({"member_id": ada});
        shop.post(&path, &body, Some("k-1")).await.is(503);
        shop.wire.clear();
        shop.post(&path, &body, Some("k-1")).await.is(201);
        assert_eq!(referral(&shop, &referrer).await["claimed"], 1, "{fault:?}");
        let coupons = shop.get(&format!("/v1/members/{ada}/coupons")).await.is(200);
        assert_eq!(coupons["coupons"].as_array().unwrap().len(), 1, "{fault:?}");
    }
}
