//! What the merchant does, and what happens by itself.

use serde_json::json;
use tests::{Buyer, at, captured, exports::orders_csv, payloads::*, shop::SOURCE};

use crate::{Case, breaks_nowhere, call, event, keyed, post};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_of_an_import_survives_every_fault() {
    let paid = |number: u64| {
        paid_order(6_120_000_000_000 + number, &Buyer::guest(number), at("2026-05-17T10:00:00Z"), &[("20.00", 1)])
    };
    let data = orders_csv(&[paid(1), paid(2)]);
    let import = json!({"source": SOURCE, "kind": "orders", "format": "shopify_csv", "data": data});
    let import = call("POST", "/v1/imports", import, None);
    breaks_nowhere(Case { at_once: false, ..keyed(vec![], import, 200) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_product_that_changed_survives_every_fault() {
    breaks_nowhere(event(vec![], "products/update", captured("products-update").payload())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_endpoint_survives_every_fault() {
    let endpoint = json!({"url": "http://127.0.0.1:9/hook", "events": ["points.available"]});
    breaks_nowhere(keyed(vec![], post("/v1/endpoints", endpoint), 201)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_endpoint_is_told_survives_every_fault_of_its_cause() {
    let endpoint = json!({"url": "http://127.0.0.1:9/hook", "events": ["tier.changed", "redemption.created"]});
    let endpoint = call("POST", "/v1/endpoints", endpoint, None);
    let large = paid_order(6_120_000_000_003, &Buyer::with_account(1), at("2026-06-18T10:00:00Z"), &[("250.00", 1)]);
    breaks_nowhere(event(vec![endpoint], "orders/paid", large)).await;
}
