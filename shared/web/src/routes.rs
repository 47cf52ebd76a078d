//! Which function serves which route. The template, the local gateway and the tests read this table.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{delete, get, post},
};
use http::StatusCode;

use crate::{
    activities, adjustments, app_proxy,
    body::MAX_BODY_BYTES,
    browsers::callable,
    cases, coupons, endpoints, events, exports, find_members, holds, imports, ledger, mail_preview, me, members,
    messages, openapi, orders,
    pages::{confirm, preferences, review, unsubscribe},
    person,
    problem::Problem,
    products, program, program_preview, program_versions, quotes, redemptions, referrals, reports, reviews, rewards,
    state::AppState,
    suppression, tokens, webhooks,
};

/// (function, method, path) of every route. What a browser may call has `OPTIONS` too, for its preflights.
pub const ROUTES: &[(&str, &str, &str)] = &[
    ("webhooks", "POST", "/webhooks/shopify"),
    ("webhooks", "POST", "/webhooks/woocommerce"),
    ("webhooks", "POST", "/webhooks/events"),
    ("members", "POST", "/v1/members"),
    ("members", "GET", "/v1/members"),
    ("members", "GET", "/v1/members/{id}"),
    ("members", "PATCH", "/v1/members/{id}"),
    ("members", "DELETE", "/v1/members/{id}"),
    ("members", "POST", "/v1/members/{id}/merge"),
    ("members", "GET", "/v1/members/{id}/ledger"),
    ("members", "GET", "/v1/members/{id}/ledger/{entry}/explain"),
    ("members", "GET", "/v1/members/{id}/lots"),
    ("members", "GET", "/v1/members/{id}/tiers"),
    ("members", "GET", "/v1/members/{id}/export"),
    ("members", "POST", "/v1/members/{id}/activities"),
    ("members", "GET", "/v1/members/{id}/activities"),
    ("members", "POST", "/v1/members/{id}/reviews"),
    ("members", "POST", "/v1/members/{id}/activities/{activity}/approve"),
    ("members", "DELETE", "/v1/members/{id}/activities/{activity}"),
    ("members", "POST", "/v1/quotes"),
    ("members", "OPTIONS", "/v1/quotes"),
    ("members", "POST", "/v1/members/{id}/tokens"),
    ("members", "GET", "/v1/me"),
    ("members", "OPTIONS", "/v1/me"),
    ("members", "GET", "/v1/me/ledger"),
    ("members", "OPTIONS", "/v1/me/ledger"),
    ("members", "GET", "/v1/me/activities"),
    ("members", "POST", "/v1/me/activities"),
    ("members", "OPTIONS", "/v1/me/activities"),
    ("members", "GET", "/v1/me/redemptions"),
    ("members", "POST", "/v1/me/redemptions"),
    ("members", "OPTIONS", "/v1/me/redemptions"),
    ("members", "GET", "/v1/me/coupons"),
    ("members", "OPTIONS", "/v1/me/coupons"),
    ("members", "GET", "/v1/me/referral"),
    ("members", "OPTIONS", "/v1/me/referral"),
    ("members", "POST", "/v1/me/referrals/{code}/claim"),
    ("members", "OPTIONS", "/v1/me/referrals/{code}/claim"),
    ("members", "GET", "/v1/members/{id}/referral"),
    ("members", "POST", "/v1/referrals/{code}/claim"),
    ("members", "GET", "/shopify/proxy/me"),
    ("members", "POST", "/v1/members/{id}/holds"),
    ("members", "GET", "/v1/members/{id}/holds"),
    ("members", "GET", "/v1/members/{id}/holds/{hold}"),
    ("members", "DELETE", "/v1/members/{id}/holds/{hold}"),
    ("members", "GET", "/v1/members/{id}/messages"),
    ("members", "GET", "/v1/members/{id}/messages/{message}/explain"),
    ("members", "GET", "/v1/members/{id}/suppression"),
    ("members", "DELETE", "/v1/members/{id}/suppression"),
    ("members", "POST", "/v1/members/{id}/redemptions"),
    ("members", "GET", "/v1/members/{id}/redemptions"),
    ("members", "GET", "/v1/members/{id}/redemptions/{redemption}"),
    ("members", "PATCH", "/v1/members/{id}/redemptions/{redemption}"),
    ("members", "DELETE", "/v1/members/{id}/redemptions/{redemption}"),
    ("members", "GET", "/v1/members/{id}/coupons"),
    ("members", "POST", "/v1/coupons/{code}/validate"),
    ("program", "POST", "/v1/members/{id}/adjustments"),
    ("program", "GET", "/v1/orders/{source}/{id}/explain"),
    ("program", "GET", "/v1/program"),
    ("program", "PUT", "/v1/program"),
    ("program", "POST", "/v1/program/preview"),
    ("program", "POST", "/v1/program/templates/preview"),
    ("program", "GET", "/v1/program/versions"),
    ("program", "GET", "/v1/program/versions/{version}"),
    ("program", "GET", "/v1/tiers"),
    ("program", "OPTIONS", "/v1/tiers"),
    ("program", "GET", "/v1/rewards"),
    ("program", "OPTIONS", "/v1/rewards"),
    ("program", "POST", "/v1/rewards/{id}/codes"),
    ("program", "GET", "/v1/products/{id}"),
    ("program", "PUT", "/v1/products/{id}"),
    ("program", "GET", "/v1/products/{id}/rating"),
    ("program", "OPTIONS", "/v1/products/{id}/rating"),
    ("program", "GET", "/v1/reviews"),
    ("program", "OPTIONS", "/v1/reviews"),
    ("program", "GET", "/v1/reviews/{review}"),
    ("program", "PATCH", "/v1/reviews/{review}"),
    ("program", "GET", "/v1/reports/scenarios"),
    ("program", "GET", "/v1/cases"),
    ("program", "GET", "/v1/cases/{case}"),
    ("program", "PATCH", "/v1/cases/{case}"),
    ("program", "POST", "/v1/imports"),
    ("program", "POST", "/v1/endpoints"),
    ("program", "GET", "/v1/endpoints"),
    ("program", "GET", "/v1/endpoints/{id}"),
    ("program", "PATCH", "/v1/endpoints/{id}"),
    ("program", "DELETE", "/v1/endpoints/{id}"),
    ("program", "GET", "/v1/events"),
    ("program", "POST", "/v1/events/{id}/redeliver"),
    ("program", "GET", "/openapi.json"),
    ("pages", "GET", "/u/{token}"),
    ("pages", "POST", "/u/{token}"),
    ("pages", "GET", "/u/{token}/preferences"),
    ("pages", "POST", "/u/{token}/preferences"),
    ("pages", "GET", "/c/{token}"),
    ("pages", "POST", "/c/{token}"),
    ("pages", "GET", "/r/{token}"),
    ("pages", "POST", "/r/{token}"),
];

/// Storefront events in.
pub fn webhooks(state: AppState) -> Router {
    let routes = Router::new()
        .route("/webhooks/shopify", post(webhooks::shopify))
        .route("/webhooks/woocommerce", post(webhooks::woocommerce))
        .route("/webhooks/events", post(webhooks::events));
    whole(routes, state)
}

/// The storefront's API.
pub fn members(state: AppState) -> Router {
    let routes = Router::new()
        .route("/v1/members", post(members::enrol).get(find_members::find))
        .route("/v1/members/{id}", get(members::read).patch(members::change).delete(person::erase))
        .route("/v1/members/{id}/merge", post(person::merge))
        .route("/v1/members/{id}/ledger", get(ledger::list))
        .route("/v1/members/{id}/ledger/{entry}/explain", get(ledger::explain))
        .route("/v1/members/{id}/lots", get(ledger::lots))
        .route("/v1/members/{id}/activities", post(activities::record).get(activities::list))
        .route("/v1/members/{id}/reviews", post(reviews::record))
        .route("/v1/members/{id}/activities/{activity}/approve", post(activities::approve))
        .route("/v1/members/{id}/activities/{activity}", delete(activities::reverse))
        .route("/v1/members/{id}/tiers", get(members::tier_history))
        .route("/v1/members/{id}/export", get(exports::export))
        .route("/v1/members/{id}/tokens", post(tokens::mint))
        .route("/v1/members/{id}/holds", post(holds::hold).get(holds::list))
        .route("/v1/members/{id}/holds/{hold}", get(holds::read).delete(holds::release))
        .route("/v1/members/{id}/messages", get(messages::list))
        .route("/v1/members/{id}/messages/{message}/explain", get(messages::explain))
        .route("/v1/members/{id}/suppression", get(suppression::read).delete(suppression::lift))
        .route("/v1/members/{id}/redemptions", post(redemptions::redeem).get(redemptions::list))
        .route(
            "/v1/members/{id}/redemptions/{redemption}",
            get(redemptions::read).patch(redemptions::fulfil).delete(redemptions::cancel),
        )
        .route("/v1/members/{id}/coupons", get(coupons::list))
        .route("/v1/coupons/{code}/validate", post(coupons::validate))
        .route("/v1/members/{id}/referral", get(referrals::read))
        .route("/v1/referrals/{code}/claim", post(referrals::claim))
        .route("/shopify/proxy/me", get(app_proxy::read));
    let browsers = Router::new()
        .route("/v1/me", get(me::read))
        .route("/v1/me/ledger", get(me::ledger))
        .route("/v1/me/activities", get(me::activities).post(me::tell))
        .route("/v1/me/redemptions", get(me::redemptions).post(me::redeem))
        .route("/v1/me/coupons", get(me::coupons))
        .route("/v1/me/referral", get(referrals::read_own))
        .route("/v1/me/referrals/{code}/claim", post(referrals::claim_own))
        .route("/v1/quotes", post(quotes::quote));
    whole(routes.merge(from_browsers(browsers, &state)), state)
}

/// The merchant's API.
pub fn program(state: AppState) -> Router {
    let routes = Router::new()
        .route("/v1/members/{id}/adjustments", post(adjustments::adjust))
        .route("/v1/orders/{source}/{id}/explain", get(orders::explain))
        .route("/v1/program", get(program::read).put(program::put))
        .route("/v1/rewards/{id}/codes", post(rewards::upload))
        .route("/v1/program/preview", post(program_preview::preview))
        .route("/v1/program/templates/preview", post(mail_preview::preview))
        .route("/v1/program/versions", get(program_versions::list))
        .route("/v1/program/versions/{version}", get(program_versions::read))
        .route("/v1/products/{id}", get(products::read).put(products::put))
        .route("/v1/reviews/{review}", get(reviews::read).patch(reviews::judge))
        .route("/v1/reports/scenarios", get(reports::scenarios))
        .route("/v1/cases", get(cases::list))
        .route("/v1/cases/{case}", get(cases::read).patch(cases::resolve))
        .route("/v1/imports", post(imports::import))
        .route("/v1/endpoints", post(endpoints::create).get(endpoints::list))
        .route("/v1/endpoints/{id}", get(endpoints::read).patch(endpoints::change).delete(endpoints::remove))
        .route("/v1/events", get(events::list))
        .route("/v1/events/{id}/redeliver", post(events::redeliver))
        .route("/openapi.json", get(openapi::serve));
    let browsers = Router::new()
        .route("/v1/tiers", get(program::tiers))
        .route("/v1/rewards", get(rewards::list))
        .route("/v1/reviews", get(reviews::list))
        .route("/v1/products/{id}/rating", get(products::rating));
    whole(routes.merge(from_browsers(browsers, &state)), state)
}

/// What a mail links to.
pub fn pages(state: AppState) -> Router {
    let routes = Router::new()
        .route("/u/{token}", get(unsubscribe::ask).post(unsubscribe::act))
        .route("/u/{token}/preferences", get(preferences::show).post(preferences::save))
        .route("/c/{token}", get(confirm::ask).post(confirm::confirm))
        .route("/r/{token}", get(review::ask).post(review::send));
    whole(routes, state)
}

/// All functions behind one gateway.
pub fn all(state: AppState) -> Router {
    let functions =
        webhooks(state.clone()).merge(members(state.clone())).merge(program(state.clone())).merge(pages(state));
    functions.fallback(no_route)
}

/// Routes that a page in a browser may call.
fn from_browsers(routes: Router<AppState>, state: &AppState) -> Router<AppState> {
    // a fallback of their own, so that a preflight does not end at the one of the others
    callable(routes.method_not_allowed_fallback(no_method), state)
}

fn whole(routes: Router<AppState>, state: AppState) -> Router {
    routes.method_not_allowed_fallback(no_method).layer(DefaultBodyLimit::max(MAX_BODY_BYTES)).with_state(state)
}

async fn no_route() -> Problem {
    Problem::not_found("no such route")
}

async fn no_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "The route does not take this method")
}
