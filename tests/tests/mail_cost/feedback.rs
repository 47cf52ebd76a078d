//! What the events of SES take.

use serde_json::Value;
use tests::mailing::tell;

use crate::*;

async fn cost_of(shop: &Shop, event: &Value) -> Cost {
    shop.wire.clear();
    tell(shop, event).await;
    shop.wire.cost()
}

/// Somebody's mail has just been sent.
async fn sent() -> (Shop, tests::ses::Taken) {
    let (shop, ses) = shop_that_invites().await;
    invited_later(&shop, 1).await;
    when_due(&shop).await;
    reviews(&shop).await;
    let mail = ses.taken()[0].clone();
    (shop, mail)
}

#[tokio::test]
async fn an_event_that_says_something_new_is_a_read_and_a_write_and_again_a_read_alone() {
    let (shop, mail) = sent().await;
    let known: &[&[&str]] = &[&["GetItem"]];
    assert_eq!(cost_of(&shop, &mail.sent(shop.now())).await, cost(known, 1.0, 0.0), "our own note was first");
    let delivered = mail.delivered(shop.now());
    // what became of it is in its place in the index too
    assert_eq!(cost_of(&shop, &delivered).await, cost(&[&["GetItem"], &["TransactWriteItems"]], 1.0, 4.0));
    assert_eq!(cost_of(&shop, &delivered).await, cost(known, 1.0, 0.0));
}

#[tokio::test]
async fn a_bounce_writes_message_address_and_account_once_and_the_last_sends_are_looked_at_in_few_trips() {
    let (shop, mail) = sent().await;
    let bounce = mail.bounced("Permanent", shop.now());
    let took = cost_of(&shop, &bounce).await;
    assert_eq!(took.calls[..5], ["GetItem", "GetItem", "GetItem", "Query", "TransactWriteItems"]);
    assert_eq!(took.write_units, 8.0);
    // eight days at once, of sixty that may have to be looked at
    assert!(took.trips < 30, "{} trips", took.trips);
    assert_eq!(cost_of(&shop, &bounce).await.write_units, 0.0);
}
