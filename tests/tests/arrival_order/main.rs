//! Whatever the order in which an order's events arrive, and however often: the same ledger, lots and
//! tier. And at every moment, also a past one, the balance is the ledger.
#![cfg(test)]

mod spending;

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};

/// What may become of one order.
#[derive(Clone, Debug)]
struct History {
    /// Cents and units.
    lines: Vec<(u32, u32)>,
    created_on_day: i64,
    /// Between one event and the next.
    gaps_hours: Vec<i64>,
    /// Of which line one unit comes back, twice.
    returned: [prop::sample::Index; 2],
    /// Of which line one unit is edited away.
    edited: prop::sample::Index,
    /// Of which line all that is left comes back.
    line_returned: prop::sample::Index,
    amount_refunded: Option<u32>,
    cancelled: bool,
    /// Paid two months before, so that the member has a tier and other lots.
    earlier_order: Option<u32>,
    /// The events as they arrive, by their number; those that did not happen are passed over.
    arrivals: Vec<usize>,
}

const EVENTS: usize = 12;

fn histories() -> impl Strategy<Value = History> {
    let index = any::<prop::sample::Index>;
    let arrivals = prop::collection::vec(0..EVENTS, 0..4)
        .prop_flat_map(|again| Just((0..EVENTS).chain(again).collect::<Vec<_>>()).prop_shuffle());
    (
        prop::collection::vec((1_u32..20_000, 1_u32..5), 1..4),
        0_i64..40,
        prop::collection::vec(1_i64..200, EVENTS),
        [index(), index()],
        (index(), index()),
        prop::option::of(1_u32..3_000),
        prop::bool::weighted(0.2),
        prop::option::of(10_000_u32..60_000),
        arrivals,
    )
        .prop_map(
            |(
                lines,
                created_on_day,
                gaps_hours,
                returned,
                (edited, line_returned),
                amount_refunded,
                cancelled,
                earlier_order,
                arrivals,
            )| {
                History {
                    lines,
                    created_on_day,
                    gaps_hours,
                    returned,
                    edited,
                    line_returned,
                    amount_refunded,
                    cancelled,
                    earlier_order,
                    arrivals,
                }
            },
        )
}

#[derive(Clone, Debug)]
struct Event {
    at: Timestamp,
    topic: &'static str,
    payload: Value,
}

fn dollars(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// What Shopify sends of the history, in the order in which it happens.
fn events(history: &History, id: u64, buyer: &Buyer) -> Vec<Option<Event>> {
    let mut now = at("2026-04-01T09:00:00Z") + SignedDuration::from_hours(24 * history.created_on_day);
    let prices: Vec<(String, u32)> = history.lines.iter().map(|(cents, units)| (dollars(*cents), *units)).collect();
    let lines: Vec<(&str, u32)> = prices.iter().map(|(price, units)| (price.as_str(), *units)).collect();
    let mut order = paid_order(id, buyer, now, &lines);
    let mut gaps = history.gaps_hours.iter();
    let mut pass = || {
        now += SignedDuration::from_hours(*gaps.next().unwrap());
        now
    };
    let event = |at, topic, payload: &Value| Some(Event { at, topic, payload: payload.clone() });
    let mut created = order.clone();
    created["financial_status"] = json!("pending");
    created["updated_at"] = created["created_at"].clone();
    let mut events = vec![event(pass(), "orders/create", &created), event(pass(), "orders/paid", &order)];
    let parcel = id + 1;
    let shipped_at = pass();
    events.push(event(shipped_at, "fulfillments/create", &fulfilment(&order, parcel, shipped_at)));
    for (number, index) in (1..).zip(history.returned) {
        let (returned_at, line) = (pass(), index.index(lines.len()));
        let returned = (left_of(&order, line) > 0).then(|| refund(&order, id + number, returned_at, &[(line, 1)]));
        order = returned.iter().fold(order, with_refund);
        events.push(returned.as_ref().and_then(|refund| event(returned_at, "refunds/create", refund)));
        events.push(returned.and_then(|_| event(returned_at, "orders/updated", &order)));
    }
    let delivered_at = pass();
    events.push(event(delivered_at, "fulfillment_events/create", &delivery(&order, parcel, delivered_at)));
    let (edited_at, line) = (pass(), history.edited.index(lines.len()));
    let is_edited = left_of(&order, line) > 0;
    if is_edited {
        order = later(&order, edited_at);
        order["line_items"][line]["current_quantity"] = json!(left_of(&order, line) - 1);
    }
    events.push(event(edited_at, "orders/updated", &order).filter(|_| is_edited));
    let (returned_at, line) = (pass(), history.line_returned.index(lines.len()));
    let left = left_of(&order, line);
    let returned = (left > 0).then(|| refund(&order, id + 5, returned_at, &[(line, left)]));
    order = returned.iter().fold(order, with_refund);
    events.push(returned.and_then(|refund| event(returned_at, "refunds/create", &refund)));
    let refunded_at = pass();
    let amount = history.amount_refunded.map(|cents| amount_refund(&order, id + 6, refunded_at, &dollars(cents)));
    order = amount.iter().fold(order, with_refund);
    events.push(amount.and_then(|refund| event(refunded_at, "refunds/create", &refund)));
    let cancelled_at = pass();
    let cancelled = cancelled(&order, cancelled_at);
    events.push(event(cancelled_at, "orders/cancelled", &cancelled).filter(|_| history.cancelled));
    assert_eq!(events.len(), EVENTS);
    events
}

fn left_of(order: &Value, line: usize) -> u32 {
    u32::try_from(order["line_items"][line]["current_quantity"].as_u64().unwrap()).unwrap()
}

/// A buyer's member, with what they had at each moment that was looked at.
struct Watched<'a> {
    shop: &'a Shop,
    buyer: Buyer,
    id: Option<String>,
    had: Vec<(Timestamp, Value)>,
}

impl<'a> Watched<'a> {
    fn new(shop: &'a Shop, buyer: Buyer) -> Watched<'a> {
        Watched { shop, buyer, id: None, had: Vec::new() }
    }

    /// Sends an event; then the balance is the ledger.
    async fn hear(&mut self, event: &Event) {
        self.shop.send(event.topic, &event.payload).await.is(200);
        if self.id.is_none() {
            self.id = self.shop.find(&self.buyer.email).await.map(|member| member["id"].as_str().unwrap().to_owned());
        }
        let Some(id) = &self.id else { return };
        let lots = self.lots(id, "").await;
        let page = self.shop.get(&format!("/v1/members/{id}/ledger?limit=1")).await.is(200);
        let balance = page["entries"][0]["balance_after"].as_i64().unwrap_or(0);
        assert_eq!(lots["ledger"], balance, "{page}");
        self.had.push((self.shop.now(), lots));
    }

    /// Every past moment is still what it was.
    async fn look_back(&self) {
        for (at, had) in &self.had {
            let lots = self.lots(self.id.as_ref().unwrap(), &format!("?as_of={at}")).await;
            assert_eq!(lots, *had, "as of {at}");
        }
    }

    async fn lots(&self, id: &str, query: &str) -> Value {
        let mut lots = self.shop.get(&format!("/v1/members/{id}/lots{query}")).await.is(200);
        assert_is_the_ledger(&lots);
        lots.as_object_mut().unwrap().remove("as_of");
        lots
    }

    /// Ledger, lots and tier.
    async fn end(&self) -> Value {
        let id = self.id.as_ref().unwrap();
        let (member, lots) = (self.shop.member(id).await, self.lots(id, "").await);
        json!({"lots": lots, "points": member["points"], "tier": member["tier"], "status": member["status"]})
    }

    async fn buy_earlier(&self, history: &History, order: u64) {
        if let Some(cents) = history.earlier_order {
            let paid_at = at("2026-02-03T10:00:00Z");
            self.shop.move_clock(paid_at);
            let earlier = paid_order(order, &self.buyer, paid_at, &[(&dollars(cents), 1)]);
            self.shop.send("orders/paid", &earlier).await.is(200);
        }
    }
}

fn assert_is_the_ledger(lots: &Value) {
    let part = |name: &str| lots[name].as_i64().unwrap();
    assert_eq!(part("available") + part("pending") + part("held") - part("debt"), part("ledger"), "{lots}");
    let sum: i64 = lots["lots"].as_array().unwrap().iter().map(|lot| lot["points"].as_i64().unwrap()).sum();
    assert_eq!(sum, part("available") + part("pending") + part("held"), "{lots}");
}

async fn plays_out_alike(shop: &Shop, history: &History, number: u64, buyer: fn(u64) -> Buyer) {
    let (mut one, mut other) = (Watched::new(shop, buyer(2 * number)), Watched::new(shop, buyer(2 * number + 1)));
    let (first, second) = (6_000_000_000_000 + number * 100, 6_500_000_000_000 + number * 100);

    one.buy_earlier(history, first + 50).await;
    let in_order: Vec<Event> = events(history, first, &one.buyer).into_iter().flatten().collect();
    for event in &in_order {
        shop.move_clock(event.at + SignedDuration::from_secs(5));
        one.hear(event).await;
    }

    other.buy_earlier(history, second + 50).await;
    let happened = events(history, second, &other.buyer);
    let mut now = in_order.last().unwrap().at + SignedDuration::from_hours(1);
    for event in history.arrivals.iter().filter_map(|number| happened[*number].as_ref()) {
        now += SignedDuration::from_hours(7);
        shop.move_clock(now);
        other.hear(event).await;
    }
    other.look_back().await;

    shop.move_clock(now + SignedDuration::from_hours(24));
    assert_eq!(one.end().await, other.end().await);
}

/// So many random histories of buyers of a kind.
fn any_order_ends_alike(cases: u32, buyer: fn(u64) -> Buyer) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let shop = runtime.block_on(Shop::open("2026-01-01T00:00:00Z"));
    let number = Cell::new(0);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    let played = TestRunner::new(config).run(&histories(), |history| {
        number.set(number.get() + 1);
        shop.wire.clear();
        runtime.block_on(plays_out_alike(&shop, &history, number.get(), buyer));
        Ok(())
    });
    if let Err(error) = played {
        panic!("{error}");
    }
}

#[test]
fn events_of_an_account_holder_s_order_end_alike_however_they_arrive() {
    any_order_ends_alike(60, Buyer::with_account);
}

#[test]
fn events_of_a_customer_without_an_account_end_alike_however_they_arrive() {
    any_order_ends_alike(60, Buyer::without_account);
}

#[test]
fn events_of_a_guest_who_is_no_customer_end_alike_however_they_arrive() {
    any_order_ends_alike(60, Buyer::guest);
}
