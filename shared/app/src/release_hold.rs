//! A hold that no checkout needs any more.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    hold::{Hold, HoldEnd, HoldState},
    ids::{HoldId, MemberId},
    posting::Posting,
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
    read_holds::FoundHold,
    settled::push_settled,
};

impl App {
    /// Frees the points of a hold. One that was released or has expired stays as it is.
    ///
    /// # Errors
    /// `HoldCaptured` if an order has points of it; `UnknownHold`; `UnknownMember`; `Busy`.
    pub async fn release_hold(&self, member: &MemberId, id: &HoldId, now: Timestamp) -> Result<Hold, AppError> {
        self.until_committed(|| self.try_release(member, id, now)).await
    }

    async fn try_release(&self, member: &MemberId, id: &HoldId, now: Timestamp) -> Result<Hold, Attempt> {
        let (found, programs) = try_join!(self.find_hold(member, id), self.programs(now))?;
        let FoundHold { mut hold, kept_by, member, account } = found;
        match hold.state(now) {
            HoldState::Captured => return Err(AppError::HoldCaptured.into()),
            HoldState::Released | HoldState::Expired => return Ok(hold),
            HoldState::Open => {}
        }
        let mut posting = Posting::begin(account, &programs, now)?;
        posting.release(&hold.id);
        hold.end = Some(HoldEnd::Released { at: now });
        hold.version += 1;
        let mut plan = Plan { writes: vec![Write::Hold { member: kept_by, hold: hold.clone() }] };
        push_settled(&mut plan, &member, posting.end()?, &programs, now);
        self.store.commit(plan).await?;
        Ok(hold)
    }
}
