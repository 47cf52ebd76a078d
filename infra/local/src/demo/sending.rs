//! Sending webhooks as a storefront does: again, if the answer is a fault of ours.

use std::{collections::BTreeMap, ops::AddAssign};

use futures::{StreamExt, TryStreamExt, stream};
use indicatif::ProgressBar;

use super::{deliveries::Delivery, play::DemoError, shop::Shop};
use crate::client::Client;

const PEOPLE_AT_ONCE: usize = 8;
const ATTEMPTS: u32 = 5;

/// How many were sent, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) events: u64,
    pub(super) repeated: u64,
    pub(super) posted: u64,
    pub(super) known: u64,
    pub(super) waiting: u64,
    pub(super) ignored: u64,
}

/// Sends them, several people's at once, and each person's one after the other.
pub(super) async fn send_all(
    client: &Client,
    shop: &Shop,
    deliveries: &[Delivery],
    progress: &ProgressBar,
) -> Result<Sent, DemoError> {
    let mut by_person: BTreeMap<usize, Vec<&Delivery>> = BTreeMap::new();
    for delivery in deliveries {
        by_person.entry(delivery.person).or_default().push(delivery);
    }
    let sending = by_person.into_values().map(|deliveries| async move {
        let mut sent = Sent::default();
        for delivery in deliveries {
            sent += send(client, shop, delivery).await?;
            progress.inc(1);
        }
        Ok(sent)
    });
    let sent = stream::iter(sending).buffer_unordered(PEOPLE_AT_ONCE);
    sent.try_fold(Sent::default(), |mut sum, sent| async move {
        sum += sent;
        Ok(sum)
    })
    .await
}

async fn send(client: &Client, shop: &Shop, delivery: &Delivery) -> Result<Sent, DemoError> {
    let person = shop.people.get(delivery.person);
    let (Some(person), Some((topic, body))) = (person, delivery.content(shop)) else { return Ok(Sent::default()) };
    let mut answer = client.webhook(person.market.domain, topic, &body).await?;
    for _ in 1..ATTEMPTS {
        if !answer.status.is_server_error() {
            break;
        }
        answer = client.webhook(person.market.domain, topic, &body).await?;
    }
    let body = answer.taken(topic)?;
    let result = body.get("result").and_then(|result| result.as_str());
    let is = |name: &str| u64::from(result == Some(name));
    Ok(Sent {
        events: 1,
        repeated: u64::from(delivery.repeated),
        posted: is("posted"),
        known: is("known"),
        waiting: is("waiting"),
        ignored: is("ignored"),
    })
}

impl AddAssign for Sent {
    fn add_assign(&mut self, other: Sent) {
        self.events += other.events;
        self.repeated += other.repeated;
        self.posted += other.posted;
        self.known += other.known;
        self.waiting += other.waiting;
        self.ignored += other.ignored;
    }
}
