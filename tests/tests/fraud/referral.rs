//! Friends who are nobody's friends.

use app::Deadline;
use serde_json::{Value, json};
use tests::{Answer, Buyer, Shop, payloads::*};

use crate::{Books, NOW, enrol};

/// What the program gives: to a friend in cents, to who invited them in points.
pub(crate) const COUPON: i64 = 500;
pub(crate) const PAYMENT: i64 = 200;

/// A shop where points wait for a day, and the member who invites with their code.
pub(crate) async fn shop_with_referrer() -> (Shop, String, String) {
    let shop = Shop::open(NOW).await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["pending"] = json!({"after_delivery_days": 1, "after_payment_days": 1});
    program["referral"]["max_per_month"] = json!(2);
    shop.put_program(&program, Some("\"1\"")).await.is(200);
    let referrer = enrol(&shop, "mia.wong@gmail.com").await;
    let code = code_of(&shop, &referrer).await;
    (shop, referrer, code)
}

pub(crate) async fn code_of(shop: &Shop, member: &str) -> String {
    let shown = shop.get(&format!("/v1/members/{member}/referral")).await.is(200);
    shown["code"].as_str().unwrap().to_owned()
}

pub(crate) async fn claim(shop: &Shop, code: &str, friend: &str) -> Answer {
    shop.claim_referral(code, friend).await
}

/// A customer with an account, who has just joined.
pub(crate) async fn joined(shop: &Shop, number: u64) -> (Buyer, String) {
    let buyer = Buyer::with_account(number);
    shop.send("customers/create", &customer(&buyer, shop.now())).await.is(200);
    let id = shop.id_of_customer(customer_id(number)).await;
    (buyer, id)
}

/// An order too small to earn.
pub(crate) fn first_order(shop: &Shop, number: u64, buyer: &Buyer) -> Value {
    paid_order(6_120_000_000_000 + number, buyer, shop.now(), &[("0.90", 1)])
}

/// Days later, with all that was due by then.
pub(crate) async fn days_later(shop: &Shop, days: i64) {
    for _ in 0..days {
        shop.move_clock(shop.now() + jiff::SignedDuration::from_hours(24));
        web::schedules::lifecycle(&shop.state, Deadline::NONE).await.unwrap();
    }
}

#[tokio::test]
async fn nobody_is_their_own_friend_by_any_spelling_of_an_address() {
    let (shop, referrer, code) = shop_with_referrer().await;
    claim(&shop, &code, &referrer).await.is_problem(409, "self-referral");
    for alias in ["miawong@gmail.com", "mia.wong+1@gmail.com", "MiaWong+x+y@GoogleMail.com", "m.i.a.w.o.n.g@gmail.com"]
    {
        let alias = enrol(&shop, alias).await;
        let books = Books::open(&shop, &[&referrer, &alias]).await;
        claim(&shop, &code, &alias).await.is_problem(409, "self-referral");
        books.nothing_changed().await;
    }
}

#[tokio::test]
async fn two_and_three_who_invite_each_other_are_not_new_friends() {
    let (shop, mia, code) = shop_with_referrer().await;
    let (ada, bob) = (enrol(&shop, "ada@example.com").await, enrol(&shop, "bob@example.com").await);
    let mut books = Books::open(&shop, &[&mia, &ada, &bob]).await;
    claim(&shop, &code, &ada).await.is(201);
    let adas = code_of(&shop, &ada).await;
    claim(&shop, &adas, &mia).await.is_problem(409, "reciprocal-referral");
    claim(&shop, &adas, &bob).await.is(201);
    claim(&shop, &code_of(&shop, &bob).await, &mia).await.is_problem(409, "reciprocal-referral");
    books.deserved(2 * COUPON);
    books.nothing_changed().await;
}

#[tokio::test]
async fn a_friend_takes_one_coupon_from_whoever_invites() {
    let (shop, mia, code) = shop_with_referrer().await;
    let (ada, bob) = (enrol(&shop, "ada@example.com").await, enrol(&shop, "bob@example.com").await);
    let alias = enrol(&shop, "ada+2@example.com").await;
    let bobs = code_of(&shop, &bob).await;
    let mut books = Books::open(&shop, &[&mia, &ada, &bob, &alias]).await;
    claim(&shop, &code, &ada).await.is(201);
    books.deserved(COUPON);
    for (code, friend) in [(&code, &ada), (&bobs, &ada), (&bobs, &alias), (&code, &alias)] {
        claim(&shop, code, friend).await.is_problem(409, "already-referred");
    }
    books.nothing_changed().await;
}

#[tokio::test]
async fn who_has_bought_is_no_new_friend_of_anybody() {
    let (shop, mia, code) = shop_with_referrer().await;
    let (buyer, friend) = joined(&shop, 1).await;
    let books = Books::open(&shop, &[&mia, &friend]).await;
    shop.send("orders/paid", &first_order(&shop, 1, &buyer)).await.is(200);
    claim(&shop, &code, &friend).await.is_problem(409, "not-a-new-customer");
    days_later(&shop, 3).await;
    books.nothing_changed().await;
}

#[tokio::test]
async fn an_order_from_before_the_claim_that_is_told_late_pays_nobody() {
    let (shop, mia, code) = shop_with_referrer().await;
    let (buyer, friend) = joined(&shop, 1).await;
    let mut books = Books::open(&shop, &[&mia, &friend]).await;
    let before = first_order(&shop, 1, &buyer);
    shop.move_clock(shop.now() + jiff::SignedDuration::from_hours(1));
    claim(&shop, &code, &friend).await.is(201);
    books.deserved(COUPON);
    shop.send("orders/paid", &before).await.is(200);
    shop.send("orders/paid", &first_order(&shop, 2, &buyer)).await.is(200);
    days_later(&shop, 3).await;
    books.nothing_changed().await;
}

#[tokio::test]
async fn a_friend_s_order_that_goes_back_in_time_pays_nobody() {
    for is_cancelled in [false, true] {
        let (shop, mia, code) = shop_with_referrer().await;
        let (buyer, friend) = joined(&shop, 1).await;
        let mut books = Books::open(&shop, &[&mia, &friend]).await;
        claim(&shop, &code, &friend).await.is(201);
        books.deserved(COUPON);
        let bought = first_order(&shop, 1, &buyer);
        shop.send("orders/paid", &bought).await.is(200);
        if is_cancelled {
            shop.send("orders/cancelled", &cancelled(&bought, shop.now())).await.is(200);
        } else {
            shop.send("refunds/create", &refund(&bought, 1, shop.now(), &[(0, 1)])).await.is(200);
        }
        days_later(&shop, 3).await;
        books.nothing_changed().await;
    }
}

#[tokio::test]
async fn no_more_friends_are_paid_for_in_a_month_than_the_program_says() {
    let (shop, mia, code) = shop_with_referrer().await;
    let mut books = Books::open(&shop, &[&mia]).await;
    for number in 1..=5 {
        let (buyer, friend) = joined(&shop, number).await;
        claim(&shop, &code, &friend).await.is(201);
        shop.send("orders/paid", &first_order(&shop, number, &buyer)).await.is(200);
    }
    days_later(&shop, 4).await;
    books.deserved(2 * PAYMENT);
    books.nothing_changed().await;
}

#[tokio::test]
async fn merging_does_not_open_the_month_s_cap() {
    let (shop, mia, code) = shop_with_referrer().await;
    let max = enrol(&shop, "max@example.com").await;
    let maxs = code_of(&shop, &max).await;
    let mut books = Books::open(&shop, &[&mia, &max]).await;
    for number in 1..=4 {
        let (buyer, friend) = joined(&shop, number).await;
        claim(&shop, if number % 2 == 0 { &code } else { &maxs }, &friend).await.is(201);
        if number == 3 {
            days_later(&shop, 2).await;
            shop.merge(&mia, &max).await;
        }
        shop.send("orders/paid", &first_order(&shop, number, &buyer)).await.is(200);
    }
    days_later(&shop, 3).await;
    books.deserved(2 * PAYMENT);
    books.nothing_gained().await;
}

#[tokio::test]
async fn an_erased_referrer_is_not_paid_and_their_code_is_nobody_s() {
    let (shop, mia, code) = shop_with_referrer().await;
    let (buyer, friend) = joined(&shop, 1).await;
    let (_, late) = joined(&shop, 2).await;
    let mut books = Books::open(&shop, &[&mia, &friend, &late]).await;
    claim(&shop, &code, &friend).await.is(201);
    books.deserved(COUPON);
    shop.delete(&format!("/v1/members/{mia}")).await.is(204);
    shop.send("orders/paid", &first_order(&shop, 1, &buyer)).await.is(200);
    days_later(&shop, 3).await;
    assert!(matches!(claim(&shop, &code, &late).await.status, 404 | 409));
    books.nothing_changed().await;
}

#[tokio::test]
async fn a_friend_who_is_erased_and_comes_back_is_not_invited_again() {
    let (shop, mia, code) = shop_with_referrer().await;
    let ada = enrol(&shop, "ada@example.com").await;
    let mut books = Books::open(&shop, &[&mia, &ada]).await;
    claim(&shop, &code, &ada).await.is(201);
    books.deserved(COUPON);
    shop.delete(&format!("/v1/members/{ada}")).await.is(204);
    let again = enrol(&shop, "ada@example.com").await;
    let more = Books::open(&shop, &[&again]).await;
    claim(&shop, &code, &again).await.is_problem(409, "already-referred");
    more.nothing_changed().await;
    books.nothing_gained().await;
}
