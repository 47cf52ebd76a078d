//! One member's account: lots, debt, tier, and what counts toward it. A balance is a function of
//! lots and time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    holds::Holds,
    ids::{MemberId, OrderKey},
    lapsed::Lapsed,
    ledger::Entry,
    lots::{LotDates, Lots},
    merge::Joining,
    notices::Noticed,
    points::{Overflow, Points},
    program::Programs,
    purchases::Purchases,
    recent_mail::RecentMail,
    referral::Referrals,
    shipped_to::ShippedTo,
    standing::{Anchor, Membership, Standing},
    tallies::Tallies,
    wake_up::WakeUp,
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    pub status: Status,
    /// The earliest instant at which the member is known to have been one.
    pub joined_at: Timestamp,
    /// Ledger entries so far.
    pub entries: u64,
    /// When the newest entry was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Timestamp>,
    /// The sum of the ledger.
    pub ledger: Points,
    #[serde(default)]
    pub debt: Points,
    #[serde(default)]
    pub lots: Lots,
    #[serde(default, skip_serializing_if = "Holds::is_empty")]
    pub holds: Holds,
    #[serde(default)]
    pub lapsed: Lapsed,
    #[serde(default)]
    pub purchases: Purchases,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Anchor>,
    /// As last recorded; what holds now is replayed.
    pub standing: Standing,
    /// Tier changes so far.
    #[serde(default)]
    pub tier_changes: u64,
    /// The first day of the last birthday window that priced an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday_window: Option<Date>,
    /// What the program caps.
    #[serde(default, with = "crate::packed", skip_serializing_if = "Tallies::is_empty")]
    pub tallies: Tallies,
    /// Activities that are rewarded once, and have been.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub done_once: BTreeSet<String>,
    /// Up to which day endpoints were told of points that became available.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_available_on: Option<Date>,
    #[serde(default, skip_serializing_if = "Referrals::is_empty")]
    pub referrals: Referrals,
    /// What joining the program gave, so that a member who joined twice keeps it once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joining: Option<Joining>,
    /// The mail of the last days.
    #[serde(default, with = "crate::packed", skip_serializing_if = "RecentMail::is_empty")]
    pub mailed: RecentMail,
    /// What the member has been told of before it comes.
    #[serde(default, skip_serializing_if = "Noticed::is_empty")]
    pub noticed: Noticed,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipped_to: Option<ShippedTo>,
    /// When something is next to be done for it, as the due index keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wake_up: Option<WakeUp>,
    /// The member that this one was merged into. Nothing else of the account counts then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<MemberId>,
    /// The members who were merged into this one: what their partitions hold is this member's.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub aliases: BTreeSet<MemberId>,
    /// Since then nobody knows who the member is, and nobody spends their points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
    /// An order that deeds rest on, so that it need not be looked for again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proving_order: Option<OrderKey>,
    /// The opening balances that it has had, by their references.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub openings: BTreeMap<String, Points>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Known from orders; points accrue, spending needs enrolment.
    Guest,
    Enrolled,
}

/// What a member has at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    pub available: Points,
    pub pending: Points,
    /// Set aside for checkouts that are not finished.
    pub held: Points,
    pub debt: Points,
}

impl Balance {
    /// # Errors
    /// `Overflow` if the sum does not fit.
    pub fn total(&self) -> Result<Points, Overflow> {
        self.available.plus(self.pending)?.plus(self.held)?.minus(self.debt)
    }
}

impl Account {
    /// Whose rows are the member's: their own, and those of members who were merged into them.
    pub fn partitions<'a>(&'a self, own: &'a MemberId) -> impl Iterator<Item = &'a MemberId> {
        std::iter::once(own).chain(&self.aliases)
    }

    /// An account without entries.
    pub fn new(status: Status, joined_at: Timestamp, programs: &Programs) -> Account {
        let program = &programs.at(joined_at).program;
        let tier = program.tiers.levels.lowest().id.clone();
        Account {
            version: 0,
            status,
            joined_at,
            entries: 0,
            recorded_at: None,
            ledger: Points::ZERO,
            debt: Points::ZERO,
            lots: Lots::default(),
            holds: Holds::default(),
            lapsed: Lapsed::default(),
            purchases: Purchases::default(),
            anchor: None,
            standing: Standing { tier, since: joined_at, until: None },
            tier_changes: 0,
            birthday_window: None,
            tallies: Tallies::default(),
            done_once: BTreeSet::new(),
            told_available_on: None,
            referrals: Referrals::default(),
            joining: None,
            mailed: RecentMail::default(),
            noticed: Noticed::default(),
            shipped_to: None,
            wake_up: None,
            merged_into: None,
            aliases: BTreeSet::new(),
            erased_at: None,
            proving_order: None,
            openings: BTreeMap::new(),
        }
    }

    pub fn membership(&self) -> Membership<'_> {
        Membership { anchor: self.anchor.as_ref(), purchases: &self.purchases, joined_at: self.joined_at }
    }

    /// What of the lots counts at that moment, which is on that day in the program's zone: a lot past
    /// its date is nothing, recorded or not, and a hold past its end holds nothing. A hold holds no
    /// more than there is: points that a refund or their expiry took are gone.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn balance(&self, today: Date, now: Timestamp) -> Result<Balance, Overflow> {
        let mut balance = Balance { debt: self.debt, ..Balance::default() };
        for lot in self.lots.iter().filter(|lot| !lot.dates.is_expired(today)) {
            let part = match lot.dates.on(today).available_on {
                None => &mut balance.available,
                Some(_) => &mut balance.pending,
            };
            *part = part.plus(lot.points)?;
        }
        balance.held = self.holds.points(now)?.min(balance.available);
        balance.available = balance.available.minus(balance.held)?;
        Ok(balance)
    }

    /// The available points that expire first; those that are held among them.
    pub fn expiring_next(&self, today: Date) -> Option<(Date, Points)> {
        let available = |dates: LotDates| !dates.is_expired(today) && dates.on(today).available_on.is_none();
        let mut next: Option<(Date, Points)> = None;
        for lot in self.lots.iter().filter(|lot| available(lot.dates)) {
            match &mut next {
                Some((on, points)) if *on == lot.dates.expires_on => *points = points.plus(lot.points).ok()?,
                Some(_) => break,
                None => next = Some((lot.dates.expires_on, lot.points)),
            }
        }
        next
    }

    /// The account as it was before these entries, the newest first.
    ///
    /// # Errors
    /// `Overflow` never for entries that were posted to this account.
    pub fn before(mut self, newest_first: &[Entry]) -> Result<Account, Overflow> {
        for entry in newest_first {
            for change in &entry.lots {
                self.lots.change(change.dates, change.points.negated()?)?;
            }
            self.debt = self.debt.minus(entry.debt)?;
            self.ledger = self.ledger.minus(entry.points)?;
            self.entries = self.entries.saturating_sub(1);
        }
        Ok(self)
    }
}
