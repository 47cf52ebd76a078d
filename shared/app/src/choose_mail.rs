//! What a member says about mail on a page that a mail led them to.

use jiff::Timestamp;
use rules::{consent::Consent, ids::MemberId, posting::Posting};
use store::Plan;

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
}

impl App {
    /// # Errors
    /// `UnknownMember`, also where the member was erased.
    pub async fn mail_choice(&self, member: &MemberId) -> Result<MailChoice, AppError> {
        let (profile, _) = self.load_member(member).await?;
        Ok(MailChoice { member: profile.id, locale: profile.locale, consent: profile.consent })
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
        self.until_committed(|| self.try_choose_mail(member, said, now)).await
    }

    async fn try_choose_mail(
        &self,
        member: &MemberId,
        said: &ConsentStatement,
        now: Timestamp,
    ) -> Result<MailChoice, Attempt> {
        let (before, account) = self.load_member(member).await?;
        let programs = self.programs(now).await?;
        let marketing = said.marketing.filter(|state| *state != before.consent.marketing);
        let news = ConsentStatement { marketing, ..said.clone() };
        let mut after = before.clone();
        news.state(&mut after, &programs, now);
        let choice =
            MailChoice { member: after.id.clone(), locale: after.locale.clone(), consent: after.consent.clone() };
        if after != before {
            let mut plan = Plan::default();
            let origin = Some(said.origin(&self.email_keys));
            push_profile(&mut plan, ProfileChange { before: Some(&before), after, origin }, &programs, now);
            push_settled(&mut plan, &choice.member, Posting::begin(account, &programs, now)?.end()?, &programs, now);
            self.store.commit(plan).await?;
        }
        Ok(choice)
    }
}
