//! Whether mail gets to a member's address, and the shop's word that it does again.

use jiff::Timestamp;
use rules::{consent::Consent, ids::MemberId, suppression::Suppression};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
};

impl App {
    /// What is known against the address that is the member's now, and what they said to mail.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn suppression(&self, member: &MemberId) -> Result<(Suppression, Consent), AppError> {
        let (profile, _) = self.load_member(member).await?;
        Ok((self.suppression_of(profile.email.as_ref()).await?, profile.consent))
    }

    /// Forgets the bounces and complaints of before. Their consent stays as it is.
    ///
    /// # Errors
    /// `UnknownMember`; `Busy`.
    pub async fn lift_suppression(
        &self,
        member: &MemberId,
        now: Timestamp,
    ) -> Result<(Suppression, Consent), AppError> {
        self.until_committed(|| self.try_lift_suppression(member, now)).await
    }

    async fn try_lift_suppression(&self, member: &MemberId, now: Timestamp) -> Result<(Suppression, Consent), Attempt> {
        let (profile, _) = self.load_member(member).await?;
        let mut suppression = self.suppression_of(profile.email.as_ref()).await?;
        if let Some(email) = &profile.email
            && suppression.lift(now)
        {
            let address = self.email_keys.key(email);
            let write = Write::Suppression { address, suppression: suppression.clone() };
            self.store.commit(Plan { writes: vec![write] }).await?;
        }
        Ok((suppression, profile.consent))
    }
}
