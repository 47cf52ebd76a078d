//! What people do in the year besides buying, and what the shop does about them.

use std::collections::BTreeSet;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::{
    by_mail,
    chance::{of_days, percent},
    order::Order,
    people::Person,
    shop::Shop,
};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Everything of an order has arrived by then, however late it was.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_hours(24 * 6);
const MAX_CHECK_INS: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Enrols on the shop's own page, with a birthday.
    Enrol,
    /// Takes the coupon of the member who invited them.
    AcceptInvitation {
        from: usize,
    },
    /// In the shop's app, which tells of it by an event.
    CheckIn,
    /// Once more on the same day, which earns nothing.
    CheckInAgain,
    Share,
    /// Of a product, told by the app's event or by the storefront's call.
    Review {
        product: u64,
        by_event: bool,
    },
    /// Shows a picture, and somebody at the shop approves it.
    ShowPicture,
    /// Buys the best reward that the points are enough for.
    Redeem,
    /// Just before an order: a coupon that is there is entered, or points are held.
    CheckOut {
        order: usize,
        wants_hold: bool,
    },
    /// Holds points and leaves.
    AbandonCheckout,
    /// Enrols once more under another address.
    EnrolAgain,
    /// The shop finds out that both are one person.
    Merge,
    Erase,
    /// Goes by the link of the newest invitation, and reviews what it is about.
    FollowInvitation {
        stars: u8,
    },
    /// Goes by the link of the mail that asks whether they really subscribed.
    Confirm,
    /// Goes by the link of the newest mail, and wants no more.
    LeaveByMail,
    /// Somebody at the shop looks at what is open.
    TendCases,
}

/// Everything that is done before the end, in no order.
pub(super) fn of_the_year(shop: &Shop, seed: u64) -> Vec<(usize, Timestamp, Act)> {
    let mut rng = Rng::with_seed(seed ^ 0x0ac7_0fa1);
    let mut acts = Vec::new();
    for person in shop.people.iter().filter(|person| person.takes_part()) {
        let rng = &mut Rng::with_seed(rng.u64(..));
        let own: Vec<(usize, &Order)> =
            shop.orders.iter().enumerate().filter(|(_, order)| order.buyer == person.number).collect();
        let mut done = joining(person, shop, rng);
        done.extend(in_the_app(person, rng));
        done.extend(of_one_s_own(person));
        done.extend(around_orders(person, &own, rng));
        let gone_at = person.gone_at();
        done.retain(|(at, act)| *act == Act::Erase || gone_at.is_none_or(|gone_at| *at < gone_at));
        acts.extend(done.into_iter().map(|(at, act)| (person.number, at, act)));
    }
    acts.extend(by_mail::of_the_year(shop, seed));
    acts
}

fn joining(person: &Person, shop: &Shop, rng: &mut Rng) -> Vec<(Timestamp, Act)> {
    if !person.enrols_by_page() {
        return Vec::new();
    }
    // before the storefront says a word, so that the invited have bought nothing yet
    let enrols = (person.since - SignedDuration::from_secs(10), Act::Enrol);
    let is_known =
        |other: &&Person| other.takes_part() && other.gone_at().is_none() && other.since + 5 * DAY < person.since;
    let others: Vec<&Person> = shop.people.iter().filter(is_known).collect();
    let chosen = if others.is_empty() { None } else { others.get(rng.usize(..others.len())) };
    let invited = chosen.filter(|_| person.number % 8 == 5);
    let accepts = invited
        .map(|other| (person.since - SignedDuration::from_secs(5), Act::AcceptInvitation { from: other.number }));
    [Some(enrols), accepts].into_iter().flatten().collect()
}

fn in_the_app(person: &Person, rng: &mut Rng) -> Vec<(Timestamp, Act)> {
    let (mut acts, mut at) = (Vec::new(), person.since);
    for count in 0..if person.enrols_by_page() { MAX_CHECK_INS } else { 0 } {
        let days = rng.i64(6..20);
        at += of_days(rng, days);
        acts.push((at, Act::CheckIn));
        if count % 5 == 4 {
            acts.push((at, Act::CheckInAgain));
        }
    }
    acts
}

/// What some do who are told apart by their number.
fn of_one_s_own(person: &Person) -> Vec<(Timestamp, Act)> {
    let on_day = |day: i32, act: Act| (person.since + day * DAY, act);
    let mut acts = Vec::new();
    if person.number % 9 == 6 {
        acts.push(on_day(40, Act::ShowPicture));
    }
    if person.number % 9 == 2 {
        acts.push(on_day(60, Act::AbandonCheckout));
    }
    if person.number % 15 == 8 {
        acts.extend([on_day(30, Act::EnrolAgain), on_day(75, Act::Merge)]);
    }
    let erased_at = person.gone_at().filter(|_| person.asks_to_be_forgotten());
    acts.extend(erased_at.map(|at| (at, Act::Erase)));
    acts
}

fn around_orders(person: &Person, orders: &[(usize, &Order)], rng: &mut Rng) -> Vec<(Timestamp, Act)> {
    let (mut acts, mut reviewed) = (Vec::new(), BTreeSet::new());
    for (position, order) in orders {
        let check_out = Act::CheckOut { order: *position, wants_hold: percent(rng, 15) };
        acts.push((order.placed_at - SignedDuration::from_secs(60), check_out));
        if percent(rng, 40) {
            acts.push((order.placed_at + 24 * DAY, Act::Redeem));
        }
        if order.cancelled_at.is_some() || !order.refunds.is_empty() {
            continue;
        }
        if percent(rng, 15) {
            acts.push((order.paid_at + SETTLED_AFTER, Act::Share));
        }
        let arrived_at = order.parcels.iter().filter_map(|parcel| parcel.delivered_at).max();
        let product = order.lines.first().map(|line| line.product.id);
        if let (Some(arrived_at), Some(product), true) = (arrived_at, product, percent(rng, 30))
            && reviewed.insert(product)
        {
            let by_event = person.enrols_by_page();
            acts.push((arrived_at + SETTLED_AFTER, Act::Review { product, by_event }));
        }
    }
    acts
}
