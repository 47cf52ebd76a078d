//! The program: the version in force, and putting a new one in force.

use jiff::Timestamp;
use rules::{
    money::Currency,
    program::{Program, ProgramVersion},
    program_check::Problem,
};
use serde_json::Value;
use store::{CommitError, Plan, Write};

use crate::{App, error::AppError};

impl App {
    /// The version in force.
    ///
    /// # Errors
    /// Whatever the database fails with.
    pub async fn program(&self, now: Timestamp) -> Result<ProgramVersion, AppError> {
        Ok(self.programs(now).await?.newest().clone())
    }

    /// Puts a program in force from now on, if the version that it was made from is still the newest.
    ///
    /// # Errors
    /// `InvalidProgram` with every fault; `ProgramChanged` if somebody was faster.
    pub async fn put_program(
        &self,
        document: &Value,
        made_from: u64,
        now: Timestamp,
    ) -> Result<ProgramVersion, AppError> {
        let programs = self.programs(now).await?;
        let newest = programs.newest();
        let program = self.readable(document, newest.program.currency).await?;
        if newest.version != made_from {
            return Err(AppError::ProgramChanged { current: newest.version });
        }
        let next = ProgramVersion { version: newest.version + 1, effective_at: now.max(newest.effective_at), program };
        let mut plan = Plan { writes: vec![Write::Program(next.clone())] };
        if next.program.plans_other_mail_than(&newest.program) {
            let mut replan = programs.replan.clone();
            replan.begin(next.version);
            plan.writes.push(Write::Replan(replan));
        }
        match self.store.commit(plan).await {
            Ok(()) => Ok(next),
            Err(CommitError::Conflict) => self.program_has_changed(newest.version, now).await,
            Err(CommitError::TooLarge) => Err(AppError::TooLarge),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    /// Another version, or a run that plans mail again and has just come further.
    async fn program_has_changed(&self, made_from: u64, now: Timestamp) -> Result<ProgramVersion, AppError> {
        let current = self.programs(now).await?.newest().version;
        Err(if current == made_from { AppError::Busy } else { AppError::ProgramChanged { current } })
    }

    /// The program that the document is, if it could be put in force now.
    ///
    /// # Errors
    /// `InvalidProgram` with every fault.
    pub async fn check_program(&self, document: &Value, now: Timestamp) -> Result<Program, AppError> {
        let programs = self.programs(now).await?;
        self.readable(document, programs.newest().program.currency).await
    }

    /// The program that the document is. Its currency is the one in which the spend of every account is
    /// counted, so once there are any it stays what it is.
    async fn readable(&self, document: &Value, currency: Currency) -> Result<Program, AppError> {
        let (program, mut problems) = match Program::read(document) {
            Ok(program) => (Some(program), Vec::new()),
            Err(problems) => (None, problems),
        };
        let asked: Option<Currency> = document.get("currency").and_then(|code| code.as_str()?.parse().ok());
        if asked.is_some_and(|asked| asked != currency) && self.store.has_orders_or_accounts().await? {
            let reason = format!("must stay {currency}: what members have spent is counted in it");
            problems.push(Problem { pointer: "/currency".to_owned(), reason });
        }
        program.filter(|_| problems.is_empty()).ok_or(AppError::InvalidProgram(problems))
    }
}
