//! Reviews in the order of their creation: all of them, and those of a product. A place in the index says enough of a
//! review to pass it over without reading it.

use aws_sdk_dynamodb::{
    operation::query::builders::QueryFluentBuilder,
    types::{AttributeValue, ReturnConsumedCapacity},
};
use futures::future::try_join_all;
use jiff::Timestamp;
use rules::{
    ids::{MemberId, ProductId, ReviewId},
    rating::Rating,
    review::{Review, ReviewSource, ReviewState},
};

use crate::{
    error::StoreError,
    keys::{self, DUE_INDEX, DUE_PK, DUE_SK},
    row::{Item, RowError},
    table::Store,
};

/// Places of one state that are read for one page: where little is wanted, the page ends there.
const MOST_READ: usize = 2_000;

/// Which reviews are wanted.
#[derive(Clone, Debug, Default)]
pub struct ReviewFilter {
    pub product: Option<ProductId>,
    pub state: Option<ReviewState>,
    pub rating: Option<Rating>,
    pub source: Option<ReviewSource>,
}

/// A review's position in every list of reviews, the newest of which are first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReviewPosition {
    /// Milliseconds since the epoch.
    pub created: i64,
    pub id: ReviewId,
}

/// One page, and where the next begins if there is more to look at.
#[derive(Clone, Debug, Default)]
pub struct ReviewsPage {
    pub reviews: Vec<Review>,
    pub next: Option<ReviewPosition>,
}

/// What a place in the index says.
#[derive(Clone)]
pub(crate) struct Listed {
    position: ReviewPosition,
    pub(crate) rating: Rating,
    source: String,
    member: MemberId,
}

/// What one state has for a page.
struct Run {
    wanted: Vec<Listed>,
    /// The last one that was looked at, if there may be more.
    stopped_at: Option<ReviewPosition>,
}

impl ReviewFilter {
    /// Whether the review is one of them now.
    pub fn takes(&self, review: &Review) -> bool {
        let is_product = |product: &ProductId| product.as_str().eq_ignore_ascii_case(review.product.as_str());
        self.product.as_ref().is_none_or(is_product)
            && self.state.is_none_or(|state| state == review.state)
            && self.rating.is_none_or(|rating| rating == review.rating)
            && self.source.is_none_or(|source| source == review.source)
    }

    /// Whether places in the index are passed over.
    fn passes_over(&self) -> bool {
        self.rating.is_some() || self.source.is_some()
    }

    fn takes_listed(&self, listed: &Listed) -> bool {
        self.rating.is_none_or(|rating| rating == listed.rating)
            && self.source.is_none_or(|source| source.name() == listed.source)
    }
}

impl ReviewPosition {
    pub fn of(review: &Review) -> ReviewPosition {
        ReviewPosition { created: review.created_at.as_millisecond(), id: review.id.clone() }
    }

    /// As lists show it, and read it again.
    pub fn to_cursor(&self) -> String {
        format!("{}~{}", self.created, self.id)
    }

    pub fn of_cursor(cursor: &str) -> Option<ReviewPosition> {
        let (created, id) = cursor.split_once('~')?;
        let created: i64 = created.parse().ok().filter(|created| Timestamp::from_millisecond(*created).is_ok())?;
        Some(ReviewPosition { created, id: ReviewId::parse(id).ok()? })
    }

    fn place(&self, state: ReviewState) -> String {
        format!("{}#{:013}#{}", state.name(), self.created.max(0), self.id)
    }
}

/// What lists a review in that part of the index.
pub(crate) fn attributes(review: &Review, partition: String) -> Item {
    let place = ReviewPosition::of(review).place(review.state);
    let place = format!("{place}#{}#{}#{}", review.rating, review.source.name(), review.member);
    [(DUE_PK, partition), (DUE_SK, place)].map(|(name, value)| (name.to_owned(), AttributeValue::S(value))).into()
}

impl Listed {
    pub(crate) fn read(item: &Item) -> Result<Listed, RowError> {
        let place = item.get(DUE_SK).and_then(|place| place.as_s().ok());
        place.and_then(|place| Listed::of(place)).ok_or_else(|| RowError::malformed::<Listed>(item))
    }

    fn of(place: &str) -> Option<Listed> {
        let mut parts = place.split('#').skip(1);
        let mut next = || parts.next();
        let position = ReviewPosition { created: next()?.parse().ok()?, id: ReviewId::parse(next()?).ok()? };
        let rating = Rating::try_from(next()?.parse::<u8>().ok()?).ok()?;
        let (source, member) = (next()?.to_owned(), MemberId::parse(next()?).ok()?);
        Some(Listed { position, rating, source, member })
    }
}

impl Store {
    /// Up to `limit` of them, the newest first, from after a position on. There may be fewer although there are more:
    /// what the index says and the reviews do not yet, or no longer, is left out.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn reviews(
        &self,
        filter: &ReviewFilter,
        after: Option<&ReviewPosition>,
        limit: usize,
    ) -> Result<ReviewsPage, StoreError> {
        let partition = filter.product.as_ref().map_or_else(keys::all_reviews, keys::reviews_of_product);
        let states = ReviewState::ALL.into_iter().filter(|state| filter.state.is_none_or(|wanted| wanted == *state));
        let runs = states.map(|state| self.run(&partition, state, filter, after, limit));
        let mut listed = Vec::new();
        let mut ends: Vec<ReviewPosition> = Vec::new();
        for run in try_join_all(runs).await? {
            listed.extend(run.wanted);
            ends.extend(run.stopped_at);
        }
        // beyond the newest end, something of another state may be missing
        let end = ends.into_iter().max();
        listed.retain(|one| end.as_ref().is_none_or(|end| one.position >= *end));
        listed.sort_by(|one, other| other.position.cmp(&one.position));
        let next = if listed.len() > limit { listed.get(limit - 1).map(|last| last.position.clone()) } else { end };
        listed.truncate(limit);
        let places = listed.into_iter().map(|one| (one.member, one.position.id));
        let mut reviews = self.reviews_at(places).await?;
        reviews.retain(|review| filter.takes(review));
        Ok(ReviewsPage { reviews, next })
    }

    async fn run(
        &self,
        partition: &str,
        state: ReviewState,
        filter: &ReviewFilter,
        after: Option<&ReviewPosition>,
        limit: usize,
    ) -> Result<Run, StoreError> {
        const OPERATION: &str = "list reviews";
        // with the one that the page begins after, and one to see that there are more
        let page = if filter.passes_over() { MOST_READ } else { limit + 2 };
        let query = self.listed_query(partition, state, after).limit(i32::try_from(page).unwrap_or(i32::MAX));
        let mut items = query.into_paginator().items().send();
        let (mut wanted, mut looked_at) = (Vec::new(), 0);
        while let Some(item) = items.next().await {
            let item = item.map_err(|error| StoreError::of_call(OPERATION, error))?;
            let listed = Listed::read(&item).map_err(|error| StoreError::new(OPERATION, error))?;
            if after == Some(&listed.position) {
                continue;
            }
            looked_at += 1;
            let position = listed.position.clone();
            if filter.takes_listed(&listed) {
                wanted.push(listed);
            }
            if wanted.len() > limit || looked_at >= MOST_READ {
                return Ok(Run { wanted, stopped_at: Some(position) });
            }
        }
        Ok(Run { wanted, stopped_at: None })
    }

    /// The places of one state in that part of the index, the newest first.
    pub(crate) fn listed_query(
        &self,
        partition: &str,
        state: ReviewState,
        until: Option<&ReviewPosition>,
    ) -> QueryFluentBuilder {
        let text = |value: String| AttributeValue::S(value);
        // `$` follows `#`: with it, the position itself is still inside
        let last = until.map_or_else(|| format!("{}$", state.name()), |until| format!("{}$", until.place(state)));
        self.client
            .query()
            .table_name(&self.table)
            .index_name(DUE_INDEX)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :first AND :last")
            .expression_attribute_names("#pk", DUE_PK)
            .expression_attribute_names("#sk", DUE_SK)
            .expression_attribute_values(":pk", text(partition.to_owned()))
            .expression_attribute_values(":first", text(format!("{}#", state.name())))
            .expression_attribute_values(":last", text(last))
            .scan_index_forward(false)
    }
}
