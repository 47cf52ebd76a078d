//! `GET /v1/orders/{source}/{id}/explain`: why an order earned what it earned, or nothing.

use axum::{
    Json,
    extract::{Path, State},
};
use rules::ids::{OrderId, OrderKey, Source};

use crate::{caller::Storefront, problem::Problem, shapes::explanation::OrderExplanation, state::AppState};

/// Explains an order
#[utoipa::path(get, path = "/v1/orders/{source}/{id}/explain", tag = "ledger",
    params(("source" = String, Path, example = "shopify:my-shop.myshopify.com"), ("id" = String, Path)),
    responses((status = 200, body = OrderExplanation), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn explain(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path((source, id)): Path<(String, String)>,
) -> Result<Json<OrderExplanation>, Problem> {
    let unknown = || Problem::not_found("no such order");
    let source = Source::parse(&source).map_err(|_| unknown())?;
    let id = OrderId::parse(&id).map_err(|_| unknown())?;
    let explained = state.app.explain_order(&OrderKey { source, id }, state.clock.now()).await?;
    Ok(Json(explained.into()))
}
