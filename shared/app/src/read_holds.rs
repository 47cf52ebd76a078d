//! A member's holds: one of them, or all that are open.

use jiff::Timestamp;
use rules::{
    hold::{Hold, HoldPlace, HoldState},
    ids::{HoldId, MemberId},
};

use crate::{App, error::AppError};

impl App {
    /// # Errors
    /// `UnknownHold`; `UnknownMember`.
    pub async fn hold(&self, member: &MemberId, id: &HoldId) -> Result<Hold, AppError> {
        let hold = async { self.store.hold(member, id).await.map_err(AppError::from) };
        let (_, hold) = futures::try_join!(self.load_account(member), hold)?;
        hold.ok_or(AppError::UnknownHold)
    }

    /// Those that are open, the oldest first.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn open_holds(&self, member: &MemberId, now: Timestamp) -> Result<Vec<Hold>, AppError> {
        let (member, account) = self.load_account(member).await?;
        let place = |hold: &HoldId| HoldPlace { member: member.clone(), hold: hold.clone() };
        let places: Vec<HoldPlace> = account.holds.iter().map(|hold| place(&hold.id)).collect();
        let holds = self.store.holds_at(&places).await?.into_iter().map(|(_, hold)| hold);
        Ok(holds.filter(|hold| hold.state(now) == HoldState::Open).collect())
    }
}
