//! A member's lots and balance, now or as recorded at a past moment.

use futures::try_join;
use jiff::{Timestamp, civil::Date};
use rules::{
    account::Balance,
    ids::MemberId,
    lots::{Lot, Lots},
    points::Points,
};

use crate::{App, error::AppError, load_account::Audience};

#[derive(Clone, Debug)]
pub struct LotsAt {
    pub as_of: Timestamp,
    /// The civil date of that moment in the program's zone.
    pub on: Date,
    /// As they count on that day: those with equal dates are one.
    pub lots: Vec<Lot>,
    pub balance: Balance,
    /// The ledger's sum, with what had expired though no entry said so yet.
    pub ledger: Points,
}

impl App {
    /// # Errors
    /// `UnknownMember`.
    pub async fn lots(
        &self,
        member: &MemberId,
        audience: Audience,
        as_of: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<LotsAt, AppError> {
        let as_of = as_of.map_or(now, |at| at.min(now));
        let account = self.load_account_for(member, audience);
        let ((member, mut account), programs) = try_join!(account, self.programs(now))?;
        if account.recorded_at.is_some_and(|newest| newest > as_of) {
            let newer = self.store.entries_since(&member, as_of).await?;
            // entries that came after the account was read are none of its
            let newer: Vec<_> = newer.into_iter().filter(|entry| entry.sequence <= account.entries).collect();
            account = account.before(&newer)?;
        }
        let on = programs.at(now).program.zone.date(as_of);
        let (expired, kept): (Vec<Lot>, Vec<Lot>) =
            account.lots.iter().copied().partition(|lot| lot.dates.is_expired(on));
        let unwritten = Points::sum(expired.iter().map(|lot| lot.points))?;
        let mut lots = Lots::default();
        for lot in kept {
            lots.change(lot.dates.on(on), lot.points)?;
        }
        Ok(LotsAt {
            as_of,
            on,
            balance: account.balance(on, as_of)?,
            ledger: account.ledger.minus(unwritten)?,
            lots: lots.iter().copied().collect(),
        })
    }
}
