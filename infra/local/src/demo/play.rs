//! The demo from its beginning to its end.

use indicatif::ProgressBar;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use web::clock::Clock;

use super::{
    deliveries::{self, Delivery},
    mailed::mailed,
    opening,
    sending::{Sent, Stage},
    shop::Shop,
    summary::{Summary, summary},
};
use crate::client::{Answer, Client, ClientError};

const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);
/// What arrives within it is sent at once, each person's events in their order.
const WINDOW: SignedDuration = SignedDuration::from_hours(6);

/// What is played; the same seed makes the same year up to the same day.
#[derive(Clone, Copy, Debug)]
pub struct Demo {
    pub people: usize,
    pub seed: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("nothing can listen on this machine")]
    Listen(#[from] std::io::Error),
    #[error("the demo needs a shop without members: leave out `--data`, or choose a new folder")]
    HasMembers,
    #[error("`{what}` was answered {}: {}", .answer.status, .answer.body)]
    Refused { what: String, answer: Answer },
}

impl Default for Demo {
    fn default() -> Demo {
        Demo { people: 100, seed: 2_026 }
    }
}

impl Demo {
    /// Plays the 365 days up to the machine's own time, and leaves the clock there.
    ///
    /// # Errors
    /// `HasMembers`; `Refused` if anything of the year is not taken.
    pub async fn play(self, client: &Client, progress: &ProgressBar) -> Result<Summary, DemoError> {
        let end = Clock::System.now();
        let start = midnight(end - YEAR);
        let shop = Shop::invent(self.seed, self.people, start, end);
        let year = deliveries::of_the_year(&shop, self.seed, end);
        progress.set_length(year.len() as u64);
        begin_at(client, start).await?;
        let told = opening::prepare(client, &shop, start).await?;
        let mut stage = Stage::new(client, &shop);
        let mut sent = Sent::default();
        for window in year.chunk_by(|one, other| window_of(start, one) == window_of(start, other)) {
            let Some(last) = window.last() else { continue };
            move_to(client, last.arrives_at).await?;
            sent += stage.play(window, last.arrives_at, progress).await?;
        }
        move_to(client, Clock::System.now()).await?;
        progress.finish_and_clear();
        let mail = mailed(client, &shop, stage.memories(), (start, Clock::System.now())).await?;
        let summary = summary(client, &shop, sent, told.received(), mail).await?;
        told.close(client).await?;
        Ok(summary)
    }
}

/// So that the year is the same whenever on a day it is played.
fn midnight(at: Timestamp) -> Timestamp {
    TimeZone::UTC.to_datetime(at).date().to_zoned(TimeZone::UTC).map_or(at, |day| day.timestamp())
}

fn window_of(start: Timestamp, delivery: &Delivery) -> i64 {
    delivery.arrives_at.duration_since(start).as_secs() / WINDOW.as_secs()
}

async fn begin_at(client: &Client, start: Timestamp) -> Result<(), DemoError> {
    match move_to(client, start).await {
        Err(DemoError::Refused { answer, .. }) if answer.status == http::StatusCode::CONFLICT => {
            Err(DemoError::HasMembers)
        }
        moved => moved.map(drop),
    }
}

async fn move_to(client: &Client, time: Timestamp) -> Result<Value, DemoError> {
    client.post("/local/clock", &json!({ "now": time })).await?.taken("POST /local/clock")
}

impl DemoError {
    pub(super) fn refused(what: &str, answer: Answer) -> DemoError {
        DemoError::Refused { what: what.to_owned(), answer }
    }
}

impl Answer {
    /// The body of a success.
    pub(super) fn taken(self, what: &str) -> Result<Value, DemoError> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        Err(DemoError::refused(what, self))
    }
}
