//! Sending webhooks as a storefront does, again if the answer is a fault of ours; and doing what people
//! do between them.

use std::{collections::BTreeMap, ops::AddAssign};

use futures::{StreamExt, TryStreamExt, stream};
use indicatif::ProgressBar;
use jiff::Timestamp;
use serde_json::Value;

use super::{actor::Actor, deliveries::Delivery, memory::Memory, play::DemoError, shop::Shop};
use crate::client::Client;

const PEOPLE_AT_ONCE: usize = 8;
const ATTEMPTS: u32 = 5;

/// How many were sent, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) acts: u64,
    pub(super) events: u64,
    pub(super) repeated: u64,
    pub(super) posted: u64,
    pub(super) known: u64,
    pub(super) waiting: u64,
    pub(super) ignored: u64,
}

/// Where the year is played.
pub(super) struct Stage<'a> {
    pub(super) client: &'a Client,
    pub(super) shop: &'a Shop,
    memories: BTreeMap<usize, Memory>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(client: &'a Client, shop: &'a Shop) -> Stage<'a> {
        Stage { client, shop, memories: BTreeMap::new() }
    }

    /// What people have in mind by now, by their numbers.
    pub(super) fn memories(&self) -> &BTreeMap<usize, Memory> {
        &self.memories
    }

    /// Plays them, several people's at once, and each person's one after the other.
    pub(super) async fn play(
        &mut self,
        deliveries: &[Delivery],
        now: Timestamp,
        progress: &ProgressBar,
    ) -> Result<Sent, DemoError> {
        let mut by_person: BTreeMap<usize, Vec<&Delivery>> = BTreeMap::new();
        for delivery in deliveries {
            by_person.entry(delivery.person).or_default().push(delivery);
        }
        let (client, shop, memories) = (self.client, self.shop, &mut self.memories);
        let playing: Vec<_> = by_person
            .into_iter()
            .map(|(number, deliveries)| (number, memories.remove(&number).unwrap_or_default(), deliveries))
            .map(|(number, mut memory, deliveries)| async move {
                let mut sent = Sent::default();
                for delivery in deliveries {
                    sent += play_one(client, shop, delivery, now, &mut memory).await?;
                    progress.inc(1);
                }
                Ok::<_, DemoError>((number, memory, sent))
            })
            .collect();
        let mut played = stream::iter(playing).buffer_unordered(PEOPLE_AT_ONCE);
        let mut sum = Sent::default();
        while let Some((number, memory, sent)) = played.try_next().await? {
            self.memories.insert(number, memory);
            sum += sent;
        }
        Ok(sum)
    }
}

async fn play_one(
    client: &Client,
    shop: &Shop,
    delivery: &Delivery,
    now: Timestamp,
    memory: &mut Memory,
) -> Result<Sent, DemoError> {
    let Some(person) = shop.people.get(delivery.person) else { return Ok(Sent::default()) };
    if let Some(act) = delivery.act() {
        let mut actor = Actor { client, shop, person, memory, at: delivery.arrives_at, now };
        actor.does(act).await?;
        return Ok(Sent { acts: 1, ..Sent::default() });
    }
    let Some((topic, body)) = delivery.content(shop, memory) else { return Ok(Sent::default()) };
    let result = send(client, person.market.domain, topic, &body).await?;
    if delivery.is_a_no() {
        Actor { client, shop, person, memory, at: delivery.arrives_at, now }.is_left_alone().await?;
    }
    let is = |name: &str| u64::from(result == name);
    Ok(Sent {
        acts: 0,
        events: 1,
        repeated: u64::from(delivery.repeated),
        posted: is("posted"),
        known: is("known"),
        waiting: is("waiting"),
        ignored: is("ignored"),
    })
}

/// Sends one webhook; what became of it.
pub(super) async fn send(client: &Client, domain: &str, topic: &str, body: &Value) -> Result<String, DemoError> {
    let mut answer = client.webhook(domain, topic, body).await?;
    for _ in 1..ATTEMPTS {
        if !answer.status.is_server_error() {
            break;
        }
        answer = client.webhook(domain, topic, body).await?;
    }
    let body = answer.taken(topic)?;
    Ok(body.get("result").and_then(Value::as_str).unwrap_or_default().to_owned())
}

impl AddAssign for Sent {
    fn add_assign(&mut self, other: Sent) {
        self.acts += other.acts;
        self.events += other.events;
        self.repeated += other.repeated;
        self.posted += other.posted;
        self.known += other.known;
        self.waiting += other.waiting;
        self.ignored += other.ignored;
    }
}
