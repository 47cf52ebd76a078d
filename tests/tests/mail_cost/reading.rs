//! What it takes to list a member's mail, and to explain one.

use tests::{
    mailing::{INVITATION, message},
    post,
};

use crate::*;

async fn cost_of_get(shop: &Shop, path: &str) -> Cost {
    shop.wire.clear();
    shop.get(path).await.is(200);
    shop.wire.cost()
}

#[tokio::test]
async fn a_member_s_mail_is_listed_in_one_trip_by_what_there_is_of_it() {
    let (shop, _) = shop_that_invites().await;
    let id = member(&shop, 1).await;
    let path = format!("/v1/members/{id}/messages");
    for (messages, read_units) in [(1, 2.0), (30, 5.0)] {
        for number in 0..messages {
            post::plan(&shop, "reviews", &id, ("review_invitation", 1, &format!("{messages}#{number}"))).await;
        }
        assert_eq!(cost_of_get(&shop, &path).await, cost(&[&["GetItem", "Query"]], read_units, 0.0), "{messages}");
    }
}

#[tokio::test]
async fn explaining_what_is_planned_takes_what_sending_it_reads_and_what_was_sent_the_message_alone() {
    let (shop, _) = shop_that_invites().await;
    let id = invited_later(&shop, 1).await;
    let planned = message(&shop, &id, INVITATION).await;
    let path = format!("/v1/members/{id}/messages/{}/explain", planned["id"].as_str().unwrap());
    let message: &[&str] = &["GetItem", "GetItem"];
    let everything: [&[&str]; 2] =
        [&["Query", "BatchGetItem", "GetItem"], &["Query", "GetItem", "BatchGetItem", "BatchGetItem"]];
    assert_eq!(cost_of_get(&shop, &path).await, cost(&[message, everything[0], everything[1]], 10.0, 0.0));
    when_due(&shop).await;
    reviews(&shop).await;
    assert_eq!(cost_of_get(&shop, &path).await, cost(&[message], 2.0, 0.0));
}
