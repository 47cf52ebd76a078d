//! A friend takes the coupon of whoever invited them: once in a lifetime, and once for each mailbox.

use futures::join;
use jiff::Timestamp;
use rules::{
    account::Account,
    coupon::CouponPlace,
    email::Email,
    ids::{EmailKey, MemberId, RedemptionId},
    posting::Posting,
    profile::Profile,
    redemption::Redemption,
    referral::{CannotClaim, ReferralCode},
};
use store::{Plan, ReferralContext, Write};

use crate::{
    App,
    answered::Request,
    error::{AppError, Attempt},
    issue_coupon::{new_code, push_new_redemption},
    new_id::new_uuid,
    settled::push_settled,
};

const CREATED: u16 = 201;

/// So many invitations are followed up from a member to find whether the friend is at their beginning.
const MOST_FOLLOWED: usize = 8;

/// Whoever invites, as far as a claim looks at them.
struct Referrer {
    id: MemberId,
    account: Account,
    mailbox: Option<Email>,
}

impl App {
    /// Gives the friend their coupon once, however often the same request comes.
    ///
    /// # Errors
    /// `UnknownReferral`, after the same work as for a known code; `CannotClaim` says why not; `UnknownMember` if
    /// there is no such friend; `NoReferral`; `KeyReused`; `Busy`.
    pub async fn claim_referral(
        &self,
        code: &ReferralCode,
        friend: &MemberId,
        request: &Request,
        now: Timestamp,
    ) -> Result<Redemption, AppError> {
        self.until_committed(|| self.try_claim(code, friend, request, now)).await
    }

    async fn try_claim(
        &self,
        code: &ReferralCode,
        friend: &MemberId,
        request: &Request,
        now: Timestamp,
    ) -> Result<Redemption, Attempt> {
        let saved = self.answered_before(Some(request), now);
        let (saved, loaded, programs) = join!(saved, self.load_account_with_profile(friend), self.programs(now));
        let (saved, (friend, account, profile), programs) = (saved?, loaded?, programs?);
        if let Some(saved) = saved {
            let id = saved.resource.try_into().map_err(|_| AppError::UnknownRedemption)?;
            let redemption = self.store.redemption(&friend, &id).await?;
            return Ok(redemption.ok_or(AppError::UnknownRedemption)?);
        }
        let mailbox = profile.as_ref().and_then(mailbox);
        let mailbox_key = mailbox.as_ref().map(|mailbox| self.email_keys.key(mailbox));
        let context = self.store.referral_context(code, mailbox_key.as_ref()).await?;
        let referrer = self.referrer(&context, code).await?;
        let version = programs.at(now);
        let points = version.program.referral.as_ref().ok_or(AppError::NoReferral)?.points;
        let mut posting = Posting::begin(account, &programs, now)?;
        self.check_claim(&referrer, &friend, mailbox.as_ref(), &context).await?;
        let coupon = version.program.friend_coupon(new_code()?, now).ok_or(AppError::NoReferral)?;
        let redemption = Redemption::given(RedemptionId::from_uuid(new_uuid(now)), coupon, version.version, now);
        let at = CouponPlace { member: friend.clone(), redemption: redemption.id.clone() };
        posting.account.claim_referral(referrer.id.clone(), points, at, now).map_err(AppError::from)?;
        let mut plan = Plan { writes: Vec::new() };
        plan.writes.push(request.answer(CREATED, redemption.id.to_string(), now));
        push_claim(&mut plan, &referrer.id, &friend, mailbox_key);
        push_new_redemption(&mut plan, &friend, redemption.clone());
        push_settled(&mut plan, &friend, posting.end()?, &programs, now);
        self.store.commit(plan).await?;
        Ok(redemption)
    }

    /// Whose code it is. For a code of nobody as much is read as for any other.
    async fn referrer(&self, context: &ReferralContext, code: &ReferralCode) -> Result<Referrer, AppError> {
        let known = context.referrer.clone();
        let id = known.clone().or_else(|| MemberId::parse(code.as_str()).ok()).ok_or(AppError::UnknownReferral)?;
        match (self.load_account_with_profile(&id).await, known) {
            (Ok((id, account, profile)), Some(_)) => {
                Ok(Referrer { id, account, mailbox: profile.as_ref().and_then(mailbox) })
            }
            (Ok(_) | Err(AppError::UnknownMember(_)), _) => Err(AppError::UnknownReferral),
            (Err(error), _) => Err(error),
        }
    }

    async fn check_claim(
        &self,
        referrer: &Referrer,
        friend: &MemberId,
        mailbox: Option<&Email>,
        context: &ReferralContext,
    ) -> Result<(), AppError> {
        if referrer.account.erased_at.is_some() {
            return Err(CannotClaim::Erased.into());
        }
        if referrer.id == *friend || mailbox.is_some() && referrer.mailbox.as_ref() == mailbox {
            return Err(CannotClaim::SelfReferral.into());
        }
        if context.claimed_by.is_some() {
            return Err(CannotClaim::AlreadyReferred.into());
        }
        let mut above = referrer.account.referrals.referred.as_ref().map(|referred| referred.referrer.clone());
        for _ in 0..MOST_FOLLOWED {
            let Some(next) = above else { break };
            let (id, account) = self.load_account_even_erased(&next).await?;
            if id == *friend {
                return Err(CannotClaim::ReciprocalReferral.into());
            }
            above = account.referrals.referred.map(|referred| referred.referrer);
        }
        Ok(())
    }
}

fn mailbox(profile: &Profile) -> Option<Email> {
    profile.email.as_ref().map(Email::mailbox)
}

/// What keeps a claim from being made twice, and lets the referrer count it.
fn push_claim(plan: &mut Plan, referrer: &MemberId, friend: &MemberId, mailbox: Option<EmailKey>) {
    plan.writes.push(Write::Invited { member: referrer.clone(), friend: friend.clone() });
    plan.writes.extend(mailbox.map(|key| Write::ReferredMailbox { key, member: friend.clone() }));
}
