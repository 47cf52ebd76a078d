//! The shop: its people, and all that they buy in the year.

use fastrand::Rng;
use jiff::Timestamp;

use super::{
    order::Order,
    people::{KnownAs, Person},
    year,
};

/// Somebody at the shop who tries the checkout now and then.
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
            if let (KnownAs::Account, Some(last), 0) = (person.known_as, orders.last(), rng.u8(0..80)) {
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
