//! Runs that are cut off, that die, and that overlap: what is left is the next one's, and nobody gets a mail twice.

use std::time::Duration;

use app::{Deadline, Tally};
use jiff::SignedDuration;
use tests::{
    Shop,
    mailing::{INVITATION, cases, invited, lifecycle, overlap, reviews, tell, wait},
};
use web::schedules;

use crate::{copied, each_once, many_invited, pairs, states};

/// A run that has so long.
async fn reviews_within(shop: &Shop, millis: u64) -> Tally {
    schedules::reviews(&shop.state, Deadline::within(Duration::from_millis(millis))).await.unwrap()
}

#[tokio::test]
async fn a_run_without_any_time_leaves_everything_as_it_was() {
    let (shop, ses, _) = many_invited(3, &["review_invitation"]).await;
    let rows = shop.rows().await;
    let run = reviews_within(&shop, 0).await;
    assert!(run.stopped_early && run.served == 0, "{run:?}");
    assert_eq!(shop.rows().await, rows);
    reviews(&shop).await;
    each_once(&ses.taken(), 3);
}

#[tokio::test]
async fn a_run_whose_time_is_up_in_the_middle_leaves_the_rest_to_the_next_one() {
    let (shop, ses, ids) = many_invited(12, &["review_invitation"]).await;
    // twelve of them take longer than the run has
    ses.at_rate(4);
    reviews_within(&shop, 1_500).await;
    let taken = ses.taken().len();
    assert!((1..12).contains(&taken), "{taken}");
    let left = states(&shop, &ids, INVITATION).await.into_iter().filter(|(state, _)| state == "planned").count();
    assert_eq!(left + taken, 12, "each is sent or waits, and none is held");
    ses.at_rate(500);
    reviews(&shop).await;
    each_once(&ses.taken(), 12);
}

#[tokio::test]
async fn of_a_run_that_is_killed_in_between_what_it_had_not_begun_goes_out_later_and_what_it_had_is_settled() {
    let (shop, ses, ids) = many_invited(6, &["review_invitation", "staff_case"]).await;
    // after what SES takes, and what the first mail; the second one is on its way
    let stop = ses.wire.stop_at(2, true);
    tokio::select! { () = stop.reached() => {}, _ = reviews(&shop) => panic!("it ran to its end") }
    ses.wire.clear();
    overlap(&shop).await;
    assert!(!ses.taken().is_empty());
    wait(&shop, 6);
    overlap(&shop).await;
    for mail in ses.taken() {
        tell(&shop, &mail.sent(shop.now())).await;
    }
    wait(&shop, 62);
    overlap(&shop).await;
    lifecycle(&shop).await;
    let states = states(&shop, &ids, INVITATION).await;
    let sent = states.iter().filter(|(state, _)| state == "sent").count();
    let invitations = || ses.taken().into_iter().filter(|mail| mail.scenario == INVITATION);
    assert_eq!(sent, invitations().count(), "{states:?}");
    let unknown = states.iter().filter(|state| **state == ("unknown".to_owned(), "no_answer".to_owned())).count();
    assert_eq!(sent + unknown, 6, "{states:?}");
    assert_eq!(cases(&shop, "mail_unknown").await.len(), unknown);
    let mut addresses: Vec<_> = invitations().map(|mail| mail.to).collect();
    addresses.sort();
    addresses.dedup();
    assert_eq!(addresses.len(), sent, "nobody got it twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_runs_at_once_a_hundred_members_get_theirs_once() {
    let (shop, ses, id) = invited(&["review_invitation"]).await;
    copied(&shop, &id, 2..=100);
    overlap(&shop).await;
    // what one of them had claimed when the other came is done
    shop.move_clock(shop.now() + SignedDuration::from_mins(6));
    overlap(&shop).await;
    each_once(&ses.taken(), 100);
    assert_eq!(states(&shop, &[id], INVITATION).await, pairs(&[("sent", "")]));
}
