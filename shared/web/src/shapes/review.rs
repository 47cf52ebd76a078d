//! A review, as the shop sees it and as everybody does.

use jiff::Timestamp;
use rules::{
    ids::{OrderKey, ProductId},
    rating::ProductRating,
    review::{Review, ReviewSource, ReviewState},
    review_draft::{RawDraft, ReviewDraft},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

use crate::{
    problem::{FieldError, Problem},
    shapes::entry::OrderShape,
};

/// What a member says of a product
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewInput {
    /// As the lines of orders name it
    product_id: String,
    #[schema(minimum = 1, maximum = 5)]
    rating: i64,
    /// Up to 120 characters
    title: Option<String>,
    /// Up to 5,000 characters
    text: Option<String>,
    /// The name to show it under, empty for none; `Jane D.` of the member's name if it is left out
    author: Option<String>,
    /// The order that it is about: the member's, and of that product
    #[schema(value_type = Option<OrderShape>)]
    pub order: Option<OrderKey>,
}

#[derive(Serialize, ToSchema)]
pub struct ReviewShape {
    pub id: String,
    product_id: String,
    /// Whose it is; not for publishable keys
    #[serde(skip_serializing_if = "Option::is_none")]
    member_id: Option<String>,
    /// The order that it is about; not for publishable keys
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<OrderShape>)]
    order: Option<OrderKey>,
    rating: u8,
    /// Text, never markup: escape it
    title: Option<String>,
    /// Text, never markup: escape it
    text: Option<String>,
    author: Option<String>,
    locale: Option<String>,
    #[schema(value_type = String, example = "published")]
    state: ReviewState,
    reply: Option<ReplyShape>,
    /// Points were earned by it: the law of many countries wants that shown
    incentivised: bool,
    verified_purchase: bool,
    #[schema(value_type = String, example = "page")]
    source: ReviewSource,
    #[schema(value_type = String, format = "date-time")]
    created_at: Timestamp,
    #[schema(value_type = String, format = "date-time")]
    updated_at: Timestamp,
}

#[derive(Serialize, ToSchema)]
pub struct ReplyShape {
    text: String,
    #[schema(value_type = String, format = "date-time")]
    at: Timestamp,
}

#[derive(Serialize, ToSchema)]
pub struct RatingShape {
    product_id: String,
    /// Two digits at most, halves rounded up; null without reviews
    #[schema(example = "4.67")]
    average: Option<String>,
    count: u64,
    /// How many gave how many stars, from `1` to `5`
    distribution: BTreeMap<String, u64>,
}

impl ReviewInput {
    /// # Errors
    /// A problem with every field that is bad.
    pub fn parse(&self) -> Result<ReviewDraft, Problem> {
        let product = ProductId::parse(&self.product_id);
        let (title, text, author) = (self.title.as_deref(), self.text.as_deref(), self.author.as_deref());
        let raw = RawDraft { rating: self.rating, title, text, author };
        let error = |pointer: &str, reason: String| FieldError { pointer: pointer.to_owned(), reason };
        let draft = product.as_ref().map(|product| ReviewDraft::parse(product.clone(), &raw));
        match draft {
            Ok(Ok(draft)) => Ok(draft),
            Ok(Err(problems)) => {
                Err(Problem::fields(problems.into_iter().map(|p| error(&p.pointer, p.reason)).collect()))
            }
            Err(bad) => Err(Problem::fields(vec![error("/product_id", bad.to_string())])),
        }
    }
}

impl From<Review> for ReviewShape {
    fn from(review: Review) -> ReviewShape {
        ReviewShape {
            id: review.id.into(),
            product_id: review.product.into(),
            member_id: Some(review.member.into()),
            order: review.order,
            rating: review.rating.get(),
            title: review.title,
            text: review.text,
            author: review.author,
            locale: review.locale,
            state: review.state,
            reply: review.reply.map(|reply| ReplyShape { text: reply.text, at: reply.at }),
            incentivised: review.incentivised,
            verified_purchase: review.verified_purchase,
            source: review.source,
            created_at: review.created_at,
            updated_at: review.updated_at,
        }
    }
}

impl ReviewShape {
    /// Without what leads to the member.
    #[must_use]
    pub fn for_everybody(self) -> ReviewShape {
        ReviewShape { member_id: None, order: None, ..self }
    }
}

impl RatingShape {
    pub fn of(product: ProductId, rating: &ProductRating) -> RatingShape {
        let distribution = &rating.distribution;
        RatingShape {
            product_id: product.into(),
            average: distribution.average(),
            count: distribution.count(),
            distribution: distribution.iter().map(|(stars, count)| (stars.to_string(), count)).collect(),
        }
    }
}
