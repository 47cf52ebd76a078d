//! Posting: what changes an account. Every function here takes the account as it was loaded and
//! gives the account as it is to be, with the entries that say why.

use jiff::{Timestamp, civil::Date};

use crate::{
    account::{Account, Balance, Status},
    endpoint::EventKind,
    ids::{OrderKey, RefundId},
    ledger::{Entry, EntryKind},
    lots::{Lot, LotDates},
    merge::Joining,
    points::{Overflow, Points},
    program::{Negative, Program, Programs},
    purchases::Contribution,
    standing::{Standing, kept_from, settled},
};

/// One account on its way to the next commit.
#[derive(Debug)]
pub struct Posting<'a> {
    pub account: Account,
    pub entries: Vec<Entry>,
    programs: &'a Programs,
    now: Timestamp,
    /// What time alone has done to the lots; the next entry says so.
    matured: Vec<Lot>,
    /// The lots whose day has come, by the dates that they had.
    came: Vec<Lot>,
}

/// A recorded change of tier.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TierChange {
    /// Counts the account's changes from 1.
    pub sequence: u64,
    pub at: Timestamp,
    pub from: Standing,
    pub to: Standing,
}

/// An account after a posting: all of it is to be committed at once.
#[derive(Debug)]
pub struct Settled {
    pub account: Account,
    pub entries: Vec<Entry>,
    pub tier_change: Option<TierChange>,
    /// Points whose day came, and of which endpoints want to be told now.
    pub became_available: Points,
}

impl Settled {
    /// Whether the account is what it was, but for its version.
    pub fn changes_nothing_of(&self, loaded: &Account) -> bool {
        self.entries.is_empty() && Account { version: loaded.version, ..self.account.clone() } == *loaded
    }
}

/// What a posting says of itself in the ledger.
#[derive(Clone, Debug)]
pub struct Note {
    pub kind: EntryKind,
    pub reason: String,
    pub order: Option<OrderKey>,
    pub program_version: Option<u64>,
    pub earned: Option<(Points, Points)>,
    pub refunds: Vec<RefundId>,
}

impl Note {
    pub fn new(kind: EntryKind, reason: impl Into<String>) -> Note {
        Note { kind, reason: reason.into(), order: None, program_version: None, earned: None, refunds: Vec::new() }
    }
}

/// The differences that one entry makes.
#[derive(Default)]
pub(crate) struct Changes {
    pub(crate) points: Points,
    pub(crate) debt: Points,
    pub(crate) lots: Vec<Lot>,
}

impl<'a> Posting<'a> {
    /// Begins with what time alone has done: lots that expired and lots that became available, holds
    /// that ended.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn begin(account: Account, programs: &'a Programs, now: Timestamp) -> Result<Posting<'a>, Overflow> {
        let mut posting =
            Posting { account, entries: Vec::new(), programs, now, matured: Vec::new(), came: Vec::new() };
        posting.account.holds.drop_ended(now);
        posting.write_down_expiry()?;
        posting.mature()?;
        Ok(posting)
    }

    pub(crate) fn program(&self) -> &'a Program {
        &self.programs.at(self.now).program
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    pub fn today(&self) -> Date {
        self.program().zone.date(self.now)
    }

    /// What the account has by now.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn balance(&self) -> Result<Balance, Overflow> {
        self.account.balance(self.today(), self.now)
    }

    /// Grants points: they pay the debt first, the rest becomes a lot.
    /// Returns how many went into the lot.
    pub(crate) fn grant(&mut self, changes: &mut Changes, dates: LotDates, points: Points) -> Result<Points, Overflow> {
        let to_lot = self.credit(changes, dates, points)?;
        if self.program().expiry.extend_on_activity && points.is_positive() {
            self.extend_all(changes, dates.expires_on)?;
        }
        Ok(to_lot)
    }

    /// The same for points that were not earned just now: other lots keep their dates.
    pub(crate) fn credit(
        &mut self,
        changes: &mut Changes,
        dates: LotDates,
        points: Points,
    ) -> Result<Points, Overflow> {
        let to_debt = points.min(self.account.debt);
        let to_lot = points.minus(to_debt)?;
        self.change_debt(changes, to_debt.negated()?)?;
        self.change_lot(changes, dates.on(self.today()), to_lot)?;
        changes.points = changes.points.plus(points)?;
        Ok(to_lot)
    }

    /// Takes points from every lot that there is, the earliest expiry first (tie: what is available),
    /// and makes a debt of the rest or forgives it.
    pub(crate) fn take_from_any_lot(&mut self, changes: &mut Changes, points: Points) -> Result<(), Overflow> {
        let mut missing = points;
        let lots: Vec<Lot> = self.account.lots.iter().copied().collect();
        for lot in lots {
            let part = missing.min(lot.points);
            self.take_from(changes, lot.dates, part)?;
            missing = missing.minus(part)?;
        }
        if self.program().negative == Negative::Debt {
            self.change_debt(changes, missing)?;
            changes.points = changes.points.minus(missing)?;
        }
        Ok(())
    }

    /// Takes up to so many points from one lot, and says how many there were.
    pub(crate) fn take_from(
        &mut self,
        changes: &mut Changes,
        dates: LotDates,
        at_most: Points,
    ) -> Result<Points, Overflow> {
        let taken = at_most.min(self.account.lots.of(dates));
        self.change_lot(changes, dates, taken.negated()?)?;
        changes.points = changes.points.minus(taken)?;
        Ok(taken)
    }

    /// Moves up to so many points of one lot to other dates, and says how many there were.
    pub(crate) fn move_lot(
        &mut self,
        changes: &mut Changes,
        from: LotDates,
        to: LotDates,
        at_most: Points,
    ) -> Result<Points, Overflow> {
        let moved = at_most.min(self.account.lots.of(from));
        let to = to.on(self.today());
        if to != from {
            self.change_lot(changes, from, moved.negated()?)?;
            self.change_lot(changes, to, moved)?;
        }
        Ok(moved)
    }

    /// Replaces what counts toward tiers at that instant.
    pub(crate) fn count(&mut self, at: Timestamp, before: Contribution, after: Contribution) -> Result<(), Overflow> {
        self.account.purchases.replace(at, before, after)
    }

    /// Writes the entry that the changes make.
    pub(crate) fn record(&mut self, changes: Changes, note: Note) -> Result<(), Overflow> {
        self.record_at(self.now, changes, note)
    }

    /// Enrols a guest; points for it come once, however it is told.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn enrol(&mut self, with_points: bool) -> Result<(), Overflow> {
        self.account.status = Status::Enrolled;
        let points = self.program().activities.get("enrol").map_or(Points::ZERO, |activity| activity.points);
        if !with_points || points.is_zero() || !self.account.done_once.insert("enrol".to_owned()) {
            return Ok(());
        }
        let lot = self.earn_now(points, Note::new(EntryKind::Enrol, "joined the program"))?;
        self.account.joining =
            Some(Joining { points, at: self.now, put: lot.points, expires_on: lot.dates.expires_on });
        self.count(self.now, Contribution::default(), Contribution { points: points.get(), ..Contribution::default() })
    }

    /// Gives or takes points by a person's decision; available at once.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn adjust(&mut self, points: Points, reason: &str) -> Result<(), Overflow> {
        let note = Note::new(EntryKind::Adjustment, reason);
        if points.is_positive() {
            return self.earn_now(points, note).map(drop);
        }
        let mut changes = Changes::default();
        self.take_from_any_lot(&mut changes, points.negated()?)?;
        self.record(changes, note)
    }

    /// Returns what went into which lot.
    pub(crate) fn earn_now(&mut self, points: Points, note: Note) -> Result<Lot, Overflow> {
        let dates = LotDates {
            available_on: None,
            expires_on: crate::earned::expires_on(&self.program().expiry, self.today()),
        };
        let mut changes = Changes::default();
        let put = self.grant(&mut changes, dates, points)?;
        self.record(changes, note)?;
        Ok(Lot { dates, points: put })
    }

    /// Ends the posting: expires what was granted past its date, replays the tier, forgets what is
    /// too old to count, and says whether the tier changed.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn end(mut self) -> Result<Settled, Overflow> {
        self.write_down_expiry()?;
        for unsaid in std::mem::take(&mut self.matured) {
            self.account.lots.change(unsaid.dates, unsaid.points.negated()?)?;
        }
        if let Some(anchor) = settled(&self.account.membership(), self.programs, self.now)? {
            self.account.purchases.forget_before(kept_from(&anchor, self.program()));
            self.account.anchor = Some(anchor);
        }
        let to = self.account.membership().standing(self.programs, self.now)?;
        let from = std::mem::replace(&mut self.account.standing, to.clone());
        let tier_change = (from.tier != to.tier).then(|| {
            self.account.tier_changes += 1;
            TierChange { sequence: self.account.tier_changes, at: self.now, from, to }
        });
        let became_available = self.tell_available()?;
        self.account.wake_up = self.account.wakes_at(self.programs, self.now);
        self.account.version += 1;
        Ok(Settled { account: self.account, entries: self.entries, tier_change, became_available })
    }

    /// The points whose day has come since endpoints were last told.
    fn tell_available(&mut self) -> Result<Points, Overflow> {
        let listening = self.programs.listening(EventKind::PointsAvailable);
        let Some(since) = listening.map(|endpoint| self.program().zone.date(endpoint.since)).min() else {
            return Ok(Points::ZERO);
        };
        let told = self.account.told_available_on;
        let is_news =
            |lot: &&Lot| lot.dates.available_on.is_some_and(|on| told.is_none_or(|told| on > told) && on >= since);
        let news = Points::sum(self.came.iter().filter(is_news).map(|lot| lot.points))?;
        if news.is_positive() {
            self.account.told_available_on = Some(self.today());
        }
        Ok(news)
    }

    fn write_down_expiry(&mut self) -> Result<(), Overflow> {
        let today = self.today();
        let due: Vec<Lot> = self.account.lots.iter().filter(|lot| lot.dates.is_expired(today)).copied().collect();
        for lot in due {
            let mut changes = Changes::default();
            self.take_from(&mut changes, lot.dates, lot.points)?;
            self.account.lapsed.add(lot.dates.expires_on, lot.points)?;
            let expired_at = self.program().zone.start_of(crate::zone::add_days(lot.dates.expires_on, 1));
            let reason = format!("expired after {}", lot.dates.expires_on);
            self.record_at(expired_at, changes, Note::new(EntryKind::Expiry, reason))?;
        }
        Ok(())
    }

    /// Lots whose day has come are one with those that expire with them.
    fn mature(&mut self) -> Result<(), Overflow> {
        let today = self.today();
        let due: Vec<Lot> = self.account.lots.iter().filter(|lot| lot.dates.on(today) != lot.dates).copied().collect();
        self.came.clone_from(&due);
        let mut changes = Changes::default();
        for lot in due {
            self.move_lot(&mut changes, lot.dates, lot.dates, lot.points)?;
        }
        self.matured = changes.lots;
        Ok(())
    }

    fn extend_all(&mut self, changes: &mut Changes, expires_on: Date) -> Result<(), Overflow> {
        let sooner: Vec<Lot> =
            self.account.lots.iter().filter(|lot| lot.dates.expires_on < expires_on).copied().collect();
        for lot in sooner {
            self.move_lot(changes, lot.dates, LotDates { expires_on, ..lot.dates }, lot.points)?;
        }
        Ok(())
    }

    fn change_lot(&mut self, changes: &mut Changes, dates: LotDates, by: Points) -> Result<(), Overflow> {
        if !by.is_zero() {
            self.account.lots.change(dates, by)?;
            changes.lots.push(Lot { dates, points: by });
        }
        Ok(())
    }

    pub(crate) fn change_debt(&mut self, changes: &mut Changes, by: Points) -> Result<(), Overflow> {
        self.account.debt = self.account.debt.plus(by)?;
        changes.debt = changes.debt.plus(by)?;
        Ok(())
    }

    fn record_at(&mut self, at: Timestamp, changes: Changes, note: Note) -> Result<(), Overflow> {
        let account = &mut self.account;
        account.ledger = account.ledger.plus(changes.points)?;
        account.entries += 1;
        let at = account.recorded_at.map_or(at, |last| last.max(at));
        account.recorded_at = Some(at);
        self.entries.push(Entry {
            sequence: account.entries,
            at,
            kind: note.kind,
            points: changes.points,
            balance_after: account.ledger,
            reason: note.reason,
            order: note.order,
            program_version: note.program_version.unwrap_or(self.programs.at(self.now).version),
            lots: std::mem::take(&mut self.matured).into_iter().chain(changes.lots).collect(),
            debt: changes.debt,
            earned: note.earned,
            refunds: note.refunds,
        });
        Ok(())
    }
}
