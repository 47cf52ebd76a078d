//! A member's holds: one of them, or all that are open.

use jiff::Timestamp;
use rules::{
    account::Account,
    hold::{Hold, HoldPlace, HoldState},
    ids::{HoldId, MemberId},
};

use crate::{App, error::AppError};

/// A hold with the account that it is on. A merge moves it to the other's account and leaves its row
/// where it was made.
pub(crate) struct FoundHold {
    pub(crate) hold: Hold,
    pub(crate) kept_by: MemberId,
    pub(crate) member: MemberId,
    pub(crate) account: Account,
}

impl App {
    /// # Errors
    /// `UnknownHold`; `UnknownMember`.
    pub async fn hold(&self, member: &MemberId, id: &HoldId) -> Result<Hold, AppError> {
        Ok(self.find_hold(member, id).await?.hold)
    }

    /// # Errors
    /// `UnknownHold`; `UnknownMember`.
    pub(crate) async fn find_hold(&self, asked: &MemberId, id: &HoldId) -> Result<FoundHold, AppError> {
        let hold = async { self.store.hold(asked, id).await.map_err(AppError::from) };
        let ((member, account), hold) = futures::try_join!(self.load_account(asked), hold)?;
        if let Some(hold) = hold {
            return Ok(FoundHold { hold, kept_by: asked.clone(), member, account });
        }
        let others = account.partitions(&member).filter(|partition| *partition != asked);
        let places: Vec<HoldPlace> = others.map(|other| place(other, id)).collect();
        let found = self.store.holds_at(&places).await?.into_iter().next();
        let (HoldPlace { member: kept_by, .. }, hold) = found.ok_or(AppError::UnknownHold)?;
        Ok(FoundHold { hold, kept_by, member, account })
    }

    /// Those that are open, the oldest first.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn open_holds(&self, member: &MemberId, now: Timestamp) -> Result<Vec<Hold>, AppError> {
        let (member, account) = self.load_account(member).await?;
        let held = account.holds.iter();
        let places = held.flat_map(|hold| account.partitions(&member).map(|partition| place(partition, &hold.id)));
        let holds = self.store.holds_at(&places.collect::<Vec<_>>()).await?.into_iter().map(|(_, hold)| hold);
        Ok(holds.filter(|hold| hold.state(now) == HoldState::Open).collect())
    }
}

fn place(member: &MemberId, hold: &HoldId) -> HoldPlace {
    HoldPlace { member: member.clone(), hold: hold.clone() }
}
