//! What SES tells of a mail: whether it arrived, bounced, was read, or was called spam. An event that
//! comes again changes nothing.

use std::collections::BTreeSet;

use futures::{future::try_join_all, try_join};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use mail::feedback::{Bounce, Complaint, Feedback, Kind};
use rules::{
    case::{About, Case, CasePlace},
    consent::ConsentState,
    fate::{Fate, Outcome},
    ids::{EmailKey, MemberId, MessageId},
    mail_stop::SENDS,
    message::{Heard, Message, State},
    posting::Posting,
    reason::Reason,
    scenarios,
    suppression::Suppression,
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
    links::{Link, Purpose},
    open_case::push_opened,
    planned_mail::message_write,
    send_message::counted_at,
    settled::push_settled,
    state_consent::ConsentStatement,
};

/// The last sends are looked for on so many days.
const MOST_DAYS: i64 = 60;
/// More days at once would be more queries than connections answer in time.
const MOST_DAYS_AT_ONCE: i64 = 8;

/// What became of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    Changed,
    /// It said nothing that was not known.
    Known,
}

/// What an event says against an address.
#[derive(Clone, Copy)]
enum Against {
    Nothing,
    HardBounce,
    /// Of a mail that counts once: by the first that is known of it.
    SoftBounce {
        instead_of: Option<Timestamp>,
    },
    /// Its soft bounce of then was none.
    Arrived(Timestamp),
    Complaint,
}

impl App {
    /// Notes it on the message, and on the address where it speaks against it.
    ///
    /// # Errors
    /// `Busy` or `Store`: the event can come again.
    pub async fn record_feedback(&self, feedback: &Feedback, now: Timestamp) -> Result<Noted, AppError> {
        let (noted, message) = self.until_committed(|| self.try_record_feedback(feedback, now)).await?;
        if let (Kind::Subscription { unsubscribed_from_all: true }, Some(member)) =
            (&feedback.kind, &feedback.member_id)
        {
            self.withdraw_marketing(member, feedback.at, now).await?;
        }
        if matches!(against(feedback, message.as_ref()), Against::HardBounce | Against::Complaint) {
            self.judge_marketing(message.as_ref(), now).await?;
        }
        Ok(noted)
    }

    /// They said no where SES itself asks them.
    async fn withdraw_marketing(&self, member: &MemberId, at: Timestamp, now: Timestamp) -> Result<(), AppError> {
        let said = ConsentStatement {
            marketing: Some(ConsentState::Withdrawn),
            withdrawn_at: Some(at),
            confirmed: true,
            source: Some("ses".to_owned()),
            ..ConsentStatement::default()
        };
        match self.choose_mail(&Link::new(Purpose::Unsubscribe, member.clone(), now), &said, now).await {
            Ok(_) | Err(AppError::UnknownMember(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// With the message as it is then.
    async fn try_record_feedback(
        &self,
        feedback: &Feedback,
        now: Timestamp,
    ) -> Result<(Noted, Option<Message>), Attempt> {
        let mut message = self.message_of(feedback).await?;
        let against = against(feedback, message.as_ref());
        let suppressions = self.suppressions_by(feedback, against).await?;
        let (mut plan, mut uncounted) = (Plan { writes: Vec::new() }, None);
        if let Some(message) = &mut message {
            let before = message.clone();
            note(message, feedback, now);
            if *message != before {
                message.version = before.version + 1;
                let was_rejected = message.state == State::Skipped && before.state != State::Skipped;
                uncounted = counted_at(&before).filter(|_| was_rejected);
                plan.writes.push(message_write(message.clone(), now));
                if before.state == State::Unknown && message.state != State::Unknown {
                    self.push_known_at_last(&mut plan, message, now).await?;
                }
            }
        }
        if (uncounted.is_some() || !suppressions.is_empty())
            && let Some(member) = &feedback.member_id
        {
            self.push_account_again(&mut plan, member, uncounted, now).await?;
        }
        plan.writes.extend(suppressions);
        if plan.writes.is_empty() {
            return Ok((Noted::Known, message));
        }
        self.store.commit(plan).await?;
        Ok((Noted::Changed, message))
    }

    /// Nobody has to find out any more what became of it.
    async fn push_known_at_last(&self, plan: &mut Plan, message: &Message, now: Timestamp) -> Result<(), AppError> {
        let about = About::MailUnknown { message: message.id.clone(), scenario: message.name() };
        let Some((at, mut case)) = self.store.case(&about.id()).await? else { return Ok(()) };
        if case.was_settled(now) {
            plan.writes.push(Write::Case { at, case });
        }
        Ok(())
    }

    /// The message that the mail's tags name.
    async fn message_of(&self, feedback: &Feedback) -> Result<Option<Message>, AppError> {
        let id = feedback.message_id.as_deref().and_then(|id| MessageId::parse(id).ok());
        let Some((member, id)) = feedback.member_id.as_ref().zip(id) else { return Ok(None) };
        Ok(self.store.message(member, &id).await?)
    }

    /// What it says against its addresses that was not known.
    async fn suppressions_by(&self, feedback: &Feedback, against: Against) -> Result<Vec<Write>, AppError> {
        if matches!(against, Against::Nothing) {
            return Ok(Vec::new());
        }
        let addresses: BTreeSet<EmailKey> =
            feedback.recipients.iter().map(|address| self.email_keys.key(address)).collect();
        let known = try_join_all(addresses.iter().map(|address| self.store.suppression(address))).await?;
        let changed = addresses.into_iter().zip(known).filter_map(|(address, before)| {
            let mut suppression = before.clone();
            against.put_down(&mut suppression, feedback.at);
            let is_new = Suppression { version: before.version, ..suppression.clone() } != before;
            is_new.then_some(Write::Suppression { address, suppression })
        });
        Ok(changed.collect())
    }

    /// What is about to be sent rests on the account: it must be decided again. A mail that was counted then no longer
    /// counts toward the cap.
    async fn push_account_again(
        &self,
        plan: &mut Plan,
        member: &MemberId,
        uncounted: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Attempt> {
        let (account, programs) = try_join!(self.account_written_to(member), self.programs(now))?;
        if let Some((member, account)) = account {
            let mut posting = Posting::begin(account, &programs, now)?;
            if let Some(counted_at) = uncounted {
                posting.account.mailed.remove(counted_at);
            }
            push_settled(plan, &member, posting.end()?, &programs, now);
        }
        Ok(())
    }

    /// Stops marketing if too much of what was sent lately went wrong. The index lags: what has just been told of a
    /// message is not in it yet.
    async fn judge_marketing(&self, told: Option<&Message>, now: Timestamp) -> Result<(), AppError> {
        let programs = self.programs(now).await?;
        let stop = &programs.mail_stop;
        if stop.is_stopped() {
            return Ok(());
        }
        // before its first program a shop sent nothing
        let since = stop.resumed_at.or(programs.iter().next().map(|first| first.effective_at));
        let mut fates = self.last_fates(since.unwrap_or(Timestamp::MIN), now).await?;
        if let Some(told) = told.and_then(Fate::of).filter(|told| !scenarios::is_for_staff(&told.scenario)) {
            told.replace_in(&mut fates);
        }
        self.until_committed(|| self.try_stop(&fates, now)).await
    }

    async fn try_stop(&self, fates: &[Fate], now: Timestamp) -> Result<(), Attempt> {
        let programs = self.programs(now).await?;
        let mut stop = programs.mail_stop;
        if !stop.judge(fates, now) {
            return Ok(());
        }
        let mut plan = Plan { writes: vec![Write::MailStop(stop)] };
        let about = About::MarketingStopped { stop: stop.version, bounces: stop.bounces, complaints: stop.complaints };
        push_opened(&mut plan, &programs, CasePlace::of_mail(), Case::open(about, now), now);
        self.store.commit(plan).await?;
        Ok(())
    }

    /// Of a day no more is read than it takes to find as many as count.
    async fn sent_on(&self, day: Date) -> Result<Vec<Fate>, AppError> {
        let mut limit = 2 * SENDS;
        loop {
            let mut fates = self.store.fates_of(day, limit).await?;
            let was_all = fates.len() < limit;
            fates.retain(|fate| fate.outcome == Outcome::Sent && !scenarios::is_for_staff(&fate.scenario));
            if was_all || fates.len() >= SENDS {
                return Ok(fates);
            }
            limit *= 4;
        }
    }

    /// What became of the last sends, the newest first; nobody asks for those before that instant.
    async fn last_fates(&self, since: Timestamp, now: Timestamp) -> Result<Vec<Fate>, AppError> {
        let (mut fates, mut day, mut at_once) = (Vec::new(), 0, 1);
        // the hours of a part of a day may lie in two days
        let days = MOST_DAYS.min(now.duration_since(since).as_hours() / 24 + 2);
        while day < days && fates.len() < SENDS {
            let days = (day..days.min(day + at_once)).map(|days_ago| {
                let then = now - SignedDuration::from_hours(24 * days_ago);
                self.sent_on(TimeZone::UTC.to_datetime(then).date())
            });
            fates.extend(try_join_all(days).await?.into_iter().flatten());
            // who sends little has sent it on many days
            (day, at_once) = (day + at_once, MOST_DAYS_AT_ONCE.min(at_once * 2));
        }
        fates.truncate(SENDS);
        Ok(fates)
    }
}

/// Every event but a rejection says that SES sent the mail.
fn note(message: &mut Message, feedback: &Feedback, now: Timestamp) {
    if matches!(feedback.kind, Kind::Reject { .. } | Kind::RenderingFailure { .. }) {
        message.was_rejected(Reason::Rejected, now);
        return;
    }
    message.was_sent(Some(&feedback.ses_message_id), now);
    let at = feedback.at;
    message.hear(|heard: &mut Heard| {
        let slot = match &feedback.kind {
            Kind::Delivery => &mut heard.delivered_at,
            Kind::Open if feedback.machine => &mut heard.prefetched_at,
            Kind::Open => &mut heard.opened_at,
            Kind::Click { .. } if feedback.machine => &mut heard.prefetched_at,
            Kind::Click { .. } => &mut heard.clicked_at,
            Kind::Bounce { bounce: Bounce::Withheld, .. }
            | Kind::Complaint { complaint: Complaint::Suppressed, .. } => &mut heard.withheld_at,
            Kind::Bounce { bounce: Bounce::Permanent, .. } => &mut heard.bounced_at,
            Kind::Bounce { .. } => &mut heard.soft_bounced_at,
            Kind::Complaint { complaint: Complaint::NotSpam, .. } => return,
            Kind::Complaint { .. } => &mut heard.complained_at,
            Kind::Subscription { unsubscribed_from_all: true } => &mut heard.unsubscribed_at,
            Kind::Send
            | Kind::Subscription { .. }
            | Kind::DeliveryDelay { .. }
            | Kind::Reject { .. }
            | Kind::RenderingFailure { .. } => return,
        };
        *slot = Some(slot.map_or(at, |known| known.min(at)));
    });
}

/// Whoever is away answers by a machine, and SES tells of the answer as of a soft bounce: of a mail that arrives. So a
/// mail that does speaks against nobody, and one that does not speaks once, in whatever order it is told.
fn against(feedback: &Feedback, message: Option<&Message>) -> Against {
    let heard = message.map(|message| &message.heard);
    let bounced_softly_at = heard.and_then(|heard| heard.soft_bounced_at);
    let has_arrived = heard.is_some_and(|heard| heard.delivered_at.is_some());
    match &feedback.kind {
        Kind::Bounce { bounce: Bounce::Permanent | Bounce::Withheld, .. } => Against::HardBounce,
        Kind::Bounce { .. } if has_arrived => Against::Nothing,
        Kind::Bounce { .. } => Against::SoftBounce { instead_of: bounced_softly_at },
        Kind::Delivery => bounced_softly_at.map_or(Against::Nothing, Against::Arrived),
        Kind::Complaint { complaint: Complaint::NotSpam, .. } => Against::Nothing,
        Kind::Complaint { .. } => Against::Complaint,
        _ => Against::Nothing,
    }
}

impl Against {
    fn put_down(self, suppression: &mut Suppression, at: Timestamp) {
        match self {
            Against::Nothing => {}
            Against::HardBounce => suppression.bounced(at),
            Against::SoftBounce { instead_of: Some(first) } if first <= at => {}
            Against::SoftBounce { instead_of } => {
                instead_of.into_iter().for_each(|later| suppression.arrived_after_all(later));
                suppression.bounced_softly(at);
            }
            Against::Arrived(bounced_at) => suppression.arrived_after_all(bounced_at),
            Against::Complaint => suppression.complained(at),
        }
    }
}
