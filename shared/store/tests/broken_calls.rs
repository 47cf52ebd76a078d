//! Calls that are broken on the way: what the store asks again, and what it says.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

mod shop;
mod table;
mod wire;

use serde_json::{Value, json};
use shop::*;
use store::{CommitError, StoreError, Write};
use table::table;
use wire::{Call, Fate, Wire};

/// What DynamoDB answers to a BatchGetItem when it has no time for any of it.
fn all_unprocessed(call: &Call) -> Fate {
    Fate::Answered(200, json!({"Responses": {}, "UnprocessedKeys": call.request["RequestItems"]}))
}

/// The part of the keys that were asked for last is left; the rest is answered as not found.
fn last_unprocessed(call: &Call) -> Fate {
    let mut left = call.request["RequestItems"].clone();
    for table in left.as_object_mut().unwrap().values_mut() {
        let keys = table["Keys"].as_array_mut().unwrap();
        keys.drain(..keys.len() - 1);
    }
    Fate::Answered(200, json!({"Responses": {}, "UnprocessedKeys": left}))
}

fn keys_asked(call: &Call) -> usize {
    let tables = call.request["RequestItems"].as_object().unwrap();
    tables.values().map(|table| table["Keys"].as_array().unwrap().len()).sum()
}

fn refusal(code: &str) -> Value {
    json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "no"})
}

fn cancelled(reason: &str) -> Fate {
    let mut answer = refusal("TransactionCanceledException");
    answer["CancellationReasons"] = json!([{"Code": "None"}, {"Code": reason, "Message": "no"}]);
    Fate::Answered(400, answer)
}

fn taking_an_address() -> store::Plan {
    let customer = Write::Customer { customer: customer_key("26"), member: mia() };
    plan([Write::Email { key: email_key(), member: mia() }, customer])
}

#[tokio::test]
async fn keys_that_were_left_are_asked_for_again() {
    let table = table().await;
    table.store.commit(taking_an_address()).await.unwrap();
    let wire = Wire::broken_by(|number, call| if number < 2 { all_unprocessed(call) } else { Fate::Sent });
    let store = table.over(wire.client());
    let context = store.order_context(&order_key(1), Some(&customer_key("26")), Some(&email_key()), &[]).await.unwrap();
    assert_eq!((context.by_customer, context.by_email), (Some(mia()), Some(mia())));
    assert_eq!(wire.calls().iter().map(keys_asked).collect::<Vec<_>>(), [3, 3, 3]);
}

#[tokio::test]
async fn only_what_was_left_is_asked_for_again_and_as_consistently() {
    let table = table().await;
    let wire = Wire::broken_by(|number, call| if number == 0 { last_unprocessed(call) } else { Fate::Sent });
    let store = table.over(wire.client());
    store.order_context(&order_key(1), Some(&customer_key("26")), Some(&email_key()), &[]).await.unwrap();
    let calls = wire.calls();
    assert_eq!(calls.iter().map(keys_asked).collect::<Vec<_>>(), [3, 1]);
    for call in calls {
        let tables = call.request["RequestItems"].as_object().unwrap();
        assert!(tables.values().all(|table| table["ConsistentRead"] == true));
    }
}

#[tokio::test]
async fn keys_that_are_always_left_are_given_up_as_unavailable() {
    let table = table().await;
    let wire = Wire::broken_by(|_, call| all_unprocessed(call));
    let refused = table.over(wire.client()).accounts(&[mia()]).await.unwrap_err();
    assert!(refused.is_unavailable());
    assert_eq!((refused.operation(), wire.calls().len()), ("read accounts", 5));
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_written_once() {
    let table = table().await;
    let wire = Wire::broken_by(|number, _| if number == 0 { Fate::AnswerLost } else { Fate::Sent });
    table.over(wire.client()).commit(taking_an_address()).await.unwrap();
    let tokens: Vec<Value> = wire.calls().iter().map(|call| call.request["ClientRequestToken"].clone()).collect();
    assert!(tokens.len() == 2 && tokens[0] == tokens[1] && tokens[0].is_string(), "{tokens:?}");
    assert_eq!(table.store.lookups(&[], Some(&email_key())).await.unwrap().by_email, Some(mia()));
}

#[tokio::test]
async fn each_commit_has_a_token_of_its_own() {
    let table = table().await;
    let wire = Wire::sound();
    let store = table.over(wire.client());
    for _ in 0..2 {
        store.commit(plan([Write::OrderPointer { member: mia(), order: order_key(1) }])).await.unwrap();
    }
    let calls = wire.calls();
    assert_ne!(calls[0].request["ClientRequestToken"], calls[1].request["ClientRequestToken"]);
}

#[tokio::test]
async fn a_transaction_that_met_another_is_a_conflict() {
    let table = table().await;
    for reason in ["TransactionConflict", "ConditionalCheckFailed"] {
        let wire = Wire::broken_by(move |_, _| cancelled(reason));
        let outcome = table.over(wire.client()).commit(taking_an_address()).await;
        assert!(matches!(outcome, Err(CommitError::Conflict)), "{reason}: {outcome:?}");
        assert_eq!(wire.calls().len(), 1, "{reason}");
    }
    let in_progress = |_, _: &Call| Fate::Answered(400, refusal("TransactionInProgressException"));
    let outcome = table.over(Wire::broken_by(in_progress).client()).commit(taking_an_address()).await;
    assert!(matches!(outcome, Err(CommitError::Conflict)), "{outcome:?}");
}

async fn commit_over(wire: Wire) -> StoreError {
    match table().await.over(wire.client()).commit(taking_an_address()).await {
        Err(CommitError::Store(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_busy_table_is_unavailable_and_a_refusal_is_not() {
    assert!(commit_over(Wire::broken_by(|_, _| cancelled("ThrottlingError"))).await.is_unavailable());
    assert!(!commit_over(Wire::broken_by(|_, _| cancelled("ValidationError"))).await.is_unavailable());
    for (status, code, unavailable) in [
        (400, "ThrottlingException", true),
        (400, "ProvisionedThroughputExceededException", true),
        (500, "InternalServerError", true),
        (503, "ServiceUnavailable", true),
        (400, "ValidationException", false),
        (400, "AccessDeniedException", false),
        (400, "ResourceNotFoundException", false),
    ] {
        let wire = Wire::broken_by(move |_, _| Fate::Answered(status, refusal(code)));
        assert_eq!(commit_over(wire).await.is_unavailable(), unavailable, "{code}");
    }
    assert!(commit_over(Wire::broken_by(|_, _| Fate::AnswerLost)).await.is_unavailable());
}

#[tokio::test]
async fn every_call_asks_what_it_cost() {
    let table = table().await;
    let wire = Wire::sound();
    let store = table.over(wire.client());
    let now = at("2026-06-18T10:00:00Z");
    let (order, settled) = settled(1, paid(1, 10_00, now), guest(now), now);
    store.commit(order_plan(order, settled)).await.unwrap();
    store.order_context(&order_key(1), None, None, &[]).await.unwrap();
    store.account(&mia()).await.unwrap();
    store.entries(&mia(), None, 10).await.unwrap();
    store
        .due("tiers", store::DueHour::of(now), 0, store::DuePage { until: now, after: None, limit: 10 })
        .await
        .unwrap();
    store.move_cursor("tiers", now).await.unwrap();
    let calls = wire.calls();
    assert_eq!(calls.len(), 6);
    for call in calls {
        assert_eq!(call.request["ReturnConsumedCapacity"], "INDEXES", "{}", call.operation);
    }
}
