//! `/v1/me`: what a member reads and does for themself, by a token, from a browser.

use app::Audience;
use axum::{
    Json,
    extract::{RawQuery, State},
};
use http::{HeaderMap, Uri};

use crate::{
    browsers::uncached,
    caller::Myself,
    ledger::{self, EntryList},
    problem::Problem,
    shapes::member::MemberShape,
    state::AppState,
};

/// Reads oneself
#[utoipa::path(get, path = "/v1/me", tag = "me",
    responses((status = 200, body = MemberShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    myself: Myself,
) -> Result<(HeaderMap, Json<MemberShape>), Problem> {
    let member = state.app.read_myself(&myself.id, state.clock.now()).await?;
    Ok((uncached(), Json(member.into())))
}

/// Reads one's own ledger, the newest entry first
#[utoipa::path(get, path = "/v1/me/ledger", tag = "me",
    params(("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = EntryList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn ledger(
    State(state): State<AppState>,
    myself: Myself,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<(HeaderMap, Json<EntryList>), Problem> {
    let (mut headers, page) = ledger::page(&state, &myself.id, Audience::Storefront, &uri, query.as_deref()).await?;
    headers.extend(uncached());
    Ok((headers, page))
}
