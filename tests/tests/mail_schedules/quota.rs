//! What SES lets out: so many a day, so many a second, or nothing at all.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::join;
use tests::{
    Buyer, Fault, Shop, at,
    mailing::{INVITATION, NOW, cases, lifecycle, member, messages, reviews, shop_with, wait},
    payloads::paid_order,
    wire::SEND,
};

use crate::{each_once, many_invited, pairs, states};

#[tokio::test]
async fn what_is_over_the_quota_of_the_day_waits_with_its_reason_and_goes_out_the_next_day() {
    let (shop, ses, ids) = many_invited(5, &["review_invitation"]).await;
    ses.allow(true, 3);
    reviews(&shop).await;
    assert_eq!(ses.taken().len(), 3);
    let (sent, waits) = (("sent", ""), ("planned", "quota_reached"));
    assert_eq!(states(&shop, &ids, INVITATION).await, pairs(&[waits, waits, sent, sent, sent]));
    wait(&shop, 61);
    reviews(&shop).await;
    assert_eq!(ses.taken().len(), 3, "the day is not over");
    ses.allow(true, 200);
    wait(&shop, 24 * 60);
    reviews(&shop).await;
    each_once(&ses.taken(), 5);
    assert_eq!(states(&shop, &ids, INVITATION).await, pairs(&[sent; 5]));
}

/// Orders of others that are confirmed at once.
async fn confirmed(shop: &Shop, numbers: std::ops::RangeInclusive<u64>) -> Vec<String> {
    let mut ids = Vec::new();
    for number in numbers {
        ids.push(member(shop, number).await);
        let order = paid_order(6_130_000_000_000 + number, &Buyer::with_account(number), at(NOW), &[("19.99", 1)]);
        shop.send("orders/paid", &order).await.is(200);
    }
    ids
}

#[tokio::test]
async fn both_functions_together_keep_the_quota() {
    let (shop, ses, invited) = many_invited(3, &["review_invitation", "order_confirmation"]).await;
    let confirmed = confirmed(&shop, 4..=6).await;
    ses.allow(true, 3);
    join!(reviews(&shop), lifecycle(&shop));
    assert_eq!(ses.taken().len(), 3);
    let all = [states(&shop, &invited, INVITATION).await, states(&shop, &confirmed, "order_confirmation_1").await];
    let open: Vec<_> = all.concat().into_iter().filter(|(state, _)| state == "planned").collect();
    assert_eq!(open.len(), 3, "nothing is lost: {all:?}");
    ses.allow(true, 200);
    wait(&shop, 24 * 60);
    join!(reviews(&shop), lifecycle(&shop));
    each_once(&ses.taken(), 6);
}

#[tokio::test]
async fn who_waits_for_a_confirmation_waits_for_no_marketing_that_was_due_before() {
    let (shop, ses) = shop_with(&["welcome", "order_confirmation"]).await;
    // more than are served at once
    for number in 1..=60 {
        member(&shop, number).await;
    }
    wait(&shop, 5);
    let confirmed = confirmed(&shop, 61..=62).await;
    ses.allow(true, 2);
    lifecycle(&shop).await;
    let sent: Vec<String> = ses.taken().into_iter().map(|mail| mail.scenario).collect();
    assert_eq!(sent, ["order_confirmation_1", "order_confirmation_1"]);
    assert_eq!(states(&shop, &confirmed, "order_confirmation_1").await, pairs(&[("sent", ""); 2]));
    ses.allow(true, 200);
    wait(&shop, 60);
    lifecycle(&shop).await;
    assert_eq!(ses.taken().iter().filter(|mail| mail.scenario == "welcome_1").count(), 62);
}

#[tokio::test]
async fn what_nobody_heard_of_ends_after_an_hour_also_while_nothing_goes_out() {
    let (shop, ses, ids) = many_invited(2, &["review_invitation"]).await;
    ses.wire.break_calls_of(SEND, Fault::AnswerLost, 0, usize::MAX);
    reviews(&shop).await;
    ses.wire.clear();
    ses.allow(true, 0);
    assert_eq!(states(&shop, &ids, INVITATION).await, pairs(&[("sending", ""); 2]));
    for _ in 0..7 {
        wait(&shop, 10);
        reviews(&shop).await;
        lifecycle(&shop).await;
    }
    assert_eq!(states(&shop, &ids, INVITATION).await, pairs(&[("unknown", "no_answer"); 2]));
    assert_eq!(cases(&shop, "mail_unknown").await.len(), 2);
}

#[tokio::test]
async fn nothing_goes_out_while_the_account_may_not_send_and_all_of_it_afterwards() {
    let (shop, ses, ids) = many_invited(4, &["review_invitation"]).await;
    ses.allow(false, 200);
    for _ in 0..3 {
        reviews(&shop).await;
        wait(&shop, 1);
    }
    assert!(ses.taken().is_empty() && ses.wire.calls().iter().all(|call| call.operation != SEND));
    assert!(states(&shop, &ids, INVITATION).await.iter().all(|(state, _)| state == "planned"));
    ses.allow(true, 200);
    reviews(&shop).await;
    each_once(&ses.taken(), 4);
}

#[tokio::test]
async fn who_was_throttled_in_the_middle_of_a_run_gets_theirs_a_minute_later() {
    let (shop, ses, ids) = many_invited(6, &["review_invitation"]).await;
    ses.wire.break_calls_of(SEND, Fault::Throttled, 2, 2);
    reviews(&shop).await;
    assert_eq!(ses.taken().len(), 4);
    let (sent, waits) = (("sent", ""), ("planned", "throttled"));
    assert_eq!(states(&shop, &ids, INVITATION).await, pairs(&[waits, waits, sent, sent, sent, sent]));
    reviews(&shop).await;
    assert_eq!(ses.taken().len(), 4, "not before the pause is over");
    wait(&shop, 1);
    reviews(&shop).await;
    each_once(&ses.taken(), 6);
}

/// The same shop where so many functions share the rate.
fn sharing(shop: &Shop, functions: u32) -> Shop {
    shop.another_instance_with(|state| {
        let office = state.office.as_deref().unwrap().clone();
        state.office = Some(Arc::new(app::post_office::PostOffice { shared_by: functions, ..office }));
    })
}

#[tokio::test]
async fn one_a_second_is_one_a_second_for_both_functions_together() {
    let (shop, ses, _) = many_invited(2, &["review_invitation", "order_confirmation"]).await;
    confirmed(&shop, 3..=4).await;
    ses.at_rate(1);
    let shop = sharing(&shop, 2);
    let begun = Instant::now();
    join!(reviews(&shop), lifecycle(&shop));
    assert_eq!(ses.taken().len(), 4);
    // each function takes every other second
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_was_refused_and_never_counted_takes_no_other_mail_off_the_cap() {
    let (shop, ses, ids) = many_invited(1, &["review_invitation", "order_confirmation"]).await;
    reviews(&shop).await;
    assert_eq!(ses.taken().len(), 1);
    // at the same moment a mail is refused that is part of an order
    let order = paid_order(6_130_000_000_001, &Buyer::with_account(1), shop.now(), &[("5.00", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    ses.wire.break_calls_of(SEND, Fault::Throttled, 0, 1);
    lifecycle(&shop).await;
    tests::post::plan(&shop, "mail", &ids[0], ("welcome", 1, "")).await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["mail"]["scenarios"]["welcome"]["on"] = serde_json::json!(true);
    shop.put_program(&program, Some("\"2\"")).await.is(200);
    wait(&shop, 2);
    lifecycle(&shop).await;
    assert_eq!(states(&shop, &ids, "order_confirmation_1").await, pairs(&[("sent", "")]));
    assert_eq!(
        states(&shop, &ids, "welcome_1").await,
        pairs(&[("planned", "cap")]),
        "{:?}",
        messages(&shop, &ids[0]).await
    );
}
