//! Many holds of one balance at once.

use std::collections::BTreeSet;

use futures::future::join_all;
use serde_json::json;
use tests::{Answer, Shop};

use crate::{points, shop_with, usd};

const HOLDS: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_holds_at_once_of_a_balance_worth_seven_exactly_seven_succeed() {
    let (shop, id) = shop_with(750).await;
    let instances: Vec<Shop> = (0..3).map(|_| shop.another_instance()).collect();
    let (path, body) = (format!("/v1/members/{id}/holds"), json!({"points": 100, "order_total": usd("100.00")}));
    let asked = (0..HOLDS).zip(instances.iter().cycle()).map(|(number, shop)| {
        let (shop, path, body) = (shop.clone(), path.clone(), body.clone());
        tokio::spawn(async move { shop.post(&path, &body, Some(&format!("k-{number}"))).await })
    });
    let answers: Vec<Answer> = join_all(asked).await.into_iter().map(Result::unwrap).collect();
    let (made, refused): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!((made.len(), refused.len()), (7, HOLDS - 7));
    for answer in refused {
        answer.is_problem(409, "insufficient-points");
    }
    assert_eq!(points(&shop, &id).await, (50, 700, 0));
    let listed = shop.get(&path).await.is(200)["holds"].as_array().unwrap().len();
    assert_eq!(listed, 7);
    let codes: BTreeSet<&str> = made.iter().map(|answer| answer.body["code"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), 7);
}
