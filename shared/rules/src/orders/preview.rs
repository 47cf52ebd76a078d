//! What another program would have made of orders that are paid already: priced as if it had always
//! been in force, with the tiers that it would have given. Nothing of it is kept.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};

use crate::{
    account::Account,
    buyer::Buyer,
    earned::Earned,
    explain::explain,
    ids::{MemberId, TierId},
    money::Money,
    order::{Order, contribution},
    points::{Overflow, Points},
    profile::Profile,
    program::{Program, ProgramVersion, Programs},
    purchases::Contribution,
};

/// So many members are explained, and so many orders of each.
const MOST_AFFECTED: usize = 10;
const ORDERS_EXPLAINED: usize = 3;

/// Orders paid from the one instant to the other, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// One member with all that is known of what they bought.
#[derive(Clone, Copy, Debug)]
pub struct History<'a> {
    pub member: &'a MemberId,
    pub account: &'a Account,
    pub profile: Option<&'a Profile>,
    pub orders: &'a [Order],
}

/// A number as it is, and as it would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub now: Points,
    pub then: Points,
}

/// A preview that grows member by member, in any order.
#[derive(Debug)]
pub struct Preview<'a> {
    programs: &'a Programs,
    candidate: Programs,
    window: Window,
    now: Timestamp,
    outcome: Outcome,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub members: u64,
    /// Those of the window.
    pub orders: u64,
    /// What the orders of the window earn.
    pub points: Change,
    /// What all members have and have not spent: less what has expired by now.
    pub outstanding: Change,
    /// Members by the tier that they have and another that they would have.
    pub moves: BTreeMap<(TierId, TierId), u64>,
    /// The largest difference in points first.
    pub most_affected: Vec<Affected>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    pub member: MemberId,
    pub points: Change,
    pub tier_now: TierId,
    pub tier_then: TierId,
    /// In sentences.
    pub why: Vec<String>,
}

impl Change {
    /// # Errors
    /// `Overflow` if the difference does not fit.
    pub fn difference(&self) -> Result<Points, Overflow> {
        self.then.minus(self.now)
    }

    fn add(&mut self, other: Change) -> Result<(), Overflow> {
        *self = Change { now: self.now.plus(other.now)?, then: self.then.plus(other.then)? };
        Ok(())
    }
}

impl<'a> Preview<'a> {
    pub fn of(candidate: Program, programs: &'a Programs, window: Window, now: Timestamp) -> Preview<'a> {
        let version = programs.newest().version + 1;
        let candidate = ProgramVersion { version, effective_at: now, program: candidate };
        Preview { programs, candidate: Programs::new(candidate, Vec::new()), window, now, outcome: Outcome::default() }
    }

    /// Adds one member; each once.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn add(&mut self, history: &History<'_>) -> Result<(), Overflow> {
        let today = self.programs.at(self.now).program.zone.date(self.now);
        let (then, orders) = self.replayed(history)?;
        let (mut points, mut unexpired) = (Change::default(), Change::default());
        for order in &orders {
            points.add(order.points())?;
            unexpired.add(order.unexpired(today))?;
        }
        let has = history.account.balance(today, self.now)?.total()?;
        self.outcome.members += 1;
        self.outcome.orders += u64::try_from(orders.len()).unwrap_or(u64::MAX);
        self.outcome.points.add(points)?;
        self.outcome.outstanding.add(Change { now: has, then: has.plus(unexpired.difference()?)? })?;
        let tier_now = history.account.membership().standing(self.programs, self.now)?.tier;
        let tier_then = then.membership().standing(&self.candidate, self.now)?.tier;
        if tier_now != tier_then {
            *self.outcome.moves.entry((tier_now.clone(), tier_then.clone())).or_default() += 1;
        }
        if tier_now != tier_then || points.now != points.then {
            let why = self.sentences(&tier_now, &tier_then, &orders)?;
            self.keep(Affected { member: history.member.clone(), points, tier_now, tier_then, why })?;
        }
        Ok(())
    }

    pub fn outcome(self) -> Outcome {
        self.outcome
    }

    /// The account and its orders as the candidate would have had them.
    fn replayed(&self, history: &History<'_>) -> Result<(Account, Vec<Repriced>), Overflow> {
        let mut then = history.account.clone();
        let program = &self.candidate.newest().program;
        let mut buyer = Buyer { last_window: None, ..Buyer::of(history.profile, &then, &program.zone) };
        let mut orders: Vec<(Timestamp, &Order)> =
            history.orders.iter().filter_map(|order| self.in_window(order)).collect();
        orders.sort_by(|(paid, one), (other_paid, other)| (paid, &one.key).cmp(&(other_paid, &other.key)));
        let kept_from = then.purchases.first_at();
        for posted in orders.iter().filter_map(|(_, order)| order.posted.as_ref()) {
            // what is older than what an account keeps is in its anchor
            if kept_from.is_some_and(|first| posted.paid_at >= first) {
                let counted = contribution(posted.spend, posted.points);
                then.purchases.replace(posted.paid_at, counted, Contribution::default())?;
            }
        }
        let mut repriced = Vec::with_capacity(orders.len());
        for (paid_at, order) in orders {
            let mut anew = Order { pricing: None, posted: None, ..order.clone() };
            anew.price(&then, &buyer, &self.candidate)?;
            buyer.last_window =
                anew.pricing.as_ref().and_then(|pricing| pricing.birthday_window).max(buyer.last_window);
            let (earned, would_earn) = (order.earned(self.programs)?, anew.earned(&self.candidate)?);
            if let Some(earned) = &would_earn {
                let counted = contribution(earned.spend, earned.points);
                then.purchases.replace(paid_at, Contribution::default(), counted)?;
            }
            repriced.push(Repriced { order: anew, earned, would_earn });
        }
        Ok((then, repriced))
    }

    fn in_window<'b>(&self, order: &'b Order) -> Option<(Timestamp, &'b Order)> {
        let paid_at = order.facts.paid_at?;
        (self.window.from..=self.window.to).contains(&paid_at).then_some((paid_at, order))
    }

    fn sentences(&self, now: &TierId, then: &TierId, orders: &[Repriced]) -> Result<Vec<String>, Overflow> {
        let moves = (now != then).then(|| format!("tier {now} now, {then} then"));
        let mut why: Vec<String> = moves.into_iter().collect();
        let mut changed: Vec<&Repriced> =
            orders.iter().filter(|order| order.points().now != order.points().then).collect();
        changed.sort_by_key(|order| std::cmp::Reverse(distance(order.points())));
        for order in changed.iter().take(ORDERS_EXPLAINED) {
            let Change { now, then } = order.points();
            let explained = explain(&order.order, &self.candidate)?;
            let arithmetic = explained.why.first().map_or("it is not priced", String::as_str);
            let key = &order.order.key;
            why.push(format!("order {} of {}: {now} points now, {then} then: {arithmetic}", key.id, key.source));
        }
        if changed.len() > ORDERS_EXPLAINED {
            why.push(format!("and {} more orders", changed.len() - ORDERS_EXPLAINED));
        }
        Ok(why)
    }

    fn keep(&mut self, affected: Affected) -> Result<(), Overflow> {
        affected.points.difference()?;
        let most = &mut self.outcome.most_affected;
        most.push(affected);
        most.sort_by(|one, other| {
            let rank = |affected: &Affected| (distance(affected.points), affected.tier_now != affected.tier_then);
            rank(other).cmp(&rank(one)).then_with(|| one.member.cmp(&other.member))
        });
        most.truncate(MOST_AFFECTED);
        Ok(())
    }
}

impl Program {
    /// What so many points are worth where they can become money.
    ///
    /// # Errors
    /// `Overflow` if the product does not fit.
    pub fn value_of(&self, points: Points) -> Result<Option<Money>, Overflow> {
        let Some((reward, cash)) = self.points_as_cash() else { return Ok(None) };
        let worth = cash.amount.in_minor_units(self.currency.digits()).ok_or(Overflow)?;
        let minor = i128::from(points.get()).checked_mul(i128::from(worth)).ok_or(Overflow)?;
        let minor = minor.div_euclid(i128::from(reward.points.get()).max(1));
        Ok(Some(Money { minor: i64::try_from(minor).map_err(|_| Overflow)?, currency: self.currency }))
    }
}

/// An order under both programs.
struct Repriced {
    order: Order,
    earned: Option<Earned>,
    would_earn: Option<Earned>,
}

impl Repriced {
    fn points(&self) -> Change {
        let points = |earned: &Option<Earned>| earned.as_ref().map_or(Points::ZERO, |earned| earned.points);
        Change { now: points(&self.earned), then: points(&self.would_earn) }
    }

    /// What of them could still be spent on that day.
    fn unexpired(&self, today: Date) -> Change {
        let kept = |earned: &Option<Earned>| {
            earned.as_ref().filter(|earned| earned.expires_on >= today).map_or(Points::ZERO, |earned| earned.points)
        };
        Change { now: kept(&self.earned), then: kept(&self.would_earn) }
    }
}

fn distance(change: Change) -> u64 {
    change.now.get().abs_diff(change.then.get())
}
