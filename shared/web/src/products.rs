//! `/v1/products/{id}`: what storefronts tell of a product, the merchant's guides to it, and its stars.

use axum::{
    Json,
    extract::{Path, State},
};
use rules::ids::ProductId;

use crate::{
    body::RawBody,
    caller::{Admin, Anybody, Storefront},
    problem::Problem,
    shapes::{
        product::{GuidesShape, ProductShape},
        review::RatingShape,
    },
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

/// Reads the stars of a product
///
/// Of its published reviews; at most a minute old. A product that nobody knows has none.
#[utoipa::path(get, path = "/v1/products/{id}/rating", tag = "reviews",
    params(("id" = String, Path, description = "as the lines of orders name it")),
    responses((status = 200, body = RatingShape), (status = 401, body = Problem), (status = 403, body = Problem),
              (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(crate) async fn rating(
    State(state): State<AppState>,
    Anybody(_): Anybody,
    Path(id): Path<String>,
) -> Result<Json<RatingShape>, Problem> {
    let id = product_id(&id)?;
    let rating = state.app.product_rating(&id, state.clock.now()).await?;
    Ok(Json(RatingShape::of(id, &rating)))
}

fn product_id(text: &str) -> Result<ProductId, Problem> {
    ProductId::parse(text).map_err(|_| Problem::not_found("no such product"))
}
