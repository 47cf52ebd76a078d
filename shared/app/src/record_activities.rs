//! Activities that a storefront's event tells of, each for itself.

use jiff::Timestamp;
use rules::{
    deed::{DeedState, Refusal},
    ids::{CustomerKey, HappeningId, Source},
    review::ReviewSource,
};
use storefront::event::ActivityEvent;

use crate::{
    App,
    error::AppError,
    record_activity::{Recorded, Teller},
    record_review::{Reviewed, Telling},
};

/// What became of one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Posted,
    Known,
    /// Until a person approves it.
    Waiting,
    /// It is known now, and earns nothing.
    Kept(&'static str),
    Ignored(&'static str),
}

impl App {
    /// Records each once, however often it is told; what earns nothing is ignored with its reason.
    ///
    /// # Errors
    /// `Busy`, and whatever the database fails with: all of them are to be told again.
    pub async fn record_activities(
        &self,
        source: &Source,
        events: &[ActivityEvent],
        now: Timestamp,
    ) -> Result<Vec<(HappeningId, Outcome)>, AppError> {
        let customers: Vec<CustomerKey> = events
            .iter()
            .map(|event| CustomerKey { source: source.clone(), customer_id: event.customer_id.clone() })
            .collect();
        let members = self.store.lookups(&customers, None).await?.by_customer;
        let mut outcomes = Vec::with_capacity(events.len());
        for (event, member) in events.iter().zip(members) {
            let teller = Teller::Event { source: source.clone(), id: event.id.clone() };
            let outcome = match member {
                None => Outcome::Ignored("the customer is not known"),
                Some(member) => match &event.review {
                    Some(draft) => {
                        let (source, written_at) = (ReviewSource::Storefront, event.told.occurred_at.min(now));
                        let telling = Telling { order: None, source, locale: None, teller, written_at };
                        outcome_of_review(self.record_review(&member, draft, &telling, now).await)?
                    }
                    None => outcome_of(self.record_activity(&member, &event.told, &teller, now).await)?,
                },
            };
            outcomes.push((event.id.clone(), outcome));
        }
        Ok(outcomes)
    }
}

fn outcome_of(recorded: Result<Recorded, AppError>) -> Result<Outcome, AppError> {
    match recorded {
        Ok(Recorded::New(deed)) if deed.state == DeedState::PendingApproval => Ok(Outcome::Waiting),
        Ok(Recorded::New(_)) => Ok(Outcome::Posted),
        Ok(Recorded::Known(_)) => Ok(Outcome::Known),
        Err(AppError::Activity(refusal)) => Ok(Outcome::Ignored(reason(&refusal))),
        Err(AppError::UnknownMember(_)) => Ok(Outcome::Ignored("the customer is not known")),
        Err(error) => Err(error),
    }
}

fn outcome_of_review(recorded: Result<Reviewed, AppError>) -> Result<Outcome, AppError> {
    let reviewed = match recorded {
        Ok(reviewed) => reviewed,
        Err(AppError::UnknownMember(_)) => return Ok(Outcome::Ignored("the customer is not known")),
        Err(error) => return Err(error),
    };
    Ok(match (&reviewed.deed, &reviewed.refused) {
        (Some(deed), _) if deed.state == DeedState::PendingApproval => Outcome::Waiting,
        (Some(_), _) => Outcome::Posted,
        (None, Some(refusal)) if reviewed.changed => Outcome::Kept(reason(refusal)),
        (None, Some(refusal)) if !reviewed.known => Outcome::Ignored(reason(refusal)),
        (None, _) => Outcome::Known,
    })
}

fn reason(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownActivity | Refusal::ByEnrolmentAlone => "the program has no such activity",
        Refusal::SubjectMissing => "the activity needs a subject",
        Refusal::Ahead | Refusal::LongAgo => "it occurred too long ago or has not yet",
        Refusal::NotSelfService => "members do not record it",
        Refusal::NoOrder | Refusal::NotBought => "no purchase proves it",
        Refusal::SubjectUsed => "the subject has earned already",
        Refusal::CapReached(_) => "a cap is reached",
        Refusal::Reversed => "it was reversed",
        Refusal::Overflow(_) => "the amounts are too large",
    }
}
