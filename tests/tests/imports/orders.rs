//! Orders from a file, and the webhooks of the same orders: before it, after it or around it, they end as
//! the webhooks alone.

use std::cell::Cell;

use jiff::SignedDuration;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use tests::{Buyer, Shop, at, exports::orders_csv, payloads::*, shop::SOURCE};

use crate::{NOW, counts, import, import_of};

/// What becomes of one order, and what is sent of it.
#[derive(Clone, Debug)]
struct History {
    /// Cents and units.
    lines: Vec<(u32, u32)>,
    returned: prop::sample::Index,
    amount_refunded: Option<u32>,
    cancelled: bool,
    /// Paid two months before, so that the member has a tier and other lots.
    earlier_order: Option<u32>,
    /// The states of the order that are sent: by webhook, or as an export of them.
    arrivals: Vec<(prop::sample::Index, bool)>,
}

fn histories() -> impl Strategy<Value = History> {
    let arrivals = prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 1..7);
    (
        prop::collection::vec((1_u32..20_000, 1_u32..5), 1..4),
        any::<prop::sample::Index>(),
        prop::option::of(1_u32..3_000),
        prop::bool::weighted(0.2),
        prop::option::of(10_000_u32..60_000),
        arrivals,
    )
        .prop_map(|(lines, returned, amount_refunded, cancelled, earlier_order, arrivals)| History {
            lines,
            returned,
            amount_refunded,
            cancelled,
            earlier_order,
            arrivals,
        })
}

fn dollars(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// The order as it is after each thing that happened to it, and the webhooks that told them.
fn states(history: &History, id: u64, buyer: &Buyer) -> (Vec<Value>, Vec<(&'static str, Value)>) {
    let mut now = at("2026-04-01T09:00:00Z");
    let mut pass = || {
        now += SignedDuration::from_hours(50);
        now
    };
    let prices: Vec<(String, u32)> = history.lines.iter().map(|(cents, units)| (dollars(*cents), *units)).collect();
    let lines: Vec<(&str, u32)> = prices.iter().map(|(price, units)| (price.as_str(), *units)).collect();
    let mut order = paid_order(id, buyer, pass(), &lines);
    let mut created = order.clone();
    created["financial_status"] = json!("pending");
    created["updated_at"] = created["created_at"].clone();
    let mut states = vec![created.clone(), order.clone()];
    let mut events = vec![("orders/create", created), ("orders/paid", order.clone())];
    let units = refund(&order, id + 1, pass(), &[(history.returned.index(lines.len()), 1)]);
    let amount = history.amount_refunded.map(|cents| amount_refund(&order, id + 2, pass(), &dollars(cents)));
    for refund in [units].into_iter().chain(amount) {
        order = with_refund(order, &refund);
        states.push(order.clone());
        events.extend([("refunds/create", refund), ("orders/updated", order.clone())]);
    }
    if history.cancelled {
        order = cancelled(&order, pass());
        states.push(order.clone());
        events.push(("orders/cancelled", order));
    }
    (states, events)
}

/// Ledger, lots and tier.
async fn end(shop: &Shop, buyer: &Buyer) -> Value {
    let member = shop.find(&buyer.email).await.unwrap();
    let mut lots = shop.lots(member["id"].as_str().unwrap()).await;
    lots.as_object_mut().unwrap().remove("as_of");
    json!({"lots": lots, "points": member["points"], "tier": member["tier"], "status": member["status"]})
}

async fn buy_earlier(shop: &Shop, history: &History, order: u64, buyer: &Buyer) {
    if let Some(cents) = history.earlier_order {
        let earlier = paid_order(order, buyer, at("2026-02-03T10:00:00Z"), &[(&dollars(cents), 1)]);
        shop.send("orders/paid", &earlier).await.is(200);
    }
}

async fn ends_as_the_webhooks_alone(shop: &Shop, history: &History, number: u64, buyer: fn(u64) -> Buyer) {
    let (one, other) = (buyer(2 * number), buyer(2 * number + 1));
    let (first, second) = (6_000_000_000_000 + number * 100, 6_500_000_000_000 + number * 100);
    buy_earlier(shop, history, first + 50, &one).await;
    buy_earlier(shop, history, second + 50, &other).await;
    for (topic, payload) in states(history, first, &one).1 {
        shop.send(topic, &payload).await.is(200);
    }

    let (exported, events) = states(history, second, &other);
    for (which, by_file) in &history.arrivals {
        if *by_file {
            let csv = orders_csv([&exported[which.index(exported.len())]]);
            let report = import(shop, &import_of("orders", "shopify_csv", csv)).await;
            assert_eq!(counts(&report).2, 0, "{report}");
        } else {
            let (topic, payload) = &events[which.index(events.len())];
            shop.send(topic, payload).await.is(200);
        }
        is_the_ledger(shop, &other).await;
    }
    for (topic, payload) in &events {
        shop.send(topic, payload).await.is(200);
    }
    assert_eq!(end(shop, &one).await, end(shop, &other).await);
    let csv = orders_csv([exported.last().unwrap()]);
    assert_eq!(counts(&import(shop, &import_of("orders", "shopify_csv", csv)).await), (0, 1, 0));
}

async fn is_the_ledger(shop: &Shop, buyer: &Buyer) {
    let Some(member) = shop.find(&buyer.email).await else { return };
    let lots = shop.lots(member["id"].as_str().unwrap()).await;
    let part = |name: &str| lots[name].as_i64().unwrap();
    assert_eq!(part("available") + part("pending") + part("held") - part("debt"), part("ledger"), "{lots}");
    let ledger = shop.ledger(member["id"].as_str().unwrap()).await;
    assert_eq!(ledger.first().map_or(0, |entry| entry["balance_after"].as_i64().unwrap()), part("ledger"));
}

/// So many random histories of buyers of a kind.
fn any_interleaving_ends_alike(cases: u32, buyer: fn(u64) -> Buyer) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let shop = runtime.block_on(Shop::open(NOW));
    let number = Cell::new(0);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let played = TestRunner::new(config).run(&histories(), |history| {
        number.set(number.get() + 1);
        shop.wire.clear();
        runtime.block_on(ends_as_the_webhooks_alone(&shop, &history, number.get(), buyer));
        Ok(())
    });
    if let Err(error) = played {
        panic!("{error}");
    }
}

#[test]
fn files_and_webhooks_of_an_account_holder_s_order_end_as_the_webhooks_alone() {
    any_interleaving_ends_alike(25, Buyer::with_account);
}

#[test]
fn files_and_webhooks_of_a_customer_s_order_without_an_account_end_as_the_webhooks_alone() {
    any_interleaving_ends_alike(25, Buyer::without_account);
}

#[test]
fn files_and_webhooks_of_a_guest_s_order_end_as_the_webhooks_alone() {
    any_interleaving_ends_alike(25, Buyer::guest);
}

#[tokio::test]
async fn a_refund_that_the_file_counts_is_not_taken_again_by_an_event_of_it() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::guest(1);
    let order = paid_order(1, &buyer, at("2026-06-17T10:00:00Z"), &[("20.00", 2)]);
    let refund = amount_refund(&order, 2, at("2026-06-19T10:00:00Z"), "10.00");
    let refunded = with_refund(order, &refund);
    import(&shop, &import_of("orders", "shopify_csv", orders_csv([&refunded]))).await;
    assert_eq!(shop.find(&buyer.email).await.unwrap()["points"]["pending"], 30);
    shop.send("refunds/create", &refund).await.is(200);
    assert_eq!(shop.find(&buyer.email).await.unwrap()["points"]["pending"], 30);
    shop.send("orders/updated", &refunded).await.is(200);
    assert_eq!(shop.find(&buyer.email).await.unwrap()["points"]["pending"], 30);
}

#[tokio::test]
async fn a_later_export_holds_whichever_is_sent_first() {
    let buyer = Buyer::guest(1);
    let order = paid_order(1, &buyer, at("2026-06-17T10:00:00Z"), &[("20.00", 2)]);
    let refunded = with_refund(order.clone(), &amount_refund(&order, 2, at("2026-06-19T10:00:00Z"), "10.00"));
    for files in [[&order, &refunded], [&refunded, &order]] {
        let shop = Shop::open(NOW).await;
        for file in files {
            import(&shop, &import_of("orders", "shopify_csv", orders_csv([file]))).await;
        }
        assert_eq!(shop.find(&buyer.email).await.unwrap()["points"]["pending"], 30);
    }
}

#[tokio::test]
async fn orders_of_a_file_are_taken_from_the_oldest_so_that_later_ones_earn_at_the_tier_that_they_made() {
    let (file, webhooks) = (Shop::open(NOW).await, Shop::open(NOW).await);
    let buyer = Buyer::without_account(1);
    let order = |number: u64, paid_at: &str, price| paid_order(number, &buyer, at(paid_at), &[(price, 1)]);
    let orders = [
        order(3, "2026-06-10T10:00:00Z", "80.00"),
        order(2, "2026-04-10T10:00:00Z", "250.00"),
        order(1, "2026-03-10T10:00:00Z", "190.00"),
    ];
    import(&file, &import_of("orders", "shopify_csv", orders_csv(&orders))).await;
    for order in orders.iter().rev() {
        webhooks.send("orders/paid", order).await.is(200);
    }
    assert_eq!(end(&file, &buyer).await["points"], end(&webhooks, &buyer).await["points"]);
    let explained = file.get(&format!("/v1/orders/{SOURCE}/3/explain")).await.is(200);
    assert_eq!(explained["rules"]["tier"], "silver");
}

#[tokio::test]
async fn rows_of_our_own_are_orders_of_standard_webhooks_whose_events_hold_before_them() {
    let shop = Shop::open(NOW).await;
    let sent = tests::captured::event("events-order-paid");
    let mut envelope: Value = sent.payload();
    let mut exported = envelope["data"].clone();
    exported["lines"].as_array_mut().unwrap().truncate(1);
    let body = json!({"source": "storefront:local", "kind": "orders", "format": "regulars", "data": [exported]});
    assert_eq!(counts(&import(&shop, &body).await), (1, 0, 0));
    assert_eq!(counts(&import(&shop, &body).await), (0, 1, 0));
    shop.send_standard(&sent.body, shop.now()).await.is(200);
    let alone = Shop::open(NOW).await;
    alone.send_standard(&sent.body, shop.now()).await.is(200);
    let email = envelope["data"]["customer"]["email"].take();
    let points = async |shop: &Shop| shop.find(email.as_str().unwrap()).await.unwrap()["points"].clone();
    assert_eq!(points(&shop).await, points(&alone).await);
    assert_eq!(counts(&import(&shop, &body).await), (0, 1, 0));
}

#[tokio::test]
async fn another_currency_earns_what_its_rate_says_or_nothing() {
    let shop = Shop::open(NOW).await;
    let order = paid_order(1, &Buyer::guest(1), at("2026-06-17T10:00:00Z"), &[("20.00", 2)]);
    let csv = orders_csv([&order]).replace(",USD,", ",EUR,");
    assert_eq!(counts(&import(&shop, &import_of("orders", "shopify_csv", csv)).await), (1, 0, 0));
    let explained = shop.get(&format!("/v1/orders/{SOURCE}/1/explain")).await.is(200);
    assert_eq!(explained["nothing"], "no_exchange_rate");
}
