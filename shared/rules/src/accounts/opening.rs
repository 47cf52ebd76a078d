//! Opening balances: points that a member brings from before the program.

use jiff::civil::Date;

use crate::{
    earned::expires_on,
    ledger::EntryKind,
    lots::LotDates,
    points::{Overflow, Points},
    posting::{Changes, Note, Posting},
};

/// What has become of an opening balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    Now,
    /// Under this reference the member has had so many points before: nothing was posted.
    Before(Points),
}

impl Posting<'_> {
    /// Gives the points once for each reference, available at once, until the day given or, without
    /// one, as long as points that are earned today. A debt takes them first.
    ///
    /// # Errors
    /// `Overflow` if a sum does not fit.
    pub fn open_balance(&mut self, reference: &str, points: Points, until: Option<Date>) -> Result<Opened, Overflow> {
        if let Some(before) = self.account.openings.get(reference) {
            return Ok(Opened::Before(*before));
        }
        self.account.openings.insert(reference.to_owned(), points);
        let expires_on = until.unwrap_or_else(|| expires_on(&self.program().expiry, self.today()));
        let mut changes = Changes::default();
        self.credit(&mut changes, LotDates { available_on: None, expires_on }, points)?;
        self.record(changes, Note::new(EntryKind::OpeningBalance, format!("opening balance `{reference}`")))?;
        Ok(Opened::Now)
    }
}
