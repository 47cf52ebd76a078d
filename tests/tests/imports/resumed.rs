//! A part that is left in the middle, by its bounds or by a fault, and sent again.

use std::time::Duration;

use app::import::Bounds;
use serde_json::{Value, json};
use storefront::imports::{Data, Format, Kind, read};
use tests::{Buyer, Fault, Shop, at, exports::orders_csv, payloads::*, shop::SOURCE};

use crate::{NOW, counts, first_skipped, import, import_of};

fn orders(count: u64) -> String {
    let order = |number: u64| {
        let paid_at = at("2026-05-17T10:00:00Z") + jiff::SignedDuration::from_mins(i64::try_from(number).unwrap());
        paid_order(number, &Buyer::guest(number % 7), paid_at, &[("20.00", 1)])
    };
    // as Shopify lists them, the newest first
    let orders: Vec<Value> = (1..=count).rev().map(order).collect();
    orders_csv(&orders)
}

#[tokio::test]
async fn a_part_is_taken_in_as_many_requests_as_it_needs() {
    let (whole, parts) = (Shop::open(NOW).await, Shop::open(NOW).await);
    let mut body = import_of("orders", "shopify_csv", orders(30));
    assert_eq!(counts(&import(&whole, &body).await), (30, 0, 0));
    body["limit"] = json!(8);
    let mut imported = 0;
    let mut requests = 0;
    loop {
        let report = import(&parts, &body).await;
        imported += counts(&report).0;
        requests += 1;
        body["from_row"] = report["next_row"].clone();
        if body["from_row"].is_null() {
            break;
        }
    }
    assert_eq!((imported, requests), (30, 4));
    assert_eq!(whole.rows().await, parts.rows().await);
}

#[tokio::test]
async fn when_the_time_is_over_the_answer_says_where_to_go_on() {
    let shop = Shop::open(NOW).await;
    let csv = orders(5);
    let app = &shop.state.app;
    let source = SOURCE.to_owned().try_into().unwrap();
    let rows = read(&source, Kind::Orders, Format::ShopifyCsv, &Data::Csv(&csv), &app.email_keys, shop.now()).unwrap();
    let mut bounds = Bounds { from_row: None, rows: usize::MAX, time: Duration::ZERO };
    let mut begun_at = Vec::new();
    loop {
        let report = app.import(&source, &rows, bounds, None, shop.now()).await.unwrap();
        assert_eq!((report.imported, report.unchanged), (1, 0), "a request takes at least one row");
        begun_at.push(bounds.from_row);
        bounds.from_row = report.next_row;
        if bounds.from_row.is_none() {
            break;
        }
    }
    assert_eq!(begun_at, [None, Some(5), Some(4), Some(3), Some(2)], "the oldest order first");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_anywhere_in_a_part_loses_and_doubles_nothing() {
    let csv = orders(4);
    let body = import_of("orders", "shopify_csv", csv);
    let sound = Shop::open(NOW).await;
    import(&sound, &body).await;
    let (expected, calls) = (sound.rows().await, sound.wire.calls().len());
    for call in 0..calls {
        for fault in [Fault::Refused, Fault::AnswerLost, Fault::TimedOutAfterwards, Fault::Conflict] {
            let shop = Shop::open(NOW).await;
            shop.wire.break_calls(fault, call, 1_000);
            let answer = shop.post("/v1/imports", &body, None).await;
            assert!(matches!(answer.status, 200 | 503), "{fault:?} {call}: {}", answer.body);
            shop.wire.clear();
            let report = import(&shop, &body).await;
            assert_eq!(counts(&report).0 + counts(&report).1, 4, "{fault:?} {call}");
            assert_eq!(shop.rows().await, expected, "{fault:?} {call}");
        }
    }
}

#[tokio::test]
async fn a_request_under_a_key_is_answered_the_same_and_another_body_is_refused() {
    let shop = Shop::open(NOW).await;
    let rows = json!([{"email": "ada@example.com"}, {"email": "nobody"}]);
    let body = import_of("members", "regulars", rows);
    let first = shop.post("/v1/imports", &body, Some("k-1")).await.is(200);
    assert_eq!((counts(&first), first_skipped(&first).0), ((1, 0, 1), 2));
    let rows = shop.rows().await;
    assert_eq!(shop.post("/v1/imports", &body, Some("k-1")).await.is(200), first);
    assert_eq!(shop.rows().await, rows);
    let other = import_of("members", "regulars", json!([]));
    shop.post("/v1/imports", &other, Some("k-1")).await.is_problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn five_thousand_rows_fit_a_part_and_no_answer_lists_more_than_a_thousand() {
    let shop = Shop::open(NOW).await;
    let rows: String = (0..5_000).map(|number| format!("stranger-{number}@example.com,{number}\n")).collect();
    let mut body = import_of("balances", "regulars", format!("email,points\n{rows}"));
    assert!(body.to_string().len() < 1024 * 1024);
    let mut skipped = Vec::new();
    loop {
        let report = import(&shop, &body).await;
        skipped.push(report["skipped"].as_array().unwrap().len());
        body["from_row"] = report["next_row"].clone();
        if body["from_row"].is_null() {
            break;
        }
    }
    assert_eq!(skipped.iter().sum::<usize>(), 5_000);
    assert!(skipped.iter().all(|listed| *listed <= 1_000), "{skipped:?}");
}
