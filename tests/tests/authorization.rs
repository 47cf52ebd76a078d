//! Every route, and every kind of caller: exactly those that may call it get in.
#![cfg(test)]

use std::collections::BTreeSet;

use app::links::{Link, Purpose};
use rules::ids::MemberId;
use serde_json::{Value, json};
use tests::{
    Answer, Buyer, Shop, at, captured,
    captured::event,
    member_token,
    payloads::*,
    post,
    shop::{ADMIN, PUBLISHABLE, SOURCE, STOREFRONT, bearer},
    tokens::{MEMBER_TOKENS, forwarded, signed_token, unsigned_token},
};
use web::routes::ROUTES;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Caller {
    Nobody,
    Stranger,
    Publishable,
    Storefront,
    Admin,
    /// By a token of theirs.
    Member,
    OtherMember,
    /// By a token that was good an hour ago.
    Expired,
    /// By claims that nothing signed.
    AlgNone,
    /// By claims that a public key of ours, if we had one, would have signed.
    AlgOther,
}
use Caller::{Admin, AlgNone, AlgOther, Expired, Member, Nobody, OtherMember, Publishable, Storefront, Stranger};

const CALLERS: [Caller; 10] =
    [Nobody, Stranger, Publishable, Storefront, Admin, Member, OtherMember, Expired, AlgNone, AlgOther];
/// Whose credentials are none: 401, where others are told 403.
const UNKNOWN: [Caller; 5] = [Nobody, Stranger, Expired, AlgNone, AlgOther];
const EVERYBODY: &[Caller] = &CALLERS;
/// Each for themself, and nobody for them.
const THEMSELF: &[Caller] = &[Member, OtherMember];
const WITH_A_KEY: &[Caller] = &[Publishable, Storefront, Admin];
const FOR_MEMBERS: &[Caller] = &[Storefront, Admin];
const MERCHANT: &[Caller] = &[Admin];

/// Who may call what; what is not in here is not a route. A path's `{id}` is `Member`'s.
const EXPECTED: &[(&str, &str, &[Caller])] = &[
    // proved by its signature
    ("POST", "/webhooks/shopify", EVERYBODY),
    ("POST", "/webhooks/woocommerce", EVERYBODY),
    ("POST", "/webhooks/events", EVERYBODY),
    ("POST", "/v1/members", FOR_MEMBERS),
    ("GET", "/v1/members", FOR_MEMBERS),
    ("GET", "/v1/members/{id}", FOR_MEMBERS),
    ("PATCH", "/v1/members/{id}", FOR_MEMBERS),
    ("DELETE", "/v1/members/{id}", FOR_MEMBERS),
    ("POST", "/v1/members/{id}/merge", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/ledger", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/ledger/{entry}/explain", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/lots", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/tiers", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/export", FOR_MEMBERS),
    ("POST", "/v1/members/{id}/tokens", FOR_MEMBERS),
    ("POST", "/v1/members/{id}/reviews", FOR_MEMBERS),
    ("GET", "/v1/me", THEMSELF),
    ("GET", "/v1/me/ledger", THEMSELF),
    ("GET", "/v1/me/redemptions", THEMSELF),
    ("POST", "/v1/me/redemptions", THEMSELF),
    ("GET", "/v1/me/coupons", THEMSELF),
    ("GET", "/v1/me/referral", THEMSELF),
    ("POST", "/v1/me/referrals/{code}/claim", THEMSELF),
    ("GET", "/v1/members/{id}/referral", FOR_MEMBERS),
    ("POST", "/v1/referrals/{code}/claim", FOR_MEMBERS),
    ("GET", "/v1/me/activities", THEMSELF),
    ("POST", "/v1/me/activities", THEMSELF),
    // proved by its signature
    ("GET", "/shopify/proxy/me", EVERYBODY),
    ("POST", "/v1/members/{id}/activities", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/activities", FOR_MEMBERS),
    ("POST", "/v1/members/{id}/activities/{activity}/approve", MERCHANT),
    ("DELETE", "/v1/members/{id}/activities/{activity}", MERCHANT),
    ("POST", "/v1/members/{id}/holds", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/holds", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/holds/{hold}", FOR_MEMBERS),
    ("DELETE", "/v1/members/{id}/holds/{hold}", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/messages", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/messages/{message}/explain", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/suppression", FOR_MEMBERS),
    ("DELETE", "/v1/members/{id}/suppression", MERCHANT),
    ("POST", "/v1/members/{id}/redemptions", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/redemptions", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/redemptions/{redemption}", FOR_MEMBERS),
    ("PATCH", "/v1/members/{id}/redemptions/{redemption}", MERCHANT),
    ("DELETE", "/v1/members/{id}/redemptions/{redemption}", FOR_MEMBERS),
    ("GET", "/v1/members/{id}/coupons", FOR_MEMBERS),
    ("POST", "/v1/coupons/{code}/validate", FOR_MEMBERS),
    ("POST", "/v1/members/{id}/adjustments", MERCHANT),
    ("POST", "/v1/quotes", WITH_A_KEY),
    ("GET", "/v1/orders/{source}/{id}/explain", FOR_MEMBERS),
    ("GET", "/v1/program", FOR_MEMBERS),
    ("PUT", "/v1/program", MERCHANT),
    ("POST", "/v1/program/preview", MERCHANT),
    ("POST", "/v1/program/templates/preview", MERCHANT),
    ("GET", "/v1/program/versions", MERCHANT),
    ("GET", "/v1/program/versions/{version}", MERCHANT),
    ("GET", "/v1/tiers", WITH_A_KEY),
    ("GET", "/v1/rewards", WITH_A_KEY),
    ("POST", "/v1/rewards/{id}/codes", MERCHANT),
    ("GET", "/v1/products/{id}", FOR_MEMBERS),
    ("PUT", "/v1/products/{id}", MERCHANT),
    ("GET", "/v1/products/{id}/rating", WITH_A_KEY),
    ("GET", "/v1/reviews", WITH_A_KEY),
    ("GET", "/v1/reviews/{review}", FOR_MEMBERS),
    ("PATCH", "/v1/reviews/{review}", MERCHANT),
    ("GET", "/v1/reports/scenarios", MERCHANT),
    ("GET", "/v1/cases", MERCHANT),
    ("GET", "/v1/cases/{case}", MERCHANT),
    ("PATCH", "/v1/cases/{case}", MERCHANT),
    ("POST", "/v1/imports", MERCHANT),
    ("POST", "/v1/endpoints", MERCHANT),
    ("GET", "/v1/endpoints", MERCHANT),
    ("GET", "/v1/endpoints/{id}", MERCHANT),
    ("PATCH", "/v1/endpoints/{id}", MERCHANT),
    ("DELETE", "/v1/endpoints/{id}", MERCHANT),
    ("GET", "/v1/events", MERCHANT),
    ("POST", "/v1/events/{id}/redeliver", MERCHANT),
    ("GET", "/openapi.json", EVERYBODY),
    // proved by their links
    ("GET", "/u/{token}", EVERYBODY),
    ("POST", "/u/{token}", EVERYBODY),
    ("GET", "/u/{token}/preferences", EVERYBODY),
    ("POST", "/u/{token}/preferences", EVERYBODY),
    ("GET", "/c/{token}", EVERYBODY),
    ("POST", "/c/{token}", EVERYBODY),
    ("GET", "/r/{token}", EVERYBODY),
    ("POST", "/r/{token}", EVERYBODY),
];

const ORDER: u64 = 6_120_000_000_001;
const POOL: &str = "tote";
const PRODUCT: u64 = 8_410_023_456_701;

/// A shop with two members; the id is the first one's.
async fn shop_with_member() -> (Shop, String) {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    for url in ["https://erp.example/hooks", "https://crm.example/hooks"] {
        let endpoint = json!({"url": url, "events": ["consent.changed"]});
        shop.post("/v1/endpoints", &endpoint, None).await.is(201);
    }
    shop.send("orders/paid", &order()).await.is(200);
    shop.send("products/create", &captured("products-create").payload()).await.is(200);
    let other = customer(&Buyer::with_account(2), at("2026-06-18T10:00:00Z"));
    shop.send("customers/create", &other).await.is(200);
    let id = shop.id_of_customer(customer_id(1)).await;
    shop.post(&format!("/v1/members/{id}/activities"), &json!({"type": "ugc"}), Some("k-1")).await.is(201);
    let mut program = shop.get("/v1/program").await.is(200);
    let tote = json!({"id": POOL, "title": "A tote bag", "kind": "free_product", "points": 1, "codes": "pool", "valid_days": 1});
    program["rewards"].as_array_mut().unwrap().push(tote);
    shop.put_program(&program, Some("\"1\"")).await.is(200);
    shop.adjust(&id, 10_000, "k-points").await;
    shop.adjust(&shop.id_of_customer(customer_id(2)).await, 10_000, "k-other").await;
    shop.get(&format!("/v1/members/{id}/referral")).await.is(200);
    // what the paths name is there before anybody calls: who may not call must find it as it was
    shop.post(&format!("/v1/members/{id}/holds"), &hold_of_a_hundred(), Some("a-hold")).await.is(201);
    shop.adjust(&id, 10_000, "k-2").await;
    for reward in ["coupon_5", "consultation"] {
        shop.redeem(&id, reward, reward).await.is(201);
    }
    let bad = json!({"product_id": "8410000000000", "rating": 1});
    shop.post(&format!("/v1/members/{id}/reviews"), &bad, Some("a-review")).await.is(201);
    (shop, id)
}

/// What a caller puts into `Authorization: Bearer`.
fn credentials(shop: &Shop, caller: Caller, member: &str) -> Option<String> {
    let second = shop.now().as_second();
    let claims = |exp: i64| json!({"sub": member, "iat": second - 7_200, "exp": exp});
    match caller {
        Nobody => None,
        Stranger => Some("dev-adminn".to_owned()),
        Publishable => Some(PUBLISHABLE.to_owned()),
        Storefront => Some(STOREFRONT.to_owned()),
        Admin => Some(ADMIN.to_owned()),
        Member => Some(member_token(member, shop.now())),
        OtherMember => Some(member_token(&format!("{SOURCE}:{}", customer_id(2)), shop.now())),
        Expired => Some(signed_token(&json!({"alg": "HS256"}), &claims(second - 3_600), MEMBER_TOKENS)),
        AlgNone => Some(format!("{}.", unsigned_token(&json!({"alg": "none"}), &claims(second + 3_600)))),
        AlgOther => Some(signed_token(&json!({"alg": "RS256"}), &claims(second + 3_600), MEMBER_TOKENS)),
    }
}

/// The member's redemption of that reward.
async fn redemption_of(shop: &Shop, member: &str, reward: &str) -> String {
    let all = shop.get(&format!("/v1/members/{member}/redemptions")).await.is(200)["redemptions"].clone();
    let of_reward = all.as_array().unwrap().iter().rfind(|redemption| redemption["reward_id"] == reward);
    of_reward.unwrap()["id"].as_str().unwrap().to_owned()
}

fn order() -> Value {
    paid_order(ORDER, &Buyer::with_account(1), at("2026-06-18T10:00:00Z"), &[("19.99", 1)])
}

/// (method, path) of everything that the description lists.
async fn described(shop: &Shop) -> BTreeSet<(String, String)> {
    let description = shop.get("/openapi.json").await.is(200);
    let paths = description["paths"].as_object().unwrap();
    let methods =
        |path: &Value| path.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect::<Vec<_>>();
    paths.iter().flat_map(|(path, item)| methods(item).into_iter().map(move |method| (method, path.clone()))).collect()
}

fn hold_of_a_hundred() -> Value {
    json!({"points": 100, "order_total": {"amount": "100.00", "currency": "USD"}})
}

/// The path as it is asked for, with its query.
async fn path_of(shop: &Shop, member: &str, method: &str, path: &str) -> String {
    match path {
        "/v1/members" if method == "GET" => format!("{path}?email=buyer-1@example.com"),
        "/v1/orders/{source}/{id}/explain" => format!("/v1/orders/{SOURCE}/{ORDER}/explain"),
        "/v1/program/versions/{version}" => "/v1/program/versions/1".to_owned(),
        "/v1/products/{id}" => format!("/v1/products/{PRODUCT}"),
        "/v1/products/{id}/rating" => format!("/v1/products/{PRODUCT}/rating"),
        "/v1/reviews/{review}" => format!("/v1/reviews/{}", ids(shop, "reviews").await[0]),
        "/v1/cases/{case}" => format!("/v1/cases/{}", ids(shop, "cases").await[0]),
        "/v1/rewards/{id}/codes" => path.replace("{id}", POOL),
        "/v1/members/{id}/redemptions/{redemption}" => {
            let reward = if method == "PATCH" { "consultation" } else { "coupon_5" };
            let redemption = redemption_of(shop, member, reward).await;
            path.replace("{id}", member).replace("{redemption}", &redemption)
        }
        "/v1/endpoints/{id}" => {
            // one is removed first
            let endpoints = ids(shop, "endpoints").await;
            format!("/v1/endpoints/{}", if method == "DELETE" { &endpoints[0] } else { endpoints.last().unwrap() })
        }
        "/v1/events/{id}/redeliver" => format!("/v1/events/{}/redeliver", ids(shop, "events").await[0]),
        "/v1/members/{id}/messages/{message}/explain" => {
            let messages = shop.get(&format!("/v1/members/{member}/messages")).await.is(200);
            let id = match messages["messages"][0]["id"].as_str() {
                Some(id) => id.to_owned(),
                None => post::plan(shop, "mail", member, ("welcome", 1, "")).await,
            };
            path.replace("{id}", member).replace("{message}", &id)
        }
        "/v1/members/{id}/holds/{hold}" => {
            let body = hold_of_a_hundred();
            let hold = shop.post(&format!("/v1/members/{member}/holds"), &body, Some("a-hold")).await.is(201);
            path.replace("{id}", member).replace("{hold}", hold["id"].as_str().unwrap())
        }
        _ if path.ends_with("/claim") => {
            let referral = shop.get(&format!("/v1/members/{member}/referral")).await.is(200);
            path.replace("{code}", referral["code"].as_str().unwrap())
        }
        "/u/{token}" => shop.link(Purpose::Unsubscribe, member).await,
        "/u/{token}/preferences" => shop.link(Purpose::Preferences, member).await,
        "/c/{token}" => shop.link(Purpose::Confirm, member).await,
        "/r/{token}" => {
            let order = serde_json::from_value(json!({"source": SOURCE, "id": ORDER.to_string()})).unwrap();
            shop.path_of(&Link::new(Purpose::Review, MemberId::parse(member).unwrap(), shop.now()).about(order))
        }
        "/shopify/proxy/me" => forwarded(&customer_id(1).to_string(), shop.now()),
        _ if path.contains("{activity}") => {
            let list = shop.get(&format!("/v1/members/{member}/activities")).await.is(200);
            path.replace("{id}", member).replace("{activity}", list["activities"][0]["id"].as_str().unwrap())
        }
        _ => path.replace("{id}", member).replace("{entry}", "led_000000000001"),
    }
}

async fn ids(shop: &Shop, list: &str) -> Vec<String> {
    let listed = shop.get(&format!("/v1/{list}")).await.is(200);
    listed[list].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// A body that the route takes.
async fn body_of(shop: &Shop, caller: Caller, member: &str, method: &str, path: &str) -> Value {
    match (method, path) {
        ("POST", "/v1/members") => json!({"email": format!("{caller:?}@example.com")}),
        ("POST", "/v1/members/{id}/adjustments") => json!({"points": 1, "reason": "sorry"}),
        ("POST", "/v1/imports") => json!({"source": SOURCE, "kind": "members", "format": "regulars", "data": []}),
        ("POST", "/v1/endpoints") => json!({"url": "https://erp.example/hooks", "events": ["case.opened"]}),
        ("PATCH", "/v1/members/{id}") => json!({"name": "Ada King"}),
        ("PATCH", "/v1/endpoints/{id}") => json!({"on": true}),
        ("POST", "/v1/program/preview") => {
            let program = shop.get("/v1/program").await.is(200);
            json!({"program": program, "from": "2026-06-01T00:00:00Z", "to": "2026-07-01T00:00:00Z"})
        }
        ("POST", "/v1/program/templates/preview") => json!({"scenario": "welcome"}),
        ("POST", "/v1/quotes") => json!({"currency": "USD", "lines": []}),
        ("POST", "/v1/me/redemptions") => json!({"reward_id": "free_shipping"}),
        ("POST", "/v1/referrals/{code}/claim") => json!({"member_id": member}),
        ("POST", "/v1/me/activities") => json!({"type": "check_in"}),
        ("POST", "/v1/members/{id}/activities") => json!({"type": "survey", "subject": format!("{caller:?}")}),
        ("POST", "/v1/members/{id}/reviews") => json!({"product_id": "8410000000001", "rating": 4}),
        ("PATCH", "/v1/reviews/{review}") => json!({"state": "published"}),
        ("PATCH", "/v1/cases/{case}") => json!({"state": "resolved"}),
        ("POST", "/v1/members/{id}/holds") => hold_of_a_hundred(),
        ("POST", "/v1/members/{id}/redemptions") => json!({"reward_id": "free_shipping"}),
        ("POST", "/v1/rewards/{id}/codes") => json!({"codes": ["TOTE-1"]}),
        ("POST", _) => json!({}),
        ("PATCH", "/v1/members/{id}/redemptions/{redemption}") => json!({"state": "fulfilled"}),
        ("PUT", "/v1/products/{id}") => json!({"guides": []}),
        ("PUT", "/v1/program") => shop.get("/v1/program").await.is(200),
        _ => Value::Null,
    }
}

/// A request that does what it asks for, if the caller may.
async fn call_as(shop: &Shop, caller: Caller, member: &str, method: &str, path: &str) -> Answer {
    match path {
        "/webhooks/shopify" => return shop.send("orders/paid", &order()).await,
        "/webhooks/woocommerce" => return shop.send_woocommerce("order-paid").await,
        "/webhooks/events" => return shop.send_standard(&event("events-order-paid").body, shop.now()).await,
        _ => {}
    }
    if path.ends_with("{token}") || path.ends_with("/preferences") {
        let fields = [("marketing", "yes"), ("product-0", "8410000000000"), ("rating-0", "5")];
        let path = path_of(shop, member, method, path).await;
        return if method == "POST" { shop.submit(&path, &fields).await } else { shop.page(&path).await };
    }
    let body = body_of(shop, caller, member, method, path).await;
    let is_about_another = (method, path) == ("DELETE", "/v1/members/{id}") || path.ends_with("/merge");
    let another = match caller {
        Storefront | Admin if is_about_another => a_new_member(shop, caller, method).await,
        _ => member.to_owned(),
    };
    let member = if is_about_another && method == "DELETE" { &another } else { member };
    let body = if path.ends_with("/merge") { json!({"from": another}) } else { body };
    let etag = shop.get("/v1/program").await.header("etag").unwrap().to_owned();
    let bearer = credentials(shop, caller, member).map(|key| bearer(&key));
    let idempotency_key = format!("{caller:?}-{method}-{path}");
    let mut headers = vec![("idempotency-key", idempotency_key.as_str())];
    headers.extend((path == "/v1/program").then_some(("if-match", etag.as_str())));
    headers.extend(bearer.as_ref().map(|bearer| bearer.as_header()));
    shop.call(method, &path_of(shop, member, method, path).await, &headers, body.to_string()).await
}

/// For who may do to a member what can be done to them once.
async fn a_new_member(shop: &Shop, caller: Caller, method: &str) -> String {
    let body = json!({"email": format!("{method}-{caller:?}@example.com")});
    shop.post("/v1/members", &body, None).await.is(201)["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn exactly_the_allowed_callers_get_in() {
    let (shop, member) = shop_with_member().await;
    for (method, path) in described(&shop).await {
        let expected = EXPECTED.iter().find(|(m, p, _)| (*m, *p) == (method.as_str(), path.as_str()));
        let (_, _, allowed) = expected.unwrap_or_else(|| panic!("who may call {method} {path}?"));
        for caller in CALLERS {
            let answer = call_as(&shop, caller, &member, &method, &path).await;
            let what = format!("{caller:?} {method} {path}: {}", answer.body);
            match (allowed.contains(&caller), caller) {
                (true, OtherMember) if !path.starts_with("/shopify") => {
                    assert!((200..300).contains(&answer.status), "{what}");
                    assert!(!what.contains(&member), "somebody else's: {what}");
                }
                // they got in, and are told why nobody invites themselves
                (true, _) if path.ends_with("/claim") => drop(answer.is_problem(409, "self-referral")),
                (true, _) => assert!((200..300).contains(&answer.status), "{what}"),
                (false, caller) if UNKNOWN.contains(&caller) => {
                    assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{what}");
                    answer.is_problem(401, "unauthorized");
                }
                (false, _) => drop(answer.is_problem(403, "forbidden")),
            }
        }
    }
}

#[tokio::test]
async fn the_description_lists_exactly_the_routes() {
    let (shop, _) = shop_with_member().await;
    // a preflight is the browser's business
    let routes = ROUTES.iter().filter(|(_, method, _)| *method != "OPTIONS");
    let routes: BTreeSet<_> = routes.map(|(_, method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(described(&shop).await, routes);
    let expected: BTreeSet<_> = EXPECTED.iter().map(|(m, p, _)| ((*m).to_owned(), (*p).to_owned())).collect();
    assert_eq!(expected, routes);
}

#[tokio::test]
async fn who_may_not_call_writes_nothing() {
    let (shop, member) = shop_with_member().await;
    for (method, path, _) in EXPECTED {
        path_of(&shop, &member, method, path).await;
    }
    let rows = shop.rows().await;
    for (method, path, allowed) in EXPECTED {
        for caller in CALLERS.iter().filter(|caller| !allowed.contains(caller)) {
            call_as(&shop, *caller, &member, method, path).await;
        }
    }
    assert_eq!(shop.rows().await, rows);
}

#[tokio::test]
async fn a_key_must_be_a_bearer_token() {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    for header in ["", "Bearer", "Bearer ", "dev-admin", "Basic dev-admin", "Bearer dev-admin,", "Bearer DEV-ADMIN"] {
        let answer = shop.call("GET", "/v1/program", &[("authorization", header)], "").await;
        answer.is_problem(401, "unauthorized");
    }
    for header in ["Bearer dev-admin", "bearer dev-admin", "BEARER  dev-admin "] {
        shop.call("GET", "/v1/program", &[("authorization", header)], "").await.is(200);
    }
}

#[tokio::test]
async fn what_is_no_route_is_not_found_and_another_method_is_not_allowed() {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    for path in ["/", "/v1", "/v1/rewards/a", "/v1/members/a/b/c/d", "/webhooks/magento", "/v1/members/"] {
        shop.get(path).await.is_problem(404, "not-found");
    }
    for (method, path) in [("DELETE", "/v1/program"), ("GET", "/webhooks/shopify"), ("PUT", "/v1/members/mem_1")] {
        shop.call(method, path, &[bearer(ADMIN).as_header()], "").await.is_problem(405, "method-not-allowed");
    }
}
