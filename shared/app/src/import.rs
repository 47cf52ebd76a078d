//! Imports: each row of a file through the use case that it is for, until the file or the time is over.
//! A row that was imported before changes nothing, so a part may be sent again whole, or from the row
//! at which it was left.

use std::time::Duration;

use jiff::Timestamp;
use rules::ids::{MemberId, Source};
use serde::{Deserialize, Serialize};
use store::Plan;
use storefront::imports::{BadRow, Entry, Row, Who};
use tokio::time::Instant;

use crate::{
    App,
    answered::Request,
    error::{AppError, Attempt},
    record_order::Recorded,
};

/// No answer lists more rows that were skipped.
const MAX_SKIPPED: usize = 1_000;
const OK: u16 = 200;

/// Where to begin, and when to leave the rest for the next time.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub from_row: Option<u64>,
    pub rows: usize,
    pub time: Duration,
}

/// What became of the rows that were taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub imported: u64,
    pub unchanged: u64,
    /// By their numbers.
    pub skipped: Vec<BadRow>,
    /// The row at which to go on.
    pub next_row: Option<u64>,
}

/// The same without the rows that could not be read: their content is not ours to keep.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Tally {
    imported: u64,
    unchanged: u64,
    refused: Vec<BadRow>,
    next_row: Option<u64>,
}

/// What became of one row.
pub(crate) enum Outcome {
    Imported,
    Unchanged,
    Refused { field: Option<&'static str>, reason: String },
}

impl Outcome {
    pub(crate) fn refused(field: &'static str, reason: impl Into<String>) -> Outcome {
        Outcome::Refused { field: Some(field), reason: reason.into() }
    }
}

impl App {
    /// Takes at least one row, if there is one from which to begin.
    ///
    /// # Errors
    /// `Busy` or `Store`: the rows before are done, and the part can be sent again. `KeyReused`.
    pub async fn import(
        &self,
        source: &Source,
        rows: &[Row],
        bounds: Bounds,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<Report, AppError> {
        let is_before = |row: &&Row| bounds.from_row.is_some_and(|first| row.number != first);
        let rows: Vec<&Row> = rows.iter().skip_while(is_before).collect();
        let answered = self.until_committed(|| self.tally_before(request, now)).await?;
        let tally = match answered {
            Some(tally) => tally,
            None => {
                let tally = self.take(source, &rows, bounds, now).await?;
                self.until_committed(|| self.keep_tally(request, &tally, now)).await?;
                tally
            }
        };
        Ok(tally.report(&rows))
    }

    async fn tally_before(&self, request: Option<&Request>, now: Timestamp) -> Result<Option<Tally>, Attempt> {
        let saved = self.answered_before(request, now).await?;
        Ok(saved.and_then(|saved| serde_json::from_str(&saved.resource).ok()))
    }

    async fn keep_tally(&self, request: Option<&Request>, tally: &Tally, now: Timestamp) -> Result<(), Attempt> {
        if let (Some(request), None) = (request, self.tally_before(request, now).await?) {
            let resource = serde_json::to_string(tally).unwrap_or_default();
            self.store.commit(Plan { writes: vec![request.answer(OK, resource, now)] }).await?;
        }
        Ok(())
    }

    async fn take(&self, source: &Source, rows: &[&Row], bounds: Bounds, now: Timestamp) -> Result<Tally, AppError> {
        let began = Instant::now();
        let (mut tally, mut skipped) = (Tally::default(), 0);
        for (taken, row) in rows.iter().enumerate() {
            let is_over = taken >= bounds.rows || began.elapsed() >= bounds.time || skipped >= MAX_SKIPPED;
            if taken > 0 && is_over {
                tally.next_row = Some(row.number);
                break;
            }
            let Ok(entry) = &row.read else {
                skipped += 1;
                continue;
            };
            match self.import_entry(source, entry, now).await? {
                Outcome::Imported => tally.imported += 1,
                Outcome::Unchanged => tally.unchanged += 1,
                Outcome::Refused { field, reason } => {
                    skipped += 1;
                    tally.refused.push(BadRow { number: row.number, field: field.map(str::to_owned), reason });
                }
            }
        }
        Ok(tally)
    }

    async fn import_entry(&self, source: &Source, entry: &Entry, now: Timestamp) -> Result<Outcome, AppError> {
        let outcome = match entry {
            Entry::Member(member) => self.import_member(member, now).await,
            Entry::Balance(balance) => self.import_balance(balance, now).await,
            Entry::Consent(consent) => self.import_consent(consent, now).await,
            Entry::Order(order) => self.import_order(source, order, now).await.map(|recorded| match recorded {
                Recorded::Known => Outcome::Unchanged,
                _ => Outcome::Imported,
            }),
        };
        match outcome {
            Err(
                error @ (AppError::UnknownMember(_)
                | AppError::LinksOfDifferentMembers(..)
                | AppError::Overflow(_)
                | AppError::TooLarge),
            ) => Ok(Outcome::Refused { field: None, reason: error.to_string() }),
            outcome => outcome,
        }
    }

    /// The member whom a row is about.
    pub(crate) async fn member_named(&self, who: &Who) -> Result<Option<MemberId>, AppError> {
        match who {
            Who::Member(member) => Ok(Some(member.clone())),
            Who::Email(email) => Ok(self.store.lookups(&[], Some(&self.email_keys.key(email))).await?.by_email),
            Who::Customer(customer) => {
                let lookups = self.store.lookups(std::slice::from_ref(customer), None).await?;
                Ok(lookups.by_customer.into_iter().flatten().next())
            }
        }
    }
}

impl Tally {
    fn report(self, rows: &[&Row]) -> Report {
        let taken = rows.iter().take_while(|row| Some(row.number) != self.next_row);
        let unreadable = taken.filter_map(|row| row.read.as_ref().err().cloned());
        let mut skipped: Vec<BadRow> = self.refused.into_iter().chain(unreadable).collect();
        skipped.sort_by_key(|row| row.number);
        Report { imported: self.imported, unchanged: self.unchanged, skipped, next_row: self.next_row }
    }
}

/// Nobody was found, by what the row has to find them.
pub(crate) fn nobody(who: &Who) -> Outcome {
    match who {
        Who::Email(_) => Outcome::refused("email", "is no member's"),
        Who::Customer(_) => Outcome::refused("customer_id", "is no member's"),
        Who::Member(_) => Outcome::refused("member_id", "is no member's"),
    }
}
