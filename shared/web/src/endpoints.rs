//! `/v1/endpoints`: where the merchant's own servers are told what happens.

use std::collections::BTreeSet;

use app::endpoints::EndpointChange;
use axum::{
    Json,
    extract::{Path, State},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use jiff::Timestamp;
use rules::{
    endpoint::{Endpoint, EventKind},
    ids::EndpointId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::RawBody,
    caller::Admin,
    problem::{FieldError, Problem},
    state::AppState,
};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEndpointShape {
    /// `https://`, and a public host
    url: String,
    /// `points.available`, `tier.changed`, `coupon.issued`, `redemption.created`, `case.opened`,
    /// `consent.changed`, `member.at_risk`
    events: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndpointChangeShape {
    url: Option<String>,
    events: Option<Vec<String>>,
    on: Option<bool>,
    /// Answers with a new secret; the one before signs too for 24 hours
    #[serde(default)]
    rotate_secret: bool,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct EndpointShape {
    id: String,
    url: String,
    events: Vec<&'static str>,
    /// Off, it is sent nothing, and what happens is not kept for it
    on: bool,
    /// Signs what is sent, by Standard Webhooks; shown only when it is made
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    #[schema(value_type = String, format = "date-time")]
    created_at: Timestamp,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct EndpointList {
    endpoints: Vec<EndpointShape>,
    next_cursor: Option<String>,
}

/// Sets an endpoint
///
/// Events are POSTed as `{"type", "timestamp", "data"}`, signed by Standard Webhooks, at least once and in
/// no particular order; `webhook-id` is the event's id. Any 2xx within 10 seconds is a receipt. 410 switches
/// the endpoint off; anything else, a redirect too, is tried nine times more over three days.
/// `points.available` comes for points that are recorded from now on.
#[utoipa::path(post, path = "/v1/endpoints", tag = "events", request_body = NewEndpointShape,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = EndpointShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
              (status = 503, body = Problem)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Admin(caller): Admin,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(StatusCode, Json<EndpointShape>), Problem> {
    let request = body.keyed(&caller, &method, uri.path(), &headers)?;
    let shape = body.json::<NewEndpointShape>()?;
    let mut errors = Vec::new();
    check_url(&state, &shape.url, &mut errors);
    let events = parse_events(&shape.events, &mut errors);
    if !errors.is_empty() {
        return Err(Problem::fields(errors));
    }
    let endpoint = state.app.create_endpoint(&shape.url, &events, request.as_ref(), state.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(EndpointShape::with_secret(endpoint))))
}

/// Lists the endpoints
#[utoipa::path(get, path = "/v1/endpoints", tag = "events",
    responses((status = 200, body = EndpointList), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 503, body = Problem)))]
pub(crate) async fn list(State(state): State<AppState>, Admin(_): Admin) -> Result<Json<EndpointList>, Problem> {
    let endpoints = state.app.endpoints(state.clock.now()).await?;
    Ok(Json(EndpointList { endpoints: endpoints.into_iter().map(EndpointShape::from).collect(), next_cursor: None }))
}

/// Reads an endpoint
#[utoipa::path(get, path = "/v1/endpoints/{id}", tag = "events", params(("id" = String, Path)),
    responses((status = 200, body = EndpointShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Admin(_): Admin,
    Path(id): Path<String>,
) -> Result<Json<EndpointShape>, Problem> {
    Ok(Json(state.app.endpoint(&endpoint_id(&id)?, state.clock.now()).await?.into()))
}

/// Changes an endpoint
#[utoipa::path(patch, path = "/v1/endpoints/{id}", tag = "events", request_body = EndpointChangeShape,
    params(("id" = String, Path)),
    responses((status = 200, body = EndpointShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn change(
    State(state): State<AppState>,
    Admin(_): Admin,
    Path(id): Path<String>,
    body: RawBody,
) -> Result<Json<EndpointShape>, Problem> {
    let shape = body.json::<EndpointChangeShape>()?;
    let mut errors = Vec::new();
    if let Some(url) = &shape.url {
        check_url(&state, url, &mut errors);
    }
    let events = shape.events.as_ref().map(|events| parse_events(events, &mut errors));
    if !errors.is_empty() {
        return Err(Problem::fields(errors));
    }
    let rotate_secret = shape.rotate_secret;
    let change = EndpointChange { url: shape.url, events, on: shape.on, rotate_secret };
    let endpoint = state.app.change_endpoint(&endpoint_id(&id)?, &change, state.clock.now()).await?;
    Ok(Json(if rotate_secret { EndpointShape::with_secret(endpoint) } else { endpoint.into() }))
}

/// Removes an endpoint
#[utoipa::path(delete, path = "/v1/endpoints/{id}", tag = "events", params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn remove(
    State(state): State<AppState>,
    Admin(_): Admin,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    state.app.remove_endpoint(&endpoint_id(&id)?, state.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl EndpointShape {
    fn with_secret(endpoint: Endpoint) -> EndpointShape {
        EndpointShape { secret: Some(endpoint.secret.reveal().to_owned()), ..endpoint.into() }
    }
}

impl From<Endpoint> for EndpointShape {
    fn from(endpoint: Endpoint) -> EndpointShape {
        EndpointShape {
            id: endpoint.id.into(),
            url: endpoint.url,
            events: endpoint.events.into_iter().map(EventKind::name).collect(),
            on: endpoint.on,
            secret: None,
            created_at: endpoint.created_at,
        }
    }
}

fn check_url(state: &AppState, url: &str, errors: &mut Vec<FieldError>) {
    if let Err(bad) = state.reach.check(url) {
        errors.push(FieldError { pointer: "/url".to_owned(), reason: bad.to_string() });
    }
}

fn parse_events(names: &[String], errors: &mut Vec<FieldError>) -> BTreeSet<EventKind> {
    if names.is_empty() {
        errors.push(FieldError { pointer: "/events".to_owned(), reason: "must name at least one event".to_owned() });
    }
    let mut events = BTreeSet::new();
    for (index, name) in names.iter().enumerate() {
        match EventKind::parse(name) {
            Some(kind) => drop(events.insert(kind)),
            None => errors.push(FieldError { pointer: format!("/events/{index}"), reason: not_an_event(name) }),
        }
    }
    events
}

/// Why a name is refused.
pub(crate) fn not_an_event(name: &str) -> String {
    let known: Vec<&str> = EventKind::ALL.into_iter().map(EventKind::name).collect();
    let name: String = name.chars().take(40).collect();
    format!("`{name}` is none of {}", known.join(", "))
}

fn endpoint_id(id: &str) -> Result<EndpointId, Problem> {
    EndpointId::parse(id).map_err(|_| Problem::not_found("no such endpoint"))
}
