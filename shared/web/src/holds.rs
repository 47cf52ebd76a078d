//! `/v1/members/{id}/holds`: points set aside for a checkout.

use axum::{
    Json,
    extract::{Path, State},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use jiff::SignedDuration;
use rules::{
    hold::{DEFAULT_TTL_SECS, MAX_TTL_SECS, MIN_TTL_SECS},
    hold_terms::HoldAsk,
    ids::HoldId,
    money::Money,
};
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::{
    ToSchema,
    openapi::{
        ObjectBuilder, OneOfBuilder, Schema,
        schema::{KnownFormat, SchemaFormat, Type},
    },
};

use crate::{
    body::RawBody,
    caller::Storefront,
    members::member_id,
    problem::Problem,
    shapes::{hold::HoldShape, money::MoneyShape},
    state::AppState,
};

/// What is asked for
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldAskShape {
    /// How many, or `max`: as many as the member has and the order allows
    #[schema(schema_with = points_or_max)]
    points: AskedPoints,
    /// Of the checkout, before the points are taken off
    #[schema(value_type = MoneyShape)]
    order_total: Money,
    /// How long the points are held: 60 to 86400, half an hour unless it is said
    ttl_secs: Option<i64>,
}

/// How many, or `max`: as many as the member has and the order allows
#[derive(Clone, Copy)]
enum AskedPoints {
    Max,
    Exactly(i64),
}

#[derive(Serialize, ToSchema)]
pub(crate) struct HoldList {
    holds: Vec<HoldShape>,
    /// Nobody has more open holds than one page
    next_cursor: Option<String>,
}

/// Holds points for a checkout
///
/// The order that names the code among its discount codes, or the id as `regulars_hold`, takes of the
/// points what the code took off, and the rest is free again; so are all of them at `expires_at`, or
/// when the hold is released. A cancelled or wholly refunded order gives them back.
#[utoipa::path(post, path = "/v1/members/{id}/holds", tag = "rewards", request_body = HoldAskShape,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = HoldShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem,
               description = "`not-enrolled`, `insufficient-points`, `too-many-holds` or `holds-not-offered`"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn hold(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(id): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(StatusCode, Json<HoldShape>), Problem> {
    let request = body.must_be_keyed(&caller, &method, uri.path(), &headers)?;
    let (ask, ttl) = body.json::<HoldAskShape>()?.parse()?;
    let now = state.clock.now();
    let hold = state.app.hold_points(&member_id(&id)?, ask, ttl, &request, now).await?;
    Ok((StatusCode::CREATED, Json(HoldShape::at(&hold, now))))
}

/// Reads a member's open holds, the oldest first
#[utoipa::path(get, path = "/v1/members/{id}/holds", tag = "rewards", params(("id" = String, Path)),
    responses((status = 200, body = HoldList), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path(id): Path<String>,
) -> Result<Json<HoldList>, Problem> {
    let now = state.clock.now();
    let holds = state.app.open_holds(&member_id(&id)?, now).await?;
    let holds = holds.iter().map(|hold| HoldShape::at(hold, now)).collect();
    Ok(Json(HoldList { holds, next_cursor: None }))
}

/// Reads a hold
#[utoipa::path(get, path = "/v1/members/{id}/holds/{hold}", tag = "rewards",
    params(("id" = String, Path), ("hold" = String, Path)),
    responses((status = 200, body = HoldShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path((id, hold)): Path<(String, String)>,
) -> Result<Json<HoldShape>, Problem> {
    let hold = state.app.hold(&member_id(&id)?, &hold_id(&hold)?).await?;
    Ok(Json(HoldShape::at(&hold, state.clock.now())))
}

/// Releases a hold
///
/// One that was released before or has expired stays as it is.
#[utoipa::path(delete, path = "/v1/members/{id}/holds/{hold}", tag = "rewards",
    params(("id" = String, Path), ("hold" = String, Path)),
    responses((status = 200, body = HoldShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem, description = "`hold-captured`"),
              (status = 503, body = Problem)))]
pub(crate) async fn release(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path((id, hold)): Path<(String, String)>,
) -> Result<Json<HoldShape>, Problem> {
    let now = state.clock.now();
    let hold = state.app.release_hold(&member_id(&id)?, &hold_id(&hold)?, now).await?;
    Ok(Json(HoldShape::at(&hold, now)))
}

impl HoldAskShape {
    fn parse(self) -> Result<(HoldAsk, SignedDuration), Problem> {
        let ttl_secs = self.ttl_secs.unwrap_or(DEFAULT_TTL_SECS);
        if !(MIN_TTL_SECS..=MAX_TTL_SECS).contains(&ttl_secs) {
            return Err(Problem::field("/ttl_secs", format!("must be {MIN_TTL_SECS} to {MAX_TTL_SECS}")));
        }
        let points = match self.points {
            AskedPoints::Max => None,
            AskedPoints::Exactly(points) => Some(points),
        };
        Ok((HoldAsk { points, order_total: self.order_total }, SignedDuration::from_secs(ttl_secs)))
    }
}

fn points_or_max() -> Schema {
    let exactly = SchemaFormat::KnownFormat(KnownFormat::Int64);
    let exactly = ObjectBuilder::new().schema_type(Type::Integer).format(Some(exactly));
    let max = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["max"]));
    Schema::OneOf(OneOfBuilder::new().item(exactly).item(max).examples(["max"]).build())
}

impl<'de> Deserialize<'de> for AskedPoints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) if text == "max" => Ok(AskedPoints::Max),
            serde_json::Value::Number(number) if number.is_i64() => {
                Ok(AskedPoints::Exactly(number.as_i64().unwrap_or(0)))
            }
            _ => Err(de::Error::custom("must be a whole number or `max`")),
        }
    }
}

fn hold_id(text: &str) -> Result<HoldId, Problem> {
    HoldId::parse(text).map_err(|_| Problem::not_found("no such hold"))
}
