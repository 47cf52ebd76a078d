//! The tier that a member has: replayed from what they bought, so that the order in which events
//! arrive does not matter.

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    ids::TierId,
    points::Overflow,
    program::{Basis, Level, Period, Program, Programs},
    purchases::Purchases,
    running_totals::RunningTotals,
    zone::{Zone, add_days, add_months},
};

/// How long purchases are kept: a window of twelve months before the oldest instant that is replayed.
const KEPT_MONTHS: i64 = 25;
const REPLAYED_MONTHS: i64 = 13;

/// A tier, since when, and when it is reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub tier: TierId,
    pub since: Timestamp,
    /// The end of its period; the lowest tier has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Everything that a replay starts from.
#[derive(Clone, Copy, Debug)]
pub struct Membership<'a> {
    /// The standing before the first purchase that is kept, for old accounts.
    pub anchor: Option<&'a Anchor>,
    pub purchases: &'a Purchases,
    pub joined_at: Timestamp,
}

/// A standing that no longer changes, with the instant at which it held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    pub standing: Standing,
    pub at: Timestamp,
}

/// What moves a standing: a purchase or a change of the program, the end of a period, or the end of
/// the grace after it.
enum Event {
    Count(Timestamp),
    Review(Timestamp),
    StepDown(Timestamp),
}

impl Membership<'_> {
    /// The standing at that instant, after what was paid at it.
    ///
    /// # Errors
    /// `Overflow` if what was bought cannot be summed.
    pub fn standing(&self, programs: &Programs, at: Timestamp) -> Result<Standing, Overflow> {
        self.replay(programs, at, true)
    }

    /// The standing that an order paid at that instant earns at: before what was paid at it.
    ///
    /// # Errors
    /// `Overflow` if what was bought cannot be summed.
    pub fn standing_before(&self, programs: &Programs, at: Timestamp) -> Result<Standing, Overflow> {
        // purchases are kept by the second
        self.replay(programs, Timestamp::from_second(at.as_second()).unwrap_or(at), false)
    }

    /// What of the basis counts at that instant, and the line of the next level if there is one.
    ///
    /// # Errors
    /// `Overflow` if what was bought cannot be summed.
    pub fn progress(
        &self,
        program: &Program,
        standing: &Standing,
        at: Timestamp,
    ) -> Result<Option<Progress>, Overflow> {
        let next = program.tiers.levels.get(program.tiers.rank(&standing.tier) + 1);
        let Some(next) = next else { return Ok(None) };
        let counted = self.counted(&self.totals(), program, at)?;
        let line = program.tiers.line(next, program.currency);
        Ok(Some(Progress { next: next.id.clone(), missing: line.saturating_sub(counted).max(0) }))
    }

    /// What of the basis is missing at the end of the standing's period to keep its tier, as things stand.
    ///
    /// # Errors
    /// `Overflow` if what was bought cannot be summed.
    pub fn missing_to_keep(&self, program: &Program, standing: &Standing) -> Result<Option<i64>, Overflow> {
        let level = program.tiers.levels.get(program.tiers.rank(&standing.tier));
        let Some((level, end)) = level.zip(standing.until) else { return Ok(None) };
        let counted = self.counted_for(&Event::Review(end), &self.totals(), program)?;
        Ok(Some(program.tiers.line(level, program.currency).saturating_sub(counted)).filter(|missing| *missing > 0))
    }

    fn replay(&self, programs: &Programs, at: Timestamp, with_the_last: bool) -> Result<Standing, Overflow> {
        let (mut standing, mut from) = match self.anchor {
            Some(anchor) => (anchor.standing.clone(), anchor.at),
            None => (lowest(&programs.at(self.joined_at).program, self.joined_at), Timestamp::MIN),
        };
        let totals = self.totals();
        let mut reviewed = false;
        let until = |event: Timestamp| if with_the_last { event <= at } else { event < at };
        while let Some(event) = self.next_event(&totals, programs, &standing, from, reviewed).filter(|e| until(e.at()))
        {
            let program = &programs.at(event.at()).program;
            let rank = program.tiers.rank(&standing.tier);
            let counted = self.counted_for(&event, &totals, program)?;
            let qualified = qualified_rank(program, counted);
            match event {
                Event::Count(at) => {
                    from = at;
                    if qualified > rank || !has_tier(program, &standing.tier) {
                        standing = self.standing_of(program, qualified, at);
                        reviewed = false;
                    } else if reviewed && qualified == rank {
                        standing.until = standing.until.and_then(|end| self.period_end(program, end));
                        reviewed = false;
                    }
                }
                Event::Review(end) if qualified >= rank => standing.until = self.period_end(program, end),
                Event::Review(_) => reviewed = true,
                Event::StepDown(stepped_at) => {
                    standing = self.standing_of(program, rank.saturating_sub(1), stepped_at);
                    reviewed = false;
                }
            }
        }
        self.in_program(&totals, &programs.at(at).program, standing, at)
    }

    /// The standing itself or, where the program no longer has its tier, the one that its holder
    /// qualifies for.
    fn in_program(
        &self,
        totals: &RunningTotals,
        program: &Program,
        standing: Standing,
        at: Timestamp,
    ) -> Result<Standing, Overflow> {
        if has_tier(program, &standing.tier) {
            return Ok(standing);
        }
        let rank = qualified_rank(program, self.counted(totals, program, at)?);
        Ok(self.standing_of(program, rank, standing.since))
    }

    /// The next thing after `from`; purchases before period ends of the same instant.
    fn next_event(
        &self,
        totals: &RunningTotals,
        programs: &Programs,
        standing: &Standing,
        from: Timestamp,
        reviewed: bool,
    ) -> Option<Event> {
        let purchase = totals.next_after(from);
        let change = programs.change_after(from.max(self.joined_at));
        let count = purchase.into_iter().chain(change).min().map(Event::Count);
        let end = standing.until.map(|end| {
            let program = &programs.at(end).program;
            let grace = i64::from(program.tiers.grace_days);
            match (reviewed, grace) {
                (false, _) => Event::Review(end),
                (true, 0) => Event::StepDown(end),
                (true, days) => Event::StepDown(program.zone.start_of(add_days(program.zone.date(end), days))),
            }
        });
        match (count, end) {
            (Some(count), Some(end)) => Some(if count.at() <= end.at() { count } else { end }),
            (count, end) => count.or(end),
        }
    }

    fn standing_of(&self, program: &Program, rank: usize, since: Timestamp) -> Standing {
        match program.tiers.levels.get(rank) {
            Some(level) if rank > 0 => {
                Standing { tier: level.id.clone(), since, until: self.period_end(program, since) }
            }
            _ => lowest(program, since),
        }
    }

    /// The end of the period that `from` is in, or begins.
    fn period_end(&self, program: &Program, from: Timestamp) -> Option<Timestamp> {
        let end = match program.tiers.period {
            Period::Rolling12Months => program.zone.months_after(from, 12),
            Period::CalendarYear => program.zone.start_of(first_of_next_year(program.zone.date(from))),
            Period::Anniversary => anniversary(program, self.joined_at, from, After),
        };
        Some(end)
    }

    fn counted_for(&self, event: &Event, totals: &RunningTotals, program: &Program) -> Result<i64, Overflow> {
        match event {
            // at its end, the period that has just ended counts: up to, not including, that instant
            Event::Review(end) if program.tiers.period != Period::Rolling12Months => {
                self.counted(totals, program, just_before(*end))
            }
            _ => self.counted(totals, program, event.at()),
        }
    }

    fn totals(&self) -> RunningTotals {
        RunningTotals::of(self.purchases.iter())
    }

    /// What of the program's basis counts at that instant.
    fn counted(&self, totals: &RunningTotals, program: &Program, at: Timestamp) -> Result<i64, Overflow> {
        let from = match program.tiers.period {
            Period::Rolling12Months => program.zone.months_after(at, -12),
            Period::CalendarYear => just_before(program.zone.start_of(program.zone.date(at).first_of_year())),
            Period::Anniversary => just_before(anniversary(program, self.joined_at, at, AtOrBefore)),
        };
        let sum = totals.within(from, at)?;
        Ok(match program.tiers.basis {
            Basis::Spend => sum.spend,
            Basis::Points => sum.points,
            Basis::Orders => sum.orders,
        })
    }
}

/// How far the next tier is, in the basis's own whole units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    pub next: TierId,
    pub missing: i64,
}

/// The anchor that lets purchases older than two years be forgotten, if there are any.
///
/// # Errors
/// `Overflow` if what was bought cannot be summed.
pub fn settled(membership: &Membership<'_>, programs: &Programs, now: Timestamp) -> Result<Option<Anchor>, Overflow> {
    let zone = &programs.at(now).program.zone;
    let oldest_kept = zone.months_after(now, -KEPT_MONTHS);
    if membership.purchases.first_at().is_none_or(|first| first >= oldest_kept) {
        return Ok(None);
    }
    let at = zone.months_after(now, -REPLAYED_MONTHS);
    Ok(Some(Anchor { standing: membership.standing(programs, at)?, at }))
}

/// Before this instant nothing is needed once the anchor is set.
pub fn kept_from(anchor: &Anchor, program: &Program) -> Timestamp {
    program.zone.months_after(anchor.at, REPLAYED_MONTHS - KEPT_MONTHS)
}

impl Standing {
    /// The last day on which it is theirs for certain; a period may end with the day before.
    pub fn last_day(&self, zone: &Zone) -> Option<Date> {
        self.until.map(|end| zone.date(end - SignedDuration::from_nanos(1)))
    }

    /// When it is next looked at: the end of its period or, once that has passed, of the grace after it.
    pub fn review_at(&self, program: &Program, now: Timestamp) -> Option<Timestamp> {
        let end = self.until?;
        let days = i64::from(program.tiers.grace_days);
        let grace_ends = program.zone.start_of(add_days(program.zone.date(end), days));
        Some(if now < end || days == 0 { end } else { grace_ends })
    }
}

impl Event {
    fn at(&self) -> Timestamp {
        match self {
            Event::Count(at) | Event::Review(at) | Event::StepDown(at) => *at,
        }
    }
}

fn lowest(program: &Program, since: Timestamp) -> Standing {
    Standing { tier: program.tiers.levels.lowest().id.clone(), since, until: None }
}

fn has_tier(program: &Program, tier: &TierId) -> bool {
    program.tiers.levels.iter().any(|level| level.id == *tier)
}

fn qualified_rank(program: &Program, counted: i64) -> usize {
    let reached = |level: &Level| program.tiers.line(level, program.currency) <= counted;
    program.tiers.levels.iter().filter(|level| reached(level)).count().saturating_sub(1)
}

fn first_of_next_year(date: Date) -> Date {
    add_days(date.last_of_year(), 1)
}

fn just_before(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second() - 1).unwrap_or(Timestamp::MIN)
}

enum Which {
    AtOrBefore,
    After,
}
use Which::{After, AtOrBefore};

/// The start of the anniversary of joining that is the last at or before, or the first after, an instant.
fn anniversary(program: &Program, joined_at: Timestamp, at: Timestamp, which: Which) -> Timestamp {
    let (joined_on, today) = (program.zone.date(joined_at), program.zone.date(at));
    let years = i64::from(today.year()) - i64::from(joined_on.year());
    let this_year = add_months(joined_on, years * 12);
    let passed = this_year <= today;
    let day = match (which, passed) {
        (AtOrBefore, true) | (After, false) => this_year,
        (AtOrBefore, false) => add_months(joined_on, (years - 1) * 12),
        (After, true) => add_months(joined_on, (years + 1) * 12),
    };
    program.zone.start_of(day)
}
