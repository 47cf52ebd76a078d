//! `/v1/reviews`: what members say of products, and the shop's word on it.

use app::{judge_review::ReviewJudgement, record_activity::Teller, record_review::Telling};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use rules::{
    ids::{MemberId, ProductId, ReviewId},
    plain_text::paragraphs,
    rating::{NotARating, Rating},
    review::{ReviewSource, ReviewState},
    review_draft::MAX_TEXT_CHARS,
};
use serde::{Deserialize, Deserializer, Serialize};
use store::{ReviewFilter, ReviewPosition};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::{Admin, Anybody, Caller, Storefront},
    cursor::{limit, next_link, path_with},
    etag::{IfMatch, etag},
    members::member_id,
    problem::Problem,
    query::parse_query,
    shapes::review::{ReviewInput, ReviewShape},
    state::AppState,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewQuery {
    product_id: Option<String>,
    member_id: Option<String>,
    state: Option<String>,
    rating: Option<String>,
    source: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JudgementShape {
    state: Option<JudgedState>,
    /// Up to 5,000 characters; null takes the reply away
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    reply: Option<Option<String>>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum JudgedState {
    Published,
    Rejected,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ReviewList {
    reviews: Vec<ReviewShape>,
    next_cursor: Option<String>,
}

/// Records what a member says of a product
///
/// Whether or not they have bought it: `verified_purchase` says so, and points are only for who has. A member has one
/// review of a product; the next one takes its place, and what was rejected waits for the shop again.
#[utoipa::path(post, path = "/v1/members/{id}/reviews", tag = "reviews", request_body = ReviewInput,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = ReviewShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "`not-in-order`"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn record(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(StatusCode, Json<ReviewShape>), Problem> {
    let now = state.clock.now();
    let request = body.must_be_keyed(&caller, &method, uri.path(), &headers)?;
    let input = body.json::<ReviewInput>()?;
    let draft = input.parse()?;
    let telling = Telling {
        order: input.order.as_ref(),
        source: ReviewSource::Api,
        locale: None,
        teller: Teller::Shop(request),
        written_at: now,
    };
    let reviewed = state.app.record_review(&member_id(&id)?, &draft, &telling, now).await?;
    Ok((StatusCode::CREATED, Json(reviewed.review.into())))
}

/// Lists reviews, the newest first
///
/// With an admin key all of them, else those that are published; a publishable key learns nothing of the members. A
/// page can be shorter than was asked for although there is a next one.
#[utoipa::path(get, path = "/v1/reviews", tag = "reviews",
    params(("product_id" = Option<String>, Query), ("member_id" = Option<String>, Query, description = "not with a publishable key"),
           ("state" = Option<String>, Query, description = "`pending`, `published` or `rejected`"),
           ("rating" = Option<u8>, Query, minimum = 1, maximum = 5),
           ("source" = Option<String>, Query, description = "`page`, `api` or `storefront`"),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = ReviewList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Anybody(caller): Anybody,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<(HeaderMap, Json<ReviewList>), Problem> {
    let query = parse_query::<ReviewQuery>(query.as_deref())?;
    let limit = limit(query.limit.as_deref())?;
    let filter = query.filter(&caller)?;
    let member = query.member(&caller)?;
    let after = query.cursor.as_deref().map(after).transpose()?;
    let member = member.as_ref().map(|member| (member, caller.audience()));
    let page = state.app.reviews(&filter, member, after.as_ref(), limit).await?;
    let next_cursor = page.next.map(|next| next.to_cursor());
    let headers = next_link(&query.path(&uri), limit, next_cursor.as_deref());
    let reviews = page.reviews.into_iter().map(ReviewShape::from);
    let in_browsers = caller.is_in_browsers();
    let shown = |review: ReviewShape| if in_browsers { review.for_everybody() } else { review };
    Ok((headers, Json(ReviewList { reviews: reviews.map(shown).collect(), next_cursor })))
}

/// Reads a review
#[utoipa::path(get, path = "/v1/reviews/{review}", tag = "reviews", params(("review" = String, Path)),
    responses((status = 200, body = ReviewShape, headers(("ETag" = String, description = "of all that is in it"))),
              (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(id): Path<String>,
) -> Result<(HeaderMap, Json<ReviewShape>), Problem> {
    let review = state.app.review(&review_id(&id)?).await?;
    if review.state != ReviewState::Published && !caller.is_admin() {
        return Err(Problem::not_found("no such review"));
    }
    Ok((etag(review.version), Json(review.into())))
}

/// Publishes or rejects a review, or replies to it
///
/// Its author may change it at any time: with the `ETag` of what was read as `If-Match`, nothing else is judged.
#[utoipa::path(patch, path = "/v1/reviews/{review}", tag = "reviews", request_body = JudgementShape,
    params(("review" = String, Path),
           ("If-Match" = Option<String>, Header, description = "the ETag of the review as it was read")),
    responses((status = 200, body = ReviewShape, headers(("ETag" = String))), (status = 400, body = Problem),
              (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 412, body = Problem, description = "`review-changed`"), (status = 503, body = Problem)))]
pub(crate) async fn judge(
    State(state): State<AppState>,
    Admin(_): Admin,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(HeaderMap, Json<ReviewShape>), Problem> {
    let judgement = body.json::<JudgementShape>()?.parse()?;
    let seen = match IfMatch::of(&headers) {
        IfMatch::Missing | IfMatch::Any => None,
        IfMatch::Version(version) => Some(version),
        // no version has this number
        IfMatch::Unknown => Some(0),
    };
    let review = state.app.judge_review(&review_id(&id)?, &judgement, seen, state.clock.now()).await?;
    Ok((etag(review.version), Json(review.into())))
}

impl ReviewQuery {
    fn filter(&self, caller: &Caller) -> Result<ReviewFilter, Problem> {
        let product = self.product_id.as_deref().map(ProductId::parse).transpose();
        let state = self.state.as_deref().map(|name| named("state", name, &ReviewState::ALL, ReviewState::name));
        let source = self.source.as_deref().map(|name| named("source", name, &ReviewSource::ALL, ReviewSource::name));
        let mut state = state.transpose()?;
        if !caller.is_admin() {
            if state.is_some_and(|state| state != ReviewState::Published) {
                return Err(Problem::forbidden("only an admin key reads what is not published"));
            }
            state = Some(ReviewState::Published);
        }
        Ok(ReviewFilter {
            product: product.map_err(|error| Problem::field("product_id", error.to_string()))?,
            state,
            rating: self.rating.as_deref().map(rating).transpose()?,
            source: source.transpose()?,
        })
    }

    fn member(&self, caller: &Caller) -> Result<Option<MemberId>, Problem> {
        let Some(id) = &self.member_id else { return Ok(None) };
        if caller.is_in_browsers() {
            return Err(Problem::forbidden("a publishable key learns nothing of members"));
        }
        MemberId::parse(id).map(Some).map_err(|error| Problem::field("member_id", error.to_string()))
    }

    /// The list's own address, without the page.
    fn path(&self, uri: &Uri) -> String {
        let all = [
            ("product_id", &self.product_id),
            ("member_id", &self.member_id),
            ("state", &self.state),
            ("rating", &self.rating),
            ("source", &self.source),
        ];
        path_with(uri.path(), &all)
    }
}

impl JudgementShape {
    fn parse(self) -> Result<ReviewJudgement, Problem> {
        let reply = match self.reply {
            Some(Some(text)) => Some(Some(reply_of(&text)?)),
            other => other,
        };
        let state = self.state.map(|state| match state {
            JudgedState::Published => ReviewState::Published,
            JudgedState::Rejected => ReviewState::Rejected,
        });
        Ok(ReviewJudgement { state, reply })
    }
}

fn reply_of(text: &str) -> Result<String, Problem> {
    let text = paragraphs(text);
    match text.chars().count() {
        0 => Err(Problem::field("/reply", "has no text")),
        chars if chars > MAX_TEXT_CHARS => {
            Err(Problem::field("/reply", format!("has {chars} characters, and may have {MAX_TEXT_CHARS}")))
        }
        _ => Ok(text),
    }
}

/// A field that is null says something, unlike one that is left out.
fn said<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(reader).map(Some)
}

fn rating(text: &str) -> Result<Rating, Problem> {
    let rating = text.parse::<u8>().ok().and_then(|stars| Rating::try_from(stars).ok());
    rating.ok_or_else(|| Problem::field("rating", NotARating.to_string()))
}

fn after(cursor: &str) -> Result<ReviewPosition, Problem> {
    ReviewPosition::of_cursor(cursor).ok_or_else(|| Problem::field("cursor", "is not a cursor of this list"))
}

fn review_id(text: &str) -> Result<ReviewId, Problem> {
    ReviewId::parse(text).map_err(|_| Problem::not_found("no such review"))
}

/// The one of that name.
pub(crate) fn named<T: Copy>(
    parameter: &str,
    name: &str,
    all: &[T],
    name_of: fn(T) -> &'static str,
) -> Result<T, Problem> {
    let known = || all.iter().map(|one| name_of(*one)).collect::<Vec<_>>().join(", ");
    let name: String = name.chars().take(40).collect();
    let found = all.iter().copied().find(|one| name_of(*one) == name);
    found.ok_or_else(|| Problem::field(parameter, format!("`{name}` is none of {}", known())))
}
