//! A shop with its own database, and what one does with it.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use app::links::{Link, Mailbox, Purpose};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::Client;
use axum::{Router, body::Body};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use dynoxide::{Database, server};
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use rules::{email::Email, ids::MemberId};
use serde_json::Value;
use sha2::Sha256;
use store::{ClientSettings, Store, dynamodb};
use tokio::net::TcpListener;
use tower::ServiceExt as _;
use web::{clock::Clock, secrets::Secrets, state::AppState};

use storefront::standard_webhooks::sign;

use crate::{Answer, Ses, Wire, captured::event, post, rows};

pub const DOMAIN: &str = "marlow-fern-example.myshopify.com";
pub const SOURCE: &str = "shopify:marlow-fern-example.myshopify.com";
pub const ADMIN: &str = "dev-admin";
pub const STOREFRONT: &str = "dev-storefront";
pub const PUBLISHABLE: &str = "dev-publishable";

pub(crate) const TABLE: &str = "regulars";
pub(crate) const SIGNING: &[u8] = b"dev-shopify";
pub const STANDARD_WEBHOOKS: &str = "whsec_ZGV2LXNlY3JldC1kZXYtc2VjcmV0LWRldi1zZWM=";
const SECRETS: &str = r#"{"admin_keys": ["dev-admin"], "storefront_keys": ["dev-storefront"],
    "publishable_keys": ["dev-publishable"], "member_token_secrets": ["dev-member"],
    "link_secrets": ["dev-links"], "email_hmac": "dev-email",
    "sources": {"shopify:*": ["dev-shopify"], "woocommerce:local": ["dev-woocommerce"],
        "storefront:local": ["whsec_ZGV2LXNlY3JldC1kZXYtc2VjcmV0LWRldi1zZWM="]}}"#;

#[derive(Clone)]
pub struct Shop {
    pub wire: Wire,
    pub state: AppState,
    router: Router,
    /// Looks at the table past the wire.
    inspector: Client,
    pub(crate) database: Database,
}

impl Shop {
    /// A new shop at that moment, with the default program in force.
    pub async fn open(now: &str) -> Shop {
        let shop = Shop::open_without_program(now).await;
        shop.get("/v1/program").await.is(200);
        shop.wire.clear();
        shop
    }

    /// A new shop at that moment whose mail is live, and where that goes.
    pub async fn open_with_mail(now: &str) -> (Shop, Ses) {
        let shop = Shop::open_without_program(now).await;
        let ses = Ses::open(shop.state.clock.clone()).await;
        let state = shop.state.clone().beginning_with_mail();
        let links = state.secrets.links();
        let state = state.with_office(ses.office(links));
        let shop = Shop { router: web::routes::all(state.clone()), state, ..shop };
        shop.get("/v1/program").await.is(200);
        shop.wire.clear();
        (shop, ses)
    }

    /// A new deployment that nobody has called yet.
    pub async fn open_without_program(now: &str) -> Shop {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let database = Database::memory().unwrap();
        tokio::spawn(server::serve_on(listener, database.clone()));
        let wire = Wire::default();
        let settings = |http_client| ClientSettings {
            region: "us-east-1".to_owned(),
            endpoint: Some(endpoint.clone()),
            credentials: Credentials::from_keys("test", "test", None),
            http_client,
        };
        let store = Store::new(dynamodb(&settings(Some(wire.client()))), TABLE);
        store.create_table().await.unwrap();
        let clock = Clock::set_to(now.parse().unwrap());
        let state = AppState::new(store, Secrets::parse(SECRETS, true).unwrap(), clock);
        let links = state.secrets.links();
        let state = state.on_this_machine().with_office(post::closed(links));
        let router = web::routes::all(state.clone());
        wire.clear();
        Shop { wire, state, router, inspector: dynamodb(&settings(None)), database }
    }

    /// The same shop as another instance of the functions would serve it, which has read nothing yet.
    #[must_use]
    pub fn another_instance(&self) -> Shop {
        self.another_instance_with(|_| ())
    }

    /// One that waits or reads for less long, say, than a deployed one.
    #[must_use]
    pub fn another_instance_with(&self, change: impl FnOnce(&mut AppState)) -> Shop {
        let secrets = Secrets::parse(SECRETS, true).unwrap();
        let clock = self.state.clock.clone();
        let state = AppState::new(self.state.app.store.clone(), secrets, clock).on_this_machine();
        let mut state = state.with_office(self.state.office.as_deref().unwrap().clone());
        change(&mut state);
        Shop { router: web::routes::all(state.clone()), state, ..self.clone() }
    }

    pub fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    pub fn move_clock(&self, to: Timestamp) {
        self.state.clock.move_to(to);
    }

    /// A signed event of the shop.
    pub async fn send(&self, topic: &str, payload: &Value) -> Answer {
        self.send_bytes(topic, payload.to_string().as_bytes()).await
    }

    /// The same for any bytes.
    pub async fn send_bytes(&self, topic: &str, body: &[u8]) -> Answer {
        let signature = signature(body);
        let headers = [
            ("x-shopify-hmac-sha256", signature.as_str()),
            ("x-shopify-topic", topic),
            ("x-shopify-shop-domain", DOMAIN),
        ];
        self.call("POST", "/webhooks/shopify", &headers, body).await
    }

    /// An event of a WooCommerce shop, as it was captured.
    pub async fn send_woocommerce(&self, name: &str) -> Answer {
        let event = event(&format!("woocommerce-{name}"));
        let headers = ["x-wc-webhook-signature", "x-wc-webhook-topic"].map(|name| (name, event.header(name)));
        self.call("POST", "/webhooks/woocommerce", &headers, &event.body).await
    }

    /// An event of a storefront of another make, sent at that moment.
    pub async fn send_standard(&self, body: &str, sent_at: Timestamp) -> Answer {
        let signature = sign(STANDARD_WEBHOOKS, "msg_1", sent_at, body.as_bytes()).unwrap();
        let second = sent_at.as_second().to_string();
        let headers = [
            ("webhook-id", "msg_1"),
            ("webhook-timestamp", second.as_str()),
            ("webhook-signature", signature.as_str()),
        ];
        self.call("POST", "/webhooks/events", &headers, body).await
    }

    /// Sends it again until it is taken, as a storefront does with what was answered 503.
    pub async fn deliver(&self, topic: &str, payload: &Value) -> Value {
        for _ in 0..50 {
            let answer = self.send(topic, payload).await;
            if answer.status != 503 {
                return answer.is(200);
            }
            assert!(answer.header("retry-after").is_some(), "{answer:?}");
        }
        panic!("50 deliveries of {topic} were all answered 503");
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.get_as(ADMIN, path).await
    }

    /// With another key, or a token.
    pub async fn get_as(&self, key: &str, path: &str) -> Answer {
        self.call("GET", path, &[bearer(key).as_header()], "").await
    }

    pub async fn post(&self, path: &str, body: &Value, key: Option<&str>) -> Answer {
        self.post_as(ADMIN, path, body, key).await
    }

    /// With another key, or a token.
    pub async fn post_as(&self, caller: &str, path: &str, body: &Value, key: Option<&str>) -> Answer {
        let bearer = bearer(caller);
        let headers: Vec<_> = [bearer.as_header()].into_iter().chain(key.map(|key| ("idempotency-key", key))).collect();
        self.call("POST", path, &headers, body.to_string()).await
    }

    /// A friend takes the coupon of whoever has that code, by a request that was never made before.
    pub async fn claim_referral(&self, code: &str, friend: &str) -> Answer {
        static CLAIMS: AtomicU64 = AtomicU64::new(0);
        let key = format!("claim-{}", CLAIMS.fetch_add(1, Ordering::Relaxed));
        let body = serde_json::json!({"member_id": friend});
        self.post(&format!("/v1/referrals/{code}/claim"), &body, Some(&key)).await
    }

    /// With an admin key, as most of these are.
    pub async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, &[bearer(ADMIN).as_header()], "").await
    }

    /// Merges a member into another; answers with that one.
    pub async fn merge(&self, from: &str, into: &str) -> Value {
        let path = format!("/v1/members/{into}/merge");
        let key = format!("merge-{from}");
        self.post(&path, &serde_json::json!({"from": from}), Some(&key)).await.is(200)
    }

    pub async fn put_program(&self, program: &Value, etag: Option<&str>) -> Answer {
        let bearer = bearer(ADMIN);
        let headers: Vec<_> = [bearer.as_header()].into_iter().chain(etag.map(|etag| ("if-match", etag))).collect();
        self.call("PUT", "/v1/program", &headers, program.to_string()).await
    }

    /// Any request, with these headers and no others.
    pub async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.as_ref().to_vec())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let is_page = head.headers.get("content-type").is_some_and(|kind| kind == "text/html; charset=utf-8");
        let body = match &bytes[..] {
            [] => Value::Null,
            page if is_page => Value::String(String::from_utf8(page.to_vec()).unwrap()),
            json => serde_json::from_slice(json).unwrap(),
        };
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// The path of a link in a mail to that member, at the address that is theirs now.
    pub async fn link(&self, purpose: Purpose, member: &str) -> String {
        let email = self.member(member).await["email"].as_str().unwrap().to_owned();
        self.link_to(purpose, member, &email)
    }

    /// The same, at another address.
    pub fn link_to(&self, purpose: Purpose, member: &str, email: &str) -> String {
        let mailbox = Mailbox::of(&self.state.app.email_keys.key(&Email::parse(email).unwrap()));
        self.path_of(&Link::new(purpose, MemberId::parse(member).unwrap(), self.now()).to(mailbox))
    }

    pub fn path_of(&self, link: &Link) -> String {
        self.state.app.links.path(link).unwrap()
    }

    /// What a browser gets.
    pub async fn page(&self, path: &str) -> Answer {
        self.call("GET", path, &[("accept", "text/html")], "").await
    }

    /// What a browser gets for a form.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.call("POST", path, &[kind, ("x-forwarded-for", "198.51.100.4, 203.0.113.7")], body).await
    }

    /// Gives or takes points; answers with the entry.
    pub async fn adjust(&self, member: &str, points: i64, key: &str) -> Value {
        let body = serde_json::json!({"points": points, "reason": "by hand"});
        self.post(&format!("/v1/members/{member}/adjustments"), &body, Some(key)).await.is(201)
    }

    /// Redeems a reward for points under that key.
    pub async fn redeem(&self, member: &str, reward: &str, key: &str) -> Answer {
        let body = serde_json::json!({"reward_id": reward});
        self.post(&format!("/v1/members/{member}/redemptions"), &body, Some(key)).await
    }

    /// The member of that address, as `GET /v1/members` shows them.
    pub async fn find(&self, email: &str) -> Option<Value> {
        let found = self.get(&format!("/v1/members?email={email}")).await.is(200);
        found["members"].as_array().unwrap().first().cloned()
    }

    /// The id of the member of that customer account.
    pub async fn id_of_customer(&self, customer_id: u64) -> String {
        let path = format!("/v1/members?source={SOURCE}&customer_id={customer_id}");
        let found = self.get(&path).await.is(200);
        found["members"][0]["id"].as_str().unwrap().to_owned()
    }

    pub async fn member(&self, id: &str) -> Value {
        self.get(&format!("/v1/members/{id}")).await.is(200)
    }

    pub async fn lots(&self, id: &str) -> Value {
        self.get(&format!("/v1/members/{id}/lots")).await.is(200)
    }

    /// The newest hundred entries, the newest first.
    pub async fn ledger(&self, id: &str) -> Vec<Value> {
        let page = self.get(&format!("/v1/members/{id}/ledger?limit=100")).await.is(200);
        page["entries"].as_array().unwrap().clone()
    }

    pub async fn explain_order(&self, order: &Value) -> Value {
        self.get(&format!("/v1/orders/{SOURCE}/{}/explain", order["id"])).await.is(200)
    }

    /// The id of the only member, looked up past the wire.
    pub async fn only_member(&self) -> String {
        rows::only_member(&self.inspector, TABLE).await
    }

    /// How many rows of a kind there are, by how their sort key begins.
    pub async fn count(&self, sort_key_begins: &str) -> usize {
        rows::count(&self.inspector, TABLE, sort_key_begins).await
    }

    /// Makes a row of a member one of a format that nobody can read yet, or one that everybody can again.
    pub async fn set_readable(&self, member: &str, row: &str, is_readable: bool) {
        rows::set_format(&self.inspector, TABLE, (&format!("MEM#{member}"), row), if is_readable { 1 } else { 1_000 })
            .await;
    }

    /// Every row of the table; see [`rows::all`].
    pub async fn rows(&self) -> BTreeMap<String, Value> {
        rows::all(&self.inspector, TABLE).await
    }
}

/// The base64 HMAC-SHA256 of a body under the shop's secret.
pub fn signature(body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SIGNING).unwrap().chain_update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// An `Authorization` header's value.
pub struct Bearer(String);

pub fn bearer(key: &str) -> Bearer {
    Bearer(format!("Bearer {key}"))
}

impl Bearer {
    pub fn as_header(&self) -> (&str, &str) {
        ("authorization", &self.0)
    }
}
