//! Sending one message: claimed, checked, written down as being sent in the commit that counts it toward
//! the member's cap, handed over, and noted. Whatever breaks in between, it is sent at most once.

use futures::try_join;
use jiff::Timestamp;
use mail::{
    refusal::Refusal,
    ses::{Outcome, Outgoing, Tags},
};
use rules::{
    account::Account,
    case::{About, Case},
    clearance::{Circumstances, Clearance},
    ids::{MemberId, MessageId},
    message::{Message, State},
    posting::Posting,
    reason::Reason,
    scenario::{Kind, Queue, Scenario},
    scenarios,
};
use store::{DueRow, Plan};

use crate::{
    App,
    due_work::Served,
    error::{AppError, Attempt},
    load_for_mail::Loaded,
    planned_mail::message_write,
    post_office::{Round, Turn},
    settled::push_settled,
    write_mail::Written,
};

/// What a claimed message has become.
enum Decided {
    /// It is written down as being sent, and is now to be handed over.
    Sending(Box<Message>, Box<Written>),
    /// It has ended, waits, or is another run's.
    Settled,
}

impl App {
    /// Does what is due for the message in that row; a failure is logged.
    pub(crate) async fn send(&self, row: DueRow, queue: Queue, round: &Round<'_>, now: Timestamp) -> Served {
        let DueRow::Message(member, id) = row else { return Served::NothingToDo };
        let served = if round.is_open(queue).await {
            self.try_send(&member, &id, queue, round, now).await
        } else if round.looks_all_the_same() {
            self.end_if_over(&member, &id, now).await
        } else {
            return Served::Closed;
        };
        served_or_failed(&member, &id, served)
    }

    /// Gives up what nobody has heard of for too long; a failure is logged.
    pub(crate) async fn give_up(&self, row: DueRow, now: Timestamp) -> Served {
        let DueRow::Message(member, id) = row else { return Served::NothingToDo };
        let served = self.end_if_over(&member, &id, now).await;
        served_or_failed(&member, &id, served)
    }

    async fn try_send(
        &self,
        member: &MemberId,
        id: &MessageId,
        queue: Queue,
        round: &Round<'_>,
        now: Timestamp,
    ) -> Result<Served, AppError> {
        let taken = self.beside_others(|| self.take_message(member, id, now)).await?;
        let Some(message) = taken else { return Ok(Served::NothingToDo) };
        if message.state == State::Claimed
            && let Some(Decided::Sending(message, written)) =
                self.while_ours(&message, |message| self.decide_message(message, queue, round, now)).await?
        {
            self.hand_over(&message, *written, round, now).await?;
        }
        Ok(Served::Done)
    }

    /// What needs no mail service does not wait for it.
    async fn end_if_over(&self, member: &MemberId, id: &MessageId, now: Timestamp) -> Result<Served, AppError> {
        let ended = self.beside_others(|| async {
            let Some(mut message) = self.store.message(member, id).await? else { return Ok(false) };
            let mut plan = Plan::default();
            let has_ended = self.push_ended(&mut plan, &mut message, now).await?;
            self.store.commit(plan).await?;
            Ok(has_ended)
        });
        Ok(if ended.await? { Served::Done } else { Served::NothingToDo })
    }

    /// Ends what is too late, or what nobody has heard of for too long.
    async fn push_ended(&self, plan: &mut Plan, message: &mut Message, now: Timestamp) -> Result<bool, AppError> {
        if message.give_up(now) {
            let programs = self.programs(now).await?;
            let about = About::MailUnknown { message: message.id.clone(), scenario: message.name() };
            self.push_case(plan, &programs, &message.member, Case::open(about, now), now).await?;
        } else if !message.miss_deadline(now) {
            return Ok(false);
        }
        plan.writes.push(message_write(message.clone(), now));
        Ok(true)
    }

    /// Claims what is to be sent, and ends what is too late, or what nobody has heard of for too long.
    async fn take_message(
        &self,
        member: &MemberId,
        id: &MessageId,
        now: Timestamp,
    ) -> Result<Option<Message>, Attempt> {
        let Some(mut message) = self.store.message(member, id).await? else { return Ok(None) };
        let mut plan = Plan::default();
        if !self.push_ended(&mut plan, &mut message, now).await? {
            if !message.claim(now) {
                return Ok(None);
            }
            plan.writes.push(message_write(message.clone(), now));
        }
        self.store.commit(plan).await?;
        Ok(Some(message))
    }

    /// Goes on with a message as this run has left it. Its row is read again only where a commit was refused: if it
    /// is not as it was, it is no longer this run's.
    async fn while_ours<T, F>(&self, ours: &Message, attempt: impl Fn(Message) -> F) -> Result<Option<T>, AppError>
    where
        F: Future<Output = Result<T, Attempt>>,
    {
        let (mut was_refused, attempt) = (false, &attempt);
        self.beside_others(|| {
            let reads_again = std::mem::replace(&mut was_refused, true);
            async move {
                if reads_again && self.store.message(&ours.member, &ours.id).await?.as_ref() != Some(ours) {
                    return Ok(None);
                }
                attempt(ours.clone()).await.map(Some)
            }
        })
        .await
    }

    async fn decide_message(
        &self,
        mut message: Message,
        queue: Queue,
        round: &Round<'_>,
        now: Timestamp,
    ) -> Result<Decided, Attempt> {
        let Some(scenario) = scenarios::named(&message.scenario) else {
            message.skip(Reason::ScenarioOff, now);
            return self.settle_message(message, now).await;
        };
        let loaded = self.load_for_mail(&message, scenario, now).await?;
        let written = match loaded.clearance(scenario, &message, now) {
            Clearance::Send => self.write_mail(scenario, &message, &loaded, round.office, now),
            Clearance::Skip(reason) => {
                message.skip(reason, now);
                return self.settle_message(message, now).await;
            }
            Clearance::Defer { until, reason } => {
                message.defer(until, reason, now);
                return self.settle_message(message, now).await;
            }
        };
        let written = match written {
            Ok(written) => written,
            Err(error) => {
                tracing::error!(message.id = %message.id, error = &error as &dyn std::error::Error, "mail not written");
                message.skip(Reason::Unsendable, now);
                return self.settle_message(message, now).await;
            }
        };
        match round.turn(queue).await {
            Turn::Yours => self.begin_sending(message, scenario, loaded, written, now).await,
            // it stays due, and a later run looks at it before it is claimed
            Turn::NoMoreToday => {
                message.defer(now, Reason::QuotaReached, now);
                self.settle_message(message, now).await
            }
            Turn::NotInThisRun => {
                message.defer(now, Reason::Throttled, now);
                self.settle_message(message, now).await
            }
        }
    }

    async fn settle_message(&self, message: Message, now: Timestamp) -> Result<Decided, Attempt> {
        self.store.commit(Plan { writes: vec![message_write(message, now)] }).await?;
        Ok(Decided::Settled)
    }

    /// The last commit before SES is called: on the very account that the checks saw, which every change of
    /// consent, address or mail sent would have changed.
    async fn begin_sending(
        &self,
        mut message: Message,
        scenario: &Scenario,
        loaded: Loaded,
        written: Written,
        now: Timestamp,
    ) -> Result<Decided, Attempt> {
        message.begin_sending(now);
        let mut plan = Plan { writes: vec![message_write(message.clone(), now)] };
        let kind = scenario.kind_of(message.step);
        if kind != Kind::Staff {
            let programs = &loaded.programs;
            let mut posting = Posting::begin(loaded.account, programs, now)?;
            if matches!(kind, Kind::Marketing(_)) {
                posting.account.mailed.add(now);
            }
            push_settled(&mut plan, &loaded.member, posting.end()?, programs, now);
        }
        self.store.commit(plan).await?;
        Ok(Decided::Sending(Box::new(message), Box::new(written)))
    }

    async fn hand_over(
        &self,
        message: &Message,
        written: Written,
        round: &Round<'_>,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let name = message.name();
        let outgoing = Outgoing {
            raw: written.raw,
            from: &written.from,
            to: &written.to,
            configuration_set: round.office.configuration_set.as_deref(),
            tags: Tags { scenario: &name, member_id: Some(&message.member), message_id: message.id.as_str() },
        };
        match round.office.mailer.send(outgoing).await {
            Outcome::Sent(ses_id) => {
                // an event of SES may have been faster
                self.while_ours(message, |message| self.note_sent(message, &ses_id, now)).await?;
                Ok(())
            }
            Outcome::Refused(refusal) => {
                round.note(refusal);
                tracing::warn!(message.id = %message.id, ?refusal, "mail refused");
                self.while_ours(message, |message| self.note_refused(message, refusal, now)).await?;
                Ok(())
            }
            Outcome::Unknown(doubt) => {
                round.note_unknown();
                tracing::warn!(message.id = %message.id, ?doubt, "nobody knows whether a mail was sent");
                Ok(())
            }
        }
    }

    async fn note_sent(&self, mut message: Message, ses_id: &str, now: Timestamp) -> Result<(), Attempt> {
        message.was_sent(Some(ses_id), now);
        self.store.commit(Plan { writes: vec![message_write(message, now)] }).await?;
        Ok(())
    }

    /// Nothing was sent: it does not count toward the cap, and is sent later or never.
    async fn note_refused(&self, mut message: Message, refusal: Refusal, now: Timestamp) -> Result<(), Attempt> {
        let (account, programs) = try_join!(self.account_written_to(&message.member), self.programs(now))?;
        let mut plan = Plan { writes: Vec::new() };
        if let Some((member, account)) = account {
            let mut posting = Posting::begin(account, &programs, now)?;
            if let Some(counted_at) = counted_at(&message) {
                posting.account.mailed.remove(counted_at);
            }
            push_settled(&mut plan, &member, posting.end()?, &programs, now);
        }
        match later(refusal) {
            Some(reason) => message.was_refused_for_now(reason, now),
            None => message.was_refused(Reason::Refused, now),
        }
        plan.writes.push(message_write(message, now));
        self.store.commit(plan).await?;
        Ok(())
    }

    /// The account of whom a mail was to; mail to the shop's own staff is of no member's account.
    pub(crate) async fn account_written_to(&self, member: &MemberId) -> Result<Option<(MemberId, Account)>, AppError> {
        match self.load_account_even_erased(member).await {
            Err(AppError::UnknownMember(_)) => Ok(None),
            loaded => loaded.map(Some),
        }
    }
}

impl Loaded {
    pub(crate) fn clearance(&self, scenario: &Scenario, message: &Message, now: Timestamp) -> Clearance {
        let categories = self.categories();
        let circumstances = Circumstances {
            suppression: &self.suppression,
            others: &self.others,
            is_stopped: self.programs.mail_stop.is_stopped(),
            categories: &categories,
        };
        scenario.clearance(&self.facts(message, now), circumstances)
    }
}

fn served_or_failed(member: &MemberId, id: &MessageId, served: Result<Served, AppError>) -> Served {
    served.unwrap_or_else(|error| {
        let error = &error as &dyn std::error::Error;
        tracing::error!(member.id = %member, message.id = %id, error, "message not served");
        Served::Failed
    })
}

/// When what was handed over was counted toward the cap; marketing alone is.
pub(crate) fn counted_at(message: &Message) -> Option<Timestamp> {
    let scenario = scenarios::named(&message.scenario)?;
    let is_counted = matches!(scenario.kind_of(message.step), Kind::Marketing(_));
    message.sent_at.or(message.taken_at).filter(|_| is_counted)
}

/// Why a mail that was refused is tried again; nothing where it never will be.
fn later(refusal: Refusal) -> Option<Reason> {
    match refusal {
        Refusal::Throttled => Some(Reason::Throttled),
        Refusal::QuotaExceeded => Some(Reason::QuotaReached),
        Refusal::Paused | Refusal::Misconfigured | Refusal::Forbidden | Refusal::Unreachable => Some(Reason::Refused),
        Refusal::Rejected | Refusal::BadAddress | Refusal::Malformed => None,
    }
}
