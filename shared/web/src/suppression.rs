//! `/v1/members/{id}/suppression`: whether mail gets to a member's address.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::Timestamp;
use rules::{
    consent::Consent,
    suppression::{Hindrance, Suppression},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::{Admin, Storefront},
    members::member_id,
    problem::Problem,
    state::AppState,
};

/// What keeps mail from the address that is the member's now
#[derive(Serialize, ToSchema)]
pub(crate) struct SuppressionShape {
    /// `bounced`: it cannot be delivered there, or three times within two weeks could not; `complained`: a mail was
    /// called spam; `erased`: it was that of somebody who was erased, and nobody there has agreed since; null if nothing
    /// does
    #[schema(value_type = Option<String>, example = "bounced")]
    reason: Option<&'static str>,
    #[schema(value_type = Option<String>, format = "date-time")]
    since: Option<Timestamp>,
    /// When what was known until then was last forgotten
    #[schema(value_type = Option<String>, format = "date-time")]
    lifted_at: Option<Timestamp>,
}

/// Tells whether mail gets to a member's address
#[utoipa::path(get, path = "/v1/members/{id}/suppression", tag = "mail", params(("id" = String, Path)),
    responses((status = 200, body = SuppressionShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path(id): Path<String>,
) -> Result<Json<SuppressionShape>, Problem> {
    Ok(Json(state.app.suppression(&member_id(&id)?).await?.into()))
}

/// Forgets that mail to a member's address bounced or was called spam
///
/// For a shop that knows better, because the member says so. It grants nothing: their consent stays as it is. A new
/// bounce or complaint counts again. Mail to the address of somebody who was erased waits for a new consent. An address on the suppression list of the AWS account itself has to be taken off
/// there too: SES hands nothing on to it.
#[utoipa::path(delete, path = "/v1/members/{id}/suppression", tag = "mail", params(("id" = String, Path)),
    responses((status = 200, body = SuppressionShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn lift(
    State(state): State<AppState>,
    Admin(_): Admin,
    Path(id): Path<String>,
) -> Result<Json<SuppressionShape>, Problem> {
    Ok(Json(state.app.lift_suppression(&member_id(&id)?, state.clock.now()).await?.into()))
}

impl From<(Suppression, Consent)> for SuppressionShape {
    fn from((suppression, consent): (Suppression, Consent)) -> SuppressionShape {
        let (reason, since) = match suppression.hindrance() {
            Some(Hindrance::Bounced) => (Some("bounced"), suppression.unreachable_since()),
            Some(Hindrance::Complained) => (Some("complained"), suppression.complained_at),
            None if suppression.holds(&consent) => (Some("erased"), suppression.erased_at),
            None => (None, None),
        };
        SuppressionShape { reason, since, lifted_at: suppression.lifted_at }
    }
}
