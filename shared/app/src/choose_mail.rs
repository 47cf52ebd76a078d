//! What a member says about mail on a page that a mail led them to.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    consent::Consent,
    ids::MemberId,
    posting::Posting,
    profile::Profile,
    program::{Program, Programs},
    suppression::{Hindrance, Suppression},
    web_address::HttpsAddress,
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
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
    /// Why they get none whatever they say.
    pub hindrance: Option<Hindrance>,
    pub shop: ShopFace,
}

/// Who asks.
#[derive(Clone, Debug, Default)]
pub struct ShopFace {
    pub name: Option<String>,
    pub privacy_url: Option<HttpsAddress>,
}

impl App {
    /// # Errors
    /// `UnknownMember`, also where the member was erased.
    pub async fn mail_choice(&self, member: &MemberId, now: Timestamp) -> Result<MailChoice, AppError> {
        let (profile, _) = self.load_member(member).await?;
        let (programs, suppression) = try_join!(self.programs_lately(now), self.suppression_of(&profile))?;
        Ok(MailChoice::of(&profile, &suppression, &programs, now))
    }

    /// Says so; what is so already is not said again, so that pressing a button twice is pressing it once.
    ///
    /// # Errors
    /// `UnknownMember`, also where the member was erased; `Busy`.
    pub async fn choose_mail(
        &self,
        member: &MemberId,
        said: &ConsentStatement,
        now: Timestamp,
    ) -> Result<MailChoice, AppError> {
        self.until_committed(|| self.try_choose_mail(member, said, false, now)).await
    }

    /// The same by who was just asked in their own mailbox, and shows by it that mail arrives there and is wanted.
    ///
    /// # Errors
    /// `UnknownMember`, also where the member was erased; `Busy`.
    pub async fn confirm_mail(
        &self,
        member: &MemberId,
        said: &ConsentStatement,
        now: Timestamp,
    ) -> Result<MailChoice, AppError> {
        self.until_committed(|| self.try_choose_mail(member, said, true, now)).await
    }

    async fn try_choose_mail(
        &self,
        member: &MemberId,
        said: &ConsentStatement,
        from_mailbox: bool,
        now: Timestamp,
    ) -> Result<MailChoice, Attempt> {
        let (before, account) = self.load_member(member).await?;
        let (programs, mut suppression) = try_join!(self.programs(now), self.suppression_of(&before))?;
        let marketing = said.marketing.filter(|state| *state != before.consent.marketing);
        let news = ConsentStatement { marketing, ..said.clone() };
        let mut after = before.clone();
        news.state(&mut after, &programs, now);
        let mut plan = Plan::default();
        if from_mailbox
            && let Some(email) = &before.email
            && suppression.confirmed(now)
        {
            let address = self.email_keys.key(email);
            plan.writes.push(Write::Suppression { address, suppression: suppression.clone() });
        }
        let choice = MailChoice::of(&after, &suppression, &programs, now);
        if after != before {
            let origin = Some(said.origin(&self.email_keys));
            push_profile(&mut plan, ProfileChange { before: Some(&before), after, origin }, &programs, now);
        }
        if !plan.writes.is_empty() {
            push_settled(&mut plan, &choice.member, Posting::begin(account, &programs, now)?.end()?, &programs, now);
            self.store.commit(plan).await?;
        }
        Ok(choice)
    }

    async fn suppression_of(&self, profile: &Profile) -> Result<Suppression, AppError> {
        match &profile.email {
            Some(email) => Ok(self.store.suppression(&self.email_keys.key(email)).await?),
            None => Ok(Suppression::default()),
        }
    }
}

impl MailChoice {
    fn of(profile: &Profile, suppression: &Suppression, programs: &Programs, now: Timestamp) -> MailChoice {
        MailChoice {
            member: profile.id.clone(),
            locale: profile.locale.clone(),
            consent: profile.consent.clone(),
            hindrance: suppression.hindrance(),
            shop: ShopFace::of(&programs.at(now).program),
        }
    }
}

impl ShopFace {
    fn of(program: &Program) -> ShopFace {
        let mail = &program.mail;
        let sender = mail.sender.as_ref().map(|sender| &sender.name);
        ShopFace { name: mail.shop.name.as_ref().or(sender).cloned(), privacy_url: mail.shop.privacy_url.clone() }
    }
}
