//! `POST /v1/quotes`: what a cart would earn if it were paid now.

use axum::{Json, extract::State};
use rules::ids::MemberId;

use crate::{
    body::RawBody,
    caller::Anybody,
    problem::Problem,
    shapes::quote::{CartShape, QuoteShape},
    state::AppState,
};

/// Says what a cart would earn if it were paid now
///
/// Exactly what the order then earns. It changes nothing, so it takes no `Idempotency-Key`. A browser's
/// publishable key may ask for nobody in particular.
#[utoipa::path(post, path = "/v1/quotes", tag = "members", request_body = CartShape,
    responses((status = 200, body = QuoteShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem, description = "a `member_id` with a publishable key"),
              (status = 503, body = Problem)))]
pub(crate) async fn quote(
    State(state): State<AppState>,
    Anybody(caller): Anybody,
    body: RawBody,
) -> Result<Json<QuoteShape>, Problem> {
    let asked = body.json::<CartShape>()?;
    let member = match &asked.member_id {
        Some(id) => {
            caller.must_act_for_members()?;
            Some(MemberId::parse(id).map_err(|_| unknown_member())?)
        }
        None => None,
    };
    let cart = asked.parse()?;
    let quoted = state.app.quote_cart(&cart, member.as_ref(), state.clock.now()).await;
    Ok(Json(
        quoted
            .map_err(|error| match error {
                app::AppError::UnknownMember(_) => unknown_member(),
                error => error.into(),
            })?
            .into(),
    ))
}

/// Of the body, so a bad field rather than a path that leads nowhere.
fn unknown_member() -> Problem {
    Problem::field("/member_id", "is not a member")
}
