//! Orders that a coupon or a hold paid a part of: whatever the order in which their events arrive, and
//! however often, the same ledger, coupon and hold.

use jiff::SignedDuration;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRng, TestRunner},
};
use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};

use crate::assert_is_the_ledger;

const NOW: &str = "2026-06-20T12:00:00Z";
/// A quarter of an hour after the points were spent.
const PAID_AT: &str = "2026-06-20T12:15:00Z";
const EVENTS: usize = 7;

/// What the order names, what became of it, and how that is heard of.
#[derive(Clone, Debug)]
struct History {
    coupon: bool,
    hold: bool,
    /// Of its two units.
    returned: u32,
    cancelled: bool,
    /// Numbers of events, those twice that are delivered twice; what did not happen is passed over.
    arrivals: Vec<usize>,
}

fn histories() -> impl Strategy<Value = History> {
    let named = prop::sample::select(vec![(true, false), (false, true), (true, true)]);
    let arrivals = prop::collection::vec(0..EVENTS, 0..4)
        .prop_flat_map(|again| Just((0..EVENTS).chain(again).collect::<Vec<_>>()).prop_shuffle());
    (named, 0..3_u32, any::<bool>(), arrivals).prop_map(|((coupon, hold), returned, cancelled, arrivals)| History {
        coupon,
        hold,
        returned,
        cancelled,
        arrivals,
    })
}

/// A shop with a member who has redeemed a coupon and holds points for a checkout.
struct Spent {
    shop: Shop,
    id: String,
    coupon: Value,
    hold: Value,
}

impl Spent {
    async fn open() -> Spent {
        let shop = Shop::open(NOW).await;
        shop.send("customers/create", &customer(&Buyer::with_account(1), at(NOW))).await.is(200);
        let id = shop.id_of_customer(customer_id(1)).await;
        shop.adjust(&id, 1_200, "opening").await;
        let coupon = shop.redeem(&id, "coupon_5", "redeemed").await.is(201);
        let asked = json!({"points": 400, "order_total": {"amount": "100.00", "currency": "USD"}});
        let hold = shop.post(&format!("/v1/members/{id}/holds"), &asked, Some("held")).await.is(201);
        Spent { shop, id, coupon, hold }
    }

    /// What Shopify sends of it, in the order in which it happens.
    fn events(&self, history: &History) -> [Option<(&'static str, Value)>; EVENTS] {
        let paid_at = at(PAID_AT);
        let after = |minutes| paid_at + SignedDuration::from_mins(minutes);
        let mut order = paid_order(1, &Buyer::with_account(1), paid_at, &[("50.00", 2)]);
        let code = |code: &Value, amount: &str| json!({"code": code, "amount": amount, "type": "fixed_amount"});
        let coupon = history.coupon.then(|| code(&self.coupon["coupon"]["code"], "5.00"));
        let hold = history.hold.then(|| code(&self.hold["code"], "3.50"));
        order["discount_codes"] = coupon.into_iter().chain(hold).collect();
        let mut placed = order.clone();
        placed["financial_status"] = json!("pending");
        placed["updated_at"] = placed["created_at"].clone();
        let returned = (history.returned > 0).then(|| refund(&order, 9, after(2), &[(0, history.returned)]));
        let updated = returned.as_ref().map(|refund| with_refund(order.clone(), refund));
        let cancelled = history.cancelled.then(|| cancelled(updated.as_ref().unwrap_or(&order), after(4)));
        let shipped = fulfilment(&order, 8, after(1));
        let delivered = delivery(&order, 8, after(3));
        [
            Some(("orders/create", placed)),
            Some(("orders/paid", order)),
            Some(("fulfillments/create", shipped)),
            returned.map(|refund| ("refunds/create", refund)),
            updated.map(|order| ("orders/updated", order)),
            Some(("fulfillment_events/create", delivered)),
            cancelled.map(|order| ("orders/cancelled", order)),
        ]
    }

    /// Hears of it; then the balance is the ledger.
    async fn hear(&self, topic: &str, payload: &Value) {
        self.shop.send(topic, payload).await.is(200);
        let (lots, ledger) = (self.shop.lots(&self.id).await, self.shop.ledger(&self.id).await);
        assert_is_the_ledger(&lots);
        assert_eq!(lots["ledger"], ledger[0]["balance_after"], "{ledger:?}");
        let sum: i64 = ledger.iter().map(|entry| entry["points"].as_i64().unwrap()).sum();
        assert_eq!(lots["ledger"], sum, "{ledger:?}");
    }

    async fn end(&self) -> Value {
        let of = async |path: String| self.shop.get(&format!("/v1/members/{}{path}", self.id)).await.is(200);
        let [coupon, hold] = [&self.coupon, &self.hold].map(|spent| spent["id"].as_str().unwrap());
        let (redemption, hold) = (of(format!("/redemptions/{coupon}")).await, of(format!("/holds/{hold}")).await);
        json!({
            "points": of(String::new()).await["points"],
            "ledger": self.shop.lots(&self.id).await["ledger"],
            "coupon": [&redemption["coupon"]["state"], &redemption["coupon"]["used_by"]],
            "hold": [&hold["state"], &hold["captured"]["points"]],
        })
    }
}

async fn end_of(history: &History, arrivals: &[usize]) -> Value {
    let spent = Spent::open().await;
    spent.shop.move_clock(at(PAID_AT) + SignedDuration::from_mins(10));
    let events = spent.events(history);
    for (topic, payload) in arrivals.iter().filter_map(|number| events[*number].as_ref()) {
        spent.hear(topic, payload).await;
    }
    spent.end().await
}

#[test]
fn an_order_that_was_paid_with_a_coupon_or_a_hold_ends_alike_however_its_events_arrive() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = Config { cases: 12, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let played = TestRunner::new_with_rng(config, rng).run(&histories(), |history| {
        let in_order: Vec<usize> = (0..EVENTS).collect();
        let end = runtime.block_on(end_of(&history, &in_order));
        prop_assert_eq!(runtime.block_on(end_of(&history, &history.arrivals)), end);
        Ok(())
    });
    if let Err(error) = played {
        panic!("{error}");
    }
}
