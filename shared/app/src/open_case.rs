//! Opening a case: its row, and the news of it for the merchant's endpoints.

use jiff::Timestamp;
use rules::{
    case::{Case, CasePlace},
    endpoint::EventKind,
    ids::MemberId,
    program::Programs,
};
use serde_json::{Value, json};
use store::{Plan, Write};

use crate::{App, error::AppError, outbound_events::push_event_of, planned_mail::push_case_mail};

impl App {
    /// Opens a case of a member, unless one of the same occasion is there: that one learns what is new while it is
    /// open, and stays as it was left once it is resolved.
    pub(crate) async fn push_case(
        &self,
        plan: &mut Plan,
        programs: &Programs,
        member: &MemberId,
        case: Case,
        now: Timestamp,
    ) -> Result<(), AppError> {
        match self.store.case(&case.id).await? {
            None => push_opened(plan, programs, CasePlace::Member(member.clone()), case, now),
            Some((at, known)) => push_learned(plan, at, known, case),
        }
        Ok(())
    }
}

/// A case that is open learns what is new; nothing is told of that.
pub(crate) fn push_learned(plan: &mut Plan, at: CasePlace, mut case: Case, news: Case) {
    let version = case.version;
    case.learn(news);
    if case.version != version {
        plan.writes.push(Write::Case { at, case });
    }
}

/// A case that is new, or new again.
pub(crate) fn push_opened(plan: &mut Plan, programs: &Programs, at: CasePlace, case: Case, now: Timestamp) {
    let member = if let CasePlace::Member(member) = &at { Some(member) } else { None };
    push_event_of(plan, programs, EventKind::CaseOpened, member, now, || told_of(&case));
    push_case_mail(plan, &at, &case, programs, now);
    plan.writes.push(Write::Case { at, case });
}

/// The case as it is told, with what it is about.
fn told_of(case: &Case) -> Value {
    let (kind, about) = (case.about.kind(), case.about.in_detail());
    json!({ "case_id": case.id, "kind": kind, "about": about, "opened_at": case.opened_at, "due_at": case.due_at })
}
