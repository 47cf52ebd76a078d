//! Two members who are one person.

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};

use crate::{NOW, enrol, entries, history, id_of, link, order};

async fn enrolled(shop: &Shop, email: &str) -> String {
    let (status, member) = enrol(shop, json!({"email": email})).await;
    assert_eq!(status, 201);
    id_of(&member).to_owned()
}

async fn refuses(shop: &Shop, into: &str, from: &str, status: u16, slug: &str) -> Value {
    let (path, key) = (format!("/v1/members/{into}/merge"), format!("{into}-{from}"));
    shop.post(&path, &json!({"from": from}), Some(&key)).await.is_problem(status, slug)
}

#[tokio::test]
async fn a_merged_member_s_points_orders_links_and_addresses_are_the_other_s() {
    let shop = Shop::open(NOW).await;
    let (one, other) = (Buyer::without_account(1), Buyer::with_account(2));
    shop.send("orders/paid", &order(1, &one)).await.is(200);
    shop.send("orders/paid", &order(2, &other)).await.is(200);
    let (from, into) = (shop.find(&one.email).await.unwrap(), shop.find(&other.email).await.unwrap());
    let merged = shop.merge(id_of(&from), id_of(&into)).await;
    assert_eq!((&merged["id"], &merged["status"]), (&into["id"], &json!("enrolled")));
    assert_eq!(merged["points"]["pending"], 60);
    assert_eq!(merged["links"], json!([link(2), link(1)]));
    assert_eq!(history(&shop, &merged).await, entries(&[("purchase", 30), ("merge_in", 30)]));
    assert_eq!(shop.member(id_of(&from)).await, merged, "the former id leads to the member");
    assert_eq!(shop.find(&one.email).await.unwrap(), merged);
    assert_eq!(shop.id_of_customer(customer_id(1)).await, id_of(&merged));
    assert_eq!(shop.lots(id_of(&from)).await, shop.lots(id_of(&into)).await);
    assert_eq!(shop.ledger(id_of(&from)).await, shop.ledger(id_of(&into)).await);

    let refunded = refund(&order(1, &one), 930_000_000_001, at(NOW), &[(0, 1)]);
    shop.send("refunds/create", &refunded).await.is(200);
    assert_eq!(shop.member(id_of(&into)).await["points"]["pending"], 30);
    assert_eq!(shop.explain_order(&order(1, &one)).await["member_id"], into["id"], "the order is theirs from then on");
    let later = later(&order(1, &one), at(NOW));
    shop.send("orders/updated", &later).await.is(200);
    assert_eq!(shop.member(id_of(&into)).await["points"]["pending"], 30);
}

#[tokio::test]
async fn what_only_the_other_said_is_taken_over_and_the_later_consent_holds() {
    let shop = Shop::open(NOW).await;
    let (_, from) = enrol(
        &shop,
        json!({"email": "ada@example.com", "name": "Ada", "country": "AT",
        "birthday": "1990-12-10", "consent": {"marketing": "granted"}}),
    )
    .await;
    shop.move_clock(at("2026-06-21T12:00:00Z"));
    let (_, into) = enrol(
        &shop,
        json!({"email": "ada@example.org", "name": "Ada King",
        "consent": {"marketing": "withdrawn"}}),
    )
    .await;
    let merged = shop.merge(id_of(&from), id_of(&into)).await;
    for (field, expected) in
        [("email", "ada@example.org"), ("name", "Ada King"), ("country", "AT"), ("birthday", "1990-12-10")]
    {
        assert_eq!(merged[field], expected);
    }
    assert_eq!(merged["consent"]["marketing"], "withdrawn");
    assert_eq!(shop.find("ada@example.com").await.unwrap()["id"], into["id"]);
}

#[tokio::test]
async fn merging_doubles_nothing_that_comes_once() {
    let shop = Shop::open(NOW).await;
    let (from, into) = (enrolled(&shop, "ada@example.com").await, enrolled(&shop, "ada@example.org").await);
    assert_eq!(shop.merge(&from, &into).await["points"]["available"], 100);
    let spent = enrolled(&shop, "ada@example.net").await;
    shop.adjust(&spent, -100, "k-1").await;
    assert_eq!(shop.merge(&spent, &into).await["points"]["available"], 0, "what was spent is owed");
}

#[tokio::test]
async fn a_debt_is_not_escaped_by_merging_either_way() {
    for debtor_is_merged in [true, false] {
        let shop = Shop::open(NOW).await;
        let debtor = enrolled(&shop, "ada@example.com").await;
        shop.adjust(&debtor, -150, "k-1").await;
        let buyer = Buyer::with_account(1);
        shop.send("orders/paid", &order(1, &buyer)).await.is(200);
        let rich = shop.id_of_customer(customer_id(1)).await;
        shop.adjust(&rich, 100, "k-2").await;
        let merged = if debtor_is_merged { shop.merge(&debtor, &rich).await } else { shop.merge(&rich, &debtor).await };
        let points = &merged["points"];
        assert_eq!((&points["debt"], &points["available"], &points["pending"]), (&json!(0), &json!(50), &json!(30)));
        let lots = shop.lots(id_of(&merged)).await;
        assert_eq!(lots["ledger"], 80);
    }
}

#[tokio::test]
async fn what_cannot_be_merged_is_refused_and_nothing_is_done() {
    let shop = Shop::open(NOW).await;
    let mut members = Vec::new();
    for number in 0..4 {
        members.push(enrolled(&shop, &email(number)).await);
    }
    let [ada, bob, eve, gone] = members.as_slice() else { unreachable!() };
    shop.merge(bob, ada).await;
    shop.delete(&format!("/v1/members/{gone}")).await.is(204);
    let rows = shop.rows().await;
    assert_eq!(refuses(&shop, ada, ada, 400, "invalid-request").await["errors"][0]["pointer"], "/from");
    assert_eq!(refuses(&shop, ada, bob, 409, "already-merged").await["member_id"], json!(ada), "its own alias");
    assert_eq!(refuses(&shop, bob, ada, 409, "already-merged").await["member_id"], json!(ada), "a loop");
    assert_eq!(refuses(&shop, eve, bob, 409, "already-merged").await["member_id"], json!(ada), "another's alias");
    refuses(&shop, ada, "mem_nobody", 404, "not-found").await;
    refuses(&shop, "mem_nobody", ada, 404, "not-found").await;
    refuses(&shop, ada, gone, 404, "not-found").await;
    refuses(&shop, gone, ada, 404, "not-found").await;
    let path = format!("/v1/members/{ada}/merge");
    shop.post(&path, &json!({"from": eve}), None).await.is_problem(400, "idempotency-key-missing");
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn who_was_merged_before_leads_to_the_last_of_them_in_one_step() {
    let shop = Shop::open(NOW).await;
    let (ada, bob, eve) =
        (enrolled(&shop, &email(1)).await, enrolled(&shop, &email(2)).await, enrolled(&shop, &email(3)).await);
    shop.merge(&ada, &bob).await;
    let merged = shop.merge(&bob, &eve).await;
    assert_eq!(shop.member(&ada).await, merged);
    shop.adjust(&ada, 7, "k-1").await;
    assert_eq!(shop.member(&eve).await["points"]["available"], 107);
    for number in 1..=3 {
        assert_eq!(shop.find(&email(number)).await.unwrap()["id"], json!(eve));
    }
}

#[tokio::test]
async fn at_most_twenty_members_are_merged_into_one() {
    let shop = Shop::open(NOW).await;
    let ada = enrolled(&shop, "ada@example.com").await;
    for number in 0..20 {
        let other = enrolled(&shop, &email(number)).await;
        shop.merge(&other, &ada).await;
    }
    let other = enrolled(&shop, &email(20)).await;
    refuses(&shop, &ada, &other, 409, "too-many-aliases").await;
    refuses(&shop, &other, &ada, 409, "too-many-aliases").await;
    assert_eq!(shop.member(&ada).await["points"]["available"], 100);
    shop.delete(&format!("/v1/members/{ada}")).await.is(204);
    assert_eq!(shop.find(&email(3)).await, None);
}

#[tokio::test]
async fn a_merge_that_is_asked_for_again_answers_the_same() {
    let shop = Shop::open(NOW).await;
    let (from, into) = (enrolled(&shop, &email(1)).await, enrolled(&shop, &email(2)).await);
    let merged = shop.merge(&from, &into).await;
    let rows = shop.rows().await;
    assert_eq!(shop.merge(&from, &into).await, merged);
    assert_eq!(shop.rows().await, rows);
}
