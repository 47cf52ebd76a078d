//! `GET /shopify/proxy/me`: the member who is logged in to a Shopify shop, for its theme.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use http::HeaderMap;
use rules::ids::CustomerKey;
use storefront::shopify::app_proxy::{Forwarded, Verdict};

use app::member_of::Subject;

use crate::{browsers::uncached, problem::Problem, shapes::member::MemberShape, state::AppState};

/// Reads the customer who is logged in to the shop
///
/// For themes, through an app proxy of Shopify that leads to `/shopify/proxy`. What proves it is the query.
#[utoipa::path(get, path = "/shopify/proxy/me", tag = "me", security(()),
    params(("shop" = String, Query), ("logged_in_customer_id" = String, Query), ("path_prefix" = String, Query),
           ("timestamp" = i64, Query, description = "seconds; within 5 minutes"),
           ("signature" = String, Query, description = "hexadecimal HMAC-SHA256 of all other parameters")),
    responses((status = 200, body = MemberShape), (status = 401, body = Problem), (status = 404, body = Problem),
              (status = 503, body = Problem)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<(HeaderMap, Json<MemberShape>), Problem> {
    let now = state.clock.now();
    let parameters = form_urlencoded::parse(query.as_deref().unwrap_or("").as_bytes()).into_owned();
    let forwarded = Forwarded::read(parameters)
        .ok_or_else(|| Problem::unauthorized("the parameters are not those of a Shopify app proxy"))?;
    let shop = state.secrets.shopify_shop(forwarded.shop());
    let (source, secrets) = shop.ok_or_else(|| Problem::unauthorized("the shop is not one of ours"))?;
    let customer_id = match forwarded.verify(secrets, now) {
        Verdict::Customer(customer_id) => customer_id,
        Verdict::NobodyIsLoggedIn => return Err(Problem::unauthorized("no customer is logged in to the shop")),
        Verdict::WrongTime => return Err(Problem::unauthorized("`timestamp` is not within 5 minutes")),
        Verdict::Forged => return Err(Problem::unauthorized("the signature does not fit the query")),
    };
    let member = state.app.member_of(&Subject::Customer(CustomerKey { source, customer_id })).await?;
    let member = state.app.read_myself(&member, now).await?;
    Ok((uncached(), Json(member.into())))
}
