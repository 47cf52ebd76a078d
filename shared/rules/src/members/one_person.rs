//! What a merge shows of invitations: nobody invites themselves, or is new twice.

use jiff::Timestamp;

use crate::{
    account::Account,
    coupon::CouponPlace,
    ids::MemberId,
    ledger::EntryKind,
    points::Overflow,
    posting::{Changes, Note, Posting},
    referral::{Ended, Referred},
};

/// Ends the invitations of two accounts that one person does not deserve: of whom they invited themselves, what was
/// paid is taken back from the account that has it; of whom had bought before, or had claimed before under the other
/// account, what is not paid yet never is. Returns the coupons that came with them. A third member keeps what they
/// were paid, because they did invite somebody.
///
/// # Errors
/// `Overflow` if a sum does not fit.
pub(crate) fn end_undeserved(
    (from_id, from): (&MemberId, &mut Posting<'_>),
    (into_id, into): (&MemberId, &mut Posting<'_>),
) -> Result<Vec<CouponPlace>, Overflow> {
    let mut withdrawn = from.end_invited_by(into_id, into)?;
    withdrawn.extend(into.end_invited_by(from_id, from)?);
    withdrawn.extend(from.end_unless_new(&into.account));
    withdrawn.extend(into.end_unless_new(&from.account));
    withdrawn.extend(keep_first_claim(&mut from.account, &mut into.account));
    Ok(withdrawn)
}

impl Posting<'_> {
    fn end_invited_by(&mut self, id: &MemberId, referrer: &mut Posting<'_>) -> Result<Vec<CouponPlace>, Overflow> {
        let referrals = &mut self.account.referrals;
        let aliases = referrer.account.aliases.clone();
        let mut withdrawn = Vec::new();
        for referred in referrals.referred.as_deref_mut().into_iter().chain(&mut referrals.former) {
            if referred.referrer == *id || aliases.contains(&referred.referrer) {
                referrer.take_back_payment(referred)?;
                withdrawn.extend(referred.coupon.take());
                referred.end(Ended::NoReferrer.into());
            }
        }
        Ok(withdrawn)
    }

    fn take_back_payment(&mut self, referred: &Referred) -> Result<(), Overflow> {
        let Some(paid) = referred.paid else { return Ok(()) };
        let referrals = &mut self.account.referrals;
        referrals.paid = referrals.paid.saturating_sub(1);
        referrals.points = referrals.points.minus(referred.points)?;
        let mut changes = Changes::default();
        self.take_back(&mut changes, paid.dates, paid.points, referred.points)?;
        self.record(changes, Note::new(EntryKind::Referral, "the friend whom they invited is themselves"))
    }

    fn end_unless_new(&mut self, other: &Account) -> Option<CouponPlace> {
        let referred = self.account.referrals.referred.as_mut()?;
        if !other.had_bought_before(referred.claimed_at) {
            return None;
        }
        if referred.ended.is_none() {
            referred.end(Ended::NotNew.into());
        }
        referred.coupon.take()
    }
}

impl Account {
    fn had_bought_before(&self, instant: Timestamp) -> bool {
        self.purchases.iter().any(|(at, contribution)| at < instant && contribution.orders > 0)
    }
}

/// Of two claims the earlier one counts; the other is remembered where it was paid for.
fn keep_first_claim(from: &mut Account, into: &mut Account) -> Option<CouponPlace> {
    let (theirs, own) = (from.referrals.referred.as_ref()?, into.referrals.referred.as_ref()?);
    if theirs.claimed_at < own.claimed_at {
        std::mem::swap(&mut from.referrals.referred, &mut into.referrals.referred);
    }
    let mut later = from.referrals.referred.take()?;
    if later.ended.is_none() {
        later.end(Ended::Twice.into());
    }
    let coupon = later.coupon.take();
    into.referrals.former.extend(Some(*later).filter(|later| later.paid.is_some()));
    coupon
}
