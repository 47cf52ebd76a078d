//! The program: the version in force, and putting a new one in force.

use jiff::Timestamp;
use rules::program::{Program, ProgramVersion};
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
        program: Program,
        made_from: u64,
        now: Timestamp,
    ) -> Result<ProgramVersion, AppError> {
        let problems = program.problems();
        if !problems.is_empty() {
            return Err(AppError::InvalidProgram(problems));
        }
        let programs = self.programs(now).await?;
        let newest = programs.newest();
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
}
