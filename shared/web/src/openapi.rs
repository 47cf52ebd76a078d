//! `GET /openapi.json`: the API's description, from the code.

use axum::Json;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, OpenApi as Description, Ref, RefOr, Response, Schema,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use crate::{
    activities, adjustments, app_proxy, cases, coupons, endpoints,
    event_bodies::EventBodies,
    events, find_members, holds, imports, ledger, mail_preview, me, members, messages, orders,
    pages::{confirm, preferences, review, unsubscribe},
    person, products, program, program_preview, program_versions, quotes, redemptions, referrals, reports, reviews,
    rewards, suppression, tokens, webhooks,
};

#[derive(OpenApi)]
#[openapi(
    info(title = "Regulars", description = "Points, tiers and explanations for a shop's members.", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    paths(
        webhooks::shopify, webhooks::woocommerce, webhooks::events,
        members::enrol, find_members::find, members::read, members::change, members::tier_history, crate::exports::export, tokens::mint,
        me::read, me::ledger, me::activities, me::tell, app_proxy::read,
        me::redemptions, me::redeem, me::coupons,
        referrals::read, referrals::read_own, referrals::claim, referrals::claim_own,
        activities::record, activities::list, activities::approve, activities::reverse,
        person::merge, person::erase,
        ledger::list, ledger::explain, ledger::lots,
        adjustments::adjust, orders::explain,
        program::read, program::put, program_preview::preview, mail_preview::preview, program_versions::list, program_versions::read, program::tiers,
        products::read, products::put, products::rating, quotes::quote,
        reviews::record, reviews::list, reviews::read, reviews::judge,
        reports::scenarios,
        cases::list, cases::read, cases::resolve,
        imports::import,
        rewards::list, rewards::upload,
        holds::hold, holds::list, holds::read, holds::release,
        messages::list, messages::explain, suppression::read, suppression::lift,
        redemptions::redeem, redemptions::list, redemptions::read, redemptions::fulfil, redemptions::cancel,
        coupons::list, coupons::validate,
        endpoints::create, endpoints::list, endpoints::read, endpoints::change, endpoints::remove,
        events::list, events::redeliver,
        unsubscribe::ask, unsubscribe::act, preferences::show, preferences::save, confirm::ask, confirm::confirm,
        review::ask, review::send,
        serve,
    ),
    security(("key" = [])),
    modifiers(&Keys, &Limits, &OperationIds, &EventBodies)
)]
struct Api;

struct Keys;

/// Every body may be too large.
struct Limits;

/// Handlers have the names of their rooms; an operation's must be its own.
struct OperationIds;

impl Modify for Keys {
    fn modify(&self, description: &mut Description) {
        let key = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        description.components.get_or_insert_default().add_security_scheme("key", key);
    }
}

impl Modify for Limits {
    fn modify(&self, description: &mut Description) {
        let problem = Content::new(Some(RefOr::<Schema>::Ref(Ref::from_schema_name("Problem"))));
        let answer = Response::builder().description("The body is over 1 MiB").content("application/json", problem);
        let answer = answer.build();
        for item in description.paths.paths.values_mut() {
            let with_bodies = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
            for operation in with_bodies.into_iter().flatten().filter(|operation| operation.request_body.is_some()) {
                operation.responses.responses.insert("413".to_owned(), answer.clone().into());
            }
        }
    }
}

impl Modify for OperationIds {
    fn modify(&self, description: &mut Description) {
        for (path, item) in &mut description.paths.paths {
            let methods = [
                ("get", &mut item.get),
                ("post", &mut item.post),
                ("put", &mut item.put),
                ("patch", &mut item.patch),
                ("delete", &mut item.delete),
            ];
            for (method, operation) in methods {
                if let Some(operation) = operation {
                    operation.operation_id = Some(operation_id(method, path));
                }
            }
        }
    }
}

/// `get_members_by_id_ledger` of `GET /v1/members/{id}/ledger`.
fn operation_id(method: &str, path: &str) -> String {
    let parts = path.trim_start_matches("/v1").split(['/', '.']).filter(|part| !part.is_empty());
    parts.fold(method.to_owned(), |id, part| {
        let part = part.strip_prefix('{').map_or(part.to_owned(), |name| format!("by_{}", name.trim_end_matches('}')));
        format!("{id}_{part}")
    })
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
