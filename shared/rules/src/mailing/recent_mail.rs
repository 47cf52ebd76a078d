//! The mail of the last days that counts toward a member's cap.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::mail_settings::Caps;

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// When each was sent, the oldest first, by the second.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentMail(Vec<i64>);

impl RecentMail {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first instant from `now` on at which the caps allow one more.
    pub fn next_at(&self, caps: Caps, now: Timestamp) -> Timestamp {
        let between = SignedDuration::from_hours(i64::from(caps.hours_between));
        let after_last = self.0.last().map(|last| at(*last) + between);
        let nth_last = self.0.len().checked_sub(usize::from(caps.per_7_days)).and_then(|index| self.0.get(index));
        let after_week = nth_last.map(|sent| at(*sent) + WEEK);
        after_last.into_iter().chain(after_week).fold(now, Timestamp::max)
    }

    pub fn add(&mut self, sent_at: Timestamp) {
        self.0.retain(|sent| sent_at.duration_since(at(*sent)) < WEEK);
        self.0.push(sent_at.as_second());
        self.0.sort_unstable();
    }

    /// It was not sent after all.
    pub fn remove(&mut self, sent_at: Timestamp) {
        if let Some(index) = self.0.iter().rposition(|sent| *sent == sent_at.as_second()) {
            self.0.remove(index);
        }
    }

    /// Of two members who are one now.
    pub fn absorb(&mut self, other: RecentMail) {
        self.0.extend(other.0);
        self.0.sort_unstable();
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::MIN)
}
