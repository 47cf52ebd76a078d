//! Many at once: each version of an account is written once, and nothing is lost between them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

mod shop;
mod table;

use rules::points::Points;
use shop::*;
use store::{CommitError, Plan, Store, Write};
use table::table;

/// Gives one point, however often another commit comes first; says how often one did.
async fn give_one_point(store: Store) -> usize {
    let now = at("2026-06-18T10:00:00Z");
    let mut conflicts = 0;
    loop {
        let account = store.account(&mia()).await.unwrap().unwrap_or_else(|| guest(now));
        let (account, entries) = adjusted(account, 1, now);
        match store.commit(plan([account_of_mia(account)].into_iter().chain(entries))).await {
            Ok(()) => return conflicts,
            Err(CommitError::Conflict) => conflicts += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_commit_of_each_version_wins() {
    let store = table().await.store;
    let now = at("2026-06-18T10:00:00Z");
    let plans: Vec<Plan> = (1..=20)
        .map(|points| {
            let (account, entries) = adjusted(guest(now), points, now);
            plan([account_of_mia(account)].into_iter().chain(entries))
        })
        .collect();
    let all = plans.into_iter().map(|plan| store.commit(plan));
    let outcomes = futures::future::join_all(all).await;
    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let lost = outcomes.iter().filter(|outcome| matches!(outcome, Err(CommitError::Conflict))).count();
    assert_eq!((won, lost), (1, 19));
    let account = store.account(&mia()).await.unwrap().unwrap();
    let entries = store.entries(&mia(), None, 100).await.unwrap();
    assert_eq!((account.version, entries.len()), (1, 1));
    assert_eq!(account.ledger, entries[0].points);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lost_decides_again_and_nothing_is_lost() {
    let store = table().await.store;
    futures::future::join_all((0..25).map(|_| tokio::spawn(give_one_point(store.clone())))).await;
    let account = store.account(&mia()).await.unwrap().unwrap();
    assert_eq!((account.version, account.ledger), (25, Points::new(25)));
    let entries = store.entries(&mia(), None, 100).await.unwrap();
    let sequences: Vec<u64> = entries.iter().map(|entry| entry.sequence).collect();
    assert_eq!(sequences, (1..=25).rev().collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_two_take_at_once_is_one_s() {
    let store = table().await.store;
    let members = ["mem_1", "mem_2"].map(|id| rules::ids::MemberId::parse(id).unwrap());
    let take = |member| store.commit(plan([Write::Email { key: email_key(), member }]));
    let outcomes = futures::future::join_all(members.clone().map(take)).await;
    let winner = outcomes.iter().position(Result::is_ok).unwrap();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(store.lookups(&[], Some(&email_key())).await.unwrap().by_email.as_ref(), members.get(winner));
}
