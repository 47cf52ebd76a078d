//! `/v1/members/{id}/ledger` and `/lots`: what happened, why, and what a balance is made of.

use app::Audience;
use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use http::Uri;
use jiff::Timestamp;
use rules::ids::MemberId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    caller::Storefront,
    cursor::number,
    listing::{self, Answer},
    members::member_id,
    problem::Problem,
    query::parse_query,
    shapes::{
        entry::{EntryShape, sequence},
        explanation::EntryExplanation,
        lots::LotsShape,
    },
    state::AppState,
};

#[derive(Serialize, ToSchema)]
pub(crate) struct EntryList {
    entries: Vec<EntryShape>,
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LotsQuery {
    as_of: Option<String>,
}

/// Reads a member's ledger, the newest entry first
#[utoipa::path(get, path = "/v1/members/{id}/ledger", tag = "ledger",
    params(("id" = String, Path), ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = EntryList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(id): Path<String>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer<EntryList> {
    page(&state, &member_id(&id)?, caller.audience(), &uri, query.as_deref()).await
}

/// A page of a member's ledger, whoever asks for it.
pub(crate) async fn page(
    state: &AppState,
    member: &MemberId,
    audience: Audience,
    uri: &Uri,
    query: Option<&str>,
) -> Answer<EntryList> {
    let now = state.clock.now();
    let load = |before, limit| state.app.ledger(member, audience, before, limit, now);
    let page = listing::page(uri, query, number, load, |last| last.sequence.to_string()).await?;
    page.shown(|entry| Some(entry.into()), |entries, next_cursor| EntryList { entries, next_cursor })
}

/// Explains a ledger entry
#[utoipa::path(get, path = "/v1/members/{id}/ledger/{entry}/explain", tag = "ledger",
    params(("id" = String, Path), ("entry" = String, Path)),
    responses((status = 200, body = EntryExplanation), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn explain(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path((id, entry)): Path<(String, String)>,
) -> Result<Json<EntryExplanation>, Problem> {
    let sequence = sequence(&entry).ok_or_else(|| Problem::not_found("no such ledger entry"))?;
    let explained = state.app.explain_entry(&member_id(&id)?, caller.audience(), sequence, state.clock.now()).await?;
    Ok(Json(explained.into()))
}

/// Reads the lots of a member's balance, now or at a past moment
#[utoipa::path(get, path = "/v1/members/{id}/lots", tag = "ledger", params(("id" = String, Path),
           ("as_of" = Option<String>, Query, format = "date-time", description = "RFC 3339; the present if it is left out")),
    responses((status = 200, body = LotsShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn lots(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<LotsShape>, Problem> {
    let now = state.clock.now();
    let as_of = match parse_query::<LotsQuery>(query.as_deref())?.as_of {
        Some(text) => Some(past_moment(&text, now)?),
        None => None,
    };
    let lots = state.app.lots(&member_id(&id)?, caller.audience(), as_of, now).await?;
    Ok(Json(lots.into()))
}

fn past_moment(text: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    let at: Timestamp =
        text.parse().map_err(|_| Problem::field("as_of", "is not an instant such as `2026-06-18T10:00:00Z`"))?;
    if at > now {
        return Err(Problem::field("as_of", "must not be in the future"));
    }
    Ok(at)
}
