//! A person has done what a case asked for.

use jiff::Timestamp;
use rules::{
    case::{About, Case, CasePlace},
    ids::CaseId,
    program_check::Problem,
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
};

impl App {
    /// It is remembered; again, only another note is. Where marketing was stopped, it goes on.
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
            let mut plan = Plan { writes: vec![Write::Case { at: at.clone(), case: case.clone() }] };
            self.push_mail_resumed(&mut plan, &before, &case, now).await?;
            self.store.commit(plan).await?;
        }
        Ok((at, case))
    }

    async fn push_mail_resumed(
        &self,
        plan: &mut Plan,
        before: &Case,
        case: &Case,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let About::MarketingStopped { .. } = case.about else { return Ok(()) };
        let mut stop = self.programs(now).await?.mail_stop;
        if !before.is_resolved() && stop.resume(now) {
            plan.writes.push(Write::MailStop(stop));
        }
        Ok(())
    }
}
