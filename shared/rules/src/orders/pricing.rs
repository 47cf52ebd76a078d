//! The rules that one order is priced by: fixed when it is first priced, used by all that follows.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    buyer::Buyer,
    campaign::{Campaign, campaigns_on},
    decimal::{Decimal, Ratio},
    ids::{CampaignId, TierId},
    money::Currency,
    points::Overflow,
    program::{Program, ProgramVersion},
};

/// The snapshot that stays on the order. The version is immutable, so ids are enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pricing {
    pub program_version: u64,
    /// The tier in force when the order was paid.
    pub tier: TierId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub campaigns: Vec<CampaignId>,
    /// The first day of the birthday window that one of the campaigns is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday_window: Option<Date>,
    /// What a unit of the order's currency was worth in the program's, where they differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<Decimal>,
}

impl Pricing {
    /// The rules in force at `paid_at` for a member of that tier.
    pub fn at(
        paid_at: Timestamp,
        currency: Currency,
        tier: TierId,
        buyer: &Buyer,
        version: &ProgramVersion,
    ) -> Pricing {
        let program = &version.program;
        let on = campaigns_on(&program.campaigns, paid_at, &program.zone, buyer);
        Pricing {
            program_version: version.version,
            tier,
            birthday_window: on.iter().find_map(|campaign| campaign.birthday_window(paid_at, &program.zone, buyer)),
            campaigns: on.into_iter().map(|campaign| campaign.id.clone()).collect(),
            exchange_rate: program.earning.exchange_rates.get(&currency).copied(),
        }
    }

    pub fn tier_multiplier(&self, program: &Program) -> Decimal {
        program.tiers.levels.iter().find(|level| level.id == self.tier).map_or(Decimal::ONE, |level| level.multiplier)
    }

    /// The campaigns of the snapshot, in the order in which they multiply.
    pub fn campaigns_of<'a>(&'a self, program: &'a Program) -> impl Iterator<Item = &'a Campaign> {
        self.campaigns.iter().filter_map(|id| program.campaigns.iter().find(|campaign| campaign.id == *id))
    }

    /// Minor units of the order's currency in major units of the program's, exactly; `None` where the
    /// order's currency has no rate.
    ///
    /// # Errors
    /// `Overflow` if the exact value does not fit.
    pub fn in_program_currency(
        &self,
        minor: i64,
        currency: Currency,
        program: &Program,
    ) -> Result<Option<Ratio>, Overflow> {
        let major = Ratio::whole(i128::from(minor)).scaled(1, 10_i128.pow(currency.digits()))?;
        match (currency == program.currency, self.exchange_rate) {
            (true, _) => Ok(Some(major)),
            (false, Some(rate)) => major.times(rate).map(Some),
            (false, None) => Ok(None),
        }
    }

    /// The points that an amount is worth, exactly.
    ///
    /// # Errors
    /// `Overflow` if the exact value does not fit.
    pub fn points(&self, amount: Ratio, program: &Program) -> Result<Ratio, Overflow> {
        let at_rate = amount.times(program.earning.points_per_unit)?.times(self.tier_multiplier(program))?;
        self.campaigns_of(program).try_fold(at_rate, |points, campaign| points.times(campaign.multiplier))
    }
}
