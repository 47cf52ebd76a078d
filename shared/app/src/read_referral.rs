//! A member's own referral code, made when it is first asked for, and what it has brought.

use jiff::Timestamp;
use rules::{
    account::Status,
    ids::MemberId,
    points::Points,
    posting::Posting,
    referral::{CODE_BYTES, ReferralCode},
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
    settled::push_settled,
};

#[derive(Clone, Debug)]
pub struct OwnReferral {
    pub code: ReferralCode,
    pub link: Option<String>,
    /// Friends who took the coupon.
    pub claimed: u64,
    /// Those of them whose order was kept.
    pub paid: u32,
    pub points_earned: Points,
}

impl App {
    /// # Errors
    /// `NoReferral` where the program has none; `NotEnrolled`; `UnknownMember`; `Busy`.
    pub async fn read_referral(&self, member: &MemberId, now: Timestamp) -> Result<OwnReferral, AppError> {
        self.until_committed(|| self.try_read_referral(member, now)).await
    }

    async fn try_read_referral(&self, member: &MemberId, now: Timestamp) -> Result<OwnReferral, Attempt> {
        let (member, mut account) = self.load_account(member).await?;
        let programs = self.programs(now).await?;
        let program = programs.at(now).program.referral.as_ref().ok_or(AppError::NoReferral)?;
        if account.status != Status::Enrolled {
            return Err(AppError::NotEnrolled(member).into());
        }
        let (paid, points_earned) = (account.referrals.paid, account.referrals.points);
        let mut claimed = 0;
        for partition in account.partitions(&member) {
            claimed += self.store.invited(partition).await?;
        }
        let code = match account.referrals.code.clone() {
            Some(code) => code,
            None => {
                let code = new_referral_code()?;
                account.referrals.code = Some(code.clone());
                let mut plan =
                    Plan { writes: vec![Write::ReferralCode { code: code.clone(), member: member.clone() }] };
                push_settled(&mut plan, &member, Posting::begin(account, &programs, now)?.end()?, &programs, now);
                self.store.commit(plan).await?;
                code
            }
        };
        Ok(OwnReferral { link: program.link(&code), code, claimed, paid, points_earned })
    }
}

fn new_referral_code() -> Result<ReferralCode, AppError> {
    let mut bytes = [0; CODE_BYTES];
    getrandom::fill(&mut bytes).map_err(AppError::NoRandomness)?;
    Ok(ReferralCode::from_random(bytes))
}
