//! `GET /v1/members`: who has that address, is that customer, or is at that tier.

use app::find_by_tier::AtTier;
use axum::{
    Json,
    extract::{RawQuery, State},
};
use http::{HeaderMap, Uri};
use rules::{
    email::Email,
    ids::{CustomerId, CustomerKey, Source, TierId},
};
use serde::{Deserialize, Serialize};
use store::ScanFrom;
use utoipa::ToSchema;

use crate::{
    caller::Storefront,
    cursor::{self, next_link},
    listing::Answer,
    problem::Problem,
    query::parse_query,
    shapes::member::MemberShape,
    state::AppState,
};

#[derive(Serialize, ToSchema)]
pub(crate) struct MemberList {
    members: Vec<MemberShape>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberQuery {
    email: Option<String>,
    source: Option<String>,
    customer_id: Option<String>,
    tier: Option<String>,
    stage: Option<String>,
    segment: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// Finds members by address, by a storefront's customer, or by tier
///
/// Who is at a tier is looked for among all members, and only so far in one request: a page may have fewer than
/// `limit`, or nobody, and still a `next_cursor`. They are in no order.
#[utoipa::path(get, path = "/v1/members", tag = "members",
    params(("email" = Option<String>, Query), ("source" = Option<String>, Query, description = "with `customer_id`"),
           ("customer_id" = Option<String>, Query),
           ("tier" = Option<String>, Query, description = "the members who are at it now, page by page"),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "with `tier`"),
           ("cursor" = Option<String>, Query, description = "with `tier`")),
    responses((status = 200, body = MemberList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn find(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer<MemberList> {
    let query: MemberQuery = parse_query(query.as_deref())?;
    for (name, asked) in [("stage", &query.stage), ("segment", &query.segment)] {
        if asked.is_some() {
            return Err(Problem::field(name, "is not known of members: ask by `tier`"));
        }
    }
    match &query {
        MemberQuery { tier: Some(tier), email: None, source: None, customer_id: None, .. } => {
            at_tier(&state, tier, &query, &uri).await
        }
        MemberQuery { tier: None, limit: None, cursor: None, .. } => one(&state, query).await,
        MemberQuery { tier: None, .. } => Err(Problem::field("limit", "and `cursor` are for what is asked by `tier`")),
        _ => Err(ask_by_one()),
    }
}

async fn one(state: &AppState, query: MemberQuery) -> Answer<MemberList> {
    let now = state.clock.now();
    let found = match (query.email, query.source, query.customer_id) {
        (Some(email), None, None) => {
            let email = Email::parse(&email).map_err(|error| Problem::field("email", error.to_string()))?;
            state.app.member_by_email(&email, now).await?
        }
        (None, Some(source), Some(customer_id)) => {
            let source = Source::parse(&source).map_err(|error| Problem::field("source", error.to_string()))?;
            let customer_id =
                CustomerId::parse(&customer_id).map_err(|error| Problem::field("customer_id", error.to_string()))?;
            state.app.member_by_customer(&CustomerKey { source, customer_id }, now).await?
        }
        _ => return Err(ask_by_one()),
    };
    let members = found.into_iter().map(MemberShape::from).collect();
    Ok((HeaderMap::new(), Json(MemberList { members, next_cursor: None })))
}

async fn at_tier(state: &AppState, tier: &str, query: &MemberQuery, uri: &Uri) -> Answer<MemberList> {
    let limit = cursor::limit(query.limit.as_deref())?;
    let from = query
        .cursor
        .as_deref()
        .map(|cursor| ScanFrom::parse(cursor).ok_or_else(|| Problem::field("cursor", "is not a cursor of this list")));
    let from = from.transpose()?;
    let unknown = || Problem::field("tier", "is not a tier of the program");
    let tier = TierId::parse(tier).map_err(|_| unknown())?;
    let found = state.app.members_at_tier(&tier, from, limit, state.clock.now()).await?;
    let AtTier { members, next } = found.ok_or_else(unknown)?;
    let next_cursor = next.map(|next| next.to_string());
    let headers = next_link(&format!("{}?tier={tier}", uri.path()), limit, next_cursor.as_deref());
    Ok((headers, Json(MemberList { members: members.into_iter().map(MemberShape::from).collect(), next_cursor })))
}

fn ask_by_one() -> Problem {
    Problem::field("email", "ask by `email`, by `source` and `customer_id`, or by `tier`")
}
