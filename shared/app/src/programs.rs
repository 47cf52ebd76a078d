//! The versions of the program, kept in memory: a version never changes, so only newer ones are asked for.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use rules::program::{ProgramVersion, Programs};
use store::{Plan, ProgramNews, Write};

use crate::{
    App,
    error::{AppError, Attempt},
};

#[derive(Clone, Debug, Default)]
pub struct ProgramCache(Arc<RwLock<Option<Arc<Programs>>>>);

impl ProgramCache {
    fn get(&self) -> Option<Arc<Programs>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, programs: Arc<Programs>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(programs);
    }
}

impl App {
    /// What is in memory: it may lack the newest version.
    pub(crate) fn known_programs(&self) -> Option<Arc<Programs>> {
        self.programs.get()
    }

    /// All versions up to this moment, and all endpoints. The first call of a new deployment puts the
    /// starting program in force.
    pub(crate) async fn programs(&self, now: Timestamp) -> Result<Arc<Programs>, AppError> {
        let Some(known) = self.programs.get() else { return self.all_programs(now).await };
        let news = self.store.programs_after(known.newest().version).await?;
        Ok(self.with_newer(known, news))
    }

    /// The same as of a moment ago, for what only shows.
    pub(crate) async fn programs_lately(&self, now: Timestamp) -> Result<Arc<Programs>, AppError> {
        let Some(known) = self.programs.get() else { return self.all_programs(now).await };
        let news = self.store.programs_lately_after(known.newest().version).await?;
        let news = ProgramNews {
            endpoints: known.endpoints.clone(),
            mail_stop: known.mail_stop,
            replan: known.replan.clone(),
            ..news
        };
        Ok(self.with_newer(known, news))
    }

    fn with_newer(&self, known: Arc<Programs>, news: ProgramNews) -> Arc<Programs> {
        let ProgramNews { versions, endpoints, mail_stop, replan } = news;
        let is_known = (&endpoints, &mail_stop, &replan) == (&known.endpoints, &known.mail_stop, &known.replan);
        if versions.is_empty() && is_known {
            return known;
        }
        let mut all = Programs::clone(&known);
        versions.into_iter().for_each(|version| all.push(version));
        (all.endpoints, all.mail_stop, all.replan) = (endpoints, mail_stop, replan);
        self.keep(all)
    }

    async fn all_programs(&self, now: Timestamp) -> Result<Arc<Programs>, AppError> {
        let news = self.store.programs_after(0).await?;
        let mut versions = news.versions.into_iter();
        let first = match versions.next() {
            Some(first) => first,
            None => self.starting_program(now).await?,
        };
        let mut all = Programs::new(first, versions.collect());
        (all.endpoints, all.mail_stop, all.replan) = (news.endpoints, news.mail_stop, news.replan);
        Ok(self.keep(all))
    }

    async fn starting_program(&self, now: Timestamp) -> Result<ProgramVersion, AppError> {
        let program = (self.first_program)().map_err(AppError::StartingProgram)?;
        let first = ProgramVersion { version: 1, effective_at: now, program };
        let plan = Plan { writes: vec![Write::Program(first.clone())] };
        match self.store.commit(plan).await.map_err(Attempt::from) {
            Ok(()) => Ok(first),
            Err(Attempt::Failed(error)) => Err(error),
            // another function was first: its program is the one
            Err(Attempt::Conflict) => {
                let news = self.store.programs_after(0).await?;
                news.versions.into_iter().next().ok_or(AppError::Busy)
            }
        }
    }

    fn keep(&self, programs: Programs) -> Arc<Programs> {
        let programs = Arc::new(programs);
        self.programs.set(Arc::clone(&programs));
        programs
    }
}
