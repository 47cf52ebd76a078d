//! A person has done what a case asked for.

use jiff::Timestamp;
use rules::{
    case::{Case, CasePlace},
    ids::CaseId,
    program_check::Problem,
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
};

impl App {
    /// Nothing follows from it but that it is remembered; again, only another note is.
    ///
    /// # Errors
    /// `UnknownCase`; `InvalidRequest` if the note is too long; `Busy`.
    pub async fn resolve_case(
        &self,
        id: &CaseId,
        note: Option<&str>,
        now: Timestamp,
    ) -> Result<(CasePlace, Case), AppError> {
        self.until_committed(|| self.try_resolve_case(id, note, now)).await
    }

    async fn try_resolve_case(
        &self,
        id: &CaseId,
        note: Option<&str>,
        now: Timestamp,
    ) -> Result<(CasePlace, Case), Attempt> {
        let (at, before) = self.case(id).await?;
        let mut case = before.clone();
        case.resolve(note, now).map_err(|too_long| {
            AppError::InvalidRequest(vec![Problem { pointer: "/note".to_owned(), reason: too_long.to_string() }])
        })?;
        if case != before {
            self.store.commit(Plan { writes: vec![Write::Case { at: at.clone(), case: case.clone() }] }).await?;
        }
        Ok((at, case))
    }
}
