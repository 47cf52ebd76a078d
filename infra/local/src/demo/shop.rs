//! The shop: its people, and all that they buy in the year.

use fastrand::Rng;
use jiff::Timestamp;

use super::{
    order::Order,
    people::{KnownAs, Person},
    year,
};

/// Of somebody at the shop, who tries the checkout now and then.
const TEST_ORDERS: u32 = 4;

#[derive(Debug)]
pub(super) struct Shop {
    pub(super) people: Vec<Person>,
    /// In the order in which they are placed.
    pub(super) orders: Vec<Order>,
}

impl Shop {
    /// The same shop for the same seed and start.
    pub(super) fn invent(seed: u64, people: usize, start: Timestamp, end: Timestamp) -> Shop {
        let mut rng = Rng::with_seed(seed);
        let mut shop = Shop { people: Vec::with_capacity(people), orders: Vec::new() };
        for number in 0..people {
            let rng = &mut Rng::with_seed(rng.u64(..));
            let mut person = Person::invent(number, rng, start);
            let orders = year::orders_of(&person, rng, end);
            if let (KnownAs::Account, Some(last), 0) = (person.known_as, orders.last(), rng.u8(0..20)) {
                person.delete_after(last.placed_at);
            }
            shop.orders.extend(orders);
            shop.people.push(person);
        }
        shop.employ_tester(&mut rng, start, end);
        shop.orders.sort_by_key(|order| (order.placed_at, order.buyer));
        for (number, order) in (1..).zip(&mut shop.orders) {
            order.number = number;
        }
        shop
    }

    fn employ_tester(&mut self, rng: &mut Rng, start: Timestamp, end: Timestamp) {
        let number = self.people.len();
        let tester = Person {
            known_as: KnownAs::Address,
            moved_to: None,
            subscribed: false,
            unsubscribed_at: None,
            first_name: "Test",
            last_name: "Buyer",
            ..Person::invent(number, rng, start)
        };
        self.orders.extend((0..TEST_ORDERS).map(|quarter| year::test_order(&tester, rng, quarter, start)));
        self.orders.retain(|order| order.placed_at < end);
        self.people.push(tester);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{
        acts::{self, Act},
        order::RefundOf,
        play::Demo,
    };

    fn shop() -> Shop {
        let (start, end) = ("2025-06-18T00:00:00Z".parse().unwrap(), "2026-06-18T00:00:00Z".parse().unwrap());
        Shop::invent(Demo::default().seed, Demo::default().people, start, end)
    }

    #[test]
    fn the_same_seed_makes_the_same_shop() {
        assert_eq!(format!("{:?}", shop()), format!("{:?}", shop()));
    }

    #[test]
    fn the_year_has_something_of_everything() {
        let shop = shop();
        let orders = |is: fn(&Order) -> bool| shop.orders.iter().filter(|order| is(order)).count();
        let people = |is: fn(&Person) -> bool| shop.people.iter().filter(|person| is(person)).count();
        assert!(shop.people.len() >= 100 && shop.orders.len() > 2 * shop.people.len());
        assert!(orders(|order| order.cancelled_at.is_some()) > 5);
        assert!(orders(|order| order.parcels.len() == 2) > 5);
        assert!(orders(|order| order.parcels.iter().any(|parcel| parcel.delivered_at.is_none())) > 5);
        assert!(orders(|order| order.refunds.iter().any(|refund| matches!(refund.of, RefundOf::Amount(_)))) > 3);
        assert!(orders(|order| order.cancelled_at.is_none() && !order.refunds.is_empty()) > 10);
        assert!(orders(|order| order.lines.iter().any(|line| line.product.gift_card)) > 0);
        assert!(orders(|order| order.test) > 0);
        assert!(people(|person| person.market.currency == "EUR") > 1);
        assert!(people(|person| person.known_as == KnownAs::Address) > 10);
        assert!(people(|person| matches!(person.known_as, KnownAs::AccountFrom(_))) > 1);
        assert!(people(|person| person.moved_to.is_some()) > 2);
        assert!(people(|person| person.unsubscribed_at.is_some()) > 2);
        assert!(people(|person| person.deleted_at.is_some()) > 0);
    }

    #[test]
    fn people_do_something_of_everything_besides_buying() {
        let shop = shop();
        let acts = acts::of_the_year(&shop, Demo::default().seed);
        let count = |is: fn(&Act) -> bool| acts.iter().filter(|(_, _, act)| is(act)).count();
        assert!(count(|act| *act == Act::Enrol) > 10);
        assert!(count(|act| matches!(act, Act::AcceptInvitation { .. })) > 4);
        assert!(count(|act| *act == Act::CheckIn) > 100 && count(|act| *act == Act::CheckInAgain) > 10);
        assert!(count(|act| *act == Act::Share) > 10);
        assert!(count(|act| matches!(act, Act::Review { by_event: true, .. })) > 5);
        assert!(count(|act| matches!(act, Act::Review { by_event: false, .. })) > 10);
        assert!(count(|act| *act == Act::ShowPicture) > 3 && count(|act| *act == Act::AbandonCheckout) > 3);
        assert!(count(|act| *act == Act::Redeem) > 30);
        assert!(count(|act| matches!(act, Act::CheckOut { wants_hold: true, .. })) > 10);
        assert!(count(|act| *act == Act::EnrolAgain) == count(|act| *act == Act::Merge));
        assert!(count(|act| *act == Act::Merge) > 2 && count(|act| *act == Act::Erase) > 0);
        assert!(shop.people.iter().filter(|person| person.is_regular()).count() > 3);
    }
}
