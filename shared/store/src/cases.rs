//! Cases: by their ids, of a member, and all, the most urgent first.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use rules::{
    case::{Case, CasePlace, CaseState},
    ids::{CaseId, MemberId},
};
use serde::{Deserialize, Serialize};

use crate::{
    error::StoreError,
    keys::{self, CASES, DUE_INDEX, DUE_PK, DUE_SK, Key},
    row::{self, Item, RowError},
    table::Store,
};

/// `$` follows `#`, so that this sorts after every case.
const AFTER_CASES: &str = "CASE$";
/// No member's cases beyond these are read.
const MOST_OF_A_MEMBER: usize = 1_000;
/// Places that are read for one page: where little is wanted, the page ends there.
const MOST_READ: usize = 2_000;
/// Thirteen digits of milliseconds, all that are ever written.
const LAST_MILLISECOND: i64 = 9_999_999_999_999;

/// The row that says where the case of an id is.
#[derive(Serialize, Deserialize)]
pub(crate) struct CaseRow {
    pub(crate) at: CasePlace,
}

/// Which cases are wanted.
#[derive(Clone, Debug, Default)]
pub struct CaseFilter {
    pub state: Option<CaseState>,
    /// As the case's `kind` says it.
    pub kind: Option<&'static str>,
}

/// A case's position in every list of cases: what is open before what is resolved, of the one the most urgent first
/// and of the other the newest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CasePosition(String);

/// One page, and where the next begins if there is more to look at.
#[derive(Clone, Debug, Default)]
pub struct CasesPage {
    pub cases: Vec<(CasePlace, Case)>,
    pub next: Option<CasePosition>,
}

impl CaseFilter {
    /// Whether the case is one of them now.
    pub fn takes(&self, case: &Case) -> bool {
        self.state.is_none_or(|state| state == case.state) && self.kind.is_none_or(|kind| kind == case.about.kind())
    }

    /// Where those of the state begin and end.
    fn bounds(&self) -> (&'static str, &'static str) {
        match self.state {
            Some(CaseState::Open) => ("O#", "O$"),
            Some(CaseState::Resolved) => ("R#", "R$"),
            None => ("O#", "R$"),
        }
    }
}

impl CasePosition {
    pub fn of(case: &Case) -> CasePosition {
        let opened = case.opened_at.as_millisecond();
        let (letter, first) = match (case.state, case.resolved_at) {
            (CaseState::Open, _) => ('O', case.due_at.map_or(LAST_MILLISECOND, |due_at| due_at.as_millisecond())),
            (CaseState::Resolved, at) => ('R', LAST_MILLISECOND - at.unwrap_or(case.opened_at).as_millisecond()),
        };
        CasePosition(format!("{letter}#{first:013}#{opened:013}#{}", case.id))
    }

    /// As lists show it, and read it again.
    pub fn to_cursor(&self) -> String {
        self.0.replace('#', "~")
    }

    pub fn of_cursor(cursor: &str) -> Option<CasePosition> {
        let mut parts = cursor.splitn(4, '~');
        let is_number = |part: &str| part.len() == 13 && part.bytes().all(|byte| byte.is_ascii_digit());
        let letter = parts.next().filter(|letter| ["O", "R"].contains(letter))?;
        let (first, opened) = (parts.next().filter(|n| is_number(n))?, parts.next().filter(|n| is_number(n))?);
        let id = CaseId::parse(parts.next()?).ok().filter(|id| !id.as_str().contains('~'))?;
        Some(CasePosition(format!("{letter}#{first}#{opened}#{id}")))
    }
}

/// What lists a case.
pub(crate) fn attributes(case: &Case) -> Item {
    let place = format!("{}#{}", CasePosition::of(case).0, case.about.kind());
    [(DUE_PK, keys::all_cases()), (DUE_SK, place)]
        .map(|(name, value)| (name.to_owned(), AttributeValue::S(value)))
        .into()
}

/// What a place in the index says.
struct Listed {
    position: CasePosition,
    kind: String,
    at: CasePlace,
    id: CaseId,
}

fn listed(item: &Item) -> Result<Listed, RowError> {
    let of = || {
        let (position, kind) = item.get(DUE_SK)?.as_s().ok()?.rsplit_once('#')?;
        let (at, id) = keys::case_at(&Key::of(item)?)?;
        Some(Listed { position: CasePosition(position.to_owned()), kind: kind.to_owned(), at, id })
    };
    of().ok_or_else(|| RowError::malformed::<Listed>(item))
}

impl Store {
    /// The case of that id with whose it is.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn case(&self, id: &CaseId) -> Result<Option<(CasePlace, Case)>, StoreError> {
        let place: Option<CaseRow> = self.get("find case", &keys::case_place(id)).await?;
        let Some(CaseRow { at }) = place else { return Ok(None) };
        let case = self.get("read case", &keys::case_of(&at, id)).await?;
        Ok(case.map(|case| (at, case)))
    }

    /// All in that member's partition, in the order of their ids.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn cases_of(&self, member: &MemberId) -> Result<Vec<Case>, StoreError> {
        let query = self.between(&keys::partition(member), CASES, AFTER_CASES);
        self.query_while("read cases of a member", query, MOST_OF_A_MEMBER, row::read, |_| true).await
    }

    /// Up to `limit` of them, from after a position on. There may be fewer although there are more: what the index says
    /// and the cases do not yet, or no longer, is left out.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn cases(
        &self,
        filter: &CaseFilter,
        after: Option<&CasePosition>,
        limit: usize,
    ) -> Result<CasesPage, StoreError> {
        let (wanted, next) = self.listed_cases(filter, after, limit).await?;
        let keys: Vec<Key> = wanted.iter().map(|one| keys::case_of(&one.at, &one.id)).collect();
        let found = self.batch("read cases", keys.iter().cloned()).await?;
        let mut cases = Vec::with_capacity(wanted.len());
        for (one, key) in wanted.into_iter().zip(keys) {
            let case = found.row::<Case>(&key)?.filter(|case| filter.takes(case));
            cases.extend(case.map(|case| (one.at, case)));
        }
        Ok(CasesPage { cases, next })
    }

    /// Up to `limit` places, and from where on there are more.
    async fn listed_cases(
        &self,
        filter: &CaseFilter,
        after: Option<&CasePosition>,
        limit: usize,
    ) -> Result<(Vec<Listed>, Option<CasePosition>), StoreError> {
        const OPERATION: &str = "list cases";
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let (first, last) = filter.bounds();
        // `$` follows `#`: what follows the position itself
        let from = after.map_or_else(|| first.to_owned(), |after| first.to_owned().max(format!("{}$", after.0)));
        if from.as_str() > last {
            return Ok((Vec::new(), None));
        }
        let page = if filter.kind.is_some() { MOST_READ } else { limit + 1 };
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(DUE_INDEX)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :first AND :last")
            .expression_attribute_names("#pk", DUE_PK)
            .expression_attribute_names("#sk", DUE_SK)
            .expression_attribute_values(":pk", AttributeValue::S(keys::all_cases()))
            .expression_attribute_values(":first", text(&from))
            .expression_attribute_values(":last", text(last))
            .limit(i32::try_from(page).unwrap_or(i32::MAX));
        let mut items = query.into_paginator().items().send();
        let (mut wanted, mut looked_at): (Vec<Listed>, usize) = (Vec::new(), 0);
        while let Some(item) = items.next().await {
            let item = item.map_err(|error| StoreError::of_call(OPERATION, error))?;
            let one = listed(&item).map_err(|error| StoreError::new(OPERATION, error))?;
            if wanted.len() >= limit {
                let last = wanted.last().map(|last| last.position.clone());
                return Ok((wanted, last));
            }
            looked_at += 1;
            let position = one.position.clone();
            if filter.kind.is_none_or(|kind| kind == one.kind) {
                wanted.push(one);
            }
            if looked_at >= MOST_READ {
                return Ok((wanted, Some(position)));
            }
        }
        Ok((wanted, None))
    }
}
