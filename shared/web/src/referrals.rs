//! Referral: a member's own code, and a friend who takes the coupon of one.

use axum::{
    Json,
    extract::{Path, State},
};
use http::{HeaderMap, Method, StatusCode, Uri};
use jiff::Timestamp;
use rules::{ids::MemberId, redemption::Redemption, referral::ReferralCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use app::{AppError, read_referral::OwnReferral};

use crate::{
    body::RawBody,
    browsers::uncached,
    caller::{Myself, Storefront},
    members::member_id,
    problem::Problem,
    shapes::redemption::CouponShape,
    state::AppState,
};

#[derive(Serialize, ToSchema)]
pub(crate) struct ReferralShape {
    /// What friends are told; letters and digits, in any case
    code: String,
    /// Where the program says that a code leads
    link: Option<String>,
    /// Friends who took the coupon
    claimed: u64,
    /// Those of them who kept an order
    paid: u32,
    points_earned: i64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimShape {
    /// The friend
    member_id: String,
}

/// Nothing is to be said
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnClaimShape {}

#[derive(Serialize, ToSchema)]
pub(crate) struct ClaimedShape {
    coupon: CouponShape,
}

/// Reads a member's referral code, which is made when it is first asked for
#[utoipa::path(get, path = "/v1/members/{id}/referral", tag = "referral", params(("id" = String, Path)),
    responses((status = 200, body = ReferralShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem, description = "`not-enrolled` or `no-referral`"),
              (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path(id): Path<String>,
) -> Result<Json<ReferralShape>, Problem> {
    Ok(Json(state.app.read_referral(&member_id(&id)?, state.clock.now()).await?.into()))
}

/// Reads one's own referral code
#[utoipa::path(get, path = "/v1/me/referral", tag = "me",
    responses((status = 200, body = ReferralShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 409, body = Problem, description = "`not-enrolled` or `no-referral`"),
              (status = 503, body = Problem)))]
pub(crate) async fn read_own(
    State(state): State<AppState>,
    myself: Myself,
) -> Result<(HeaderMap, Json<ReferralShape>), Problem> {
    let referral = state.app.read_referral(&myself.id, state.clock.now()).await?;
    Ok((uncached(), Json(referral.into())))
}

/// Gives an invited friend their coupon
///
/// Once in a lifetime, for whoever has not bought yet. Whoever invited them is paid when the friend's first order that
/// is kept has left its return window.
#[utoipa::path(post, path = "/v1/referrals/{code}/claim", tag = "referral", request_body = ClaimShape,
    params(("code" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = ClaimedShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "`self-referral`, `already-referred`, `not-a-new-customer`, `reciprocal-referral`, `erased` or `no-referral`"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn claim(
    State(state): State<AppState>,
    Storefront(caller): Storefront,
    Path(code): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(StatusCode, Json<ClaimedShape>), Problem> {
    let request = body.must_be_keyed(&caller, &method, uri.path(), &headers)?;
    let friend = body.json::<ClaimShape>()?.member_id;
    // of the body, so a bad field rather than a path that leads nowhere
    let unknown = || Problem::field("/member_id", "is not a member");
    let friend = MemberId::parse(&friend).map_err(|_| unknown())?;
    let now = state.clock.now();
    let claimed = state.app.claim_referral(&code_of(&code)?, &friend, &request, now).await;
    match claimed {
        Err(AppError::UnknownMember(_)) => Err(unknown()),
        claimed => Ok((StatusCode::CREATED, shown(&claimed?, now)?)),
    }
}

/// Takes the coupon of whoever invited oneself
#[utoipa::path(post, path = "/v1/me/referrals/{code}/claim", tag = "me", request_body = OwnClaimShape,
    params(("code" = String, Path), ("Idempotency-Key" = String, Header)),
    responses((status = 201, body = ClaimedShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem),
              (status = 409, body = Problem, description = "as under `/v1/referrals/{code}/claim`"),
              (status = 422, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn claim_own(
    State(state): State<AppState>,
    Myself { caller, id }: Myself,
    Path(code): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: RawBody,
) -> Result<(StatusCode, Json<ClaimedShape>), Problem> {
    let request = body.must_be_keyed(&caller, &method, uri.path(), &headers)?;
    let OwnClaimShape {} = body.json()?;
    let now = state.clock.now();
    let redemption = state.app.claim_referral(&code_of(&code)?, &id, &request, now).await?;
    Ok((StatusCode::CREATED, shown(&redemption, now)?))
}

fn code_of(text: &str) -> Result<ReferralCode, Problem> {
    ReferralCode::parse(text).map_err(|_| Problem::not_found("no such referral code"))
}

fn shown(redemption: &Redemption, now: Timestamp) -> Result<Json<ClaimedShape>, Problem> {
    let coupon = CouponShape::at(redemption, now).ok_or_else(|| Problem::not_found("no such coupon"))?;
    Ok(Json(ClaimedShape { coupon }))
}

impl From<OwnReferral> for ReferralShape {
    fn from(own: OwnReferral) -> ReferralShape {
        ReferralShape {
            code: own.code.to_string(),
            link: own.link,
            claimed: own.claimed,
            paid: own.paid,
            points_earned: own.points_earned.get(),
        }
    }
}
