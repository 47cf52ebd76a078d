//! A merchant's own server: takes what it is posted, and answers as it is told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Bytes, extract::State, response::IntoResponse, routing::post};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde_json::Value;
use storefront::standard_webhooks::{Verdict, verify};
use tokio::net::TcpListener;

/// What was posted.
#[derive(Clone, Debug)]
pub struct Received {
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Clone)]
struct Shelf {
    received: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<VecDeque<Reply>>>,
}

/// How one request is answered.
#[derive(Clone, Debug)]
pub enum Reply {
    Status(u16),
    With(u16, &'static str, String),
    After(Duration),
}

#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    shelf: Shelf,
}

impl Receiver {
    /// A server that answers 204.
    pub async fn open() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let shelf = Shelf { received: Arc::default(), answers: Arc::default() };
        let routes = Router::new().route("/hook", post(take)).with_state(shelf.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Receiver { url, shelf }
    }

    /// The next requests are answered so, one after the other.
    pub fn answers(&self, replies: impl IntoIterator<Item = Reply>) {
        self.shelf.answers.lock().unwrap().extend(replies);
    }

    /// From now on it answers 204 again.
    pub fn recovers(&self) {
        self.shelf.answers.lock().unwrap().clear();
    }

    pub fn received(&self) -> Vec<Received> {
        self.shelf.received.lock().unwrap().clone()
    }
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn body(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Whether that secret signed it, at about that time.
    pub fn is_signed_by(&self, secret: &str, now: Timestamp) -> bool {
        let [id, at, signature] =
            ["webhook-id", "webhook-timestamp", "webhook-signature"].map(|name| self.header(name));
        verify(&[secret], id, at, signature, &self.body, now) == Verdict::Genuine
    }
}

async fn take(State(shelf): State<Shelf>, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
    shelf.received.lock().unwrap().push(Received { headers, body });
    let reply = shelf.answers.lock().unwrap().pop_front();
    let status = |status| StatusCode::from_u16(status).unwrap();
    match reply {
        None => status(204).into_response(),
        Some(Reply::Status(code)) => status(code).into_response(),
        Some(Reply::With(code, name, value)) => (status(code), [(name, value)]).into_response(),
        Some(Reply::After(pause)) => {
            tokio::time::sleep(pause).await;
            status(204).into_response()
        }
    }
}
