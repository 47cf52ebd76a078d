//! What a member says about mail on a page that a mail led them to.

use jiff::Timestamp;
use rules::{
    consent::{Consent, ConsentState},
    ids::MemberId,
    posting::Posting,
    profile::Profile,
};
use store::Plan;

use crate::{
    App,
    error::{AppError, Attempt},
    links::Mailbox,
    push_profile::{ProfileChange, push_profile},
    settled::push_settled,
    state_consent::ConsentStatement,
};

/// What a page has to know of its visitor.
#[derive(Clone, Debug)]
pub struct MailChoice {
    pub member: MemberId,
    /// BCP 47.
    pub locale: Option<String>,
    pub consent: Consent,
    /// The mail that led here was sent to the address that is the member's now.
    pub has_mailbox: bool,
}

impl App {
    /// For who follows a link that was sent to that mailbox.
    ///
    /// # Errors
    /// `UnknownMember`, also where the member was erased.
    pub async fn mail_choice(&self, member: &MemberId, mailbox: Option<Mailbox>) -> Result<MailChoice, AppError> {
        let (profile, _) = self.load_member(member).await?;
        Ok(self.choice_of(&profile, mailbox))
    }

    fn choice_of(&self, profile: &Profile, mailbox: Option<Mailbox>) -> MailChoice {
        let theirs = profile.email.as_ref().map(|address| Mailbox::of(&self.email_keys.key(address)));
        MailChoice {
            member: profile.id.clone(),
            locale: profile.locale.clone(),
            consent: profile.consent.clone(),
            has_mailbox: theirs.is_some() && theirs == mailbox,
        }
    }

    /// Says so; what is so already is not said again, so that pressing a button twice is pressing it once. From
    /// another mailbox than the member's nobody grants anything: `None`, and nothing was said.
    ///
    /// # Errors
    /// `UnknownMember`, also where the member was erased; `Busy`.
    pub async fn choose_mail(
        &self,
        member: &MemberId,
        mailbox: Option<Mailbox>,
        said: &ConsentStatement,
        now: Timestamp,
    ) -> Result<Option<MailChoice>, AppError> {
        self.until_committed(|| self.try_choose_mail(member, mailbox, said, now)).await
    }

    async fn try_choose_mail(
        &self,
        member: &MemberId,
        mailbox: Option<Mailbox>,
        said: &ConsentStatement,
        now: Timestamp,
    ) -> Result<Option<MailChoice>, Attempt> {
        let (before, account) = self.load_member(member).await?;
        let programs = self.programs(now).await?;
        let marketing = said.marketing.filter(|state| *state != before.consent.marketing);
        let mut news = ConsentStatement { marketing, ..said.clone() };
        if !self.choice_of(&before, mailbox).has_mailbox {
            if said.marketing == Some(ConsentState::Granted) {
                return Ok(None);
            }
            news.topics.retain(|_, on| !*on);
        }
        let mut after = before.clone();
        news.state(&mut after, &programs, now);
        let choice = self.choice_of(&after, mailbox);
        if after != before {
            let mut plan = Plan::default();
            let origin = Some(said.origin(&self.email_keys));
            push_profile(&mut plan, ProfileChange { before: Some(&before), after, origin }, &programs, now);
            push_settled(&mut plan, &choice.member, Posting::begin(account, &programs, now)?.end()?, &programs, now);
            self.store.commit(plan).await?;
        }
        Ok(Some(choice))
    }
}
