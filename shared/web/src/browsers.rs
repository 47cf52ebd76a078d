//! What pages in a browser may call: preflights are answered without a key (Fetch Standard, 3.2), and answers are
//! readable for the shops' own pages alone.

use std::time::Duration;

use axum::Router;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::state::AppState;

/// How long a browser need not ask again; none keeps it for longer than two hours.
const PREFLIGHT_KEPT: Duration = Duration::from_secs(2 * 60 * 60);

/// The routes, callable from the pages of the shops.
pub(crate) fn callable(routes: Router<AppState>, state: &AppState) -> Router<AppState> {
    let secrets = state.secrets.clone();
    let ours = move |origin: &HeaderValue, _: &http::request::Parts| {
        origin.to_str().is_ok_and(|origin| secrets.allow_origin(origin))
    };
    let idempotency_key = HeaderName::from_static("idempotency-key");
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(ours))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, idempotency_key])
        .expose_headers([header::LINK, header::RETRY_AFTER])
        .max_age(PREFLIGHT_KEPT);
    routes.layer(cors)
}

/// Nobody else's browser may be shown this answer.
pub(crate) fn uncached() -> HeaderMap {
    HeaderMap::from_iter([(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"))])
}
