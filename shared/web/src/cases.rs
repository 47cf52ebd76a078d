//! `/v1/cases`: what a person at the shop must look at, and what was done about it.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use http::{HeaderMap, Uri};
use jiff::Timestamp;
use rules::{
    case::{About, Case, CasePlace, CaseState},
    ids::{CaseId, MemberId},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{CaseFilter, CasePosition};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::Admin,
    cursor::{limit, next_link, path_with},
    problem::Problem,
    query::parse_query,
    reviews::named,
    shapes::entry::OrderShape,
    state::AppState,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseQuery {
    state: Option<String>,
    kind: Option<String>,
    member_id: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResolutionShape {
    state: ResolvedState,
    /// What was done, in up to 2,000 characters
    note: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ResolvedState {
    Resolved,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CaseShape {
    id: String,
    /// `bad_review`, `hold_not_covered`, `data_request`, `shop_redact`, `mail_unknown` or `marketing_stopped`
    kind: &'static str,
    #[schema(value_type = String, example = "open")]
    state: CaseState,
    /// Whose it is, unless it is a shop's
    member_id: Option<String>,
    /// The shop whose it is, if it is no member's
    source: Option<String>,
    #[schema(value_type = AboutShape)]
    about: Value,
    #[schema(value_type = String, format = "date-time")]
    opened_at: Timestamp,
    /// The last moment to do what it asks for, if there is one
    #[schema(value_type = Option<String>, format = "date-time")]
    due_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = "date-time")]
    resolved_at: Option<Timestamp>,
    note: Option<String>,
}

/// What a case is about, by its kind
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what the rules write")]
pub(crate) struct AboutShape {
    /// Of a `bad_review`
    review: Option<String>,
    product: Option<String>,
    #[schema(minimum = 1, maximum = 5)]
    rating: Option<u8>,
    /// Of a `hold_not_covered`: what the order had the discount of
    hold: Option<String>,
    order: Option<OrderShape>,
    /// Those that were not there any more
    points: Option<i64>,
    /// Of a `data_request` or a `shop_redact`: who demands it
    source: Option<String>,
    /// Of a `data_request`: the storefront's own number of it
    request: Option<String>,
    /// Of a `mail_unknown`: the mail of which nobody knows whether it was sent
    message: Option<String>,
    /// What kind of mail that is, with its step
    #[schema(example = "welcome_2")]
    scenario: Option<String>,
    /// Of a `marketing_stopped`: how many of the last mails bounced
    bounces: Option<u64>,
    /// And how many were called spam
    complaints: Option<u64>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CaseList {
    cases: Vec<CaseShape>,
    next_cursor: Option<String>,
}

/// Lists cases: open ones before resolved ones, the most urgent first
///
/// Of the resolved ones the newest are first. A page can be shorter than was asked for although there is a next one.
#[utoipa::path(get, path = "/v1/cases", tag = "cases",
    params(("state" = Option<String>, Query, description = "`open` or `resolved`"), ("kind" = Option<String>, Query),
           ("member_id" = Option<String>, Query),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = CaseList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Admin(_): Admin,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<(HeaderMap, Json<CaseList>), Problem> {
    let query = parse_query::<CaseQuery>(query.as_deref())?;
    let limit = limit(query.limit.as_deref())?;
    let filter = query.filter()?;
    let member = query.member_id.as_deref().map(MemberId::parse).transpose();
    let member = member.map_err(|error| Problem::field("member_id", error.to_string()))?;
    let after = query.cursor.as_deref().map(after).transpose()?;
    let page = state.app.cases(&filter, member.as_ref(), after.as_ref(), limit).await?;
    let next_cursor = page.next.map(|next| next.to_cursor());
    let all = [("state", &query.state), ("kind", &query.kind), ("member_id", &query.member_id)];
    let headers = next_link(&path_with(uri.path(), &all), limit, next_cursor.as_deref());
    let cases = page.cases.into_iter().map(|(at, case)| CaseShape::of(at, case)).collect();
    Ok((headers, Json(CaseList { cases, next_cursor })))
}

/// Reads a case
#[utoipa::path(get, path = "/v1/cases/{case}", tag = "cases", params(("case" = String, Path)),
    responses((status = 200, body = CaseShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Admin(_): Admin,
    Path(id): Path<String>,
) -> Result<Json<CaseShape>, Problem> {
    let (at, case) = state.app.case(&case_id(&id)?).await?;
    Ok(Json(CaseShape::of(at, case)))
}

/// Resolves a case
///
/// Mail about it that is not sent yet is not sent any more: to the staff and, of a `bad_review`, to the member. Of a
/// `marketing_stopped`, marketing goes on. The same occasion does not open it again, but a review that turned good and
/// then bad once more does, and a shop that leaves again after its time to answer.
#[utoipa::path(patch, path = "/v1/cases/{case}", tag = "cases", request_body = ResolutionShape,
    params(("case" = String, Path)),
    responses((status = 200, body = CaseShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn resolve(
    State(state): State<AppState>,
    Admin(_): Admin,
    Path(id): Path<String>,
    body: RawBody,
) -> Result<Json<CaseShape>, Problem> {
    let ResolutionShape { state: ResolvedState::Resolved, note } = body.json()?;
    let (at, case) = state.app.resolve_case(&case_id(&id)?, note.as_deref(), state.clock.now()).await?;
    Ok(Json(CaseShape::of(at, case)))
}

impl CaseQuery {
    fn filter(&self) -> Result<CaseFilter, Problem> {
        let state = self.state.as_deref().map(|name| {
            named("state", name, &[CaseState::Open, CaseState::Resolved], |state| match state {
                CaseState::Open => "open",
                CaseState::Resolved => "resolved",
            })
        });
        let kind = self.kind.as_deref().map(|name| named("kind", name, &About::KINDS, |kind| kind));
        Ok(CaseFilter { state: state.transpose()?, kind: kind.transpose()? })
    }
}

impl CaseShape {
    fn of(at: CasePlace, case: Case) -> CaseShape {
        let (member_id, source) = match at {
            CasePlace::Member(member) => (Some(member.into()), None),
            CasePlace::Shop(source) => (None, Some(source.into())),
        };
        CaseShape {
            id: case.id.into(),
            kind: case.about.kind(),
            state: case.state,
            member_id,
            source,
            about: case.about.in_detail(),
            opened_at: case.opened_at,
            due_at: case.due_at,
            resolved_at: case.resolved_at,
            note: case.note,
        }
    }
}

fn after(cursor: &str) -> Result<CasePosition, Problem> {
    CasePosition::of_cursor(cursor).ok_or_else(|| Problem::field("cursor", "is not a cursor of this list"))
}

fn case_id(text: &str) -> Result<CaseId, Problem> {
    CaseId::parse(text).map_err(|_| Problem::not_found("no such case"))
}
