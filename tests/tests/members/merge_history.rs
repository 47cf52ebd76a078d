//! Two members who turn out to be one person in the middle of everything: whenever that is, and whatever
//! of their orders is heard of only afterwards, they end as one who did all of it.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRng, TestRunner},
};
use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};

use crate::{NOW, enrol, id_of, link};

#[derive(Clone, Copy, Debug)]
enum Step {
    /// By hand, to one of the two.
    Give(usize, i64),
    /// The first's coupon.
    Redeem,
    /// The second's, for a checkout.
    Hold,
    /// An event of the storefront, by its number in [`Pair::event`].
    Hear(usize),
}

use Step::{Give, Hear, Hold, Redeem};

const SCRIPT: [Step; 16] = [
    Give(0, 700),
    Hear(0),
    Give(1, 300),
    Hear(1),
    Redeem,
    Hear(2),
    Hold,
    Hear(3),
    Hear(4),
    Give(0, -150),
    Hear(5),
    Hear(6),
    Hear(7),
    Give(1, 25),
    Hear(8),
    Hear(9),
];

/// When they are merged, into which of the two, and in which order what is heard of afterwards arrives.
#[derive(Clone, Debug)]
struct Merge {
    after: usize,
    into: usize,
    arrivals: Vec<usize>,
}

fn merges() -> impl Strategy<Value = Merge> {
    let arrivals = Just((0..SCRIPT.len()).collect::<Vec<_>>()).prop_shuffle();
    (0..=SCRIPT.len(), 0..2_usize, arrivals).prop_map(|(after, into, arrivals)| Merge { after, into, arrivals })
}

/// A shop with the two, or with the one who has both customers' accounts.
struct Pair {
    shop: Shop,
    ids: [String; 2],
    redemption: Value,
    hold: Value,
}

impl Pair {
    async fn open(are_one: bool) -> Pair {
        let shop = Shop::open(NOW).await;
        same_rate_on_every_tier(&shop).await;
        let links = if are_one { json!([link(0), link(1)]) } else { json!([link(0)]) };
        let (_, one) = enrol(&shop, json!({"email": email(0), "links": links})).await;
        let other =
            if are_one { one.clone() } else { enrol(&shop, json!({"email": email(1), "links": [link(1)]})).await.1 };
        let ids = [&one, &other].map(|member| id_of(member).to_owned());
        Pair { shop, ids, redemption: Value::Null, hold: Value::Null }
    }

    async fn take(&mut self, number: usize, step: Step) {
        self.shop.move_clock(self.shop.now() + SignedDuration::from_secs(1));
        let key = format!("step-{number}");
        match step {
            Give(who, points) => drop(self.shop.adjust(&self.ids[who], points, &key).await),
            Redeem => self.redemption = self.shop.redeem(&self.ids[0], "coupon_5", &key).await.is(201),
            Hold => {
                let asked = json!({"points": 200, "order_total": {"amount": "100.00", "currency": "USD"}});
                let path = format!("/v1/members/{}/holds", self.ids[1]);
                self.hold = self.shop.post(&path, &asked, Some(&key)).await.is(201);
            }
            Hear(event) => {
                let (topic, payload) = self.event(event);
                self.shop.send(topic, &payload).await.is(200);
            }
        }
        self.add_up().await;
    }

    /// What the storefront tells of either's orders.
    fn event(&self, number: usize) -> (&'static str, Value) {
        let order = |id: u64, customer: u64, hour: &str, price: &str| {
            let paid_at = at(&format!("2026-06-19T{hour}:00:00Z"));
            paid_order(id, &Buyer::with_account(customer), paid_at, &[(price, 2)])
        };
        let with = |mut order: Value, code: &Value, amount: &str| {
            order["discount_codes"] = json!([{"code": code, "amount": amount, "type": "fixed_amount"}]);
            order
        };
        let (first, second) = (order(10, 0, "08", "60.00"), order(20, 1, "09", "45.00"));
        let couponed = || with(order(30, 0, "10", "20.00"), &self.redemption["coupon"]["code"], "5.00");
        let held = || with(order(40, 1, "11", "50.00"), &self.hold["code"], "1.50");
        let back = |order: &Value, id: u64, units: u32| refund(order, id, at("2026-06-20T10:00:00Z"), &[(0, units)]);
        match number {
            0 => ("orders/paid", first),
            1 => ("orders/paid", second),
            2 => ("orders/paid", couponed()),
            3 => ("orders/paid", held()),
            4 => ("refunds/create", back(&first, 11, 1)),
            5 => ("fulfillment_events/create", delivery(&second, 21, at("2026-06-20T09:00:00Z"))),
            6 => ("orders/cancelled", cancelled(&held(), at("2026-06-20T11:00:00Z"))),
            7 => ("refunds/create", back(&couponed(), 31, 2)),
            8 => ("refunds/create", amount_refund(&second, 22, at("2026-06-20T11:30:00Z"), "9.99")),
            _ => ("orders/updated", with_refund(first.clone(), &back(&first, 12, 1))),
        }
    }

    /// The balance of each is their ledger.
    async fn add_up(&self) {
        for id in self.ids.iter().collect::<BTreeSet<_>>() {
            let (lots, ledger) = (self.shop.lots(id).await, self.shop.ledger(id).await);
            let part = |name: &str| lots[name].as_i64().unwrap();
            assert_eq!(part("available") + part("pending") + part("held") - part("debt"), part("ledger"), "{lots}");
            let sum: i64 = ledger.iter().map(|entry| entry["points"].as_i64().unwrap()).sum();
            let last = ledger.first().map_or(0, |entry| entry["balance_after"].as_i64().unwrap());
            assert_eq!((sum, last), (part("ledger"), part("ledger")), "{ledger:?}");
        }
    }

    /// Points, tier, coupon and hold, now and once everything pending has become available.
    async fn end(&self) -> Vec<Value> {
        let mut ends = Vec::new();
        for _ in 0..2 {
            let id = &self.ids[0];
            let member = self.shop.member(id).await;
            let coupons = self.shop.get(&format!("/v1/members/{id}/coupons")).await.is(200)["coupons"].clone();
            let states: Vec<&Value> = coupons.as_array().unwrap().iter().map(|coupon| &coupon["state"]).collect();
            let path = format!("/v1/members/{}/holds/{}", self.ids[1], self.hold["id"].as_str().unwrap());
            let hold = self.shop.get(&path).await.is(200);
            let ledger = self.shop.lots(id).await["ledger"].clone();
            ends.push(json!({"points": member["points"], "ledger": ledger, "tier": member["tier"]["id"],
                "coupons": states, "hold": hold["state"], "captured": hold["captured"]}));
            self.shop.move_clock(self.shop.now() + SignedDuration::from_hours(24 * 45));
        }
        ends
    }
}

/// What an order has earned at its tier stays; one member alone would have had the higher rate earlier.
async fn same_rate_on_every_tier(shop: &Shop) {
    let mut program = shop.get("/v1/program").await.is(200);
    for level in program["tiers"]["levels"].as_array_mut().unwrap() {
        level["multiplier"] = json!("1");
    }
    shop.put_program(&program, Some("\"1\"")).await.is(200);
}

async fn one_who_did_everything() -> Vec<Value> {
    let mut one = Pair::open(true).await;
    for (number, step) in SCRIPT.into_iter().enumerate() {
        one.take(number, step).await;
    }
    one.end().await
}

async fn merged(merge: &Merge) -> Vec<Value> {
    let mut two = Pair::open(false).await;
    for (number, step) in SCRIPT.into_iter().enumerate().take(merge.after) {
        two.take(number, step).await;
    }
    let [from, into] = [1 - merge.into, merge.into].map(|which| two.ids[which].clone());
    two.shop.merge(&from, &into).await;
    two.add_up().await;
    two.ids = [into.clone(), into];
    let (events, asked): (Vec<usize>, Vec<usize>) =
        (merge.after..SCRIPT.len()).partition(|number| matches!(SCRIPT[*number], Hear(_)));
    for number in asked {
        two.take(number, SCRIPT[number]).await;
    }
    let arrivals = merge.arrivals.iter().filter(|number| events.contains(number));
    for number in arrivals.clone().chain(arrivals) {
        two.take(*number, SCRIPT[*number]).await;
    }
    two.end().await
}

#[test]
fn whenever_they_are_merged_they_end_as_one_who_did_everything() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let one = runtime.block_on(one_who_did_everything());
    let config = Config { cases: 16, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let rng = TestRng::deterministic_rng(config.rng_algorithm);
    let played = TestRunner::new_with_rng(config, rng).run(&merges(), |merge| {
        prop_assert_eq!(&runtime.block_on(merged(&merge)), &one);
        Ok(())
    });
    if let Err(error) = played {
        panic!("{error}");
    }
}
