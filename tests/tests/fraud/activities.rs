//! Deeds that were never done, or are told of again.

use futures::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Buyer, Fault, Shop, at, captured::event, member_token, payloads::*};

use crate::{Books, NOW, order, shop_with_buyer};

/// What the first line of every order is of.
const PRODUCT: &str = "8410000000000";
const THE_DAY_AFTER: &str = "2026-06-11T10:00:00Z";

async fn tell(shop: &Shop, id: &str, body: Value, key: &str) -> Answer {
    shop.post(&format!("/v1/members/{id}/activities"), &body, Some(key)).await
}

fn review() -> Value {
    json!({"type": "review", "subject": PRODUCT})
}

#[tokio::test]
async fn check_ins_of_other_days_are_one_check_in() {
    let (shop, _, id) = shop_with_buyer().await;
    let mut books = Books::open(&shop, &[&id]).await;
    books.deserved(5);
    for (number, occurred_at) in
        [NOW, "2026-06-19T12:00:00Z", "2026-06-21T11:59:00Z", "2025-07-01T00:00:00Z", "2026-06-20T23:59:59-12:00"]
            .into_iter()
            .enumerate()
    {
        tell(&shop, &id, json!({"type": "check_in", "occurred_at": occurred_at}), &format!("k-{number}")).await;
        books.nothing_gained().await;
    }
    tell(&shop, &id, json!({"type": "check_in", "occurred_at": "2026-06-22T12:00:00Z"}), "ahead").await.is(400);
    tell(&shop, &id, json!({"type": "check_in", "occurred_at": "2020-01-01T12:00:00Z"}), "ago").await.is(400);
    books.nothing_changed().await;
}

#[tokio::test]
async fn travelling_over_midnight_makes_no_second_day() {
    let (shop, _, id) = shop_with_buyer().await;
    let mut books = Books::open(&shop, &[&id]).await;
    books.deserved(10);
    for (now, zone) in [
        ("2026-06-21T23:59:59Z", "Asia/Tokyo"),
        ("2026-06-21T23:59:59Z", "Pacific/Honolulu"),
        ("2026-06-22T00:00:00Z", "Pacific/Kiritimati"),
        ("2026-06-22T23:59:59Z", "Pacific/Pago_Pago"),
    ] {
        shop.move_clock(at(now));
        let buyer = Buyer::with_account(1);
        let link = json!({"source": tests::shop::SOURCE, "customer_id": customer_id(1).to_string()});
        shop.post("/v1/members", &json!({"email": buyer.email, "links": [link], "time_zone": zone}), None).await;
        tell(&shop, &id, json!({"type": "check_in"}), &format!("{now}{zone}")).await;
        books.nothing_gained().await;
    }
    books.nothing_changed().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_at_once_are_one() {
    let (shop, _, id) = shop_with_buyer().await;
    let mut books = Books::open(&shop, &[&id]).await;
    let survey = json!({"type": "survey", "subject": "summer"});
    let keys: Vec<String> = (0..50).map(|number| format!("k-{number}")).collect();
    let answers = join_all(keys.iter().map(|key| tell(&shop, &id, survey.clone(), key))).await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 409 | 503)));
    books.deserved(50);
    books.nothing_changed().await;
}

#[tokio::test]
async fn a_subject_in_other_letters_is_the_same_subject() {
    let (shop, _, id) = shop_with_buyer().await;
    let mut books = Books::open(&shop, &[&id]).await;
    books.deserved(50);
    let spelled = [
        "summer 26",
        "SUMMER 26",
        " summer  26 ",
        "summer\u{a0}26",
        "summer\u{200b} 26",
        "ѕummer 26",
        "ｓummer 26",
        "summer\t26",
        "summer 26\u{0}",
    ];
    for (number, subject) in spelled.into_iter().enumerate() {
        tell(&shop, &id, json!({"type": "survey", "subject": subject}), &format!("k-{number}")).await;
        books.nothing_gained().await;
    }
    books.nothing_changed().await;
}

#[tokio::test]
async fn what_was_reversed_is_not_earned_again() {
    let (shop, _, id) = shop_with_buyer().await;
    let books = Books::open(&shop, &[&id]).await;
    for (number, body) in
        [json!({"type": "survey", "subject": "s"}), json!({"type": "check_in"})].into_iter().enumerate()
    {
        let told = tell(&shop, &id, body.clone(), &format!("k-{number}")).await.is(201);
        let path = format!("/v1/members/{id}/activities/{}", told["id"].as_str().unwrap());
        shop.delete(&path).await.is(200);
        tell(&shop, &id, body.clone(), &format!("again-{number}")).await.is_problem(409, "cap-reached");
        tell(&shop, &id, body, &format!("k-{number}")).await.is(201);
        shop.post(&format!("{path}/approve"), &json!({}), None).await;
        books.nothing_changed().await;
    }
}

#[tokio::test]
async fn nobody_reviews_what_they_did_not_buy_and_keep() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let books = Books::open(&shop, &[&id]).await;
    let other = order(1, &Buyer::with_account(2), "0.50");
    shop.send("orders/paid", &other).await.is(200);
    tell(&shop, &id, review(), "another's").await.is_problem(409, "proof-missing");
    let mut unpaid = order(2, &buyer, "0.50");
    unpaid["financial_status"] = json!("pending");
    shop.send("orders/create", &unpaid).await.is(200);
    tell(&shop, &id, review(), "unpaid").await.is_problem(409, "proof-missing");
    let sent_back = order(3, &buyer, "0.50");
    shop.send("orders/paid", &sent_back).await.is(200);
    shop.send("orders/cancelled", &cancelled(&sent_back, at(THE_DAY_AFTER))).await.is(200);
    tell(&shop, &id, review(), "cancelled").await.is_problem(409, "proof-missing");
    books.nothing_changed().await;
}

#[tokio::test]
async fn buying_reviewing_and_sending_all_of_it_back_earns_nothing() {
    for way in ["units", "money", "cancelled"] {
        let (shop, buyer, id) = shop_with_buyer().await;
        let books = Books::open(&shop, &[&id]).await;
        let bought = order(1, &buyer, "30.00");
        shop.send("orders/paid", &bought).await.is(200);
        tell(&shop, &id, review(), "k-1").await.is(201);
        match way {
            "units" => shop.send("refunds/create", &refund(&bought, 1, at(THE_DAY_AFTER), &[(0, 1)])).await.is(200),
            "money" => {
                shop.send("refunds/create", &amount_refund(&bought, 1, at(THE_DAY_AFTER), "30.00")).await.is(200)
            }
            _ => shop.send("orders/cancelled", &cancelled(&bought, at(THE_DAY_AFTER))).await.is(200),
        };
        books.nothing_changed().await;
        tell(&shop, &id, review(), "k-2").await;
        books.nothing_changed().await;
    }
}

/// Sends all of the order back, in that way.
async fn send_back(shop: &Shop, bought: &Value, way: &str) {
    match way {
        "units" => shop.send("refunds/create", &refund(bought, 1, shop.now(), &[(0, 1)])).await.is(200),
        "money" => shop.send("refunds/create", &amount_refund(bought, 1, shop.now(), "30.00")).await.is(200),
        _ => shop.send("orders/cancelled", &cancelled(bought, shop.now())).await.is(200),
    };
}

#[tokio::test]
async fn buying_sharing_and_sending_all_of_it_back_earns_nothing() {
    for way in ["units", "money", "cancelled"] {
        let (shop, buyer, id) = shop_with_buyer().await;
        let books = Books::open(&shop, &[&id]).await;
        let bought = order(1, &buyer, "30.00");
        shop.send("orders/paid", &bought).await.is(200);
        for day in 0..3 {
            tell(&shop, &id, json!({"type": "share"}), &format!("k-{day}")).await.is(201);
            shop.move_clock(shop.now() + jiff::SignedDuration::from_hours(24 * 20));
        }
        send_back(&shop, &bought, way).await;
        books.nothing_changed().await;
        tell(&shop, &id, json!({"type": "share"}), "again").await.is_problem(409, "proof-missing");
    }
}

#[tokio::test]
async fn who_keeps_an_order_keeps_what_they_shared() {
    let (shop, buyer, id) = shop_with_buyer().await;
    let mut books = Books::open(&shop, &[&id]).await;
    shop.send("orders/paid", &order(1, &buyer, "0.50")).await.is(200);
    let later = paid_order(6_120_000_000_002, &buyer, at(THE_DAY_AFTER), &[("0.50", 1)]);
    shop.send("orders/paid", &later).await.is(200);
    tell(&shop, &id, json!({"type": "share"}), "k-1").await.is(201);
    shop.send("orders/cancelled", &cancelled(&later, shop.now())).await.is(200);
    books.deserved(10);
    books.nothing_changed().await;
}

/// A shop that lets its members share without end, and one who has shared more than one commit can reverse.
async fn shared_without_end() -> (Shop, Buyer, String, Value, i64) {
    let (shop, buyer, id) = shop_with_buyer().await;
    let mut program = shop.get("/v1/program").await.is(200);
    let share = &mut program["activities"]["share"];
    (share["caps"], share["self_service"]) = (json!([]), json!(false));
    shop.put_program(&program, Some("\"1\"")).await.is(200);
    let before = crate::worth(&shop, &id).await;
    let bought = order(1, &buyer, "30.00");
    shop.send("orders/paid", &bought).await.is(200);
    for number in 0..65 {
        tell(&shop, &id, json!({"type": "share"}), &format!("k-{number}")).await.is(201);
    }
    assert_eq!(crate::worth(&shop, &id).await, before + 680);
    (shop, buyer, id, bought, before)
}

#[tokio::test]
async fn all_that_an_order_proves_goes_back_with_it_however_much_it_is() {
    let (shop, _, id, bought, before) = shared_without_end().await;
    send_back(&shop, &bought, "money").await;
    assert_eq!(crate::worth(&shop, &id).await, before);

    let (shop, _, id, mut bought, before) = shared_without_end().await;
    bought = later(&bought, shop.now());
    bought["customer"] = customer(&Buyer::with_account(2), shop.now());
    bought["email"] = json!(email(2));
    shop.send("orders/updated", &bought).await.is(200);
    assert_eq!(crate::worth(&shop, &id).await, before, "the order is another's now");
}

#[tokio::test]
async fn what_was_cut_off_in_the_middle_is_reversed_by_the_next_delivery() {
    let (shop, _, id, bought, before) = shared_without_end().await;
    let cancelled = cancelled(&bought, shop.now());
    for commits in 0..2 {
        shop.wire.break_calls_of("TransactWriteItems", Fault::Throttled, commits, usize::MAX);
        assert_ne!(shop.send("orders/cancelled", &cancelled).await.status, 200);
    }
    shop.wire.clear();
    shop.deliver("orders/cancelled", &cancelled).await;
    assert_eq!(crate::worth(&shop, &id).await, before);
}

#[tokio::test]
async fn an_event_under_fresh_delivery_ids_is_the_same_event() {
    let shop = Shop::open("2026-06-30T12:00:00Z").await;
    shop.send_standard(&event("events-order-paid").body, shop.now()).await.is(200);
    let found = shop.get("/v1/members?source=storefront:local&customer_id=c_1881").await.is(200);
    let id = found["members"][0]["id"].as_str().unwrap().to_owned();
    let mut books = Books::open(&shop, &[&id]).await;
    let data = json!({"id": "v-1", "customer_id": "c_1881", "type": "training", "subject": "t",
        "occurred_at": "2026-06-30T11:00:00Z"});
    let body = json!({"type": "activity.recorded", "timestamp": "2026-06-30T12:00:00Z", "data": data}).to_string();
    books.deserved(100);
    for number in 0..20 {
        let delivery = format!("msg_{number}");
        let secret = tests::shop::STANDARD_WEBHOOKS;
        let signature = storefront::standard_webhooks::sign(secret, &delivery, shop.now(), body.as_bytes()).unwrap();
        let second = shop.now().as_second().to_string();
        let headers = [
            ("webhook-id", delivery.as_str()),
            ("webhook-timestamp", second.as_str()),
            ("webhook-signature", signature.as_str()),
        ];
        shop.call("POST", "/webhooks/events", &headers, &body).await.is(200);
        shop.move_clock(shop.now() + jiff::SignedDuration::from_hours(7));
    }
    books.nothing_changed().await;
}

#[tokio::test]
async fn a_happening_told_under_other_ids_and_by_the_api_too_earns_once() {
    let shop = Shop::open("2026-06-30T12:00:00Z").await;
    shop.send_standard(&event("events-order-paid").body, shop.now()).await.is(200);
    let found = shop.get("/v1/members?source=storefront:local&customer_id=c_1881").await.is(200);
    let id = found["members"][0]["id"].as_str().unwrap().to_owned();
    let mut books = Books::open(&shop, &[&id]).await;
    books.deserved(100);
    for number in 0..5 {
        let data = json!({"id": format!("v-{number}"), "customer_id": "c_1881", "type": "training", "subject": "t",
            "occurred_at": "2026-06-30T11:00:00Z"});
        let body = json!({"type": "activity.recorded", "timestamp": "2026-06-30T12:00:00Z", "data": data});
        shop.send_standard(&body.to_string(), shop.now()).await.is(200);
        let by_api = json!({"type": "training", "subject": "T"});
        tell(&shop, &id, by_api, &format!("k-{number}")).await.is_problem(409, "cap-reached");
    }
    books.nothing_changed().await;
}

#[tokio::test]
async fn members_tell_nothing_of_themselves_that_others_have_to_see() {
    let (shop, _, id) = shop_with_buyer().await;
    let books = Books::open(&shop, &[&id]).await;
    let token = member_token(&id, shop.now());
    for kind in ["survey", "training", "ugc", "social_follow", "community_join", "review", "enrol"] {
        let body = json!({"type": kind, "subject": "s"});
        let told = shop.post_as(&token, "/v1/me/activities", &body, Some(kind)).await;
        assert!(matches!(told.status, 400 | 403), "{kind}: {}", told.body);
        let path = format!("/v1/members/{id}/activities");
        shop.post_as(&token, &path, &body, Some(&format!("{kind}-2"))).await.is_problem(403, "forbidden");
    }
    books.nothing_changed().await;
}
