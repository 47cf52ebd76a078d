//! `/v1/events`: what the endpoints were told, and whether it arrived.

use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use http::{HeaderMap, StatusCode, Uri};
use jiff::Timestamp;
use rules::{
    endpoint::EventKind,
    ids::EventId,
    outbound_event::{Delivery, DeliveryState, OutboundEvent},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    caller::Admin,
    cursor::{limit, next_link},
    endpoints::not_an_event,
    event_bodies::sent::SentData,
    problem::Problem,
    query::parse_query,
    state::AppState,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventQuery {
    after: Option<String>,
    cursor: Option<String>,
    r#type: Option<String>,
    limit: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct EventShape {
    /// Sent as `webhook-id`
    id: String,
    r#type: &'static str,
    #[schema(value_type = String, format = "date-time")]
    at: Timestamp,
    member_id: Option<String>,
    #[schema(value_type = SentData)]
    data: Value,
    deliveries: Vec<DeliveryShape>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryShape {
    endpoint_id: String,
    /// `pending`, `delivered`, `failed`, or `skipped` where the endpoint was off or removed before
    #[schema(value_type = String)]
    state: DeliveryState,
    attempts: u32,
    #[schema(value_type = Option<String>, format = "date-time")]
    next_attempt_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = "date-time")]
    last_attempt_at: Option<Timestamp>,
    /// What the last attempt was answered, if it was
    last_status: Option<u16>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct EventList {
    events: Vec<EventShape>,
    next_cursor: Option<String>,
}

/// Lists events of the last 30 days for which an endpoint listened, the oldest first
///
/// `after` is the id of an event. Events are in the order of their times; one can be recorded some seconds
/// after others with a later time, so who follows along begins a little before the last one that they have.
#[utoipa::path(get, path = "/v1/events", tag = "events",
    params(("after" = Option<String>, Query), ("cursor" = Option<String>, Query), ("type" = Option<String>, Query),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100)),
    responses((status = 200, body = EventList, headers(("Link" = String, description = "`rel=\"next\"`"))),
              (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Admin(_): Admin,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<(HeaderMap, Json<EventList>), Problem> {
    let query = parse_query::<EventQuery>(query.as_deref())?;
    let limit = limit(query.limit.as_deref())?;
    let kind = query.r#type.as_deref().map(kind).transpose()?;
    let after = match (&query.cursor, &query.after) {
        (Some(cursor), _) => Some(after("cursor", cursor)?),
        (None, id) => id.as_deref().map(|id| after("after", id)).transpose()?,
    };
    let mut events = state.app.events(after.as_ref(), kind, limit + 1, state.clock.now()).await?;
    let more = events.len() > limit;
    events.truncate(limit);
    let next_cursor = events.last().filter(|_| more).map(|last| last.id.to_string());
    let path = kind.map_or(uri.path().to_owned(), |kind| format!("{}?type={}", uri.path(), kind.name()));
    let headers = next_link(&path, limit, next_cursor.as_deref());
    Ok((headers, Json(EventList { events: events.into_iter().map(EventShape::from).collect(), next_cursor })))
}

/// Sends an event again to every endpoint that it was for
#[utoipa::path(post, path = "/v1/events/{id}/redeliver", tag = "events", params(("id" = String, Path)),
    responses((status = 202, body = EventShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn redeliver(
    State(state): State<AppState>,
    Admin(_): Admin,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<EventShape>), Problem> {
    let id = EventId::parse(&id).map_err(|_| Problem::not_found("no such event"))?;
    let event = state.app.redeliver(&id, state.clock.now()).await?;
    Ok((StatusCode::ACCEPTED, Json(event.into())))
}

fn kind(name: &str) -> Result<EventKind, Problem> {
    EventKind::parse(name).ok_or_else(|| Problem::field("type", not_an_event(name)))
}

fn after(parameter: &str, id: &str) -> Result<EventId, Problem> {
    let id = EventId::parse(id).ok().filter(|id| id.millisecond() > 0);
    id.ok_or_else(|| Problem::field(parameter, "is not the id of an event"))
}

impl From<OutboundEvent> for EventShape {
    fn from(event: OutboundEvent) -> EventShape {
        EventShape {
            id: event.id.into(),
            r#type: event.kind.name(),
            at: event.at,
            member_id: event.member.map(String::from),
            data: serde_json::from_str(&event.data).unwrap_or(Value::Null),
            deliveries: event.deliveries.into_iter().map(DeliveryShape::from).collect(),
        }
    }
}

impl From<Delivery> for DeliveryShape {
    fn from(delivery: Delivery) -> DeliveryShape {
        DeliveryShape {
            endpoint_id: delivery.endpoint.into(),
            state: delivery.state,
            attempts: delivery.attempts,
            next_attempt_at: delivery.next_at,
            last_attempt_at: delivery.last_at,
            last_status: delivery.last_status,
        }
    }
}
