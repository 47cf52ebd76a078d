//! What one person buys in the year, and what becomes of it.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use super::{
    catalogue::{EXTRAS, GIFT_CARD, STAPLES},
    chance::{of_days, one_of, percent},
    order::{Discount, Line, Off, Order, Parcel, Refund, RefundOf},
    people::Person,
};

/// Nobody buys more often.
const MAX_ORDERS: usize = 10;

/// All orders up to the end, the first one first.
pub(super) fn orders_of(person: &Person, rng: &mut Rng, end: Timestamp) -> Vec<Order> {
    let mut orders = Vec::new();
    let mut at = person.since + SignedDuration::from_secs(rng.i64(60..7_200));
    // some come once, some stay
    let leaves_percent = match (person.buys_much, percent(rng, 40)) {
        (true, _) => 8,
        (false, true) => 80,
        (false, false) => 30,
    };
    while at < end && orders.len() < MAX_ORDERS {
        orders.push(order(person, rng, at, orders.is_empty()));
        if percent(rng, leaves_percent) {
            break;
        }
        at += pause(person, rng, at);
    }
    orders
}

/// The shop's own trial of its checkout.
pub(super) fn test_order(tester: &Person, rng: &mut Rng, quarter: u32, start: Timestamp) -> Order {
    let at = start + of_days(rng, i64::from(quarter) * 90 + 5);
    Order { test: true, parcels: Vec::new(), refunds: Vec::new(), cancelled_at: None, ..order(tester, rng, at, false) }
}

/// As long as the staple lasts, more or less; sooner before the holidays, later after them.
fn pause(person: &Person, rng: &mut Rng, at: Timestamp) -> SignedDuration {
    let season_percent = match day_of(at).month() {
        10 | 11 => 65,
        12 => 110,
        1 | 2 => 135,
        7 | 8 => 115,
        _ => 100,
    };
    let days = person.staple.lasts_days * rng.i64(75..=135) * season_percent / 10_000;
    of_days(rng, days.max(5))
}

fn order(person: &Person, rng: &mut Rng, placed_at: Timestamp, is_first: bool) -> Order {
    let lines = lines(person, rng, placed_at);
    // a bank transfer takes days
    let paid_after = if percent(rng, 5) { of_days(rng, 1) } else { SignedDuration::from_secs(rng.i64(2..90)) };
    let mut order = Order {
        number: 0,
        buyer: person.number,
        placed_at,
        paid_at: placed_at + paid_after,
        discount: discount(rng, placed_at, is_first),
        lines,
        test: false,
        parcels: Vec::new(),
        refunds: Vec::new(),
        cancelled_at: None,
    };
    if percent(rng, 4) {
        cancel(&mut order, rng);
    } else {
        order.parcels = parcels(&order, rng);
        refund(&mut order, rng);
    }
    order
}

fn lines(person: &Person, rng: &mut Rng, at: Timestamp) -> Vec<Line> {
    let is_gift_time = matches!((day_of(at).month(), day_of(at).day()), (11, 20..) | (12, ..22));
    let mut products = vec![person.staple];
    if percent(rng, if person.buys_much { 90 } else { 40 }) {
        products.push(one_of(rng, STAPLES));
    }
    if percent(rng, if is_gift_time { 60 } else { 18 }) {
        products.push(one_of(rng, EXTRAS));
    }
    if percent(rng, if is_gift_time { 8 } else { 1 }) {
        products.push(&GIFT_CARD);
    }
    let mut lines: Vec<Line> = Vec::new();
    for product in products {
        if lines.iter().all(|line| line.product != product) {
            let several = if person.buys_much { 90 } else { 30 };
            let quantity = if product.price < 3_000 && percent(rng, several) { rng.u32(2..=4) } else { 1 };
            lines.push(Line { product, quantity });
        }
    }
    lines
}

fn discount(rng: &mut Rng, at: Timestamp, is_first: bool) -> Option<Discount> {
    match (day_of(at).month(), day_of(at).day()) {
        (11, 24..=30) if percent(rng, 70) => Some(Discount { code: "THANKS20".to_owned(), off: Off::Percent(20) }),
        _ if is_first && percent(rng, 30) => Some(Discount { code: "WELCOME10".to_owned(), off: Off::Percent(10) }),
        _ => None,
    }
}

/// Everything goes back before it is shipped.
fn cancel(order: &mut Order, rng: &mut Rng) {
    let at = order.paid_at + SignedDuration::from_mins(rng.i64(20..600));
    let units = order.lines.iter().enumerate().map(|(position, line)| (position, line.quantity)).collect();
    order.refunds.push(Refund { at, of: RefundOf::Units(units) });
    order.cancelled_at = Some(at + SignedDuration::from_secs(1));
}

/// One, seldom two; a few are never reported as delivered.
fn parcels(order: &Order, rng: &mut Rng) -> Vec<Parcel> {
    let all: Vec<usize> = (0..order.lines.len()).collect();
    let cut = if all.len() > 1 && percent(rng, 15) { 1 } else { all.len() };
    let (first, second) = all.split_at(cut);
    let mut ship = |lines: &[usize]| {
        let days = rng.i64(0..2);
        let shipped_at = order.paid_at + of_days(rng, days);
        let days = rng.i64(1..6);
        let delivered_at = (!percent(rng, 7)).then(|| shipped_at + of_days(rng, days));
        Parcel { lines: lines.to_vec(), shipped_at, delivered_at, carrier_reports: percent(rng, 60) }
    };
    [first, second].into_iter().filter(|lines| !lines.is_empty()).map(&mut ship).collect()
}

/// Some of what was bought comes back, or some money goes back.
fn refund(order: &mut Order, rng: &mut Rng) {
    let arrived_at = order.parcels.iter().filter_map(|parcel| parcel.delivered_at).max();
    let Some(arrived_at) = arrived_at.filter(|_| percent(rng, 10)) else { return };
    let days = rng.i64(1..25);
    let at = arrived_at + of_days(rng, days);
    let of = if percent(rng, 30) {
        RefundOf::Amount((order.subtotal() / 10).max(100))
    } else {
        let position = rng.usize(..order.lines.len());
        let quantity = order.lines.get(position).map_or(1, |line| rng.u32(1..=line.quantity));
        RefundOf::Units(vec![(position, quantity)])
    };
    order.refunds.push(Refund { at, of });
}

fn day_of(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}
