//! The merchant's own server, which an endpoint leads to.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{Router, extract::State, routing::post};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use super::{actor::id_in, play::DemoError};
use crate::client::Client;

/// Listens while the year is played.
pub(super) struct Receiver {
    endpoint: String,
    received: Arc<AtomicU64>,
    server: JoinHandle<()>,
}

impl Receiver {
    pub(super) async fn open(client: &Client) -> Result<Receiver, DemoError> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/regulars", listener.local_addr()?);
        let received = Arc::new(AtomicU64::new(0));
        let routes = Router::new().route("/regulars", post(take)).with_state(received.clone());
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                tracing::error!(%error, "the merchant's own server ended");
            }
        });
        let events = json!(["tier.changed", "redemption.created", "coupon.issued"]);
        let made = client.post("/v1/endpoints", &json!({ "url": url, "events": events })).await?;
        let endpoint = id_in(&made.is(StatusCode::CREATED, "POST /v1/endpoints")?).unwrap_or_default();
        Ok(Receiver { endpoint, received, server })
    }

    /// How many signed events have arrived.
    pub(super) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Nobody listens any more, so nothing more is to be sent.
    pub(super) async fn close(self, client: &Client) -> Result<(), DemoError> {
        let path = format!("/v1/endpoints/{}", self.endpoint);
        let off: Value = json!({ "on": false });
        client.patch(&path, &off).await?.is(StatusCode::OK, &path)?;
        self.server.abort();
        Ok(())
    }
}

async fn take(State(received): State<Arc<AtomicU64>>, headers: HeaderMap) -> StatusCode {
    if !headers.contains_key("webhook-signature") {
        return StatusCode::UNAUTHORIZED;
    }
    received.fetch_add(1, Ordering::Relaxed);
    StatusCode::NO_CONTENT
}
