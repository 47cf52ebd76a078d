//! The ledger, page by page.

use rules::ledger::Entry;
use store::CommitError;

use crate::{
    shop::*,
    table::{Table, table},
};

fn sequences(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.sequence).collect()
}

#[tokio::test]
async fn a_ledger_is_read_in_pages_from_the_newest_down() {
    let Table { store, .. } = table().await;
    for first in [1, 21, 41] {
        store.commit(plan((first..first + 20).map(|sequence| gift(sequence, "a gift")))).await.unwrap();
    }
    let newest = store.entries(&mia(), None, 25).await.unwrap();
    assert_eq!(sequences(&newest), (36..=60).rev().collect::<Vec<_>>());
    let next = store.entries(&mia(), Some(36), 25).await.unwrap();
    assert_eq!(sequences(&next), (11..=35).rev().collect::<Vec<_>>());
    let last = store.entries(&mia(), Some(11), 25).await.unwrap();
    assert_eq!(sequences(&last), (1..=10).rev().collect::<Vec<_>>());
    for (before, limit) in [(Some(1), 25), (Some(0), 25), (None, 0)] {
        assert_eq!(store.entries(&mia(), before, limit).await.unwrap(), [], "{before:?} {limit}");
    }
}

#[tokio::test]
async fn a_ledger_larger_than_one_answer_is_read_whole() {
    let Table { store, .. } = table().await;
    let long = "because ".repeat(8_000);
    for first in [1, 11, 21] {
        store.commit(plan((first..first + 10).map(|sequence| gift(sequence, &long)))).await.unwrap();
    }
    let entries = store.entries(&mia(), None, 100).await.unwrap();
    assert_eq!(sequences(&entries), (1..=30).rev().collect::<Vec<_>>());
    assert!(entries.iter().all(|entry| entry.reason == long));
}

#[tokio::test]
async fn entries_since_an_instant_are_those_recorded_after_it() {
    let Table { store, .. } = table().await;
    for first in [1, 21, 41, 61] {
        store.commit(plan((first..first + 20).map(|sequence| gift(sequence, "a gift")))).await.unwrap();
    }
    let mia = mia();
    let since = |text: &str| store.entries_since(&mia, at(text));
    assert_eq!(sequences(&since("2026-06-18T11:18:00Z").await.unwrap()), [80, 79]);
    assert_eq!(sequences(&since("2026-06-18T11:17:59.9Z").await.unwrap()), [80, 79, 78]);
    assert_eq!(since("2026-06-18T11:20:00Z").await.unwrap(), []);
    assert_eq!(since("2020-01-01T00:00:00Z").await.unwrap().len(), 80);
}

#[tokio::test]
async fn an_entry_is_never_written_over() {
    let Table { store, .. } = table().await;
    store.commit(plan([gift(1, "the first")])).await.unwrap();
    assert!(matches!(store.commit(plan([gift(1, "another")])).await, Err(CommitError::Conflict)));
    assert_eq!(store.entry(&mia(), 1).await.unwrap().unwrap().reason, "the first");
}
