//! Coupons: a code, what it takes off an order, and the orders that name it. Which order used it
//! follows from those orders' facts alone, so it does not matter in which order events arrive.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    decimal::Decimal,
    ids::{CouponCode, MemberId, OrderKey, ProductId, RedemptionId},
    money::Money,
    order::Order,
    points::Overflow,
    program::Program,
};

/// Random bytes of a code: 80 bits, so that a thousand guesses a second would take longer than the
/// Earth has existed to meet one of a million codes.
pub const CODE_BYTES: usize = 10;

/// Crockford's base32 (<https://www.crockford.com/base32.html>): no letter looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// No order uses more of our coupons than this; what it names beyond them is the shop's own.
pub const MAX_COUPONS_OF_ORDER: usize = 10;

/// A coupon remembers at most so many orders that name it, those that were paid first.
const MAX_CLAIMS: usize = 10;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupon {
    pub code: CouponCode,
    pub origin: Origin,
    /// Whether the code was the merchant's, whose shop honours it without asking.
    #[serde(default, skip_serializing_if = "is_false")]
    pub from_pool: bool,
    /// Fixed when it was issued.
    pub value: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_order: Option<Money>,
    pub expires_at: Timestamp,
    /// The orders that name it, the one that was paid first at the front.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    claims: Vec<Claim>,
}

/// Why there is a coupon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Points bought it.
    Reward,
    /// The member was invited by another.
    Referral,
}

/// What a coupon takes off an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Value {
    AmountOff {
        amount: Money,
    },
    PercentOff {
        percent: Decimal,
    },
    FreeShipping {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<Money>,
    },
    FreeProduct {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        product_id: Option<ProductId>,
    },
}

/// An order that names a coupon and is not cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    #[serde(flatten)]
    pub order: OrderKey,
    /// It uses the coupon once it is paid; before that it keeps its price from being given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
}

/// A coupon of ours that an order names, and where it is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NamedCoupon {
    pub code: CouponCode,
    #[serde(flatten)]
    pub at: CouponPlace,
}

/// Whose coupon it is, and the redemption that it came with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CouponPlace {
    pub member: MemberId,
    pub redemption: RedemptionId,
}

/// What a shop is told of a coupon that it must not honour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Invalid {
    /// Never issued, or not even a code.
    Unknown,
    Used,
    Expired,
    Cancelled,
    BelowMinOrder,
    /// The order's currency has no rate in the program.
    OtherCurrency,
}

/// When a coupon that is issued now expires.
pub fn expires_after(now: Timestamp, valid_days: u16) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(24 * i64::from(valid_days))).unwrap_or(Timestamp::MAX)
}

impl CouponCode {
    /// The code of random bytes: 16 characters.
    pub fn from_random(bytes: [u8; CODE_BYTES]) -> CouponCode {
        let bits = bytes.iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let digit = |place: usize| (bits >> (5 * place)) & 31;
        let letter = |digit: u128| ALPHABET.iter().zip(0..).find(|(_, value)| *value == digit).map_or(b'0', |l| *l.0);
        CouponCode::of_letters((0..CODE_BYTES * 8 / 5).rev().map(|place| char::from(letter(digit(place)))).collect())
    }
}

impl Coupon {
    /// A coupon that nobody has used yet.
    pub fn issue(code: CouponCode, origin: Origin, value: Value, expires_at: Timestamp) -> Coupon {
        Coupon { code, origin, from_pool: false, value, min_order: None, expires_at, claims: Vec::new() }
    }

    /// The order that used it: of those that are paid and name it, the one that was paid first.
    pub fn used_by(&self) -> Option<&Claim> {
        self.claims.first().filter(|claim| claim.paid_at.is_some())
    }

    /// Orders that were paid and name it too, so that somebody at the shop can look at them.
    pub fn also_named_by(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter().skip(1).filter(|claim| claim.paid_at.is_some())
    }

    /// Whether any order that is not cancelled names it, paid or not.
    pub fn is_claimed(&self) -> bool {
        !self.claims.is_empty()
    }

    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }

    /// What the order has to say of it now; nothing once it is cancelled or names it no longer.
    pub fn set_claim(&mut self, order: &OrderKey, claim: Option<Claim>) {
        self.claims.retain(|known| !known.order.is_same(order));
        self.claims.extend(claim);
        self.claims.sort_by(|one, other| one.rank().cmp(&other.rank()));
        self.claims.truncate(MAX_CLAIMS);
    }

    /// Why an order of that total cannot use it, apart from being used or expired.
    ///
    /// # Errors
    /// `Overflow` if the total cannot be converted.
    pub fn misfit(&self, order_total: Money, program: &Program) -> Result<Option<Invalid>, Overflow> {
        let mut currencies = [self.value.currency(), self.min_order.map(|money| money.currency)].into_iter().flatten();
        let Some(own) = currencies.next() else { return Ok(None) };
        let total = match order_total.currency == own {
            true => Some(order_total.minor),
            false => program.in_own_currency(order_total)?.filter(|_| program.currency == own),
        };
        Ok(match total {
            None => Some(Invalid::OtherCurrency),
            Some(total) => self.min_order.filter(|least| total < least.minor).map(|_| Invalid::BelowMinOrder),
        })
    }
}

impl Value {
    fn currency(&self) -> Option<crate::money::Currency> {
        match self {
            Value::AmountOff { amount } => Some(amount.currency),
            Value::FreeShipping { up_to } => up_to.map(|money| money.currency),
            Value::PercentOff { .. } | Value::FreeProduct { .. } => None,
        }
    }
}

impl Claim {
    /// Paid before unpaid, then by time, then by the order's key.
    fn rank(&self) -> (bool, Option<Timestamp>, &str, &str) {
        (self.paid_at.is_none(), self.paid_at, self.order.source.numbering(), self.order.id.as_str())
    }
}

impl Order {
    /// What the order says to the coupons that it names. A refund takes nothing of that back: the
    /// buyer had the discount, and what is refunded is what they paid after it.
    pub fn claim(&self) -> Option<Claim> {
        let content = self.facts.content().filter(|content| !content.test)?;
        let names_any = !content.codes.is_empty() && self.facts.cancelled_at().is_none();
        names_any.then(|| Claim { order: self.key.clone(), paid_at: self.facts.paid_at() })
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}
