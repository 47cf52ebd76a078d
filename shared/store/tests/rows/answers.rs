//! Answers kept for requests that come again.

use store::{AnswerKey, CommitError, SavedAnswer, Write};

use crate::{
    shop::*,
    table::{Table, table},
};

fn answer(resource: &str, now: &str, expires: &str) -> SavedAnswer {
    SavedAnswer {
        key: AnswerKey { caller: "admin".to_owned(), key: "2f1c#7a".to_owned() },
        body_hash: "9f86d081884c7d65".to_owned(),
        status: 201,
        resource: resource.to_owned(),
        now: at(now),
        expires_at: at(expires).as_second(),
    }
}

#[tokio::test]
async fn an_idempotency_key_is_taken_once_until_it_expires() {
    let Table { store, .. } = table().await;
    let first = answer("mem_1/1", "2026-06-18T10:00:00Z", "2026-06-19T10:00:00Z");
    assert_eq!(store.saved_answer(&first.key).await.unwrap(), None);
    store.commit(plan([Write::Answer(first.clone())])).await.unwrap();
    assert_eq!(store.saved_answer(&first.key).await.unwrap(), Some(first.clone()));

    let too_early = answer("mem_1/2", "2026-06-19T09:59:59Z", "2026-06-20T09:59:59Z");
    assert!(matches!(store.commit(plan([Write::Answer(too_early)])).await, Err(CommitError::Conflict)));
    assert_eq!(store.saved_answer(&first.key).await.unwrap(), Some(first));

    let again = answer("mem_1/3", "2026-06-19T10:00:00Z", "2026-06-20T10:00:00Z");
    store.commit(plan([Write::Answer(again.clone())])).await.unwrap();
    assert_eq!(store.saved_answer(&again.key).await.unwrap(), Some(again));
}

#[tokio::test]
async fn a_taken_key_stops_all_that_its_request_would_do() {
    let Table { store, .. } = table().await;
    let taken = answer("mem_1/1", "2026-06-18T10:00:00Z", "2026-06-19T10:00:00Z");
    store.commit(plan([Write::Answer(taken.clone())])).await.unwrap();
    let both = plan([gift(1, "a gift"), Write::Answer(taken)]);
    assert!(matches!(store.commit(both).await, Err(CommitError::Conflict)));
    assert_eq!(store.entries(&mia(), None, 10).await.unwrap(), []);
}
