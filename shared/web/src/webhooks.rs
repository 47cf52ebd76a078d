//! `POST /webhooks/...`: verify on the raw bytes, parse, record.

use axum::{Json, extract::State};
use http::HeaderMap;
use jiff::Timestamp;
use rules::ids::{HappeningId, Source};
use serde::Serialize;
use storefront::{
    event::Event,
    shopify,
    standard_webhooks::{self, Verdict},
    woocommerce,
};
use utoipa::ToSchema;

use app::{record_activities::Outcome, record_order::Recorded};

use crate::{body::RawBody, problem::Problem, secrets::Signer, state::AppState};

#[derive(Serialize, ToSchema)]
pub(crate) struct Received {
    /// What became of the event.
    result: ReceivedResult,
    /// Why it was ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// What became of each activity that it told of, if it was several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    activities: Vec<ActivityReceived>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ActivityReceived {
    /// The storefront's own of it.
    id: String,
    result: ReceivedResult,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReceivedResult {
    Posted,
    /// It said nothing new.
    Known,
    /// Kept until an event names the member, or a person approves it.
    Waiting,
    /// Known now; no points follow from it.
    Kept,
    Ignored,
}

impl From<Recorded> for Received {
    fn from(recorded: Recorded) -> Received {
        let (result, reason) = match recorded {
            Recorded::Posted(_) => (ReceivedResult::Posted, None),
            Recorded::Known => (ReceivedResult::Known, None),
            Recorded::Waiting => (ReceivedResult::Waiting, None),
            Recorded::Kept => (ReceivedResult::Kept, None),
            Recorded::UnknownCustomer => (ReceivedResult::Ignored, Some("the customer is not known")),
        };
        Received { result, reason, activities: Vec::new() }
    }
}

impl Received {
    fn ignored(reason: &'static str) -> Received {
        Received { result: ReceivedResult::Ignored, reason: Some(reason), activities: Vec::new() }
    }
}

/// The result that the most follows from speaks for all of them.
impl From<Vec<(HappeningId, Outcome)>> for Received {
    fn from(outcomes: Vec<(HappeningId, Outcome)>) -> Received {
        let mut activities: Vec<ActivityReceived> = outcomes.into_iter().map(ActivityReceived::from).collect();
        let best =
            activities.iter().map(|activity| (activity.result, activity.reason)).min_by_key(|(result, _)| *result);
        if activities.len() == 1 {
            activities.clear();
        }
        match best {
            Some((result, reason)) => Received { result, reason, activities },
            None => Received::ignored("it tells of no activity"),
        }
    }
}

impl From<(HappeningId, Outcome)> for ActivityReceived {
    fn from((id, outcome): (HappeningId, Outcome)) -> ActivityReceived {
        let (result, reason) = match outcome {
            Outcome::Posted => (ReceivedResult::Posted, None),
            Outcome::Known => (ReceivedResult::Known, None),
            Outcome::Waiting => (ReceivedResult::Waiting, None),
            Outcome::Kept(reason) => (ReceivedResult::Kept, Some(reason)),
            Outcome::Ignored(reason) => (ReceivedResult::Ignored, Some(reason)),
        };
        ActivityReceived { id: id.into(), result, reason }
    }
}

/// Takes an event of a Shopify shop
#[utoipa::path(post, path = "/webhooks/shopify", tag = "webhooks", request_body(content = serde_json::Value, content_type = "application/json"),
    params(("X-Shopify-Hmac-Sha256" = String, Header, description = "base64 HMAC-SHA256 of the raw body"),
           ("X-Shopify-Topic" = String, Header), ("X-Shopify-Shop-Domain" = Option<String>, Header)),
    responses((status = 200, body = Received), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 503, body = Problem)))]
pub(crate) async fn shopify(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: RawBody,
) -> Result<Json<Received>, Problem> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signature = header("x-shopify-hmac-sha256")
        .ok_or_else(|| Problem::unauthorized("the `X-Shopify-Hmac-Sha256` header is missing"))?;
    let domain = header("x-shopify-shop-domain");
    let signed_by = |secrets: &[String]| shopify::verify(secrets, &body.0, signature);
    let source = state.secrets.shopify_source(domain, signed_by);
    let source = source.ok_or_else(|| Problem::unauthorized("the signature does not fit the body"))?;
    let topic = header("x-shopify-topic").ok_or_else(|| Problem::field("X-Shopify-Topic", "is missing"))?;
    let now = state.clock.now();
    let event = shopify::parse(topic, &body.0, &state.app.email_keys, now)?;
    record(&state, &source, &event, topic, header("x-shopify-webhook-id"), now).await
}

/// Takes an event of a WooCommerce shop
#[utoipa::path(post, path = "/webhooks/woocommerce", tag = "webhooks", request_body(content = serde_json::Value, content_type = "application/json"),
    params(("X-WC-Webhook-Signature" = String, Header, description = "base64 HMAC-SHA256 of the raw body"),
           ("X-WC-Webhook-Topic" = String, Header)),
    responses((status = 200, body = Received), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 503, body = Problem)))]
pub(crate) async fn woocommerce(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: RawBody,
) -> Result<Json<Received>, Problem> {
    if woocommerce::is_ping(&body.0) {
        return Ok(Json(Received::ignored("a ping")));
    }
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signature = header("x-wc-webhook-signature")
        .ok_or_else(|| Problem::unauthorized("the `X-WC-Webhook-Signature` header is missing"))?;
    let signed_by = |secrets: &[String]| woocommerce::verify(secrets, &body.0, signature);
    let source = state.secrets.source_signed(Signer::WooCommerce, signed_by);
    let source = source.ok_or_else(|| Problem::unauthorized("the signature does not fit the body"))?;
    let topic = header("x-wc-webhook-topic").ok_or_else(|| Problem::field("X-WC-Webhook-Topic", "is missing"))?;
    let now = state.clock.now();
    let event = woocommerce::parse(topic, &body.0, &state.app.email_keys, now)?;
    record(&state, &source, &event, topic, header("x-wc-webhook-delivery-id"), now).await
}

/// Takes an event of any other storefront, signed by Standard Webhooks
#[utoipa::path(post, path = "/webhooks/events", tag = "webhooks", request_body(content = serde_json::Value, content_type = "application/json"),
    params(("webhook-id" = String, Header), ("webhook-timestamp" = String, Header, description = "seconds; within 5 minutes"),
           ("webhook-signature" = String, Header, description = "`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`; several, separated by blanks")),
    responses((status = 200, body = Received), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 503, body = Problem)))]
pub(crate) async fn events(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: RawBody,
) -> Result<Json<Received>, Problem> {
    let now = state.clock.now();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let missing = |name: &str| Problem::unauthorized(&format!("the `{name}` header is missing"));
    let id = header("webhook-id").ok_or_else(|| missing("webhook-id"))?;
    let sent_at = header("webhook-timestamp").ok_or_else(|| missing("webhook-timestamp"))?;
    let signature = header("webhook-signature").ok_or_else(|| missing("webhook-signature"))?;
    let verdict = |secrets: &[String]| standard_webhooks::verify(secrets, id, sent_at, signature, &body.0, now);
    let genuine = |secrets: &[String]| verdict(secrets) == Verdict::Genuine;
    let Some(source) = state.secrets.source_signed(Signer::StandardWebhooks, genuine) else {
        let late = |secrets: &[String]| verdict(secrets) == Verdict::WrongTime;
        let is_late = state.secrets.source_signed(Signer::StandardWebhooks, late).is_some();
        let why =
            if is_late { "`webhook-timestamp` is not within 5 minutes" } else { "the signature does not fit the body" };
        return Err(Problem::unauthorized(why));
    };
    let event = standard_webhooks::parse(&body.0, &state.app.email_keys, now)?;
    record(&state, &source, &event, "standard", Some(id), now).await
}

async fn record(
    state: &AppState,
    source: &Source,
    event: &Event,
    topic: &str,
    delivery: Option<&str>,
    now: Timestamp,
) -> Result<Json<Received>, Problem> {
    let recorded = match event {
        Event::Order(order) => state.app.record_order(source, order, now).await?,
        Event::Customer(customer) => state.app.record_customer(source, customer, now).await?,
        Event::CustomerDeleted { customer_id } => state.app.forget_customer(source, customer_id, now).await?,
        Event::Product(product) => state.app.record_product(source, product).await?,
        Event::Privacy(demanded) if !state.secrets.takes_shop(source, &demanded.shop) => {
            return Err(Problem::field("/shop_domain", "is not the shop whose secret signed it"));
        }
        Event::Privacy(demanded) => state.app.answer_demand(demanded, now).await?,
        Event::Activities(activities) => {
            let outcomes = state.app.record_activities(source, activities, now).await?;
            tracing::info!(webhook.topic = topic, webhook.delivery = delivery, webhook.result = ?outcomes, "webhook recorded");
            return Ok(Json(outcomes.into()));
        }
        Event::Ignored { reason } => {
            tracing::info!(webhook.topic = topic, webhook.reason = reason, "webhook ignored");
            return Ok(Json(Received::ignored(reason)));
        }
    };
    tracing::info!(webhook.topic = topic, webhook.delivery = delivery, webhook.result = ?recorded, "webhook recorded");
    Ok(Json(recorded.into()))
}
