//! Merging two accounts of one person: all that one had is the other's, and nothing is counted twice.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    account::Account,
    coupon::CouponPlace,
    deed::{Deed, DeedState},
    ids::MemberId,
    ledger::EntryKind,
    lots::{Lot, LotDates},
    one_person::end_undeserved,
    order::Posted,
    points::{Overflow, Points},
    posting::{Changes, Note, Posting, Settled},
    program::Programs,
    standing::{Anchor, Standing},
};

/// Both accounts after a merge, to be committed at once.
#[derive(Debug)]
pub struct Merged {
    pub from: Settled,
    pub into: Settled,
    /// Coupons that one person does not deserve.
    pub withdrawn: Vec<CouponPlace>,
}

/// A member's id with their account.
pub type Held = (MemberId, Account);

/// What both have done and earns once: the later deeds of each side, with the partitions that they are in. A merge
/// reverses them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoneTwice {
    pub from: Vec<(MemberId, Deed)>,
    pub into: Vec<(MemberId, Deed)>,
}

/// What joining the program gave: how many points when, what of them went into a lot, and until when that
/// is. In rows a tuple, because every member has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(Points, i64, Points, Date)", into = "(Points, i64, Points, Date)")]
pub struct Joining {
    pub points: Points,
    pub at: Timestamp,
    pub put: Points,
    pub expires_on: Date,
}

/// Moves all of one account to another: lots at their dates, the debt (which points pay, as ever), what
/// expired, what counts toward tiers, open holds. What comes once, came once: of points for joining
/// the later ones are taken back.
///
/// Whenever in two histories without expiry they are merged, the sum of the ledger, the debt, the total
/// of the lots and the tier end as those of one member who had both histories; the lots too, if no
/// points were taken but from their own lots. What an order earned at a tier stays what it is.
///
/// # Errors
/// `Overflow` if a sum does not fit.
pub fn merge(
    (from_id, from): Held,
    (into_id, into): Held,
    twice: &mut DoneTwice,
    programs: &Programs,
    now: Timestamp,
) -> Result<Merged, Overflow> {
    let mut from = Posting::begin(from, programs, now)?;
    let mut into = Posting::begin(into, programs, now)?;
    from.reverse_deeds(&mut twice.from)?;
    into.reverse_deeds(&mut twice.into)?;
    let twice = from.account.joining.as_ref().zip(into.account.joining.as_ref());
    match twice.map(|(from, into)| from.at >= into.at) {
        Some(true) => from.take_back_joining()?,
        Some(false) => into.take_back_joining()?,
        None => {}
    }
    let withdrawn = end_undeserved((&from_id, &mut from), (&into_id, &mut into))?;
    let lots: Vec<Lot> = from.account.lots.iter().copied().collect();
    let debt = from.account.debt;
    from.give_all(format!("merged into `{into_id}`"))?;
    let mut changes = Changes::default();
    into.take_or_owe(&mut changes, debt)?;
    for lot in lots {
        into.credit(&mut changes, lot.dates, lot.points)?;
    }
    into.record(changes, Note::new(EntryKind::MergeIn, format!("merged with `{from_id}`")))?;
    let emptied = emptied(&from.account, &into_id, programs);
    let entries = std::mem::take(&mut from.entries);
    absorb(&mut into.account, from.account, programs)?;
    into.account.aliases.insert(from_id);
    let from = Settled { account: emptied, entries, tier_change: None, became_available: Points::ZERO };
    Ok(Merged { from, into: into.end()?, withdrawn })
}

/// What is left of an account that another has taken over: its ledger, which ends at nothing.
fn emptied(account: &Account, into: &MemberId, programs: &Programs) -> Account {
    let (version, entries, tier_changes) = (account.version + 1, account.entries, account.tier_changes);
    let merged_into = Some(into.clone());
    let recorded_at = account.recorded_at;
    let new = Account::new(account.status, account.joined_at, programs);
    Account { version, entries, tier_changes, merged_into, recorded_at, ..new }
}

/// All that no entry speaks of.
fn absorb(into: &mut Account, from: Account, programs: &Programs) -> Result<(), Overflow> {
    into.anchor = later_anchor(into, &from, programs)?;
    // every field is named, so that a new one cannot be forgotten here
    let Account {
        version: _,
        status,
        joined_at,
        entries: _,
        recorded_at: _,
        ledger: _,
        debt: _,
        lots: _,
        holds,
        lapsed,
        purchases,
        anchor: _,
        standing: _,
        tier_changes: _,
        birthday_window,
        tallies,
        done_once,
        told_available_on,
        referrals,
        joining,
        mailed,
        noticed,
        shipped_to,
        wake_up: _,
        merged_into: _,
        aliases,
        erased_at: _,
        proving_order,
        openings,
    } = from;
    into.status = into.status.max(status);
    into.joined_at = into.joined_at.min(joined_at);
    into.holds.absorb(holds);
    into.lapsed.absorb(&lapsed)?;
    into.purchases.absorb(&purchases)?;
    into.told_available_on = into.told_available_on.max(told_available_on);
    into.birthday_window = into.birthday_window.max(birthday_window);
    into.tallies.absorb(tallies)?;
    into.referrals.absorb(referrals)?;
    for (reference, points) in openings {
        into.openings.entry(reference).or_insert(points);
    }
    into.done_once.extend(done_once);
    into.joining = into.joining.take().or(joining);
    into.aliases.extend(aliases);
    into.proving_order = into.proving_order.take().or(proving_order);
    into.mailed.absorb(mailed);
    into.noticed.absorb(&noticed);
    into.ships_to(shipped_to);
    Ok(())
}

/// What stood before purchases were forgotten cannot be counted together any more: from the later of
/// the two instants on, the higher of the two standings holds (at equal tiers the one kept for longer).
fn later_anchor(one: &Account, other: &Account, programs: &Programs) -> Result<Option<Anchor>, Overflow> {
    let Some(at) = one.anchor.iter().chain(&other.anchor).map(|anchor| anchor.at).max() else { return Ok(None) };
    let tiers = &programs.at(at).program.tiers;
    let height = |standing: &Standing| (tiers.rank(&standing.tier), standing.until);
    let (one, other) = (one.membership().standing(programs, at)?, other.membership().standing(programs, at)?);
    let standing = if height(&other) > height(&one) { other } else { one };
    Ok(Some(Anchor { standing, at }))
}

impl DoneTwice {
    /// Of two deeds that earn once, the one recorded later is reversed.
    pub fn add(&mut self, from: (MemberId, Deed), into: (MemberId, Deed)) {
        let order = |(_, deed): &(MemberId, Deed)| (deed.recorded_at, deed.id.clone());
        let (side, later) = if order(&from) > order(&into) { (&mut self.from, from) } else { (&mut self.into, into) };
        if later.1.state != DeedState::Reversed && !side.contains(&later) {
            side.push(later);
        }
    }

    pub fn len(&self) -> usize {
        self.from.len() + self.into.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl From<Joining> for Posted {
    fn from(Joining { points, at, put, expires_on }: Joining) -> Posted {
        Posted { points, spend: 0, paid_at: at, dates: LotDates { expires_on, available_on: None }, put }
    }
}

impl From<(Points, i64, Points, Date)> for Joining {
    fn from((points, second, put, expires_on): (Points, i64, Points, Date)) -> Joining {
        let at = Timestamp::from_second(second).unwrap_or(Timestamp::MIN);
        Joining { points, at, put, expires_on }
    }
}

impl From<Joining> for (Points, i64, Points, Date) {
    fn from(joining: Joining) -> Self {
        (joining.points, joining.at.as_second(), joining.put, joining.expires_on)
    }
}

impl Posting<'_> {
    /// Takes back what joining gave, from its own lot first.
    fn take_back_joining(&mut self) -> Result<(), Overflow> {
        let Some(joining) = self.account.joining.take() else { return Ok(()) };
        let note = Note::new(EntryKind::Enrol, "points for joining the program come once");
        self.post_order(Some(&joining.into()), None, note).map(drop)
    }

    fn give_all(&mut self, reason: String) -> Result<(), Overflow> {
        let mut changes = Changes::default();
        let lots: Vec<Lot> = self.account.lots.iter().copied().collect();
        for lot in lots {
            self.take_from(&mut changes, lot.dates, lot.points)?;
        }
        let debt = self.account.debt;
        self.change_debt(&mut changes, debt.negated()?)?;
        changes.points = changes.points.plus(debt)?;
        self.record(changes, Note::new(EntryKind::MergeOut, reason))
    }

    /// Takes points from every lot, the earliest expiry first; what is missing stays owed whatever the
    /// program forgives, because it was owed before.
    fn take_or_owe(&mut self, changes: &mut Changes, points: Points) -> Result<(), Overflow> {
        let mut missing = points;
        let lots: Vec<Lot> = self.account.lots.iter().copied().collect();
        for lot in lots {
            missing = missing.minus(self.take_from(changes, lot.dates, missing)?)?;
        }
        self.change_debt(changes, missing)?;
        changes.points = changes.points.minus(missing)?;
        Ok(())
    }
}
