//! Random histories of one order, with the member's other orders around it.

use jiff::Timestamp;
use proptest::{collection::vec, option, prelude::*};
use rules::{
    facts::{Line, LineKind, OrderFacts},
    program::{Basis, Negative, Period, Program, Programs, Round},
};

use super::{at, cancelled, days_after, delivered, events::paid, line, payload, programs, refund, shipped};

const WEEKEND: &str = r#"{"kind": "weekdays", "days": ["saturday", "sunday"], "zone": "shop"}"#;

/// When the first event arrives.
pub(crate) const START: &str = "2026-06-18T10:00:00Z";

pub(crate) fn start() -> Timestamp {
    at(START)
}

/// One order's events, how they arrive, and what the member already has.
#[derive(Clone, Debug)]
pub(crate) struct History {
    pub(crate) programs: Programs,
    /// Facts of orders that the member had before.
    pub(crate) others: Vec<OrderFacts>,
    pub(crate) events: Vec<OrderFacts>,
    /// Each event at least once, with the instant at which it arrives.
    pub(crate) arrivals: Vec<(usize, Timestamp)>,
    /// When the outcomes are compared.
    pub(crate) finally: Timestamp,
}

impl History {
    /// Everything that is known of the order in the end.
    pub(crate) fn known(&self) -> OrderFacts {
        self.events.iter().cloned().fold(OrderFacts::default(), OrderFacts::merge)
    }
}

/// Arrivals all at one instant, or over most of a year.
pub(crate) fn histories(last_day: i64) -> impl Strategy<Value = History> {
    (all_programs(), vec(other_orders(), 0..4), events()).prop_flat_map(move |(programs, others, events)| {
        let count = events.len();
        let order =
            vec(0..count, 0..4).prop_map(move |repeated| (0..count).chain(repeated).collect::<Vec<_>>()).prop_shuffle();
        let days = vec(0..=last_day, count + 4);
        (Just(programs), Just(others), Just(events), order, days, 0..30_i64).prop_map(arranged)
    })
}

fn arranged(
    (programs, others, events, order, mut days, later): (
        Programs,
        Vec<OrderFacts>,
        Vec<OrderFacts>,
        Vec<usize>,
        Vec<i64>,
        i64,
    ),
) -> History {
    days.sort_unstable();
    let last = days.last().copied().unwrap_or(0);
    let arrivals = order.into_iter().zip(days.into_iter().map(|day| days_after(start(), day))).collect();
    let finally = days_after(start(), if last == 0 { 0 } else { last + later });
    History { programs, others, events, arrivals, finally }
}

/// Every basis and period, with short and long lives of points, and a version that changes them.
pub(crate) fn all_programs() -> impl Strategy<Value = Programs> {
    let first = any_program();
    let second = option::of((any_program(), 0..500_i64));
    let zone = prop::sample::select(vec!["UTC", "America/New_York", "Pacific/Auckland"]);
    (first, second, zone).prop_map(|(first, second, zone)| {
        let long_ago = programs::version(1, at("2020-01-01"), programs::in_zone(zone, first));
        let later = second
            .map(|(program, days)| programs::version(2, days_after(start(), -days), programs::in_zone(zone, program)));
        Programs::new(long_ago, later.into_iter().collect())
    })
}

fn any_program() -> impl Strategy<Value = Program> {
    let basis = prop::sample::select(vec![Basis::Spend, Basis::Points, Basis::Orders]);
    let period = prop::sample::select(vec![Period::Rolling12Months, Period::CalendarYear, Period::Anniversary]);
    let negative = prop::sample::select(vec![Negative::Debt, Negative::Clamp]);
    let rate = prop::sample::select(vec!["1", "0.333", "7.5"]);
    let expiry = (prop::sample::select(vec![1_u16, 6, 12]), any::<bool>());
    (basis, period, negative, rate, expiry, 0..40_u16, 0..40_u16).prop_map(
        |(basis, period, negative, rate, (months, at_month_end), grace, waiting)| {
            let mut program = programs::by(basis, period);
            program.campaigns = vec![programs::campaign("weekend", "2", false, WEEKEND)];
            program.negative = negative;
            program.earning.points_per_unit = rate.parse().unwrap();
            program.expiry.months = months;
            program.expiry.round = if at_month_end { Round::EndOfMonth } else { Round::None };
            program.tiers.grace_days = grace;
            program.pending.after_payment_days = waiting;
            program
        },
    )
}

/// Paid up to 400 days before the first event: its points may have expired already.
fn other_orders() -> impl Strategy<Value = OrderFacts> {
    (0..400_i64, 0..30_000_i64).prop_map(|(days, minor)| paid(days_after(start(), -days), minor))
}

/// Payment, two refunds of amounts, one of units, an edit, parcels, and perhaps a cancellation.
pub(crate) fn events() -> impl Strategy<Value = Vec<OrderFacts>> {
    let lines = vec((0..20_000_i64, 1..5_u32, 0..=100_i64, 0..12_u8), 1..5);
    let parcels = vec((0..40_i64, option::weighted(0.8, 0..60_i64)), 0..3);
    let rare = |probability| option::weighted(probability, 0..60_i64);
    (lines, 0..400_i64, vec(0..8_000_i64, 2), (0..5_usize, 1..5_u32), edits(), parcels, rare(0.25), rare(0.2)).prop_map(
        |(lines, age, amounts, (refunded_line, units), edit, parcels, cancelled_after, paid_earlier)| {
            let paid_at = days_after(start(), -age);
            let after = |days| days_after(paid_at, days);
            let lines = ordered(&lines);
            let refunded_line = lines[refunded_line % lines.len()].id.to_string();
            let edited = edit.of(&lines, paid_at, paid_earlier.map(|days| after(-days)));
            let mut events = vec![
                payload(paid_at, lines).paid(paid_at).facts(),
                edited,
                refund("amount-1", after(3), &[], amounts[0]),
                refund("amount-2", after(9), &[], amounts[1]),
                refund("units", after(5), &[(&refunded_line, units)], 0),
            ];
            for (number, (shipped_after, delivered_after)) in parcels.into_iter().enumerate() {
                let parcel = format!("parcel-{number}");
                events.push(shipped(&parcel, after(shipped_after)));
                events.extend(delivered_after.map(|days| delivered(&parcel, after(days))));
            }
            events.extend(cancelled_after.map(|days| cancelled(after(days))));
            events
        },
    )
}

fn ordered(lines: &[(i64, u32, i64, u8)]) -> Vec<Line> {
    let of = |(number, (price, quantity, discounted, kind)): (usize, &(i64, u32, i64, u8))| Line {
        discount: price * i64::from(*quantity) * discounted / 100,
        tax_included: price * i64::from(*kind) / 100,
        kind: match kind {
            0 => LineKind::GiftCard,
            1 => LineKind::Tip,
            _ => LineKind::Product,
        },
        ..line(&number.to_string(), *price, *quantity)
    };
    lines.iter().enumerate().map(of).collect()
}

/// An edit of the order: what it leaves of each line, what it adds, and whether it counts the refund.
#[derive(Clone, Debug)]
struct Edit {
    left: Vec<u32>,
    more: u32,
    days: i64,
    counts_the_refund: bool,
}

fn edits() -> impl Strategy<Value = Edit> {
    (vec(0..5_u32, 4), 0..3_u32, 0..20_i64, any::<bool>()).prop_map(|(left, more, days, counts_the_refund)| Edit {
        left,
        more,
        days,
        counts_the_refund,
    })
}

impl Edit {
    fn of(&self, lines: &[Line], paid_at: Timestamp, earlier: Option<Timestamp>) -> OrderFacts {
        let edited = lines.iter().zip(&self.left).enumerate().map(|(number, (line, left))| {
            let quantity = line.quantity + if number == 0 { self.more } else { 0 };
            Line { quantity, current_quantity: Some(quantity.min(*left)), ..line.clone() }
        });
        let edited = payload(paid_at, edited).updated(days_after(paid_at, self.days)).paid(earlier.unwrap_or(paid_at));
        if self.counts_the_refund { edited.counting("units").facts() } else { edited.facts() }
    }
}
