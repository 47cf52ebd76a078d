//! Who reads mail in the year, and what they do about it; and who looks after what comes of that.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::{
    acts::Act,
    chance::{of_days, percent},
    order::Order,
    people::Person,
    shop::Shop,
};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Of a hundred reviews so many have one star; up to two, three and four; the others have five.
const UP_TO_PERCENT: [u8; 4] = [6, 14, 26, 52];

/// Everything in no order, also what would come after the end.
pub(super) fn of_the_year(shop: &Shop, seed: u64) -> Vec<(usize, Timestamp, Act)> {
    let mut rng = Rng::with_seed(seed ^ 0x3a11_b0c5);
    let mut acts = Vec::new();
    for person in &shop.people {
        let rng = &mut Rng::with_seed(rng.u64(..));
        let gone_at = person.gone_at();
        let mut done: Vec<_> = asked_and_asking(person, rng);
        let own = shop.orders.iter().filter(|order| order.buyer == person.number);
        done.extend(own.filter_map(|order| reviewing(order, rng)));
        done.retain(|(at, _)| gone_at.is_none_or(|gone_at| *at < gone_at));
        acts.extend(done.into_iter().map(|(at, act)| (person.number, at, act)));
    }
    acts.extend(at_the_shop(shop));
    acts
}

/// What has nothing to do with an order.
fn asked_and_asking(person: &Person, rng: &mut Rng) -> Vec<(Timestamp, Act)> {
    let confirms = percent(rng, 70).then(|| (person.since + of_days(rng, 1), Act::Confirm));
    let days = rng.i64(20..160);
    let leaves = percent(rng, 12).then(|| (person.since + of_days(rng, days), Act::LeaveByMail));
    // who confirms wants mail again, whatever was said before
    let is_asked = person.subscribed && !person.gets_one_mail();
    [confirms.filter(|_| is_asked), leaves].into_iter().flatten().collect()
}

/// Some days after the first invitation to review the order, or after the second one.
fn reviewing(order: &Order, rng: &mut Rng) -> Option<(Timestamp, Act)> {
    let arrived_at = order.parcels.iter().filter_map(|parcel| parcel.delivered_at).max();
    let days = if percent(rng, 70) { rng.i64(5..9) } else { rng.i64(12..20) };
    let (thought_of, takes_the_time) = (of_days(rng, days), percent(rng, 45));
    let stars = stars(rng);
    let read_at = arrived_at.filter(|_| takes_the_time)? + thought_of;
    Some((read_at, Act::FollowInvitation { stars }))
}

fn stars(rng: &mut Rng) -> u8 {
    let chance = rng.u8(0..100);
    (1..).zip(UP_TO_PERCENT).find(|(_, up_to)| chance < *up_to).map_or(5, |(stars, _)| stars)
}

/// Who tries the checkout now and then looks at what is open every other day.
fn at_the_shop(shop: &Shop) -> Vec<(usize, Timestamp, Act)> {
    let Some(tester) = shop.people.last() else { return Vec::new() };
    let first = shop.people.iter().map(|person| person.since).min().unwrap_or(tester.since);
    (1..180).map(|turn| (tester.number, first + turn * 2 * DAY, Act::TendCases)).collect()
}
