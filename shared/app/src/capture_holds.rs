//! Holds that an order names: what it has of them, from whichever accounts they are on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rules::{
    account::Account,
    capture::Claims,
    deed::Deed,
    hold::{Hold, HoldPlace},
    ids::{CouponCode, HoldId, MemberId},
    order::Order,
    program::Programs,
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
    settled::push_settled,
};

/// The holds that an order claims, by the accounts that they are on. The owner's account is loaded
/// anyway.
#[derive(Debug, Default)]
pub(crate) struct HoldClaims {
    by_account: BTreeMap<MemberId, (Option<Account>, Claims)>,
    loaded: BTreeMap<HoldId, Hold>,
}

impl App {
    /// The holds that the order names or has points of. `found` are those of the codes that an event
    /// with content brought; content that came earlier and is newer may name others.
    pub(crate) async fn claimed_holds(
        &self,
        order: &Order,
        found: Vec<HoldPlace>,
        looked_up: Option<&[CouponCode]>,
    ) -> Result<Vec<HoldPlace>, AppError> {
        let had = order.captures.iter();
        let had = had.map(|capture| HoldPlace { member: capture.member.clone(), hold: capture.hold.clone() });
        let mut places: BTreeSet<HoldPlace> = had.collect();
        if let Some(looked_up) = looked_up.filter(|_| order.may_claim()) {
            places.extend(found);
            let others = order.named_codes().into_iter().filter(|code| !looked_up.contains(code));
            places.extend(self.store.hold_places(&others.collect::<Vec<_>>()).await?);
        }
        Ok(places.into_iter().collect())
    }

    pub(crate) async fn holds_at(&self, places: &[HoldPlace]) -> Result<Vec<(HoldPlace, Hold)>, Attempt> {
        Ok(self.store.holds_at(places).await?)
    }

    /// Those holds with the accounts that they are on, which need not be those in whose names they were
    /// made.
    pub(crate) async fn hold_claims(
        &self,
        holds: Vec<(HoldPlace, Hold)>,
        owner: Option<&MemberId>,
    ) -> Result<HoldClaims, AppError> {
        let mut claims = HoldClaims::default();
        for (place, hold) in holds {
            let (member, account) = if owner == Some(&place.member) {
                (place.member.clone(), None)
            } else {
                let (member, account) = self.load_account_even_erased(&place.member).await?;
                (member, Some(account))
            };
            claims.loaded.insert(hold.id.clone(), hold.clone());
            let of_account = claims.by_account.entry(member).or_insert_with(|| (account, Claims::default()));
            of_account.1.holds.push((place.member, hold));
        }
        Ok(claims)
    }
}

impl HoldClaims {
    /// Those on that account.
    pub(crate) fn take(&mut self, member: &MemberId) -> Claims {
        self.by_account.remove(member).map(|(_, claims)| claims).unwrap_or_default()
    }

    /// The order proves those deeds of that account no longer.
    pub(crate) fn unprove(&mut self, member: &MemberId, deeds: Vec<(MemberId, Deed)>) {
        self.by_account.entry(member.clone()).or_default().1.deeds = deeds;
    }

    /// What became of those that were taken.
    pub(crate) async fn push(
        &self,
        app: &App,
        plan: &mut Plan,
        account: &MemberId,
        claims: Claims,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<(), Attempt> {
        for (member, mut hold) in claims.holds {
            if self.loaded.get(&hold.id) != Some(&hold) {
                hold.version += 1;
                plan.writes.push(Write::Hold { member, hold });
            }
        }
        plan.writes.extend(claims.deeds.into_iter().map(|(member, deed)| Write::Deed { member, deed }));
        for case in claims.cases {
            app.push_case(plan, programs, account, case, now).await?;
        }
        Ok(())
    }

    /// Captures what is left, which is on accounts that the plan has not touched: whoever names a hold,
    /// its holder pays for it.
    pub(crate) async fn capture_rest(
        mut self,
        app: &App,
        plan: &mut Plan,
        order: &mut Order,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<(), Attempt> {
        for (member, (account, mut claims)) in std::mem::take(&mut self.by_account) {
            let Some(loaded) = account else { continue };
            let settled = order.capture_from(loaded.clone(), &mut claims, programs, now)?;
            if !settled.changes_nothing_of(&loaded) {
                push_settled(plan, &member, settled, programs, now);
            }
            self.push(app, plan, &member, claims, programs, now).await?;
        }
        Ok(())
    }
}
