//! What two accounts have both claimed and one person may claim once.

use std::collections::BTreeMap;

use futures::future::{try_join, try_join_all};
use jiff::Timestamp;
use rules::{
    account::Account,
    deed::ClaimKey,
    ids::{ActivityId, MemberId},
    merge::{DoneTwice, Held},
    program::Programs,
};

use crate::{
    App,
    error::{AppError, Attempt},
};

/// So many are reversed in the merge's own commit, which writes much besides.
const WITH_THE_MERGE: usize = 5;
/// So many are reversed by one commit before it.
const REVERSED_AT_ONCE: usize = 30;

impl App {
    /// The later deeds of each, if they go into the merge's commit; else a part of them is reversed in one of its own.
    pub(crate) async fn last_done_twice(
        &self,
        from: &Held,
        into: &Held,
        programs: &Programs,
        now: Timestamp,
    ) -> Result<Option<DoneTwice>, Attempt> {
        let mut twice = self.done_twice(&partitions(from), &partitions(into)).await?;
        if twice.len() <= WITH_THE_MERGE {
            return Ok(Some(twice));
        }
        let (held, deeds) = if twice.from.is_empty() { (into, &mut twice.into) } else { (from, &mut twice.from) };
        deeds.truncate(REVERSED_AT_ONCE);
        let (member, account): &(MemberId, Account) = held;
        self.reverse_deeds(member, account.clone(), std::mem::take(deeds), programs, now).await?;
        Ok(None)
    }

    async fn done_twice(&self, from: &[MemberId], into: &[MemberId]) -> Result<DoneTwice, AppError> {
        let (theirs, own) = try_join(self.claimed_by(from), self.claimed_by(into)).await?;
        let mut twice = DoneTwice::default();
        for (claim, deed) in theirs {
            let Some(other) = own.get(&claim) else { continue };
            let (one, other) = try_join(self.store.deed(from, &deed), self.store.deed(into, other)).await?;
            if let (Some(one), Some(other)) = (one, other) {
                twice.add(one, other);
            }
        }
        Ok(twice)
    }

    async fn claimed_by(&self, partitions: &[MemberId]) -> Result<BTreeMap<ClaimKey, ActivityId>, AppError> {
        let claims = try_join_all(partitions.iter().map(|member| self.store.all_claims(member))).await?;
        Ok(claims.into_iter().flatten().collect())
    }
}

fn partitions((member, account): &Held) -> Vec<MemberId> {
    account.partitions(member).cloned().collect()
}
