//! What the law demands of a shop.

use serde_json::{Value, json};
use tests::{at, payloads::*, shop::DOMAIN};

use crate::{Ask, breaks_nowhere, buyer, event, order};

/// Somebody with an account, who bought.
fn known() -> Vec<Ask> {
    let account = customer(&buyer(), at("2026-06-19T10:00:00Z"));
    vec![Ask::Event("customers/create", account), Ask::Event("orders/paid", order())]
}

fn demand() -> Value {
    json!({"shop_id": 68_817_223_905_u64, "shop_domain": DOMAIN,
        "customer": {"id": customer_id(1), "email": email(1), "phone": "+44 20 7946 0000"}})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_erasure_of_who_is_to_be_forgotten_survives_every_fault() {
    breaks_nowhere(event(known(), "customers/redact", demand())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_for_data_survives_every_fault() {
    let mut asked = demand();
    asked["data_request"] = json!({"id": 7});
    breaks_nowhere(event(known(), "customers/data_request", asked)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_that_leaves_survives_every_fault() {
    let left = json!({"shop_id": 68_817_223_905_u64, "shop_domain": DOMAIN});
    breaks_nowhere(event(known(), "shop/redact", left)).await;
}
