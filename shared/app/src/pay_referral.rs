//! Paying a referrer, in the commit that ends the friend's invitation: so it is done once, whatever fires twice.

use jiff::Timestamp;
use rules::{
    ids::MemberId,
    posting::Posting,
    program::Programs,
    referral::{Ended, Outcome},
};
use store::Plan;

use crate::{
    App,
    error::{AppError, Attempt},
    settled::push_settled,
};

impl App {
    /// Where the friend's invitation is due, ends it and pays whoever invited them.
    pub(crate) async fn push_referral_payment(
        &self,
        plan: &mut Plan,
        posting: &mut Posting<'_>,
        friend: &MemberId,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<(), Attempt> {
        let Some(referred) = posting.referral_due().cloned() else { return Ok(()) };
        let outcome: Outcome = match self.load_account_even_erased(&referred.referrer).await {
            Ok((referrer, _)) if referrer == *friend => Ended::NoReferrer.into(),
            Ok((referrer, account)) => {
                let mut theirs = Posting::begin(account, programs, now)?;
                let outcome = theirs.pay_referral(&referred)?;
                if outcome.ended == Ended::Paid {
                    push_settled(plan, &referrer, theirs.end()?, programs, now);
                }
                outcome
            }
            Err(AppError::UnknownMember(_)) => Ended::NoReferrer.into(),
            Err(error) => return Err(error.into()),
        };
        posting.end_referral(outcome);
        Ok(())
    }
}
