//! What it takes to plan mail, beside what the facts that plan it cost anyway.

use tests::{mailing::order, payloads::*};

use crate::*;

/// Without messages, for an order of up to five lines.
const BUDGET_OF_AN_ORDER: f64 = 12.0;
const MORE_FOR_A_MESSAGE: f64 = 4.0;
/// An invitation and its reminder.
const MESSAGES: f64 = 2.0;

/// What an order takes that is paid, shipped and delivered, in a shop that sends those scenarios.
async fn costs_with(scenarios: &[&str], lines: &[(&str, u32)]) -> [Cost; 3] {
    let (shop, _) = shop_with(scenarios).await;
    member(&shop, 1).await;
    // whoever has bought before
    shop.send("orders/paid", &order(1)).await.is(200);
    let order = paid_order(6_120_000_000_009, &Buyer::with_account(1), at("2026-06-10T11:00:00Z"), lines);
    let told = [
        ("orders/paid", order.clone()),
        ("fulfillments/create", fulfilment(&order, 9, at("2026-06-11T10:00:00Z"))),
        ("fulfillment_events/create", delivery(&order, 9, four_days_ago())),
    ];
    let mut costs = Vec::new();
    for (topic, payload) in told {
        shop.wire.clear();
        shop.send(topic, &payload).await.is(200);
        costs.push(shop.wire.cost());
    }
    costs.try_into().unwrap()
}

/// What the second takes more: round trips, units that are read, and units that are written.
fn more(without: &Cost, with: &Cost) -> (usize, f64, f64) {
    (with.trips - without.trips, with.read_units - without.read_units, with.write_units - without.write_units)
}

#[tokio::test]
async fn a_message_costs_four_units_when_it_is_planned_and_when_it_moves() {
    let lines = [("19.99", 2), ("5.00", 1)];
    let [paid, shipped, delivered] = costs_with(&[], &lines).await;
    let [paid_with, shipped_with, delivered_with] = costs_with(&["review_invitation"], &lines).await;
    assert_eq!(more(&paid, &paid_with), (0, 0.0, 0.0), "nothing is planned yet");
    assert_eq!(more(&shipped, &shipped_with), (0, 0.0, MORE_FOR_A_MESSAGE * MESSAGES));
    // what moves is read first; the order, which remembers its mail, has grown
    let row_over_a_kilobyte = 2.0;
    let written = MORE_FOR_A_MESSAGE * MESSAGES + row_over_a_kilobyte;
    assert_eq!(more(&delivered, &delivered_with), (1, MESSAGES, written));
}

#[tokio::test]
async fn an_order_with_mail_stays_within_its_budget_at_each_of_its_facts() {
    let lines = [("19.99", 2), ("5.00", 1), ("12.50", 3), ("7.25", 1), ("31.00", 1)];
    for lines in (1..=lines.len()).map(|count| &lines[..count]) {
        for took in costs_with(&["review_invitation"], lines).await {
            assert!(took.write_units <= BUDGET_OF_AN_ORDER + MORE_FOR_A_MESSAGE * MESSAGES, "{lines:?}: {took:?}");
        }
    }
}
