//! What a member says about mail on a page that a mail led them to.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    consent::{Consent, ConsentState},
    ids::{MemberId, MessageId},
    posting::Posting,
    profile::Profile,
    program::Programs,
    suppression::{Hindrance, Suppression},
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
    links::{Link, Mailbox, Purpose},
    planned_mail::message_write,
    push_profile::{ProfileChange, push_profile},
    settled::push_settled,
    shop_face::ShopFace,
    state_consent::ConsentStatement,
};

/// What a page has to know of its visitor.
#[derive(Clone, Debug)]
pub struct MailChoice {
    pub member: MemberId,
    /// BCP 47.
    pub locale: Option<String>,
    pub consent: Consent,
    /// Why they get none whatever they say.
    pub hindrance: Option<Hindrance>,
    /// The mail that led here was sent to the address that is the member's now.
    pub has_mailbox: bool,
    pub shop: ShopFace,
}

impl App {
    /// For who follows that link.
    ///
    /// # Errors
    /// `UnknownMember`, also where the member was erased.
    pub async fn mail_choice(&self, link: &Link, now: Timestamp) -> Result<MailChoice, AppError> {
        let (profile, _) = self.load_member(&link.member).await?;
        let (programs, suppression) =
            try_join!(self.programs_lately(now), self.suppression_of(profile.email.as_ref()))?;
        Ok(MailChoice::of(&profile, &suppression, self.is_theirs(&profile, link), &programs, now))
    }

    fn is_theirs(&self, profile: &Profile, link: &Link) -> bool {
        let theirs = profile.email.as_ref().map(|address| Mailbox::of(&self.email_keys.key(address)));
        theirs.is_some() && theirs == link.mailbox
    }

    /// Says so; what is so already is not said again, so that pressing a button twice is pressing it once. From
    /// another mailbox than the member's nobody grants anything: `None`, and nothing was said. Who was just asked in
    /// their own mailbox to confirm it shows besides that mail arrives there and is wanted.
    ///
    /// # Errors
    /// `UnknownMember`, also where the member was erased; `Busy`.
    pub async fn choose_mail(
        &self,
        link: &Link,
        said: &ConsentStatement,
        now: Timestamp,
    ) -> Result<Option<MailChoice>, AppError> {
        self.until_committed(|| self.try_choose_mail(link, said, now)).await
    }

    async fn try_choose_mail(
        &self,
        link: &Link,
        said: &ConsentStatement,
        now: Timestamp,
    ) -> Result<Option<MailChoice>, Attempt> {
        let (before, account) = self.load_member(&link.member).await?;
        let (programs, mut suppression) = try_join!(self.programs(now), self.suppression_of(before.email.as_ref()))?;
        let is_news = |state: &ConsentState| *state != before.consent.marketing && !said.is_heard(&before.consent);
        let marketing = said.marketing.filter(is_news);
        let mut news = ConsentStatement { marketing, ..said.clone() };
        let has_mailbox = self.is_theirs(&before, link);
        if !has_mailbox {
            if said.marketing == Some(ConsentState::Granted) {
                return Ok(None);
            }
            news.topics.retain(|_, on| !*on);
        }
        let mut after = before.clone();
        news.state(&mut after, &programs, now);
        let mut plan = Plan::default();
        if link.purpose == Purpose::Confirm
            && let Some(email) = &before.email
            && suppression.lift(now)
        {
            let address = self.email_keys.key(email);
            plan.writes.push(Write::Suppression { address, suppression: suppression.clone() });
        }
        let choice = MailChoice::of(&after, &suppression, has_mailbox, &programs, now);
        let withdraws = |profile: &Profile| profile.consent.marketing == ConsentState::Withdrawn;
        if let Some(mail) = link.message.as_ref().filter(|_| withdraws(&after) && !withdraws(&before)) {
            let partitions = account.partitions(&choice.member);
            self.push_left_by(&mut plan, partitions, mail, now).await?;
        }
        if after != before {
            let origin = Some(said.origin(&self.email_keys));
            push_profile(&mut plan, ProfileChange { before: Some(&before), after, origin }, &programs, now);
        }
        if !plan.writes.is_empty() {
            push_settled(&mut plan, &choice.member, Posting::begin(account, &programs, now)?.end()?, &programs, now);
            self.store.commit(plan).await?;
        }
        Ok(Some(choice))
    }

    /// Notes on the mail whose link they followed that they want no more.
    async fn push_left_by(
        &self,
        plan: &mut Plan,
        partitions: impl Iterator<Item = &MemberId>,
        mail: &MessageId,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let places: Vec<_> = partitions.map(|member| (member.clone(), mail.clone())).collect();
        for mut message in self.store.messages_by_id(&places).await? {
            let version = message.version;
            message.hear(|heard| heard.unsubscribed_at = heard.unsubscribed_at.or(Some(now)));
            if message.version != version {
                plan.writes.push(message_write(message, now));
            }
        }
        Ok(())
    }
}

impl MailChoice {
    fn of(
        profile: &Profile,
        suppression: &Suppression,
        has_mailbox: bool,
        programs: &Programs,
        now: Timestamp,
    ) -> MailChoice {
        MailChoice {
            member: profile.id.clone(),
            locale: profile.locale.clone(),
            consent: profile.consent.clone(),
            hindrance: suppression.hindrance(),
            has_mailbox,
            shop: ShopFace::of(&programs.at(now).program),
        }
    }
}
