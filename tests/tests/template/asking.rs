//! What each function asks of the database when it is sent all of `events/`, in the words of IAM.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use app::{
    Deadline,
    links::{Link, Mailbox, Purpose},
};
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::HttpRequest,
};
use axum::{Router, body::Body};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use rules::{
    email::Email,
    ids::MemberId,
    message::{Message, Occasion, Timing},
};
use serde_json::{Value, json};
use store::{DueAt, DueHour, Plan, Store, Write, http_client};
use storefront::standard_webhooks::sign;
use tests::{
    Buyer, at, member_token,
    payloads::{email, later, paid_order},
    post,
    shop::{ADMIN, DOMAIN, SOURCE, STANDARD_WEBHOOKS, STOREFRONT, signature},
    tokens::forwarded,
};
use tower::ServiceExt as _;
use web::{clock::Clock, routes, schedules, secrets::Secrets, state::AppState};

use crate::{database, document::house};

const TABLE: &str = "regulars";
const NOW: &str = "2026-07-15T12:00:00Z";
/// When mail is due.
const LATER: &str = "2027-07-01T12:02:00Z";
const SECRETS: &str = r#"{"admin_keys": ["dev-admin"], "storefront_keys": ["dev-storefront"],
    "publishable_keys": ["dev-publishable"], "member_token_secrets": ["dev-member"], "link_secrets": ["dev-links"], "email_hmac": "dev-email",
    "sources": {"shopify:*": ["dev-shopify"], "woocommerce:local": ["dev-woocommerce"],
        "storefront:local": ["whsec_ZGV2LXNlY3JldC1kZXYtc2VjcmV0LWRldi1zZWM="]}}"#;

/// The actions that each function needs, by its name.
pub(crate) async fn asked_by_each_function() -> BTreeMap<String, BTreeSet<String>> {
    let endpoint = database::serve().await;
    Store::new(database::client(&endpoint, None), TABLE).create_table().await.unwrap();
    let asks = async |function: &str, routes: fn(AppState) -> Router, besides: Vec<Request<Body>>| {
        let ear = Ear::default();
        let router = routes(instance(&endpoint, &ear, NOW));
        for request in events(function).into_iter().chain(besides) {
            let asked = format!("{} {}", request.method(), request.uri());
            let status = router.clone().oneshot(request).await.unwrap().status();
            // their ids are nobody's here: not found in a path, a bad field in a body
            let of_nobody = status == StatusCode::NOT_FOUND
                || (status == StatusCode::BAD_REQUEST && asked.starts_with("POST /v1/referrals/"));
            assert!(status.is_success() || of_nobody, "{asked}: {status}");
        }
        ear.heard()
    };
    let webhooks = asks("webhooks", routes::webhooks, orders_of_a_guest()).await;
    let members = asks("members", routes::members, vec![enrolment_of_that_guest()]).await;
    let besides = vec![import_of_an_order_that_changed_hands(), removal_of(&set_endpoint(&endpoint).await)];
    let program = asks("program", routes::program, besides).await;
    let pages = asks("pages", routes::pages, visits_of_another_guest(&endpoint).await).await;
    leave_that_guest_their_tier_alone(&endpoint).await;
    let ear = Ear::default();
    let tiers = async |now| schedules::tiers(&instance(&endpoint, &ear, now), Deadline::NONE).await.unwrap();
    // the guest is told that silver ends on June 20, and then it does
    let told = tiers("2027-05-22T12:00:00Z").await;
    assert_eq!((told.reviewed, told.failed), (1, 0));
    let review = tiers("2027-07-01T12:00:00Z").await;
    assert_eq!((review.changed, review.failed), (1, 0));
    let tiers = ear.heard();
    let ear = Ear::default();
    let lifecycle = instance(&endpoint, &ear, "2027-07-01T12:01:00Z");
    for scenario in ["account", "webhook", "quarantine", "transactional", "mail"] {
        lifecycle.app.store.move_cursor(scenario, at("2027-07-01T11:00:00Z")).await.unwrap();
    }
    let run = schedules::lifecycle(&lifecycle, Deadline::NONE).await.unwrap();
    // the change of tier, for the endpoint of `events/`
    assert_eq!((run.events.served, run.events.failed), (1, 0));
    let lifecycle = ear.heard();
    let OfMail { reviews, feedback, sending } = asked_by_mail(&endpoint).await;
    let lifecycle = lifecycle.into_iter().chain(sending).collect();
    let all = [
        ("reviews", reviews),
        ("feedback", feedback),
        ("webhooks", webhooks),
        ("members", members),
        ("program", program),
        ("pages", pages),
        ("tiers", tiers),
        ("lifecycle", lifecycle),
    ];
    all.map(|(name, asked)| (name.to_owned(), asked)).into()
}

/// Sets an endpoint, and returns its id.
async fn set_endpoint(endpoint: &str) -> String {
    let router = routes::program(instance(endpoint, &Ear::default(), NOW));
    let body = json!({"url": "https://erp.example/hooks", "events": ["case.opened"]}).to_string();
    let request = Request::post("/v1/endpoints").header("authorization", format!("Bearer {ADMIN}"));
    let answer = router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice::<Value>(&body).unwrap()["id"].as_str().unwrap().to_owned()
}

fn removal_of(endpoint: &str) -> Request<Body> {
    let request = Request::delete(format!("/v1/endpoints/{endpoint}"));
    request.header("authorization", format!("Bearer {ADMIN}")).body(Body::empty()).unwrap()
}

/// One instance of a function.
fn instance(endpoint: &str, ear: &Ear, now: &str) -> AppState {
    let store = Store::new(database::client(endpoint, Some(ear.client())), TABLE);
    let state = AppState::new(store, Secrets::parse(SECRETS, true).unwrap(), Clock::set_to(at(now)));
    let links = state.secrets.links();
    state.on_this_machine().beginning_with_mail().with_office(post::closed(links))
}

/// What is asked about an invitation that is due, and about the bounce of one that is said to have been sent.
async fn asked_by_mail(endpoint: &str) -> OfMail {
    let ear = Ear::default();
    let state = instance(endpoint, &ear, LATER);
    let enrolled = r#"{"email": "reader@example.com", "country": "US", "consent": {"marketing": "granted"}}"#;
    let request = Request::post("/v1/members").header("authorization", format!("Bearer {ADMIN}"));
    let answer = routes::members(state.clone()).oneshot(request.body(Body::from(enrolled)).unwrap()).await.unwrap();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    let member = MemberId::parse(serde_json::from_slice::<Value>(&body).unwrap()["id"].as_str().unwrap()).unwrap();
    let timing = Timing { due_at: at(LATER), deadline_at: at("2027-07-05T12:00:00Z") };
    let mut ids = Vec::new();
    for (queue, scenario, step, subject) in
        [("reviews", "review_invitation", 1, "shop#1"), ("mail", "tips", 1, "shop#1")]
    {
        let message = Message::plan(Occasion { member: &member, scenario, step, subject }, timing, at(LATER));
        ids.push(message.id.clone());
        let due = Some(DueAt { scenario: queue, hour: DueHour::of(at(LATER)), at: at(LATER) });
        state.app.store.commit(Plan { writes: vec![Write::Message { message, due }] }).await.unwrap();
    }
    let ear = Ear::default();
    let state = instance(endpoint, &ear, LATER);
    for queue in ["reviews", "quarantine", "transactional", "mail"] {
        state.app.store.move_cursor(queue, at("2027-07-01T10:00:00Z")).await.unwrap();
    }
    let run = schedules::reviews(&state, Deadline::NONE).await.unwrap();
    assert_eq!((run.served, run.failed), (1, 0));
    let reviews = ear.heard();
    let ear = Ear::default();
    let run = schedules::lifecycle(&instance(endpoint, &ear, LATER), Deadline::NONE).await.unwrap();
    assert!(run.messages.served > 0 && run.messages.failed == 0);
    let sending = ear.heard();
    let ear = Ear::default();
    let state = instance(endpoint, &ear, LATER);
    for case in ["send", "bounce", "complaint", "sns-delivery", "subscription"] {
        let event = fs::read_to_string(house(&format!("events/feedback-{case}.json"))).unwrap();
        let event = event.replace("mem_019eda2c5900753a9ae34a706bc75572", member.as_str());
        let event = event.replace("msg_6d4a5b1f0c9e8d7a6b5c4d3e2f1a0b9c", ids[0].as_str());
        schedules::feedback(&state, &serde_json::from_str(&event).unwrap()).await.unwrap();
    }
    OfMail { reviews, feedback: ear.heard(), sending }
}

struct OfMail {
    reviews: BTreeSet<String>,
    feedback: BTreeSet<String>,
    /// What the lifecycle asks when it sends.
    sending: BTreeSet<String>,
}

/// The events of a function as the requests that the gateway took.
fn events(function: &str) -> Vec<Request<Body>> {
    let mut files: Vec<_> = fs::read_dir(house("events")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    let of_function = files.iter().filter(|path| name(path).starts_with(&format!("{function}-")));
    of_function.map(|path| request(&serde_json::from_slice(&fs::read(path).unwrap()).unwrap())).collect()
}

fn request(event: &Value) -> Request<Body> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let uri = match event["queryStringParameters"]["logged_in_customer_id"].as_str() {
        Some(customer_id) => forwarded(customer_id, at(NOW)),
        None => format!("{}?{}", text(&event["rawPath"]), text(&event["rawQueryString"])),
    };
    let request = Request::builder().method(text(&event["requestContext"]["http"]["method"]).as_str()).uri(uri);
    let headers = event["headers"].as_object().unwrap().iter();
    let headers = headers.filter(|(name, _)| !matches!(name.as_str(), "webhook-timestamp" | "webhook-signature"));
    let headers = headers.map(|(name, value)| (name, lasting(text(value))));
    let mut request = headers.fold(request, |request, (name, value)| request.header(name, value));
    if let Some(id) = event["headers"]["webhook-id"].as_str() {
        // such a signature is good for five minutes
        let signature = sign(STANDARD_WEBHOOKS, id, at(NOW), text(&event["body"]).as_bytes()).unwrap();
        request = request.header("webhook-timestamp", at(NOW).as_second()).header("webhook-signature", signature);
    }
    request.body(Body::from(event["body"].as_str().unwrap_or_default().to_owned())).unwrap()
}

/// A member token is good for a day at most: the same one, minted now.
fn lasting(header: String) -> String {
    let claims = header.strip_prefix("Bearer ").and_then(|token| token.split('.').nth(1));
    let Some(claims) = claims else { return header };
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    format!("Bearer {}", member_token(claims["sub"].as_str().unwrap(), at(NOW)))
}

/// An order that was first said to be another's. It makes them silver, so that the daily review has somebody to step
/// down.
fn orders_of_a_guest() -> Vec<Request<Body>> {
    let paid_at = at("2026-06-20T10:00:00Z");
    let lines = [("250.00", 1)];
    let anothers = paid_order(6_120_345_999_001, &Buyer::without_account(40), paid_at, &lines);
    let theirs = later(&paid_order(6_120_345_999_001, &guest(), paid_at, &lines), at("2026-06-20T11:00:00Z"));
    let of_who_visits = paid_order(6_120_345_999_002, &Buyer::without_account(42), paid_at, &[("12.00", 1)]);
    [anothers, theirs, of_who_visits].map(|order| signed(&order.to_string())).into()
}

fn signed(order: &str) -> Request<Body> {
    let request = Request::post("/webhooks/shopify")
        .header("x-shopify-topic", "orders/paid")
        .header("x-shopify-shop-domain", DOMAIN)
        .header("x-shopify-hmac-sha256", signature(order.as_bytes()));
    request.body(Body::from(order.to_owned())).unwrap()
}

/// An export that names another buyer than the one before, so that one of them gives it up.
fn import_of_an_order_that_changed_hands() -> Request<Body> {
    let order = |email: &str, changed_at: &str| {
        let line = json!({"id": "1", "quantity": 1, "price": {"amount": "12.00", "currency": "USD"}});
        json!({"id": "A-1", "currency": "USD", "created_at": "2026-05-02T10:00:00Z", "paid_at": "2026-05-02T10:00:00Z",
            "updated_at": changed_at, "customer": {"email": email}, "lines": [line]})
    };
    let orders = [order("ana@example.com", "2026-05-02T10:00:00Z"), order("bea@example.com", "2026-05-03T10:00:00Z")];
    let import = json!({"source": "storefront:local", "kind": "orders", "format": "regulars", "data": orders});
    let request = Request::post("/v1/imports").header("authorization", format!("Bearer {ADMIN}"));
    request.body(Body::from(import.to_string())).unwrap()
}

/// With another address, so that the former one is given up.
fn enrolment_of_that_guest() -> Request<Body> {
    let link = json!({"source": SOURCE, "customer_id": guest().customer_id.unwrap().to_string()});
    let enrolment = json!({"email": "nolan.fairweather@example.com", "links": [link]}).to_string();
    let request = Request::post("/v1/members").header("authorization", format!("Bearer {STOREFRONT}"));
    request.body(Body::from(enrolment)).unwrap()
}

/// The shop sends mail, and nothing but their tier is told of before it ends: they have no points that expire.
async fn leave_that_guest_their_tier_alone(endpoint: &str) {
    let now = "2027-05-01T12:00:00Z";
    let state = instance(endpoint, &Ear::default(), now);
    let router = routes::program(state.clone());
    let ask = async |request: http::request::Builder, body: &Value| {
        let request = request.header("authorization", format!("Bearer {ADMIN}"));
        let answer = router.clone().oneshot(request.body(Body::from(body.to_string())).unwrap()).await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        answer
    };
    let in_force = ask(Request::get("/v1/program"), &Value::Null).await;
    let etag = in_force.headers()["etag"].clone();
    let program = in_force.into_body().collect().await.unwrap().to_bytes();
    let mut program: Value = serde_json::from_slice(&program).unwrap();
    program["mail"]["sender"] = json!({"name": "Leaf", "address": "shop@leaf.example"});
    ask(Request::put("/v1/program").header("if-match", etag), &program).await;
    let address = Email::parse("nolan.fairweather@example.com").unwrap();
    let member = state.app.member_by_email(&address, at(now)).await.unwrap().unwrap();
    let spent = json!({"points": -member.balance.available.get(), "reason": "spent"});
    let adjustments = format!("/v1/members/{}/adjustments", member.profile.id);
    ask(Request::post(adjustments).header("idempotency-key", "spent"), &spent).await;
}

/// Who leaves, confirms that they are back, and reviews what they bought.
async fn visits_of_another_guest(endpoint: &str) -> Vec<Request<Body>> {
    let app = instance(endpoint, &Ear::default(), NOW).app;
    let address = Email::parse(&email(42)).unwrap();
    let member = app.member_by_email(&address, at(NOW)).await.unwrap().unwrap().profile.id;
    let order = serde_json::from_value(json!({"source": SOURCE, "id": "6120345999002"})).unwrap();
    let mailbox = Mailbox::of(&app.email_keys.key(&address));
    let link = |purpose| Link::new(purpose, member.clone(), at(NOW)).to(mailbox);
    let form = |link: Link, body: &str| {
        Request::post(app.links.path(&link).unwrap()).body(Body::from(body.to_owned())).unwrap()
    };
    vec![
        form(link(Purpose::Unsubscribe), "List-Unsubscribe=One-Click"),
        form(link(Purpose::Confirm), ""),
        form(link(Purpose::Review).about(order), "product-0=8410000000000&rating-0=2"),
    ]
}

fn guest() -> Buyer {
    Buyer::without_account(41)
}

/// Hears every call on its way to the database.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<BTreeSet<String>>>);

impl Ear {
    fn client(&self) -> SharedHttpClient {
        let (ear, inner) = (self.clone(), http_client());
        http_client_fn(move |settings, components| {
            let inner = inner.http_connector(settings, components);
            SharedHttpConnector::new(Listening { ear: ear.clone(), inner })
        })
    }

    fn heard(&self) -> BTreeSet<String> {
        self.0.lock().unwrap().clone()
    }
}

struct Listening {
    ear: Ear,
    inner: SharedHttpConnector,
}

impl HttpConnector for Listening {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap();
        let body = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        self.ear.0.lock().unwrap().extend(actions(target.rsplit('.').next().unwrap(), &body));
        self.inner.call(request)
    }
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listening")
    }
}

/// The actions of one call: a transaction needs those of its parts.
fn actions(operation: &str, body: &Value) -> Vec<String> {
    let Some(parts) = body["TransactItems"].as_array() else { return vec![operation.to_owned()] };
    let kinds = parts.iter().flat_map(|part| part.as_object().unwrap().keys());
    kinds
        .map(|kind| if kind == "ConditionCheck" { "ConditionCheckItem".to_owned() } else { format!("{kind}Item") })
        .collect()
}
