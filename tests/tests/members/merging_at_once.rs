//! Merges that meet: each is made or refused, whatever the others do, and no point is lost or doubled.

use futures::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Buyer, Shop, at, payloads::*};

use crate::{NOW, enrol, id_of, link};

/// Of so many members, each with a link and 10, 20, 40 ... points besides those for joining.
async fn members(shop: &Shop, count: u64) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..count {
        let (_, member) = enrol(shop, json!({"email": email(number), "links": [link(number)]})).await;
        shop.adjust(id_of(&member), 10 << number, &format!("gift-{number}")).await;
        ids.push(id_of(&member).to_owned());
    }
    ids
}

/// Each pair is merged, the first into the second, all at once and while everybody buys for 30 points.
async fn merge_all(shop: &Shop, ids: &[String], pairs: &[(usize, usize)]) -> Vec<Answer> {
    let asked = pairs.iter().enumerate().map(async |(number, (from, into))| {
        let (path, key) = (format!("/v1/members/{}/merge", ids[*into]), format!("merge-{number}"));
        merged(&shop.another_instance(), &path, &json!({"from": ids[*from]}), &key).await
    });
    let bought = (0..).zip(ids).map(async |(number, _)| {
        let order = paid_order(500 + number, &Buyer::with_account(number), at(NOW), &[("30.00", 1)]);
        shop.another_instance().deliver("orders/paid", &order).await
    });
    let (answers, _) = futures::join!(join_all(asked), join_all(bought));
    for answer in &answers {
        match answer.status {
            200 => {}
            409 => drop(answer.clone().is_problem(409, "already-merged")),
            _ => panic!("{answer:?}"),
        }
    }
    answers
}

/// Asked again while it is answered 503, as who asks does on a machine that is too slow for all of them.
async fn merged(shop: &Shop, path: &str, body: &Value, key: &str) -> Answer {
    for _ in 0..20 {
        let answer = shop.post(path, body, Some(key)).await;
        if answer.status != 503 {
            return answer;
        }
    }
    panic!("{path} was never answered");
}

fn made(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status == 200).count()
}

/// Who they all lead to, and that they have everything.
async fn all_are_one(shop: &Shop, ids: &[String]) {
    let one = shop.member(&ids[0]).await;
    for (number, id) in (0..).zip(ids) {
        assert_eq!(shop.member(id).await, one);
        assert_eq!(shop.find(&email(number)).await.as_ref(), Some(&one));
        assert_eq!(shop.id_of_customer(customer_id(number)).await, id_of(&one));
    }
    has_all_of(shop, id_of(&one), &(0..ids.len()).collect::<Vec<_>>()).await;
}

/// Joined once, and all gifts and orders of these.
async fn has_all_of(shop: &Shop, id: &str, whose: &[usize]) {
    let lots = shop.lots(id).await;
    let gifts: i64 = whose.iter().map(|number| 10 << number).sum();
    let bought = 30 * i64::try_from(whose.len()).unwrap();
    let expected = [("available", 100 + gifts), ("pending", bought), ("debt", 0), ("ledger", 100 + gifts + bought)];
    for (part, points) in expected {
        assert_eq!(lots[part], points, "{part} of {whose:?}: {lots}");
    }
    let ledger = shop.ledger(id).await;
    let sum: i64 = ledger.iter().map(|entry| entry["points"].as_i64().unwrap()).sum();
    assert_eq!((Value::from(sum), &ledger[0]["balance_after"]), (lots["ledger"].clone(), &lots["ledger"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_merges_in_both_directions_exactly_one_is_made() {
    for _ in 0..8 {
        let shop = Shop::open(NOW).await;
        let ids = members(&shop, 2).await;
        assert_eq!(made(&merge_all(&shop, &ids, &[(0, 1), (1, 0)]).await), 1);
        all_are_one(&shop, &ids).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_merges_of_one_member_exactly_one_is_made() {
    for _ in 0..5 {
        let shop = Shop::open(NOW).await;
        let ids = members(&shop, 3).await;
        let answers = merge_all(&shop, &ids, &[(0, 1), (0, 2)]).await;
        assert_eq!(made(&answers), 1);
        let (one, other) = if answers[0].status == 200 { (1, 2) } else { (2, 1) };
        has_all_of(&shop, &ids[one], &[0, one]).await;
        has_all_of(&shop, &ids[other], &[other]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chain_of_merges_at_once_ends_in_one_member() {
    for _ in 0..5 {
        let shop = Shop::open(NOW).await;
        let ids = members(&shop, 4).await;
        assert_eq!(made(&merge_all(&shop, &ids, &[(0, 1), (1, 2), (2, 3)]).await), 3);
        all_are_one(&shop, &ids).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_circle_of_merges_all_but_one_are_made() {
    for _ in 0..5 {
        let shop = Shop::open(NOW).await;
        let ids = members(&shop, 3).await;
        assert_eq!(made(&merge_all(&shop, &ids, &[(0, 1), (1, 2), (2, 0)]).await), 2);
        all_are_one(&shop, &ids).await;
    }
}
