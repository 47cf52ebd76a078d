//! Who buys. Nobody of them lives.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::{
    catalogue::{Product, STAPLES},
    chance::{of_days, one_of, percent},
    market::{ABROAD, HOME, Market, Place},
};

const FIRST: &[&str] = &[
    "Mia", "Noah", "Priya", "Elias", "Amara", "Jonas", "Sofia", "Kofi", "Hana", "Luca", "Greta", "Omar", "Ines",
    "Theo", "Yuki", "Clara", "Mateo", "Nadia", "Oscar", "Lena", "Idris", "Vera", "Emil", "Rosa",
];
const LAST: &[&str] = &[
    "Thornbury",
    "Okonjo",
    "Lindqvist",
    "Marchetti",
    "Adeyemi",
    "Falk",
    "Serrano",
    "Nakata",
    "Brandt",
    "Haddad",
    "Ferreira",
    "Kowalczyk",
    "Ashdown",
    "Moreau",
    "Petrov",
    "Varga",
    "Ekström",
    "Quill",
    "Rahimi",
    "Sandoval",
];

#[derive(Debug)]
pub(super) struct Person {
    /// From 0.
    pub(super) number: usize,
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) market: &'static Market,
    pub(super) place: &'static Place,
    pub(super) moved_to: Option<(Timestamp, &'static Place)>,
    pub(super) known_as: KnownAs,
    /// When the storefront first heard of them.
    pub(super) since: Timestamp,
    pub(super) subscribed: bool,
    pub(super) unsubscribed_at: Option<Timestamp>,
    pub(super) deleted_at: Option<Timestamp>,
    /// What they come back for.
    pub(super) staple: &'static Product,
    /// For a household, a studio, an office.
    pub(super) buys_much: bool,
}

/// What the storefront knows somebody as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KnownAs {
    /// A customer with an account.
    Account,
    /// A customer without one.
    Customer,
    /// An address on an order.
    Address,
    /// An address that became an account.
    AccountFrom(Timestamp),
}

/// What becomes of mail to that person, as SES's mailbox simulator names it; to all others it arrives.
fn fate_of_mail(number: usize) -> Option<&'static str> {
    if number % 64 == 20 {
        Some("bounce")
    } else if number % 80 == 41 {
        Some("complaint")
    } else if number % 50 == 33 {
        Some("ooto")
    } else {
        None
    }
}

impl Person {
    /// Somebody who comes to the shop at some day of the year, more of them in its first months.
    pub(super) fn invent(number: usize, rng: &mut Rng, start: Timestamp) -> Person {
        let days = if percent(rng, 55) { rng.i64(0..120) } else { rng.i64(60..330) };
        let since = start + of_days(rng, days);
        let market = if percent(rng, 5) { &ABROAD } else { &HOME };
        let known_as = match rng.u8(0..100) {
            _ if fate_of_mail(number).is_some() => KnownAs::Account,
            0..68 => KnownAs::Account,
            68..80 => KnownAs::Customer,
            80..95 => KnownAs::Address,
            _ => {
                let days = rng.i64(20..120);
                KnownAs::AccountFrom(since + of_days(rng, days))
            }
        };
        let subscribed = percent(rng, 60) || fate_of_mail(number).is_some();
        let days = rng.i64(10..200);
        let unsubscribed_at = (subscribed && percent(rng, 12)).then(|| since + of_days(rng, days));
        let moves = known_as == KnownAs::Account && percent(rng, 8);
        Person {
            number,
            first_name: one_of::<&str>(rng, FIRST),
            last_name: one_of::<&str>(rng, LAST),
            market,
            place: one_of(rng, market.places),
            moved_to: moves.then(|| (since + of_days(rng, 90), one_of(rng, market.places))),
            known_as,
            since,
            subscribed,
            unsubscribed_at: unsubscribed_at.filter(|_| known_as != KnownAs::Address),
            deleted_at: None,
            staple: one_of(rng, STAPLES),
            buys_much: percent(rng, 6),
        }
    }

    pub(super) fn email(&self) -> String {
        let name = format!("{}.{}", self.first_name, self.last_name).to_lowercase().replace('ö', "oe");
        match fate_of_mail(self.number) {
            Some(fate) => format!("{fate}+{name}.{}@simulator.amazonses.com", self.number),
            None => format!("{name}.{}@example.com", self.number),
        }
    }

    /// Whether the first mail to them is the last one: it bounces, or they call it spam.
    pub(super) fn gets_one_mail(&self) -> bool {
        matches!(fate_of_mail(self.number), Some("bounce" | "complaint"))
    }

    pub(super) fn customer_id(&self) -> u64 {
        7_304_500_000_000 + self.number as u64
    }

    /// Whether orders of that time name a customer.
    pub(super) fn is_customer(&self, at: Timestamp) -> bool {
        match self.known_as {
            KnownAs::Account | KnownAs::Customer => true,
            KnownAs::Address => false,
            KnownAs::AccountFrom(since) => since <= at,
        }
    }

    pub(super) fn has_account(&self, at: Timestamp) -> bool {
        self.is_customer(at) && self.known_as != KnownAs::Customer
    }

    /// Whoever has an account from the first day, where the program's money is used.
    pub(super) fn takes_part(&self) -> bool {
        self.known_as == KnownAs::Account && self.market.currency == HOME.currency
    }

    /// Who has points of the program before this one.
    pub(super) fn is_regular(&self) -> bool {
        self.takes_part() && self.number % 12 == 3
    }

    /// Who enrols on the shop's own page, before the storefront tells of them, and uses its app.
    pub(super) fn enrols_by_page(&self) -> bool {
        self.takes_part() && self.number % 4 == 1
    }

    /// When they are done with the shop.
    pub(super) fn gone_at(&self) -> Option<Timestamp> {
        self.deleted_at.map(|deleted_at| deleted_at - SignedDuration::from_hours(1))
    }

    /// Whether they ask to be erased then. The storefront has no word left of them that comes later.
    pub(super) fn asks_to_be_forgotten(&self) -> bool {
        self.takes_part() && self.moved_to.is_none() && self.unsubscribed_at.is_none()
    }

    /// A day of the year 1990.
    pub(super) fn birthday(&self) -> String {
        format!("1990-{:02}-{:02}", self.number % 12 + 1, self.number % 28 + 1)
    }

    /// When the storefront made the customer, if it did.
    pub(super) fn customer_since(&self) -> Option<Timestamp> {
        match self.known_as {
            KnownAs::Account | KnownAs::Customer => Some(self.since),
            KnownAs::Address => None,
            KnownAs::AccountFrom(since) => Some(since),
        }
    }

    pub(super) fn place_at(&self, at: Timestamp) -> &'static Place {
        self.moved_to.filter(|(since, _)| *since <= at).map_or(self.place, |(_, place)| place)
    }

    /// The account is gone a while after the last order.
    pub(super) fn delete_after(&mut self, last_order: Timestamp) {
        self.deleted_at = Some(last_order + SignedDuration::from_hours(24 * 30));
    }
}
