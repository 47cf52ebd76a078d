//! The merchant's own codes go into the pool of a reward.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rules::ids::{CouponCode, RewardId};
use store::{MAX_WRITES, Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
};

/// Each code is two rows.
const CODES_PER_COMMIT: usize = MAX_WRITES / 2;

/// What became of an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploaded {
    pub added: Vec<CouponCode>,
    /// Given twice, in a pool already, or issued before.
    pub duplicates: Vec<CouponCode>,
}

impl App {
    /// Adds what is new of the codes. The same upload again adds nothing; one that was broken off
    /// adds the rest.
    ///
    /// # Errors
    /// `UnknownReward`; `NotAPool` where codes are generated; `Busy`.
    pub async fn upload_codes(
        &self,
        reward: &RewardId,
        codes: &[CouponCode],
        now: Timestamp,
    ) -> Result<Uploaded, AppError> {
        let programs = self.programs(now).await?;
        let known = programs.at(now).program.reward(reward).ok_or(AppError::UnknownReward)?;
        if !known.takes_codes_from_pool() {
            return Err(AppError::NotAPool(reward.clone()));
        }
        let mut uploaded = Uploaded::default();
        let mut seen = BTreeSet::new();
        let (once, again): (Vec<_>, Vec<_>) = codes.iter().cloned().partition(|code| seen.insert(code.clone()));
        uploaded.duplicates = again;
        for some in once.chunks(CODES_PER_COMMIT) {
            let (added, known) = self.until_committed(|| self.try_upload(reward, some)).await?;
            uploaded.added.extend(added);
            uploaded.duplicates.extend(known);
        }
        Ok(uploaded)
    }

    async fn try_upload(
        &self,
        reward: &RewardId,
        codes: &[CouponCode],
    ) -> Result<(Vec<CouponCode>, Vec<CouponCode>), Attempt> {
        let known: BTreeSet<CouponCode> = self.store.known_codes(codes).await?.into_iter().collect();
        let (known, new): (Vec<_>, Vec<_>) = codes.iter().cloned().partition(|code| known.contains(code));
        let rows = |code: &CouponCode| {
            let (code, reward) = (code.clone(), reward.clone());
            [Write::ReservedCode(code.clone()), Write::PoolCode { reward, code }]
        };
        self.store.commit(Plan { writes: new.iter().flat_map(rows).collect() }).await?;
        Ok((new, known))
    }
}
