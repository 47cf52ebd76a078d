//! Coupons that an order names: used while it is paid, and usable again once it is cancelled.

use std::collections::{BTreeMap, BTreeSet};

use rules::{
    coupon::{Claim, CouponPlace, MAX_COUPONS_OF_ORDER, NamedCoupon},
    order::Order,
    redemption::Redemption,
};
use store::{Plan, Write};

use crate::{App, error::AppError};

/// What an order has to say to coupons, each where it is kept.
#[derive(Debug, Default)]
pub(crate) struct Claims(BTreeMap<CouponPlace, Option<Claim>>);

/// What the coupons of an order have to be told, now that it says this. `found` are those of the
/// codes that the event brought; the order remembers those that it had before.
pub(crate) fn claims(before: &Order, order: &mut Order, found: Vec<NamedCoupon>) -> Claims {
    let codes = order.named_codes();
    let known: BTreeSet<NamedCoupon> = before.coupons.iter().cloned().chain(found).collect();
    let named = known.into_iter().filter(|coupon| codes.contains(&coupon.code));
    order.coupons = named.take(MAX_COUPONS_OF_ORDER).collect();
    let (said, says) = (before.claim(), order.claim());
    if said == says && before.coupons == order.coupons {
        return Claims::default();
    }
    let dropped = before.coupons.iter().map(|coupon| (coupon.at.clone(), None));
    let named = order.coupons.iter().map(|coupon| (coupon.at.clone(), says.clone()));
    Claims(dropped.chain(named).collect())
}

impl App {
    /// The redemptions of those coupons; no call where there are none.
    pub(crate) async fn claimed(&self, claims: &Claims) -> Result<Vec<(CouponPlace, Redemption)>, AppError> {
        let places: Vec<CouponPlace> = claims.0.keys().cloned().collect();
        Ok(self.store.redemptions_at(&places).await?)
    }
}

/// Those of the redemptions that the claims change.
pub(crate) fn push_claims(
    plan: &mut Plan,
    order: &Order,
    claims: &Claims,
    redemptions: Vec<(CouponPlace, Redemption)>,
) {
    for (place, mut redemption) in redemptions {
        let before = redemption.clone();
        if let (Some(coupon), Some(claim)) = (&mut redemption.coupon, claims.0.get(&place)) {
            coupon.set_claim(&order.key, claim.clone());
        }
        if redemption != before {
            redemption.version += 1;
            plan.writes.push(Write::Redemption { member: place.member, redemption });
        }
    }
}
