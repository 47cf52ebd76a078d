//! What SES tells of a mail: whether it arrived, bounced, was read, or was called spam. An event that
//! comes again changes nothing.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use mail::feedback::{Bounce, Complaint, Feedback, Kind};
use rules::{
    case::{About, Case, CasePlace},
    consent::ConsentState,
    email::Email,
    fate::{Fate, Outcome},
    ids::{MemberId, MessageId},
    mail_stop::SENDS,
    message::{Heard, Message},
    posting::Posting,
    reason::Reason,
    suppression::Suppression,
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
    open_case::push_opened,
    planned_mail::message_write,
    settled::push_settled,
    state_consent::ConsentStatement,
};

/// The last sends are looked for on so many days.
const MOST_DAYS: i64 = 60;

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
    SoftBounce,
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
            self.withdraw_marketing(member, now).await?;
        }
        if !matches!(against(&feedback.kind), Against::Nothing | Against::SoftBounce) {
            self.judge_marketing(message.as_ref(), now).await?;
        }
        Ok(noted)
    }

    /// They said no where SES itself asks them.
    async fn withdraw_marketing(&self, member: &MemberId, now: Timestamp) -> Result<(), AppError> {
        let said = ConsentStatement {
            marketing: Some(ConsentState::Withdrawn),
            confirmed: true,
            source: Some("ses".to_owned()),
            ..ConsentStatement::default()
        };
        match self.choose_mail(member, None, &said, now).await {
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
        let mut plan = Plan { writes: Vec::new() };
        let mut message = self.message_of(feedback).await?;
        if let Some(message) = &mut message {
            let before = message.clone();
            note(message, feedback, now);
            if *message != before {
                message.version = before.version + 1;
                plan.writes.push(message_write(message.clone(), now));
            }
        }
        let before = plan.writes.len();
        for address in &feedback.recipients {
            self.push_suppression(&mut plan, address, feedback).await?;
        }
        if plan.writes.len() > before
            && let Some(member) = &feedback.member_id
        {
            self.push_account_again(&mut plan, member, now).await?;
        }
        if plan.writes.is_empty() {
            return Ok((Noted::Known, message));
        }
        self.store.commit(plan).await?;
        Ok((Noted::Changed, message))
    }

    /// The message that the mail's tags name.
    async fn message_of(&self, feedback: &Feedback) -> Result<Option<Message>, AppError> {
        let id = feedback.message_id.as_deref().and_then(|id| MessageId::parse(id).ok());
        let Some((member, id)) = feedback.member_id.as_ref().zip(id) else { return Ok(None) };
        Ok(self.store.message(member, &id).await?)
    }

    async fn push_suppression(&self, plan: &mut Plan, address: &Email, feedback: &Feedback) -> Result<(), Attempt> {
        let against = against(&feedback.kind);
        if matches!(against, Against::Nothing) {
            return Ok(());
        }
        let key = self.email_keys.key(address);
        let before = self.store.suppression(&key).await?;
        let mut suppression = before.clone();
        against.put_down(&mut suppression, feedback.at);
        if (Suppression { version: before.version, ..suppression.clone() }) != before {
            plan.writes.push(Write::Suppression { address: key, suppression });
        }
        Ok(())
    }

    /// What is about to be sent rests on the account: it must be decided again.
    async fn push_account_again(&self, plan: &mut Plan, member: &MemberId, now: Timestamp) -> Result<(), Attempt> {
        match self.load_account_even_erased(member).await {
            Ok((member, account)) => {
                let programs = self.programs(now).await?;
                push_settled(plan, &member, Posting::begin(account, &programs, now)?.end()?, &programs, now);
                Ok(())
            }
            // mail to the shop's own staff
            Err(AppError::UnknownMember(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Stops marketing if too much of what was sent lately went wrong. The index lags: what has just been told of a
    /// message is not in it yet.
    async fn judge_marketing(&self, told: Option<&Message>, now: Timestamp) -> Result<(), AppError> {
        let mut fates = self.last_fates(now).await?;
        if let Some(told) = told.and_then(Fate::of) {
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

    async fn sent_on(&self, day: Date) -> Result<Vec<Fate>, AppError> {
        let mut fates = self.store.fates_of(day, usize::MAX).await?;
        fates.retain(|fate| fate.outcome == Outcome::Sent);
        Ok(fates)
    }

    /// What became of the last sends, the newest first.
    async fn last_fates(&self, now: Timestamp) -> Result<Vec<Fate>, AppError> {
        let mut fates = Vec::new();
        for days_ago in 0..MOST_DAYS {
            let day = now - SignedDuration::from_hours(24 * days_ago);
            fates.extend(self.sent_on(TimeZone::UTC.to_datetime(day).date()).await?);
            if fates.len() >= SENDS {
                break;
            }
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
    message.was_sent(Some(&feedback.ses_message_id), feedback.at);
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

fn against(kind: &Kind) -> Against {
    match kind {
        Kind::Bounce { bounce: Bounce::Permanent | Bounce::Withheld, .. } => Against::HardBounce,
        Kind::Bounce { .. } => Against::SoftBounce,
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
            Against::SoftBounce => suppression.bounced_softly(at),
            Against::Complaint => suppression.complained(at),
        }
    }
}
