//! The versions of the program, and who wants to be told what happens under them.

use rules::{endpoint::Endpoint, mail_stop::MailStop, program::ProgramVersion, replan::Replan};

use crate::{
    error::StoreError,
    keys::{self, ENDPOINTS, Key, MAIL_STOP, REPLAN},
    row::{self, Item, RowError},
    table::Store,
};

/// What there is beside the versions that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProgramNews {
    /// The oldest first.
    pub versions: Vec<ProgramVersion>,
    /// All of them, in the order of their ids and so of their creation.
    pub endpoints: Vec<Endpoint>,
    /// Whether marketing mail is stopped.
    pub mail_stop: MailStop,
    /// How far planning again is.
    pub replan: Replan,
}

enum Row {
    Version(Box<ProgramVersion>),
    Endpoint(Box<Endpoint>),
    MailStop(MailStop),
    Replan(Replan),
}

impl Store {
    /// All versions after that one, all endpoints and the stop of mail, by one query.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn programs_after(&self, version: u64) -> Result<ProgramNews, StoreError> {
        self.programs_by(version, true).await
    }

    /// The same as of a moment ago, at half the price.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn programs_lately_after(&self, version: u64) -> Result<ProgramNews, StoreError> {
        self.programs_by(version, false).await
    }

    async fn programs_by(&self, version: u64, consistent: bool) -> Result<ProgramNews, StoreError> {
        let next = version.saturating_add(1);
        let is_last = next > keys::MAX_PROGRAM_VERSION;
        let first = if is_last { ENDPOINTS.to_owned() } else { keys::program(next).sk };
        let query = self.between(keys::PROGRAM, &first, REPLAN).consistent_read(consistent);
        let mut news = ProgramNews::default();
        for row in self.query_while("read programs", query, usize::MAX, read, |_| true).await? {
            match row {
                Row::Version(version) => news.versions.push(*version),
                Row::Endpoint(endpoint) => news.endpoints.push(*endpoint),
                Row::MailStop(stop) => news.mail_stop = stop,
                Row::Replan(replan) => news.replan = replan,
            }
        }
        Ok(news)
    }
}

fn read(item: Item) -> Result<Row, RowError> {
    if Key::of(&item).is_some_and(|key| key.sk.starts_with(ENDPOINTS)) {
        return row::read(item).map(Box::new).map(Row::Endpoint);
    }
    if Key::of(&item).is_some_and(|key| key.sk == MAIL_STOP) {
        return row::read(item).map(Row::MailStop);
    }
    if Key::of(&item).is_some_and(|key| key.sk == REPLAN) {
        return row::read(item).map(Row::Replan);
    }
    row::read(item).map(Box::new).map(Row::Version)
}
