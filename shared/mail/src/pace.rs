//! How fast mails are sent, by as many senders at once as there may be.

use std::time::Duration;

use tokio::{
    sync::Mutex,
    time::{Instant, sleep_until},
};

/// Gives out turns, evenly over time, to whoever asked first. SES counts by the second, so that a
/// burst would be refused even where the average is low.
#[derive(Debug)]
pub struct Pace {
    interval: Duration,
    /// When the next turn is; held by whoever waits for it, and the lock is fair.
    next: Mutex<Option<Instant>>,
}

impl Pace {
    /// One part of so many of so many turns each second, of which there is at least one: the parts together keep to it,
    /// also where each of them has less than one a second.
    pub fn shared(turns: u32, parts: u32) -> Pace {
        Pace { interval: Duration::from_secs(1) * parts.max(1) / turns.max(1), next: Mutex::new(None) }
    }

    /// Returns when it is the caller's turn. Who stops waiting takes no turn.
    pub async fn turn(&self) {
        let mut next = self.next.lock().await;
        if let Some(at) = *next {
            sleep_until(at).await;
        }
        *next = Some(Instant::now() + self.interval);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::time::{advance, timeout};

    use super::*;

    async fn turns_in_ten_seconds(pace: Pace, senders: usize) -> usize {
        let pace = Arc::new(pace);
        let taken = Arc::new(std::sync::Mutex::new(vec![0; senders]));
        let tasks: Vec<_> = (0..senders)
            .map(|sender| {
                let (pace, taken) = (Arc::clone(&pace), Arc::clone(&taken));
                tokio::spawn(async move {
                    loop {
                        pace.turn().await;
                        taken.lock().unwrap()[sender] += 1;
                    }
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(9_990)).await;
        for task in tasks {
            task.abort();
        }
        let taken = taken.lock().unwrap();
        let (least, most) = (taken.iter().min().unwrap(), taken.iter().max().unwrap());
        // who asks before the others have begun has one turn more
        assert!(most - least <= 2, "each has its turn: {taken:?}");
        taken.iter().sum()
    }

    #[tokio::test(start_paused = true)]
    async fn all_senders_together_keep_the_rate() {
        // the runtime's clock has milliseconds, and is late rather than early
        let turns = turns_in_ten_seconds(Pace::shared(14, 1), 5).await;
        assert!((138..=140).contains(&turns), "{turns}");
        assert_eq!(turns_in_ten_seconds(Pace::shared(1, 1), 3).await, 10);
        assert_eq!(turns_in_ten_seconds(Pace::shared(0, 1), 1).await, 10);
        assert_eq!(turns_in_ten_seconds(Pace::shared(1, 2), 1).await, 5, "half of one a second");
        assert_eq!(turns_in_ten_seconds(Pace::shared(3, 2), 1).await, 15);
    }

    #[tokio::test(start_paused = true)]
    async fn idle_time_is_not_saved_up_for_a_burst() {
        let pace = Pace::shared(2, 1);
        pace.turn().await;
        advance(Duration::from_secs(60)).await;
        pace.turn().await;
        let begun = Instant::now();
        pace.turn().await;
        assert_eq!(begun.elapsed().as_millis(), 500);
    }

    #[tokio::test(start_paused = true)]
    async fn who_stops_waiting_takes_no_turn() {
        let pace = Pace::shared(1, 1);
        pace.turn().await;
        assert!(timeout(Duration::from_millis(100), pace.turn()).await.is_err());
        let begun = Instant::now();
        pace.turn().await;
        assert!(begun.elapsed().as_millis() <= 900);
    }
}
