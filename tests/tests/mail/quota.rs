//! What SES takes of a day is used up: mail waits, at little cost, and goes out when there is more.

use serde_json::json;
use tests::payloads::email;

use crate::{INVITATION, delivered, four_days_ago, member, message, reviews, shop_with, wait};

#[tokio::test]
async fn once_nothing_is_left_of_the_day_no_mail_is_touched_until_there_is_more() {
    let (shop, ses) = shop_with(&["review_invitation"]).await;
    let mut ids = Vec::new();
    for number in 1..=30 {
        ids.push(member(&shop, number).await);
        delivered(&shop, number, four_days_ago()).await;
    }
    wait(&shop, 10);
    ses.allow(true, 0);
    shop.wire.clear();
    let run = reviews(&shop).await;
    assert_eq!((run.served, run.failed, run.stopped_early), (0, 0, true));
    let calls = shop.wire.cost().calls;
    assert!(calls.iter().all(|call| call == "Query" || call == "GetItem"), "{calls:?}");
    ses.allow(true, 1);
    wait(&shop, 1);
    reviews(&shop).await;
    assert_eq!(ses.taken().len(), 1);
    ses.allow(true, 100);
    wait(&shop, 1);
    reviews(&shop).await;
    assert_eq!(ses.taken().len(), 30);
    for (number, id) in (1..=30).zip(&ids) {
        assert_eq!(ses.scenarios_to(&email(number)), [INVITATION]);
        assert_eq!(message(&shop, id, INVITATION).await["state"], json!("sent"));
    }
}
