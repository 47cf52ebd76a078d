//! How long a run may take.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// When a run has to stop, because its function would be stopped.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    pub const NONE: Deadline = Deadline(None);

    pub fn within(time: Duration) -> Deadline {
        Deadline(Instant::now().checked_add(time))
    }

    pub(crate) fn has_passed(self) -> bool {
        self.0.is_some_and(|end| Instant::now() >= end)
    }

    /// One of so many equal parts of the time that is left.
    pub(crate) fn part_of(self, parts: u32) -> Deadline {
        let part = |end: Instant| {
            let now = Instant::now();
            now + end.saturating_duration_since(now) / parts.max(1)
        };
        Deadline(self.0.map(part))
    }

    /// Whichever is first.
    pub(crate) fn or_within(self, time: Duration) -> Deadline {
        let other = Deadline::within(time).0;
        Deadline(self.0.into_iter().chain(other).min())
    }

    /// What it comes to, unless the time is up before.
    pub(crate) async fn wait_for<T>(self, work: impl Future<Output = T>) -> Option<T> {
        match self.0 {
            Some(end) => timeout_at(end, work).await.ok(),
            None => Some(work.await),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_part_ends_before_the_whole_and_what_it_leaves_is_the_others_to_share() {
        let whole = Deadline::within(Duration::from_secs(40));
        let first = whole.part_of(4);
        advance(Duration::from_secs(10)).await;
        assert!(first.has_passed() && !whole.has_passed());
        let second = whole.part_of(3).or_within(Duration::from_secs(5));
        advance(Duration::from_secs(5)).await;
        assert!(second.has_passed() && !whole.part_of(2).has_passed());
        assert!(!Deadline::NONE.part_of(4).has_passed());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_longer_than_there_is_time() {
        let deadline = Deadline::within(Duration::from_secs(2));
        assert_eq!(deadline.wait_for(sleep(Duration::from_secs(1))).await, Some(()));
        assert_eq!(deadline.wait_for(sleep(Duration::from_secs(16))).await, None);
        assert_eq!(Deadline::NONE.wait_for(sleep(Duration::from_secs(16))).await, Some(()));
    }
}
