//! A member as they are at one moment: everything that the API shows of them.

use jiff::{Timestamp, civil::Date};
use rules::{
    account::{Account, Balance},
    points::{Overflow, Points},
    profile::Profile,
    program::{Benefit, Program, Programs},
    standing::{Progress, Standing},
};

#[derive(Clone, Debug)]
pub struct Member {
    pub profile: Profile,
    pub status: rules::account::Status,
    pub balance: Balance,
    pub expiring_next: Option<(Date, Points)>,
    pub standing: Standing,
    pub benefits: Vec<Benefit>,
    pub next_tier: Option<Progress>,
    /// Of the program in force, in which the progress is counted.
    pub currency: rules::money::Currency,
    pub basis: rules::program::Basis,
}

impl Member {
    /// The member as time and what is recorded make them; nothing has to have run before.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn at(profile: Profile, account: &Account, programs: &Programs, now: Timestamp) -> Result<Member, Overflow> {
        let program = &programs.at(now).program;
        let today = program.zone.date(now);
        let standing = account.membership().standing(programs, now)?;
        Ok(Member {
            profile,
            status: account.status,
            balance: account.balance(today, now)?,
            expiring_next: account.expiring_next(today),
            benefits: benefits(program, &standing),
            next_tier: account.membership().progress(program, &standing, now)?,
            standing,
            currency: program.currency,
            basis: program.tiers.basis,
        })
    }
}

fn benefits(program: &Program, standing: &Standing) -> Vec<Benefit> {
    let level = program.tiers.levels.iter().find(|level| level.id == standing.tier);
    level.map_or_else(Vec::new, |level| level.benefits.clone())
}
