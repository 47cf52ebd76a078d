//! Mail that an account is woken for, when the program puts it elsewhere, and mail about mail.

use serde_json::json;
use tests::{Fault, Shop, at, payloads::email, wire::SEND};
use web::schedules;

use crate::{INVITATION, cases, invited, member, messages, overlap, reviews, shop_with, wait};

/// A run that nothing fails in.
async fn run(shop: &Shop) {
    let done = schedules::lifecycle(&shop.state, app::Deadline::NONE).await.unwrap();
    let failed = [done.accounts, done.events, done.messages, done.replanned].map(|tally| tally.failed);
    assert_eq!(failed, [0; 4], "at {}", shop.now());
}

/// From now on points last until the end of the next month, and are told of so long before.
async fn tells_of_points(shop: &Shop, before: &[&str]) {
    let answer = shop.get("/v1/program").await;
    let etag = answer.header("etag").unwrap().to_owned();
    let mut program = answer.is(200);
    program["expiry"]["months"] = json!(1);
    program["mail"]["scenarios"]["points_expiring"]["steps"] = json!(before);
    shop.put_program(&program, Some(&etag)).await.is(200);
}

#[tokio::test]
async fn who_was_told_of_points_is_not_told_again_by_a_program_that_tells_later() {
    let (shop, ses) = shop_with(&["points_expiring"]).await;
    tells_of_points(&shop, &["-P40D", "-P35D"]).await;
    let id = member(&shop, 1).await;
    // they last until 31 July
    shop.adjust(&id, 500, "k-1").await;
    shop.move_clock(at("2026-06-21T12:00:00Z"));
    run(&shop).await;
    assert_eq!(ses.scenarios_to(&email(1)), ["points_expiring_1"]);
    tells_of_points(&shop, &["-P37D", "-P36D"]).await;
    shop.move_clock(at("2026-06-24T12:00:00Z"));
    run(&shop).await;
    assert_eq!(ses.scenarios_to(&email(1)), ["points_expiring_1"]);
    shop.move_clock(at("2026-06-25T12:00:00Z"));
    run(&shop).await;
    assert_eq!(ses.scenarios_to(&email(1)), ["points_expiring_1", "points_expiring_2"]);
    assert!(messages(&shop, &id).await.iter().all(|message| message["state"] == "sent"));
}

#[tokio::test]
async fn mail_to_the_staff_that_nobody_heard_of_is_a_case_and_no_more_mail() {
    let (shop, ses, _) = invited(&["review_invitation", "staff_case"]).await;
    ses.wire.break_calls_of(SEND, Fault::FailedAfterwards, 0, usize::MAX);
    overlap(&shop).await;
    for _ in 0..4 {
        wait(&shop, 65);
        reviews(&shop).await;
        run(&shop).await;
    }
    let mut sent: Vec<String> = ses.taken().into_iter().map(|mail| mail.scenario).collect();
    sent.sort();
    assert_eq!(sent, [INVITATION, "staff_case_1"]);
    assert_eq!(cases(&shop, "mail_unknown").await.len(), 2, "the member's mail, and the one about it");
}
