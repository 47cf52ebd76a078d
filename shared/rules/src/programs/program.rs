//! The merchant's rules: one versioned document.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    activity::Activity,
    campaign::Campaign,
    decimal::Decimal,
    endpoint::{Endpoint, EventKind},
    ids::{ProductId, RewardId, TierId},
    mail_settings::MailSettings,
    mail_stop::MailStop,
    money::Currency,
    referral::ReferralProgram,
    replan::Replan,
    review_settings::ReviewSettings,
    reward::Reward,
    zone::Zone,
};

/// The document as the merchant writes it (`PUT /v1/program`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// The currency in which points are earned and spend is counted.
    pub currency: Currency,
    /// The shop's time zone: every civil date of the program is in it.
    pub zone: Zone,
    /// Orders paid before this date earn nothing; unset: all orders count.
    #[serde(default)]
    pub starts_on: Option<Date>,
    pub earning: Earning,
    pub tiers: Tiers,
    #[serde(default)]
    pub campaigns: Vec<Campaign>,
    pub pending: Pending,
    pub expiry: Expiry,
    pub negative: Negative,
    /// By their names.
    #[serde(default)]
    pub activities: BTreeMap<String, Activity>,
    /// What points buy; a program from before there were rewards has none.
    #[serde(default)]
    pub rewards: Vec<Reward>,
    /// What is sent to whom; a program from before there was mail has what we ship.
    #[serde(default = "crate::default_program::mail")]
    pub mail: MailSettings,
    /// What inviting a friend gives; nothing, unless the program says so.
    #[serde(default)]
    pub referral: Option<ReferralProgram>,
    #[serde(default)]
    pub reviews: ReviewSettings,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earning {
    /// Points for one unit of the currency (1.00 USD, 1 JPY).
    pub points_per_unit: Decimal,
    /// Products that earn nothing.
    #[serde(default)]
    pub excluded_products: Vec<ProductId>,
    /// What one unit of another currency is worth in the program's; others earn nothing.
    #[serde(default)]
    pub exchange_rates: BTreeMap<Currency, Decimal>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    pub basis: Basis,
    pub period: Period,
    /// How long after its period a tier is kept before the step down.
    #[serde(default)]
    pub grace_days: u16,
    /// From the lowest, whose threshold is zero, upwards.
    pub levels: Levels,
}

/// At least one level, the lowest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Level>", into = "Vec<Level>")]
pub struct Levels {
    lowest: Level,
    higher: Vec<Level>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("tiers must have at least one level")]
pub struct NoLevels;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Eligible amount net of refunds, in the program's currency.
    Spend,
    /// Points earned by orders and activities, net of refunds.
    Points,
    /// Orders with an eligible amount.
    Orders,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    #[serde(rename = "rolling_12_months")]
    Rolling12Months,
    CalendarYear,
    /// The membership's own year.
    Anniversary,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    pub id: TierId,
    /// An amount of the currency for `spend`, a whole number for `points` and `orders`.
    pub threshold: Decimal,
    pub multiplier: Decimal,
    #[serde(default)]
    pub benefits: Vec<Benefit>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    pub kind: String,
    pub title: String,
    #[serde(default)]
    pub value: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    pub after_delivery_days: u16,
    /// Where no delivery is reported.
    pub after_payment_days: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expiry {
    pub months: u16,
    pub round: Round,
    /// Whether earning anything moves every lot's expiry to the new one's, if that is later.
    #[serde(default)]
    pub extend_on_activity: bool,
    /// Spent points that come back can be spent for at least so long.
    #[serde(default = "thirty_days")]
    pub grace_days: u16,
}

fn thirty_days() -> u16 {
    30
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Round {
    None,
    EndOfMonth,
}

/// What becomes of points that a refund takes from a member who spent them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Negative {
    /// They are owed, and later points pay the debt first.
    Debt,
    /// They are forgiven.
    Clamp,
}

/// A program as it was put in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramVersion {
    pub version: u64,
    pub effective_at: Timestamp,
    pub program: Program,
}

/// All versions of the program, the oldest first, never empty; and who wants to be told what happens
/// under them.
#[derive(Clone, Debug)]
pub struct Programs {
    first: ProgramVersion,
    later: Vec<ProgramVersion>,
    pub endpoints: Vec<Endpoint>,
    /// Whether marketing mail is stopped.
    pub mail_stop: MailStop,
    /// How far planning again is, after a change of what is planned.
    pub replan: Replan,
}

impl Programs {
    /// `later` must be in the order of their versions.
    pub fn new(first: ProgramVersion, later: Vec<ProgramVersion>) -> Programs {
        Programs { first, later, endpoints: Vec::new(), mail_stop: MailStop::default(), replan: Replan::default() }
    }

    /// The version in force at that instant; the first one for every earlier instant.
    pub fn at(&self, at: Timestamp) -> &ProgramVersion {
        self.later.iter().rev().find(|version| version.effective_at <= at).unwrap_or(&self.first)
    }

    pub fn newest(&self) -> &ProgramVersion {
        self.later.last().unwrap_or(&self.first)
    }

    /// The oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &ProgramVersion> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// The version of that number, if there is one.
    pub fn version(&self, version: u64) -> Option<&ProgramVersion> {
        self.iter().find(|known| known.version == version)
    }

    /// Whether mail is to be planned again by what is in force at that instant. Whoever began before the program
    /// changed would plan by the one before, and leaves it to who begins later.
    pub fn plans_again(&self, at: Timestamp) -> bool {
        self.replan.is_under_way() && self.at(at).version >= self.replan.program_version
    }

    /// The first later instant at which another version came into force.
    pub fn change_after(&self, at: Timestamp) -> Option<Timestamp> {
        self.later.iter().map(|version| version.effective_at).find(|effective_at| *effective_at > at)
    }

    pub fn push(&mut self, version: ProgramVersion) {
        self.later.push(version);
    }

    /// The endpoints that want to be told of such events.
    pub fn listening(&self, kind: EventKind) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.iter().filter(move |endpoint| endpoint.listens_for(kind))
    }
}

impl Program {
    /// The reward of that id, whether it is on or not.
    pub fn reward(&self, id: &RewardId) -> Option<&Reward> {
        self.rewards.iter().find(|reward| reward.id == *id)
    }
}

impl Tiers {
    /// The position of a tier, from 0; a tier that the program no longer has counts as the lowest.
    pub fn rank(&self, tier: &TierId) -> usize {
        self.levels.iter().position(|level| level.id == *tier).unwrap_or(0)
    }

    /// The threshold in the basis's own whole units: minor units, points or orders.
    pub fn line(&self, level: &Level, currency: Currency) -> i64 {
        let digits = if self.basis == Basis::Spend { currency.digits() } else { 0 };
        level.threshold.in_minor_units(digits).unwrap_or(i64::MAX)
    }
}

impl Levels {
    pub fn lowest(&self) -> &Level {
        &self.lowest
    }

    pub fn get(&self, rank: usize) -> Option<&Level> {
        self.iter().nth(rank)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Level> {
        std::iter::once(&self.lowest).chain(&self.higher)
    }
}

impl TryFrom<Vec<Level>> for Levels {
    type Error = NoLevels;

    fn try_from(mut levels: Vec<Level>) -> Result<Self, NoLevels> {
        if levels.is_empty() {
            return Err(NoLevels);
        }
        let higher = levels.split_off(1);
        levels.pop().map(|lowest| Levels { lowest, higher }).ok_or(NoLevels)
    }
}

impl From<Levels> for Vec<Level> {
    fn from(levels: Levels) -> Self {
        std::iter::once(levels.lowest).chain(levels.higher).collect()
    }
}
