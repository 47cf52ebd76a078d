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
        match self.store.commit(Plan { writes: vec![Write::Program(next.clone())] }).await {
            Ok(()) => Ok(next),
            Err(CommitError::Conflict) => Err(AppError::ProgramChanged { current: next.version }),
            Err(CommitError::TooLarge) => Err(AppError::TooLarge),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
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
