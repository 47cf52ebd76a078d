//! Referral: a member invites a friend, who gets a coupon; the member is paid once the friend's first order that is
//! kept has left its return window.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    coupon::{Coupon, CouponPlace, Origin, Value, expires_after},
    decimal::Decimal,
    email::Email,
    ids::{CouponCode, MemberId, OrderKey},
    ledger::EntryKind,
    lots::Lot,
    money::Money,
    order::Order,
    points::{Overflow, Points},
    posting::{Note, Posting},
    program::Program,
};

/// Random bytes of a code: short enough to be told to a friend.
pub const CODE_BYTES: usize = 5;
const CODE_LETTERS: usize = 8;

/// The earliest orders of a friend that are remembered: should all of them go back, later ones no longer count.
const MAX_CANDIDATES: usize = 8;

/// What the program gives for an invited friend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferralProgram {
    /// For who invites.
    pub points: Points,
    /// For who is invited.
    pub friend: FriendOffer,
    /// So many friends of one member are paid for in a month of the program's zone.
    #[serde(default = "twenty")]
    pub max_per_month: u32,
    /// Where a code leads, with `{code}` in it.
    #[serde(default)]
    pub link: Option<String>,
}

/// A coupon, in the program's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FriendOffer {
    pub amount: Decimal,
    #[serde(default)]
    pub min_order: Option<Decimal>,
    pub valid_days: u16,
}

fn twenty() -> u32 {
    20
}

/// What an account remembers of invitations, given and taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referrals {
    /// Once the member has asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ReferralCode>,
    /// Friends that were paid for, and the points for them.
    #[serde(default)]
    pub paid: u32,
    #[serde(default)]
    pub points: Points,
    /// The first day of the month that the last friend was paid for in, and how many were in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    month: Option<(Date, u32)>,
    /// Who invited this member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referred: Option<Box<Referred>>,
    /// Invitations under former accounts that were paid for: should a referrer turn out to be the member, it goes back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) former: Vec<Referred>,
}

/// That a member was invited, and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referred {
    pub referrer: MemberId,
    pub claimed_at: Timestamp,
    /// What was promised then.
    pub points: Points,
    /// The coupon that the friend was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<CouponPlace>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// What the referrer was paid, in the lot that it went into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) paid: Option<Lot>,
    /// The first orders that are kept, the earliest payment first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    orders: Vec<Candidate>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Candidate {
    #[serde(flatten)]
    order: OrderKey,
    paid_at: Timestamp,
    /// The day on which its return window is over.
    available_on: Date,
}

/// How an invitation ended. None ends twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    Paid,
    /// The friend had bought before.
    NotNew,
    /// The referrer was paid for as many friends in that month as the program allows.
    Cap,
    /// There is no referrer any more, or they and the friend are one.
    NoReferrer,
    /// The friend had taken the coupon of another under another account.
    Twice,
}

/// How an invitation ended, and the lot of the points for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub ended: Ended,
    paid: Option<Lot>,
}

/// Why a friend cannot claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotClaim {
    #[error("members cannot invite themselves")]
    SelfReferral,
    #[error("the friend was invited before")]
    AlreadyReferred,
    #[error("the friend has bought before")]
    NotANewCustomer,
    #[error("the friend invited the member, or somebody who did")]
    ReciprocalReferral,
    #[error("one of the two was erased")]
    Erased,
}

impl Referrals {
    /// Adds those of another account: who was paid for counts toward one cap, and nobody is invited twice.
    pub(crate) fn absorb(&mut self, other: Referrals) -> Result<(), Overflow> {
        self.code = self.code.take().or(other.code);
        self.paid = self.paid.saturating_add(other.paid);
        self.points = self.points.plus(other.points)?;
        self.month = match (self.month, other.month) {
            (Some((one, paid)), Some((month, more))) if one == month => Some((month, paid.saturating_add(more))),
            (one, other) => one.max(other),
        };
        self.referred = self.referred.take().or(other.referred);
        self.former.extend(other.former);
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        *self == Referrals::default()
    }
}

impl ReferralProgram {
    pub fn link(&self, code: &ReferralCode) -> Option<String> {
        self.link.as_ref().map(|link| link.replace("{code}", code.as_str()))
    }
}

impl Program {
    /// The coupon of an invited friend; nothing where the program has no referral, or an amount that is none.
    pub fn friend_coupon(&self, code: CouponCode, now: Timestamp) -> Option<Coupon> {
        let friend = &self.referral.as_ref()?.friend;
        let money = |amount: Decimal| {
            let minor = amount.in_minor_units(self.currency.digits())?;
            Some(Money { minor, currency: self.currency })
        };
        let value = Value::AmountOff { amount: money(friend.amount)? };
        let mut coupon = Coupon::issue(code, Origin::Referral, value, expires_after(now, friend.valid_days));
        coupon.min_order = friend.min_order.and_then(money);
        Some(coupon)
    }
}

impl Account {
    /// Notes who invited the member.
    ///
    /// # Errors
    /// `AlreadyReferred`; `NotANewCustomer`; `Erased`.
    pub fn claim_referral(
        &mut self,
        referrer: MemberId,
        points: Points,
        coupon: CouponPlace,
        claimed_at: Timestamp,
    ) -> Result<(), CannotClaim> {
        if self.erased_at.is_some() {
            return Err(CannotClaim::Erased);
        }
        if self.referrals.referred.is_some() {
            return Err(CannotClaim::AlreadyReferred);
        }
        if self.purchases.iter().any(|(_, contribution)| contribution.orders > 0) {
            return Err(CannotClaim::NotANewCustomer);
        }
        let (coupon, orders) = (Some(coupon), Vec::new());
        let referred = Referred { referrer, claimed_at, points, coupon, ended: None, paid: None, orders };
        self.referrals.referred = Some(Box::new(referred));
        Ok(())
    }

    /// What the order has become for the invitation: one that is kept counts, any other does not.
    pub(crate) fn note_referred_order(&mut self, order: &Order) {
        let Some(referred) = self.referrals.referred.as_mut().filter(|referred| referred.ended.is_none()) else {
            return;
        };
        referred.orders.retain(|known| !known.order.is_same(&order.key));
        let kept = order.posted.as_ref().filter(|posted| posted.spend > 0);
        if let Some((paid_at, available_on)) = kept.and_then(|kept| Some((kept.paid_at, kept.dates.available_on?))) {
            referred.orders.push(Candidate { order: order.key.clone(), paid_at, available_on });
            referred.orders.sort_by(|one, other| (one.paid_at, &one.order).cmp(&(other.paid_at, &other.order)));
            referred.orders.truncate(MAX_CANDIDATES);
        }
    }

    /// When the referrer is to be paid, as far as is known now.
    pub(crate) fn referral_payable_at(&self, program: &Program) -> Option<Timestamp> {
        let referred = self.referrals.referred.as_ref().filter(|referred| referred.ended.is_none())?;
        let first = referred.orders.first()?;
        Some(program.zone.start_of(first.available_on))
    }
}

impl Posting<'_> {
    /// The invitation of this account that is to be ended now, with the referrer's id.
    pub fn referral_due(&self) -> Option<&Referred> {
        let referred = self.account.referrals.referred.as_ref()?;
        let first = referred.orders.first().filter(|_| referred.ended.is_none())?;
        (first.available_on <= self.today()).then_some(referred)
    }

    /// Ends this account's invitation.
    pub fn end_referral(&mut self, outcome: Outcome) {
        if let Some(referred) = &mut self.account.referrals.referred {
            referred.end(outcome);
        }
    }

    /// Pays this account for the friend that it invited, or says why not.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn pay_referral(&mut self, referred: &Referred) -> Result<Outcome, Overflow> {
        if referred.orders.first().is_some_and(|first| first.paid_at < referred.claimed_at) {
            return Ok(Ended::NotNew.into());
        }
        if self.account.erased_at.is_some() {
            return Ok(Ended::NoReferrer.into());
        }
        let month = self.today().first_of_month();
        let cap = self.program().referral.as_ref().map_or_else(twenty, |referral| referral.max_per_month);
        let paid_in_month = self.account.referrals.month.filter(|(known, _)| *known == month).map_or(0, |(_, n)| n);
        if paid_in_month >= cap {
            return Ok(Ended::Cap.into());
        }
        let referrals = &mut self.account.referrals;
        referrals.month = Some((month, paid_in_month.saturating_add(1)));
        referrals.paid = referrals.paid.saturating_add(1);
        referrals.points = referrals.points.plus(referred.points)?;
        let note = Note::new(EntryKind::Referral, "a friend whom they invited has bought");
        let paid = referred.points.is_positive().then(|| self.earn_now(referred.points, note)).transpose()?;
        Ok(Outcome { ended: Ended::Paid, paid })
    }
}

impl Referred {
    pub(crate) fn end(&mut self, outcome: Outcome) {
        self.ended = Some(outcome.ended);
        self.paid = outcome.paid;
        self.orders.clear();
    }
}

impl From<Ended> for Outcome {
    /// Of one that pays nobody.
    fn from(ended: Ended) -> Outcome {
        Outcome { ended, paid: None }
    }
}

/// A code that a member gives to friends: 8 letters and digits of Crockford's base32, in capitals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReferralCode(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a referral code")]
pub struct NotAReferralCode;

impl ReferralCode {
    pub fn from_random(bytes: [u8; CODE_BYTES]) -> ReferralCode {
        let mut padded = [0; crate::coupon::CODE_BYTES];
        padded.iter_mut().rev().zip(bytes.iter().rev()).for_each(|(to, from)| *to = *from);
        let long = CouponCode::from_random(padded);
        ReferralCode(long.as_str().chars().rev().take(CODE_LETTERS).collect())
    }

    /// As somebody typed it: letters that look like digits are those digits (Crockford).
    ///
    /// # Errors
    /// `NotAReferralCode`.
    pub fn parse(text: &str) -> Result<ReferralCode, NotAReferralCode> {
        let plain = |letter: char| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            letter => letter,
        };
        let code: String = text.trim().chars().map(plain).collect();
        let is_code = code.len() == CODE_LETTERS && code.bytes().all(|b| b.is_ascii_alphanumeric() && b != b'U');
        if is_code { Ok(ReferralCode(code)) } else { Err(NotAReferralCode) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ReferralCode {
    type Error = NotAReferralCode;

    fn try_from(text: String) -> Result<Self, NotAReferralCode> {
        ReferralCode::parse(&text)
    }
}

impl From<ReferralCode> for String {
    fn from(code: ReferralCode) -> String {
        code.0
    }
}

impl fmt::Display for ReferralCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Email {
    /// The mailbox that an address leads to, for comparing people: without a `+tag`, and at Google without dots
    /// (<https://support.google.com/mail/answer/7436150>).
    #[must_use]
    pub fn mailbox(&self) -> Email {
        let Some((local, domain)) = self.as_str().rsplit_once('@') else { return self.clone() };
        let untagged = local.split('+').next().unwrap_or(local);
        let (local, domain) = match domain {
            "gmail.com" | "googlemail.com" => (untagged.replace('.', ""), "gmail.com"),
            domain => (untagged.to_owned(), domain),
        };
        Email::parse(&format!("{local}@{domain}")).unwrap_or_else(|_| self.clone())
    }
}
