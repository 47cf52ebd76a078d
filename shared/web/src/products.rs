//! `/v1/products/{id}`: what storefronts tell of a product, and the merchant's guides to it.

use axum::{
    Json,
    extract::{Path, State},
};
use rules::ids::ProductId;

use crate::{
    body::RawBody,
    caller::{Admin, Storefront},
    problem::Problem,
    shapes::product::{GuidesShape, ProductShape},
    state::AppState,
};

/// Reads a product
#[utoipa::path(get, path = "/v1/products/{id}", tag = "products",
    params(("id" = String, Path, description = "as the lines of orders name it")),
    responses((status = 200, body = ProductShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Storefront(_): Storefront,
    Path(id): Path<String>,
) -> Result<Json<ProductShape>, Problem> {
    Ok(Json(state.app.product(&product_id(&id)?).await?.into()))
}

/// Replaces a product's guides
///
/// No storefront event touches them; a product that no storefront has told of yet may have them.
#[utoipa::path(put, path = "/v1/products/{id}", tag = "products", request_body = GuidesShape,
    params(("id" = String, Path, description = "as the lines of orders name it")),
    responses((status = 200, body = ProductShape), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn put(
    State(state): State<AppState>,
    Admin(_): Admin,
    Path(id): Path<String>,
    body: RawBody,
) -> Result<Json<ProductShape>, Problem> {
    let id = product_id(&id)?;
    let guides = body.json::<GuidesShape>()?.parse()?;
    Ok(Json(state.app.put_guides(&id, &guides).await?.into()))
}

fn product_id(text: &str) -> Result<ProductId, Problem> {
    ProductId::parse(text).map_err(|_| Problem::not_found("no such product"))
}
