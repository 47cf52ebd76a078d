//! A client of the gateway: the storefront that signs its webhooks, and the merchant who reads.

use std::net::SocketAddr;

use axum::body::Bytes;
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client as Connections, connect::HttpConnector},
    rt::TokioExecutor,
};
use jiff::Timestamp;
use serde_json::Value;
use sha2::Sha256;
use storefront::standard_webhooks::sign;

use crate::development_secrets::{ADMIN_KEY, SHOPIFY, STANDARD_WEBHOOKS};

#[derive(Clone, Debug)]
pub struct Client {
    connections: Connections<HttpConnector, Full<Bytes>>,
    base: String,
}

/// What the gateway answered; the body is null where it is no JSON.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
}

/// A page as a browser gets it.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: StatusCode,
    pub text: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("the request cannot be made")]
    Request(#[from] http::Error),
    #[error("the gateway cannot be reached")]
    Unreachable(#[from] hyper_util::client::legacy::Error),
    #[error("the answer did not arrive whole")]
    CutOff(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Client {
    pub fn of(server: SocketAddr) -> Client {
        let connections = Connections::builder(TokioExecutor::new()).build(HttpConnector::new());
        Client { connections, base: format!("http://{server}") }
    }

    /// # Errors
    /// `ClientError` if there is no answer; a refusal is one.
    pub async fn get(&self, path: &str) -> Result<Answer, ClientError> {
        self.send(self.request(Method::GET, path).body(Full::default())?).await
    }

    /// # Errors
    /// `ClientError` if there is no answer; a refusal is one.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer, ClientError> {
        self.send(self.request(Method::POST, path).body(Full::from(body.to_string()))?).await
    }

    /// What moves points, or makes something, once for that key.
    ///
    /// # Errors
    /// `ClientError` if there is no answer; a refusal is one.
    pub async fn post_once(&self, path: &str, key: &str, body: &Value) -> Result<Answer, ClientError> {
        let request = self.request(Method::POST, path).header("idempotency-key", key);
        self.send(request.body(Full::from(body.to_string()))?).await
    }

    /// # Errors
    /// `ClientError` if there is no answer; a refusal is one.
    pub async fn patch(&self, path: &str, body: &Value) -> Result<Answer, ClientError> {
        self.send(self.request(Method::PATCH, path).body(Full::from(body.to_string()))?).await
    }

    /// # Errors
    /// `ClientError` if there is no answer; a refusal is one.
    pub async fn delete(&self, path: &str) -> Result<Answer, ClientError> {
        self.send(self.request(Method::DELETE, path).body(Full::default())?).await
    }

    /// Follows a link, as whoever has it.
    ///
    /// # Errors
    /// `ClientError` if there is no answer; a refusal is one.
    pub async fn page(&self, path: &str) -> Result<Page, ClientError> {
        self.browse(Request::get(format!("{}{path}", self.base)).body(Full::default())?).await
    }

    /// Sends a page's form.
    ///
    /// # Errors
    /// `ClientError` if there is no answer; a refusal is one.
    pub async fn submit(&self, path: &str, form: &[(String, String)]) -> Result<Page, ClientError> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(format!("{}{path}", self.base))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.browse(request.body(Full::from(form))?).await
    }

    /// Sends an event by Standard Webhooks at that time, signed.
    ///
    /// # Errors
    /// `ClientError` if there is no answer; a refusal is one.
    pub async fn event(&self, id: &str, sent_at: Timestamp, body: &Value) -> Result<Answer, ClientError> {
        let body = body.to_string();
        #[allow(clippy::expect_used, reason = "the development secret is one of the format")]
        let signature = sign(STANDARD_WEBHOOKS, id, sent_at, body.as_bytes()).expect("the secret is well-formed");
        let request = self
            .request(Method::POST, "/webhooks/events")
            .header("webhook-id", id)
            .header("webhook-timestamp", sent_at.as_second())
            .header("webhook-signature", signature)
            .body(Full::from(body))?;
        self.send(request).await
    }

    /// Sends an event as that shop, signed.
    ///
    /// # Errors
    /// `ClientError` if there is no answer; a refusal is one.
    pub async fn webhook(&self, shop: &str, topic: &str, body: &Value) -> Result<Answer, ClientError> {
        let body = body.to_string();
        let request = self
            .request(Method::POST, "/webhooks/shopify")
            .header("x-shopify-topic", topic)
            .header("x-shopify-shop-domain", shop)
            .header("x-shopify-hmac-sha256", signature(body.as_bytes()))
            .body(Full::from(body))?;
        self.send(request).await
    }

    fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        request
            .header(header::AUTHORIZATION, format!("Bearer {ADMIN_KEY}"))
            .header(header::CONTENT_TYPE, "application/json")
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, ClientError> {
        let (status, body) = self.exchange(request).await?;
        Ok(Answer { status, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
    }

    async fn browse(&self, request: Request<Full<Bytes>>) -> Result<Page, ClientError> {
        let (status, body) = self.exchange(request).await?;
        Ok(Page { status, text: String::from_utf8_lossy(&body).into_owned() })
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes), ClientError> {
        let answer = self.connections.request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await.map_err(|error| ClientError::CutOff(Box::new(error)))?;
        Ok((status, body.to_bytes()))
    }
}

fn signature(body: &[u8]) -> String {
    #[allow(clippy::expect_used, reason = "RFC 2104 defines HMAC for a key of any length")]
    let mac = Hmac::<Sha256>::new_from_slice(SHOPIFY.as_bytes()).expect("HMAC takes a key of any length");
    STANDARD.encode(mac.chain_update(body).finalize().into_bytes())
}
