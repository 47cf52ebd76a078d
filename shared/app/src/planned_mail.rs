//! Messages on their way into a plan: those that facts want, moved or ended where facts changed.

use jiff::{SignedDuration, Timestamp};
use rules::{
    case::{About, Case, CasePlace},
    consent::ConsentState,
    ids::MemberId,
    message::{Message, Occasion, State, Timing},
    order::Order,
    order_mail::MailChange,
    posting::TierChange,
    profile::Profile,
    program::{Program, Programs},
    scenario::{Queue, Scenario},
    scenarios::{self, confirm_subscription},
};
use store::{Plan, Write};

use crate::{App, due_queue, error::AppError};

/// Nobody fills another's mailbox by ticking a box again and again.
const BETWEEN_QUESTIONS: SignedDuration = SignedDuration::from_hours(24);

/// The message as it is to be, in its place in the due index while somebody has to look at it.
pub(crate) fn message_write(message: Message, now: Timestamp) -> Write {
    let queue = match scenarios::named(&message.scenario) {
        _ if message.state == State::Sending => Queue::Quarantine,
        Some(scenario) => scenario.queue_of(message.step),
        None => Queue::Mail,
    };
    let due = message.next_at().map(|at| due_queue::mail_of(queue).due(at, now));
    Write::Message { message, due }
}

/// What begins at that instant, for each step of the scenario that is still worth sending.
fn push_occasion(
    plan: &mut Plan,
    scenario: &Scenario,
    about: (&MemberId, &str),
    starts_at: Timestamp,
    program: &Program,
    now: Timestamp,
) {
    (1..=scenario.steps).for_each(|step| push_step(plan, scenario, step, about, starts_at, program, now));
}

fn push_step(
    plan: &mut Plan,
    scenario: &Scenario,
    step: u8,
    (member, subject): (&MemberId, &str),
    starts_at: Timestamp,
    program: &Program,
    now: Timestamp,
) {
    let settings = program.mail.of(scenario.name);
    let offset = settings.and_then(|settings| settings.steps.get(usize::from(step).checked_sub(1)?));
    let Some((settings, offset)) = settings.zip(offset) else { return };
    let timing = Timing::of(settings, *offset, starts_at, program);
    if timing.deadline_at > now {
        let occasion = Occasion { member, scenario: scenario.name, step, subject };
        let message = Message { starts_at: Some(starts_at), ..Message::plan(occasion, timing, now) };
        plan.writes.push(message_write(message, now));
    }
}

/// Everybody at the shop who is told of cases gets a mail; after a bad review its buyer does, later. That such a mail
/// may be lost is told by the case alone: mail about mail to the same people would have no end.
pub(crate) fn push_case_mail(plan: &mut Plan, at: &CasePlace, case: &Case, programs: &Programs, now: Timestamp) {
    let program = &programs.at(now).program;
    let (scenario, subject) = match &case.about {
        About::MailUnknown { scenario, .. } if scenarios::is_for_staff(scenario) => return,
        About::BadReview { review, .. } => (&scenarios::REVIEW_RESCUE, format!("{review}#{}", case.version)),
        _ => (&scenarios::STAFF_CASE, format!("{}#{}", case.id, case.version)),
    };
    let keeper = at.keeper();
    for step in 1..=scenario.steps {
        if step > scenario.staff_steps {
            push_step(plan, scenario, step, (&keeper, &subject), case.opened_at, program, now);
            continue;
        }
        for place in 0..program.mail.staff.len() {
            let to = format!("{subject}#{place}");
            push_step(plan, scenario, step, (&keeper, &to), case.opened_at, program, now);
        }
    }
}

/// A higher tier is news; a lower one is told before it comes.
pub(crate) fn push_tier_up(
    plan: &mut Plan,
    member: &MemberId,
    change: &TierChange,
    programs: &Programs,
    now: Timestamp,
) {
    let program = &programs.at(now).program;
    if program.tiers.rank(&change.to.tier) > program.tiers.rank(&change.from.tier) {
        let subject = format!("{}#{}", change.sequence, change.to.tier);
        push_occasion(plan, &scenarios::TIER_UP, (member, &subject), change.to.since, program, now);
    }
}

/// A consent that waits is asked for, and who has given theirs is greeted, once.
pub(crate) fn push_consent_mail(
    plan: &mut Plan,
    before: Option<&Profile>,
    profile: &mut Profile,
    programs: &Programs,
    now: Timestamp,
) {
    let consent = &profile.consent;
    let had = before.map(|before| (before.consent.marketing, before.consent.marketing_at)).unwrap_or_default();
    let has = (consent.marketing, consent.marketing_at);
    let Some(stated_at) = consent.marketing_at.filter(|_| has != had) else { return };
    let program = &programs.at(now).program;
    match consent.marketing {
        ConsentState::Pending if is_to_be_asked(before, profile, stated_at) => {
            profile.asked_about = Some(stated_at);
            let subject = confirm_subscription::subject(stated_at);
            push_occasion(plan, &scenarios::CONFIRM_SUBSCRIPTION, (&profile.id, &subject), stated_at, program, now);
        }
        ConsentState::Granted if had.0 != ConsentState::Granted && profile.welcomed_at.is_none() => {
            profile.welcomed_at = Some(now);
            push_occasion(plan, &scenarios::WELCOME, (&profile.id, ""), stated_at, program, now);
        }
        _ => {}
    }
}

/// Who says it again while they wait may have lost the mail: they get another, one a day. A new mailbox gets its own.
fn is_to_be_asked(before: Option<&Profile>, profile: &Profile, stated_at: Timestamp) -> bool {
    let Some(asked) = profile.asked_about else { return true };
    let still_waits =
        before.is_some_and(|before| before.consent.marketing == ConsentState::Pending && before.email == profile.email);
    stated_at > asked && (!still_waits || stated_at.duration_since(asked) >= BETWEEN_QUESTIONS)
}

/// Imports plan no mail: what a file tells of is over. A question that is not put can be put when they say it again.
pub(crate) fn without_mail(plan: &mut Plan) {
    let name = scenarios::CONFIRM_SUBSCRIPTION.name;
    let asks = |write: &Write| matches!(write, Write::Message { message, .. } if message.scenario == name);
    if plan.writes.iter().any(asks) {
        for write in &mut plan.writes {
            if let Write::Profile(profile) = write {
                profile.asked_about = None;
            }
        }
    }
    plan.writes.retain(|write| !matches!(write, Write::Message { .. }));
}

impl App {
    /// Plans, moves and ends what the order's facts changed of its mail. Only what is new to it is not read.
    pub(crate) async fn push_order_mail(
        &self,
        plan: &mut Plan,
        order: &mut Order,
        member: Option<&MemberId>,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let changes = order.plan_mail(member, programs, now);
        let known = |change: &MailChange| match change {
            MailChange::Plan(_) => None,
            MailChange::PlanAgain(message) => Some((message.member.clone(), message.id.clone())),
            MailChange::Move { member, id, .. } | MailChange::End { member, id, .. } => {
                Some((member.clone(), id.clone()))
            }
        };
        let known: Vec<_> = changes.iter().filter_map(known).collect();
        let mut stored = if known.is_empty() { Vec::new() } else { self.store.messages_by_id(&known).await? };
        let mut of = |id: &rules::ids::MessageId| {
            let index = stored.iter().position(|message| message.id == *id)?;
            Some(stored.swap_remove(index))
        };
        for change in changes {
            let message = match change {
                MailChange::Plan(message) => Some(*message),
                MailChange::PlanAgain(message) => planned_again(of(&message.id), *message),
                MailChange::Move { id, timing, .. } => changed(of(&id), |message| message.move_to(timing)),
                MailChange::End { id, reason, .. } => changed(of(&id), |message| message.skip(reason, now)),
            };
            plan.writes.extend(message.map(|message| message_write(message, now)));
        }
        Ok(())
    }
}

/// The one that is there, if it can be planned once more; the new one, if there is none.
fn planned_again(stored: Option<Message>, new: Message) -> Option<Message> {
    let timing = new.timing();
    match stored {
        Some(message) => changed(Some(message), |message| message.plan_again(timing)),
        None => Some(new),
    }
}

/// The message, if the change changed it.
fn changed(message: Option<Message>, change: impl FnOnce(&mut Message) -> bool) -> Option<Message> {
    message.and_then(|mut message| change(&mut message).then_some(message))
}
