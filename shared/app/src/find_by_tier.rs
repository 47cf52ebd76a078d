//! Who is at a tier now: no row says so, because a tier follows from purchases and time, so accounts are read one
//! after the other.

use jiff::Timestamp;
use rules::{
    account::Account,
    ids::{MemberId, TierId},
    program::Programs,
};
use store::{Scan, ScanFrom, StoreError};

use crate::{App, error::AppError, member::Member};

/// A page is at most a thousand rows and a megabyte, so that all of them are some 1,000 read units at most.
const MAX_PAGES: usize = 8;

/// Some of the members of a tier.
#[derive(Clone, Debug)]
pub struct AtTier {
    pub members: Vec<Member>,
    /// Where others may be; nothing once all accounts were read.
    pub next: Option<ScanFrom>,
}

impl App {
    /// At most `limit` members, from that place on; nothing where the program has no such tier.
    ///
    /// # Errors
    /// Whatever the database fails with.
    pub async fn members_at_tier(
        &self,
        tier: &TierId,
        mut from: Option<ScanFrom>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Option<AtTier>, AppError> {
        let programs = self.programs(now).await?;
        if programs.at(now).program.tiers.levels.iter().all(|level| level.id != *tier) {
            return Ok(None);
        }
        let mut found: Vec<(MemberId, Account)> = Vec::new();
        for _ in 0..MAX_PAGES {
            let page = self.store.scan(from).await?;
            from = page.next;
            for one in page.rows {
                match one.row {
                    Scan::Account(member, account) if is_at(&account, tier, &programs, now)? => {
                        found.push((member, *account));
                    }
                    Scan::Unreadable(error) => log_unreadable(&error),
                    _ => {}
                }
            }
            if found.len() > limit || from.is_none() {
                break;
            }
        }
        if found.len() > limit {
            found.truncate(limit);
            from = found.last().map(|(member, _)| ScanFrom::after_account(member));
        }
        let members = self.members_of(found, &programs, now).await?;
        Ok(Some(AtTier { members, next: from }))
    }

    /// Who was erased is nobody any more.
    async fn members_of(
        &self,
        accounts: Vec<(MemberId, Account)>,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<Vec<Member>, AppError> {
        let ids: Vec<MemberId> = accounts.iter().map(|(member, _)| member.clone()).collect();
        let profiles = self.store.profiles(&ids).await?;
        let known = accounts.into_iter().zip(profiles).filter_map(|((_, account), profile)| Some((profile?, account)));
        known.map(|(profile, account)| Ok(Member::at(profile, &account, programs, now)?)).collect()
    }
}

/// A row that cannot be read is nobody's here, and stops nobody.
pub(crate) fn log_unreadable(error: &StoreError) {
    tracing::error!(error = error as &dyn std::error::Error, "row passed over");
}

fn is_at(account: &Account, tier: &TierId, programs: &Programs, now: Timestamp) -> Result<bool, AppError> {
    Ok(account.merged_into.is_none() && account.membership().standing(programs, now)?.tier == *tier)
}
