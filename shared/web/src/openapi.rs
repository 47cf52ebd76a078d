//! `GET /openapi.json`: the API's description, from the code.

use axum::Json;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Description,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use crate::{
    activities, adjustments, app_proxy, coupons, endpoints, events, holds, imports, ledger, me, members, orders,
    person, products, program, program_preview, program_versions, quotes, redemptions, referrals, rewards, tokens,
    webhooks,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Regulars", description = "Points, tiers and explanations for a shop's members.", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    paths(
        webhooks::shopify, webhooks::woocommerce, webhooks::events,
        members::enrol, members::find, members::read, members::change, members::tier_history, crate::exports::export, tokens::mint,
        me::read, me::ledger, me::activities, me::tell, app_proxy::read,
        me::redemptions, me::redeem, me::coupons,
        referrals::read, referrals::read_own, referrals::claim, referrals::claim_own,
        activities::record, activities::list, activities::approve, activities::reverse,
        person::merge, person::erase,
        ledger::list, ledger::explain, ledger::lots,
        adjustments::adjust, orders::explain,
        program::read, program::put, program_preview::preview, program_versions::list, program_versions::read, program::tiers,
        products::read, products::put, quotes::quote,
        imports::import,
        rewards::list, rewards::upload,
        holds::hold, holds::list, holds::read, holds::release,
        redemptions::redeem, redemptions::list, redemptions::read, redemptions::fulfil, redemptions::cancel,
        coupons::list, coupons::validate,
        endpoints::create, endpoints::list, endpoints::read, endpoints::change, endpoints::remove,
        events::list, events::redeliver,
        serve,
    ),
    security(("key" = [])),
    modifiers(&Keys)
)]
struct Api;

struct Keys;

impl Modify for Keys {
    fn modify(&self, description: &mut Description) {
        let key = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        description.components.get_or_insert_default().add_security_scheme("key", key);
    }
}

/// Reads this description
#[utoipa::path(get, path = "/openapi.json", tag = "program", security(()),
    responses((status = 200, body = Object)))]
pub(crate) async fn serve() -> Json<Description> {
    Json(description())
}

/// The description of every route.
pub fn description() -> Description {
    Api::openapi()
}
