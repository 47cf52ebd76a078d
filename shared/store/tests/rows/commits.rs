//! Commits: all of a plan or nothing of it.

use rules::{order::Order, program::ProgramVersion};
use store::{CommitError, Write};

use crate::{
    shop::*,
    table::{Table, table},
};

#[tokio::test]
async fn a_conflict_commits_nothing() {
    let Table { store, .. } = table().await;
    let now = at("2026-06-18T10:00:00Z");
    let (account, entries) = adjusted(guest(now), 100, now);
    store.commit(plan([account_of_mia(account.clone())].into_iter().chain(entries))).await.unwrap();

    let (order, settled) = settled(1, paid(5, 39_99, now), guest(now), now);
    let key = order.key.clone();
    let lost = store.commit(order_plan(order, settled)).await;
    assert!(matches!(lost, Err(CommitError::Conflict)), "{lost:?}");
    assert_eq!(store.order(&key).await.unwrap(), None);
    assert_eq!(store.account(&mia()).await.unwrap(), Some(account));
    assert_eq!(store.entries(&mia(), None, 10).await.unwrap().len(), 1);
    assert_eq!(store.tier_changes(&mia(), None, 100).await.unwrap(), []);
}

#[tokio::test]
async fn each_version_follows_the_one_before_and_comes_once() {
    let Table { store, .. } = table().await;
    let order = |version| plan([Write::Order(Order { version, ..Order::unknown(order_key(1)) })]);
    assert!(matches!(store.commit(order(2)).await, Err(CommitError::Conflict)), "there is no first one");
    store.commit(order(1)).await.unwrap();
    assert!(matches!(store.commit(order(1)).await, Err(CommitError::Conflict)), "there is a first one");
    assert!(matches!(store.commit(order(3)).await, Err(CommitError::Conflict)), "the second one is missing");
    store.commit(order(2)).await.unwrap();
    assert_eq!(store.order(&order_key(1)).await.unwrap().unwrap().version, 2);
    assert!(matches!(store.commit(order(0)).await, Err(CommitError::Store(_))), "nothing would guard the next one");
}

#[tokio::test]
async fn an_empty_plan_is_committed_and_one_that_is_too_large_is_not() {
    let table = table().await;
    table.store.commit(plan([])).await.unwrap();
    let pointers = (0..91).map(|id| Write::OrderPointer { member: mia(), order: order_key(id) });
    assert!(matches!(table.store.commit(plan(pointers)).await, Err(CommitError::TooLarge)));
    let past_the_end = Write::Program(ProgramVersion { version: 100_000, ..version(1) });
    assert!(matches!(table.store.commit(plan([past_the_end])).await, Err(CommitError::TooLarge)));
}

#[tokio::test]
async fn a_table_that_exists_is_left_as_it_is() {
    let Table { store, .. } = table().await;
    store.commit(plan([gift(1, "a gift")])).await.unwrap();
    store.create_table().await.unwrap();
    assert!(store.entry(&mia(), 1).await.unwrap().is_some());
}
