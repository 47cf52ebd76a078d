//! The webhooks that the year brings, as they arrive: some late, some twice, and so not always in
//! the order in which things happened; and between them what people do themselves.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{
    acts::{self, Act},
    chance::percent,
    memory::Memory,
    order::Order,
    payloads,
    people::Person,
    shop::Shop,
};

const LATE_PERCENT: u8 = 4;
const REPEATED_PERCENT: u8 = 5;

/// One webhook on its way, or one act.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub(super) arrives_at: Timestamp,
    /// Of the person whom it is about.
    pub(super) person: usize,
    pub(super) repeated: bool,
    occasion: Occasion,
}

/// What is reported; numbers are positions in the shop's lists.
#[derive(Clone, Debug)]
enum Occasion {
    CustomerCreated,
    CustomerMoved(Timestamp),
    Unsubscribed(Timestamp),
    CustomerDeleted,
    Order { order: usize, topic: &'static str, at: Timestamp },
    Shipped { order: usize, parcel: usize },
    Delivered { order: usize, parcel: usize, at: Timestamp },
    Refunded { order: usize, refund: usize },
    Done(Act),
}

/// All webhooks that arrive before the end, the first one first.
pub(super) fn of_the_year(shop: &Shop, seed: u64, end: Timestamp) -> Vec<Delivery> {
    let mut happened: Vec<(usize, Timestamp, Occasion)> = Vec::new();
    for person in &shop.people {
        happened.extend(of_person(person).into_iter().map(|(at, occasion)| (person.number, at, occasion)));
    }
    for (position, order) in shop.orders.iter().enumerate() {
        happened.extend(of_order(position, order).into_iter().map(|(at, occasion)| (order.buyer, at, occasion)));
    }
    let mut rng = Rng::with_seed(seed ^ 0x0d15_ea5e);
    let mut deliveries: Vec<Delivery> = happened.into_iter().flat_map(|what| sent(what, &mut rng)).collect();
    deliveries.extend(acts::of_the_year(shop, seed).into_iter().map(|(person, at, act)| Delivery {
        arrives_at: at,
        person,
        repeated: false,
        occasion: Occasion::Done(act),
    }));
    deliveries.retain(|delivery| delivery.arrives_at < end);
    deliveries.sort_by_key(|delivery| delivery.arrives_at);
    deliveries
}

fn of_person(person: &Person) -> Vec<(Timestamp, Occasion)> {
    let created = person.customer_since().map(|at| (at, Occasion::CustomerCreated));
    let moved = person.moved_to.map(|(at, _)| (at, Occasion::CustomerMoved(at)));
    let unsubscribed = person.unsubscribed_at.filter(|at| person.is_customer(*at));
    let unsubscribed = unsubscribed.map(|at| (at, Occasion::Unsubscribed(at)));
    let deleted = person.deleted_at.map(|at| (at, Occasion::CustomerDeleted));
    [created, moved, unsubscribed, deleted].into_iter().flatten().collect()
}

fn of_order(position: usize, order: &Order) -> Vec<(Timestamp, Occasion)> {
    let topic = |topic: &'static str, at: Timestamp| (at, Occasion::Order { order: position, topic, at });
    let mut happened = vec![topic("orders/create", order.placed_at), topic("orders/paid", order.paid_at)];
    for (parcel, sent) in order.parcels.iter().enumerate() {
        happened.push((sent.shipped_at, Occasion::Shipped { order: position, parcel }));
        let arrived = sent.delivered_at.map(|at| (at, Occasion::Delivered { order: position, parcel, at }));
        happened.extend(arrived);
    }
    let all_shipped_at = order.parcels.iter().map(|parcel| parcel.shipped_at).max();
    happened.extend(all_shipped_at.map(|at| topic("orders/fulfilled", at + SignedDuration::from_secs(2))));
    for (refund, back) in order.refunds.iter().enumerate() {
        happened.push((back.at, Occasion::Refunded { order: position, refund }));
        happened.push(topic("orders/updated", back.at + SignedDuration::from_secs(2)));
    }
    happened.extend(order.cancelled_at.map(|at| topic("orders/cancelled", at)));
    happened
}

/// Once after some seconds, sometimes much later, sometimes once more.
fn sent((person, at, occasion): (usize, Timestamp, Occasion), rng: &mut Rng) -> Vec<Delivery> {
    let late_secs = if percent(rng, LATE_PERCENT) { rng.i64(600..2 * 86_400) } else { rng.i64(1..20) };
    let arrives_at = at + SignedDuration::from_secs(late_secs);
    let first = Delivery { arrives_at, person, repeated: false, occasion };
    let again = percent(rng, REPEATED_PERCENT).then(|| Delivery {
        arrives_at: arrives_at + SignedDuration::from_secs(rng.i64(30..86_400)),
        repeated: true,
        ..first.clone()
    });
    [Some(first), again].into_iter().flatten().collect()
}

impl Delivery {
    pub(super) fn act(&self) -> Option<Act> {
        if let Occasion::Done(act) = self.occasion { Some(act) } else { None }
    }

    /// Whether the storefront tells that they want no more mail.
    pub(super) fn is_a_no(&self) -> bool {
        matches!(self.occasion, Occasion::Unsubscribed(_))
    }

    /// Its topic and its body; nothing if it is no webhook of that shop. An order is as its buyer has
    /// it in mind, once a code of theirs stands in it.
    pub(super) fn content(&self, shop: &Shop, memory: &Memory) -> Option<(&'static str, Value)> {
        let person = shop.people.get(self.person)?;
        let order = |position: usize| memory.orders.get(&position).or_else(|| shop.orders.get(position));
        Some(match self.occasion {
            Occasion::CustomerCreated => ("customers/create", payloads::created(person)),
            Occasion::CustomerMoved(at) => ("customers/update", payloads::updated(person, at)),
            Occasion::Unsubscribed(at) => ("customers_email_marketing_consent/update", payloads::consent(person, at)),
            Occasion::CustomerDeleted => ("customers/delete", payloads::deleted(person)),
            Occasion::Order { order: position, topic, at } => (topic, payloads::order(person, order(position)?, at)),
            Occasion::Shipped { order: position, parcel } => {
                let order = order(position)?;
                let sent = order.parcels.get(parcel)?;
                ("fulfillments/create", payloads::fulfilment(person, order, parcel, sent, sent.shipped_at))
            }
            Occasion::Delivered { order: position, parcel, at } => {
                let order = order(position)?;
                let arrived = order.parcels.get(parcel)?;
                if arrived.carrier_reports {
                    ("fulfillment_events/create", payloads::carrier_event(person, order, parcel, at))
                } else {
                    ("fulfillments/update", payloads::fulfilment(person, order, parcel, arrived, at))
                }
            }
            Occasion::Refunded { order: position, refund } => {
                let order = order(position)?;
                let back = order.refunds.get(refund)?;
                ("refunds/create", payloads::refund(order, refund, back, person.market))
            }
            Occasion::Done(_) => return None,
        })
    }
}
