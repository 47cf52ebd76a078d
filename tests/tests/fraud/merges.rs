//! Two accounts of one person, who tells so only when it pays.

use serde_json::{Value, json};
use tests::{Fault, Shop, payloads::*};

use crate::{
    Books, NOW, enrol,
    referral::{COUPON, PAYMENT, claim, code_of, days_later, first_order, joined, shop_with_referrer},
};

async fn validity(shop: &Shop, coupon: &Value) -> Value {
    let path = format!("/v1/coupons/{}/validate", coupon["code"].as_str().unwrap());
    shop.post(&path, &json!({}), None).await.is(200)
}

#[tokio::test]
async fn friend_and_referrer_who_are_one_keep_neither_coupon_nor_payment() {
    for (is_paid, friend_is_merged) in [(false, true), (false, false), (true, true), (true, false)] {
        let (shop, mia, code) = shop_with_referrer().await;
        let (buyer, friend) = joined(&shop, 1).await;
        let books = Books::open(&shop, &[&mia, &friend]).await;
        let given = claim(&shop, &code, &friend).await.is(201);
        shop.send("orders/paid", &first_order(&shop, 1, &buyer)).await.is(200);
        if is_paid {
            days_later(&shop, 3).await;
            assert_eq!(books.close().await.money, COUPON + PAYMENT);
        }

        let (from, into) = if friend_is_merged { (&friend, &mia) } else { (&mia, &friend) };
        shop.merge(from, into).await;
        days_later(&shop, 3).await;
        assert_eq!(books.close().await.money, -100, "of two welcomes one, and nothing of the referral");
        assert_eq!(validity(&shop, &given["coupon"]).await["reason"], "cancelled");
        let shown = shop.get(&format!("/v1/members/{mia}/referral")).await.is(200);
        assert_eq!((&shown["paid"], &shown["points_earned"]), (&json!(0), &json!(0)));
    }
}

#[tokio::test]
async fn a_former_account_of_the_referrer_is_the_referrer() {
    for friend_is_merged in [true, false] {
        let (shop, mia, code) = shop_with_referrer().await;
        let (buyer, friend) = joined(&shop, 1).await;
        let (max, ada) = (enrol(&shop, "max@example.com").await, enrol(&shop, "ada@example.com").await);
        let books = Books::open(&shop, &[&mia, &max, &ada, &friend]).await;
        claim(&shop, &code, &friend).await.is(201);
        shop.send("orders/paid", &first_order(&shop, 1, &buyer)).await.is(200);
        days_later(&shop, 3).await;
        shop.merge(&mia, &max).await;
        shop.merge(&friend, &ada).await;

        let (from, into) = if friend_is_merged { (&ada, &max) } else { (&max, &ada) };
        shop.merge(from, into).await;
        assert_eq!(books.close().await.money, -300, "of four welcomes one, and nothing of the referral");
    }
}

#[tokio::test]
async fn a_coupon_that_an_order_names_while_they_become_one_does_not_come_back() {
    let (shop, mia, code) = shop_with_referrer().await;
    let (buyer, friend) = joined(&shop, 1).await;
    let books = Books::open(&shop, &[&mia, &friend]).await;
    let given = claim(&shop, &code, &friend).await.is(201);
    let mut named = first_order(&shop, 1, &buyer);
    named["financial_status"] = json!("pending");
    named["discount_codes"] = json!([{"code": given["coupon"]["code"], "amount": "0.00", "type": "fixed_amount"}]);
    shop.send("orders/create", &named).await.is(200);

    shop.merge(&friend, &mia).await;
    shop.send("orders/cancelled", &cancelled(&named, shop.now())).await.is(200);
    assert_eq!(validity(&shop, &given["coupon"]).await["reason"], "cancelled");
    books.nothing_gained().await;
}

#[tokio::test]
async fn who_had_bought_under_another_account_was_no_new_friend() {
    for friend_is_merged in [true, false] {
        let (shop, mia, code) = shop_with_referrer().await;
        let (buyer, old) = joined(&shop, 1).await;
        shop.send("orders/paid", &first_order(&shop, 1, &buyer)).await.is(200);
        days_later(&shop, 1).await;
        let alias = enrol(&shop, "new@example.com").await;
        let books = Books::open(&shop, &[&mia, &old, &alias]).await;
        claim(&shop, &code, &alias).await.is(201);

        let (from, into) = if friend_is_merged { (&alias, &old) } else { (&old, &alias) };
        shop.merge(from, into).await;
        shop.send("orders/paid", &first_order(&shop, 2, &buyer)).await.is(200);
        days_later(&shop, 3).await;
        books.nothing_gained().await;
    }
}

#[tokio::test]
async fn two_friends_who_are_one_have_the_coupon_of_the_first_claim() {
    for first_is_merged in [true, false] {
        let (shop, mia, code) = shop_with_referrer().await;
        let bob = enrol(&shop, "bob@example.com").await;
        let bobs = code_of(&shop, &bob).await;
        let ((buyer, first), (_, second)) = (joined(&shop, 1).await, joined(&shop, 2).await);
        let mut books = Books::open(&shop, &[&mia, &bob, &first, &second]).await;
        let kept = claim(&shop, &code, &first).await.is(201);
        days_later(&shop, 1).await;
        let lost = claim(&shop, &bobs, &second).await.is(201);

        let (from, into) = if first_is_merged { (&first, &second) } else { (&second, &first) };
        shop.merge(from, into).await;
        assert_eq!(validity(&shop, &kept["coupon"]).await["valid"], true);
        assert_eq!(validity(&shop, &lost["coupon"]).await["reason"], "cancelled");
        shop.send("orders/paid", &first_order(&shop, 1, &buyer)).await.is(200);
        days_later(&shop, 3).await;
        books.deserved(COUPON + PAYMENT - 100);
        books.nothing_changed().await;
        assert_eq!(shop.ledger(&bob).await.len(), 1, "who invited them later is not paid");
    }
}

async fn surveys(shop: &Shop, member: &str, subjects: std::ops::Range<usize>) {
    for number in subjects {
        let body = json!({"type": "survey", "subject": format!("s-{number}")});
        let (path, key) = (format!("/v1/members/{member}/activities"), format!("{member}-{number}"));
        shop.post(&path, &body, Some(&key)).await.is(201);
    }
}

#[tokio::test]
async fn what_earns_once_earns_once_of_two_accounts_that_are_one() {
    for (first_is_merged, surveyed) in [(true, 3), (false, 3), (true, 40), (false, 40)] {
        let shop = Shop::open(NOW).await;
        let (first, second) = (enrol(&shop, "ada@example.com").await, enrol(&shop, "ada@example.org").await);
        let mut books = Books::open(&shop, &[&first, &second]).await;
        surveys(&shop, &first, 0..surveyed).await;
        shop.move_clock(shop.now() + jiff::SignedDuration::from_secs(1));
        surveys(&shop, &second, 0..surveyed + 1).await;

        let (from, into) = if first_is_merged { (&first, &second) } else { (&second, &first) };
        shop.merge(from, into).await;
        books.deserved(50 * i64::try_from(surveyed + 1).unwrap() - 100);
        books.nothing_changed().await;
        let listed = shop.get(&format!("/v1/members/{into}/activities?limit=100")).await.is(200);
        let reversed = listed["activities"].as_array().unwrap().iter().filter(|deed| deed["state"] == "reversed");
        assert_eq!(reversed.count(), surveyed, "the later of each two");
    }
}

#[tokio::test]
async fn a_merge_that_is_cut_off_in_the_middle_is_finished_by_the_next_request() {
    let shop = Shop::open(NOW).await;
    let (one, other) = (enrol(&shop, "ada@example.com").await, enrol(&shop, "ada@example.org").await);
    let mut books = Books::open(&shop, &[&one, &other]).await;
    surveys(&shop, &one, 0..40).await;
    surveys(&shop, &other, 0..40).await;
    for commits in 0..2 {
        shop.wire.break_calls_of("TransactWriteItems", Fault::Throttled, commits, usize::MAX);
        let merge = shop.post(&format!("/v1/members/{one}/merge"), &json!({"from": other}), Some("k-1")).await;
        assert_ne!(merge.status, 200);
    }
    shop.wire.clear();
    shop.merge(&other, &one).await;
    books.deserved(50 * 40 - 100);
    books.nothing_changed().await;
}

#[tokio::test]
async fn what_a_former_account_has_claimed_is_claimed() {
    let shop = Shop::open(NOW).await;
    let (former, ada) = (enrol(&shop, "ada@example.com").await, enrol(&shop, "ada@example.org").await);
    surveys(&shop, &former, 0..1).await;
    shop.merge(&former, &ada).await;
    let books = Books::open(&shop, &[&ada]).await;
    for member in [&former, &ada] {
        let path = format!("/v1/members/{member}/activities");
        let body = json!({"type": "survey", "subject": "s-0"});
        shop.post(&path, &body, Some(&format!("again-{member}"))).await.is_problem(409, "cap-reached");
    }
    books.nothing_changed().await;
}
