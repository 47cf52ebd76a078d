//! Imports: each row of a file through the use case that it is for, until the file or the time is over.
//! A row that was imported before changes nothing, so a part may be sent again whole, or from the row
//! at which it was left.

use std::time::Duration;

use jiff::Timestamp;
use rules::ids::{MemberId, Source};
use storefront::imports::{BadRow, Entry, Row, Who};
use tokio::time::Instant;

use crate::{App, error::AppError, record_order::Recorded};

/// No answer lists more rows that were skipped.
const MAX_SKIPPED: usize = 1_000;

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
    pub skipped: Vec<BadRow>,
    /// The row at which to go on.
    pub next_row: Option<u64>,
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
    /// `Busy` or `Store`: the rows before are done, and the part can be sent again.
    pub async fn import(
        &self,
        source: &Source,
        rows: Vec<Row>,
        bounds: Bounds,
        now: Timestamp,
    ) -> Result<Report, AppError> {
        let began = Instant::now();
        let mut report = Report::default();
        let rows = rows.into_iter().skip_while(|row| bounds.from_row.is_some_and(|first| row.number != first));
        for (taken, row) in rows.enumerate() {
            let is_over = taken >= bounds.rows || began.elapsed() >= bounds.time || report.skipped.len() >= MAX_SKIPPED;
            if taken > 0 && is_over {
                report.next_row = Some(row.number);
                break;
            }
            let outcome = match row.read {
                Ok(entry) => self.import_entry(source, &entry, now).await?,
                Err(bad) => {
                    report.skipped.push(bad);
                    continue;
                }
            };
            report.count(row.number, outcome);
        }
        Ok(report)
    }

    async fn import_entry(&self, source: &Source, entry: &Entry, now: Timestamp) -> Result<Outcome, AppError> {
        let outcome = match entry {
            Entry::Member(member) => self.import_member(member, now).await,
            Entry::Balance(balance) => self.import_balance(balance, now).await,
            Entry::Consent(consent) => self.import_consent(consent, now).await,
            Entry::Order(order) => self.record_order(source, order, now).await.map(|recorded| match recorded {
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

impl Report {
    fn count(&mut self, number: u64, outcome: Outcome) {
        match outcome {
            Outcome::Imported => self.imported += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Refused { field, reason } => {
                self.skipped.push(BadRow { number, field: field.map(str::to_owned), reason });
            }
        }
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
