//! `/v1/members/{id}/messages`: a member's mail, and why it was or was not sent.

use app::read_messages::{MessagePlace, place};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use http::Uri;
use rules::ids::MessageId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::Storefront,
    listing::{self, Answer},
    members::member_id,
    problem::Problem,
    shapes::message::{MessageExplanation, MessageShape},
    state::AppState,
};

#[derive(Serialize, ToSchema)]
pub(crate) struct MessageList {
    messages: Vec<MessageShape>,
    next_cursor: Option<String>,
}

/// Lists a member's mail, the latest due first
///
/// What is planned, was sent, or was not sent and why; kept for 13 months.
#[utoipa::path(get, path = "/v1/members/{id}/messages", tag = "mail",
    params(("id" = String, Path), ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = MessageList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path(id): Path<String>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Answer<MessageList> {
    let member = member_id(&id)?;
    let load = |after: Option<MessagePlace>, limit| {
        let (app, member) = (&state.app, &member);
        async move { app.messages(member, after.as_ref(), limit).await }
    };
    let named = |message: &rules::message::Message| {
        let (due_at, id) = place(message);
        format!("{}~{id}", due_at.as_nanosecond())
    };
    let page = listing::page(&uri, query.as_deref(), place_of, load, named).await?;
    page.shown(|message| Some(message.into()), |messages, next_cursor| MessageList { messages, next_cursor })
}

/// Explains why a mail was, or was not, sent
///
/// What became of it so far and, while it is planned, what would become of it now.
#[utoipa::path(get, path = "/v1/members/{id}/messages/{message}/explain", tag = "mail",
    params(("id" = String, Path), ("message" = String, Path)),
    responses((status = 200, body = MessageExplanation), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn explain(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path((id, message)): Path<(String, String)>,
) -> Result<Json<MessageExplanation>, Problem> {
    let message = MessageId::parse(&message).map_err(|_| Problem::not_found("no such message"))?;
    let explained = state.app.explain_message(&member_id(&id)?, &message, state.clock.now()).await?;
    Ok(Json(MessageExplanation::of(explained.message, explained.would)))
}

fn place_of(cursor: &str) -> Option<MessagePlace> {
    let (due_at, id) = cursor.split_once('~')?;
    let due_at = jiff::Timestamp::from_nanosecond(due_at.parse().ok()?).ok()?;
    Some((due_at, MessageId::parse(id).ok()?))
}
