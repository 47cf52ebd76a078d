//! The clock: it runs with the machine's, can be moved, and stops where something is due.

use std::{io, sync::Arc, time::Duration};

use app::{AppError, Deadline};
use jiff::Timestamp;
use store::StoreError;
use tokio::{sync::Mutex, time::MissedTickBehavior};
use web::{schedules, state::AppState};

use super::{
    SavedClock,
    r#move::Move,
    schedules::{SCHEDULES, Schedule},
};
use crate::{
    mail::Mailbox,
    problem::Problem,
    table::{Table, TableError},
};

const TICK: Duration = Duration::from_millis(100);

pub(crate) struct LocalClock {
    state: AppState,
    table: Table,
    mailbox: Arc<Mailbox>,
    /// Whoever holds it moves the clock; nobody else does meanwhile.
    saved: Mutex<SavedClock>,
}

/// Where the clock came to, and how many schedules fired on the way.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub(crate) struct Moved {
    now: Timestamp,
    fired: u32,
}

/// Where the clock stops on its way, and what it runs there.
struct Stop {
    at: Timestamp,
    schedule: &'static Schedule,
    /// For each of its scenarios, since when something has been due.
    due: Vec<(&'static str, Option<Timestamp>)>,
}

/// Why the clock stopped on the way.
#[derive(Debug, thiserror::Error)]
enum Stuck {
    #[error("a function failed")]
    Function(#[from] AppError),
    #[error(transparent)]
    Table(#[from] TableError),
    #[error("the schedules could not begin anew")]
    Cursor(#[from] StoreError),
    #[error("the clock could not be saved")]
    Save(#[from] io::Error),
}

impl LocalClock {
    pub(crate) fn new(state: AppState, table: Table, mailbox: Arc<Mailbox>, saved: SavedClock) -> LocalClock {
        LocalClock { state, table, mailbox, saved: Mutex::new(saved) }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    /// Runs on with the machine's clock until it is told to stop.
    pub(crate) async fn run(self: Arc<Self>, stopped: impl Future<Output = ()>) {
        let ticking = async {
            let mut tick = tokio::time::interval(TICK);
            tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tick.tick().await;
                self.tick().await;
            }
        };
        tokio::select! {
            () = stopped => {}
            () = ticking => {}
        }
    }

    async fn tick(&self) {
        let mut saved = self.saved.lock().await;
        // the machine's clock may be set back; this one is not
        let target = saved.now().max(self.now());
        if let Err(error) = self.run_to(&mut saved, target).await {
            tracing::error!(error = &error as &dyn std::error::Error, "a schedule failed");
            self.state.clock.move_to(target);
        }
    }

    /// Moves the clock and runs what falls due on the way. Moves at the same time wait for each other.
    pub(super) async fn change(&self, to: &Move) -> Result<Moved, Problem> {
        let mut saved = self.saved.lock().await;
        let target = to.from(self.now())?;
        let is_back = target < self.now();
        let failed = |stuck: Stuck| Problem::failed(&stuck);
        if is_back && self.table.has_members().await.map_err(|error| failed(error.into()))? {
            return Err(Problem::has_members());
        }
        let moved = if is_back { self.go_back(target).await } else { self.run_to(&mut saved, target).await };
        let fired = moved.map_err(failed)?;
        saved.save(target).map_err(|error| failed(error.into()))?;
        Ok(Moved { now: target, fired })
    }

    /// Without members nothing is due, but the schedules must not believe that they are further.
    async fn go_back(&self, target: Timestamp) -> Result<u32, Stuck> {
        self.table.forget_cursors().await?;
        for scenario in SCHEDULES.iter().flat_map(|schedule| schedule.scenarios) {
            self.state.app.store.move_cursor(scenario, target).await?;
        }
        self.state.clock.move_to(target);
        Ok(0)
    }

    /// Goes on to the target, by way of each time at which a schedule has something to do.
    async fn run_to(&self, saved: &mut SavedClock, target: Timestamp) -> Result<u32, Stuck> {
        // boxed, because the compiler gives up on futures that lie so deep in each other
        Box::pin(self.tell_of_mail()).await?;
        let mut fired = 0;
        while let Some(stop) = self.next_stop(target).await? {
            self.state.clock.move_to(stop.at);
            saved.save(stop.at)?;
            for (scenario, first_due) in &stop.due {
                // buckets without anything due would have been passed one by one
                let begin = stop.schedule.bucket_of(first_due.unwrap_or(stop.at).min(stop.at));
                self.state.app.store.move_cursor(scenario, begin).await?;
            }
            Box::pin(self.fire(stop.schedule)).await?;
            fired += 1;
        }
        self.state.clock.move_to(target);
        Ok(fired)
    }

    async fn fire(&self, schedule: &Schedule) -> Result<(), AppError> {
        match schedule.function {
            "tiers" => schedules::tiers(&self.state, Deadline::NONE).await.map(drop),
            "reviews" => schedules::reviews(&self.state, Deadline::NONE).await.map(drop),
            _ => schedules::lifecycle(&self.state, Deadline::NONE).await.map(drop),
        }?;
        self.tell_of_mail().await
    }

    /// What SES would tell of the mail that was sent since. What cannot be noted is told again.
    async fn tell_of_mail(&self) -> Result<(), AppError> {
        while let Some(event) = self.mailbox.first_event() {
            schedules::feedback(&self.state, &event).await?;
            self.mailbox.drop_first_event();
        }
        Ok(())
    }

    /// The next time up to the target at which a schedule fires and something of it is due.
    async fn next_stop(&self, target: Timestamp) -> Result<Option<Stop>, Stuck> {
        let after_now = self.now() + Duration::from_micros(1);
        let fires = |schedule: &&Schedule| schedule.first_from(after_now) <= target;
        if !SCHEDULES.iter().any(|schedule| fires(&schedule)) {
            return Ok(None);
        }
        let all_due = self.table.first_due(target).await?;
        let mut next: Option<Stop> = None;
        for schedule in SCHEDULES.iter().filter(fires) {
            let first_of = |scenario: &&'static str| (*scenario, all_due.get(*scenario).copied());
            let due: Vec<_> = schedule.scenarios.iter().map(first_of).collect();
            let first_due = due.iter().filter_map(|(_, first_due)| *first_due).min();
            let Some(at) = first_due.map(|first_due| schedule.first_from(first_due.max(after_now))) else { continue };
            if at <= target && next.as_ref().is_none_or(|stop| at < stop.at) {
                next = Some(Stop { at, schedule, due });
            }
        }
        Ok(next)
    }
}
