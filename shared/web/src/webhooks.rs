//! `POST /webhooks/shopify`: verify on the raw bytes, parse, record.

use axum::{Json, extract::State};
use http::HeaderMap;
use serde::Serialize;
use storefront::{event::Event, shopify};
use utoipa::ToSchema;

use app::record_order::Recorded;

use crate::{body::RawBody, problem::Problem, state::AppState};

#[derive(Serialize, ToSchema)]
pub(crate) struct Received {
    /// What became of the event.
    result: ReceivedResult,
    /// Why it was ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReceivedResult {
    Posted,
    /// It said nothing new.
    Known,
    /// Kept until an event names the member.
    Waiting,
    Ignored,
}

impl From<Recorded> for Received {
    fn from(recorded: Recorded) -> Received {
        let (result, reason) = match recorded {
            Recorded::Posted(_) => (ReceivedResult::Posted, None),
            Recorded::Known => (ReceivedResult::Known, None),
            Recorded::Waiting => (ReceivedResult::Waiting, None),
            Recorded::UnknownCustomer => (ReceivedResult::Ignored, Some("the customer is not known")),
        };
        Received { result, reason }
    }
}

/// Takes an event of a Shopify shop
#[utoipa::path(post, path = "/webhooks/shopify", tag = "webhooks", request_body(content = serde_json::Value, content_type = "application/json"),
    params(("X-Shopify-Hmac-Sha256" = String, Header, description = "base64 HMAC-SHA256 of the raw body"),
           ("X-Shopify-Topic" = String, Header), ("X-Shopify-Shop-Domain" = Option<String>, Header)),
    responses((status = 200, body = Received), (status = 400, body = Problem), (status = 401, body = Problem),
              (status = 413, body = Problem), (status = 503, body = Problem)))]
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
    let recorded = match &event {
        Event::Order(order) => state.app.record_order(&source, order, now).await?,
        Event::Customer(customer) => state.app.record_customer(&source, customer, now).await?,
        Event::CustomerDeleted { customer_id } => state.app.forget_customer(&source, customer_id, now).await?,
        Event::Ignored { reason } => {
            tracing::info!(webhook.topic = topic, webhook.reason = reason, "webhook ignored");
            return Ok(Json(Received { result: ReceivedResult::Ignored, reason: Some(reason) }));
        }
    };
    let delivery = header("x-shopify-webhook-id");
    tracing::info!(webhook.topic = topic, webhook.delivery = delivery, webhook.result = ?recorded, "webhook recorded");
    Ok(Json(recorded.into()))
}
