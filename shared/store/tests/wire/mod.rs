//! The wire between the store and the database: it sees every call, and can break some.
#![allow(dead_code, reason = "each file of tests needs another part")]

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_runtime_api::{
    client::{
        http::{HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use serde_json::Value;

/// What becomes of one call.
pub(crate) enum Fate {
    Sent,
    /// Answered on the way, without being sent.
    Answered(u16, Value),
    /// Sent and done, but the answer is lost.
    AnswerLost,
}

/// One call as it was sent and answered.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) operation: String,
    pub(crate) request: Value,
    pub(crate) answer: Value,
}

/// The fate of a call by its number, from 0, and its request.
type Breaker = dyn Fn(usize, &Call) -> Fate + Send + Sync;

#[derive(Clone)]
pub(crate) struct Wire {
    breaker: Arc<Breaker>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Wire {
    pub(crate) fn sound() -> Wire {
        Wire::broken_by(|_, _| Fate::Sent)
    }

    pub(crate) fn broken_by(breaker: impl Fn(usize, &Call) -> Fate + Send + Sync + 'static) -> Wire {
        Wire { breaker: Arc::new(breaker), calls: Arc::default() }
    }

    pub(crate) fn client(&self) -> SharedHttpClient {
        let (wire, inner) = (self.clone(), store::http_client());
        http_client_fn(move |settings, components| {
            let inner = inner.http_connector(settings, components);
            SharedHttpConnector::new(Connector { wire: wire.clone(), inner })
        })
    }

    /// All calls so far, the earliest first.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    fn note(&self, call: Call) -> usize {
        let mut calls = self.calls.lock().unwrap();
        calls.push(call);
        calls.len() - 1
    }
}

struct Connector {
    wire: Wire,
    inner: SharedHttpConnector,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector")
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (wire, inner) = (self.wire.clone(), self.inner.clone());
        HttpConnectorFuture::new(async move {
            let target = request.headers().get("x-amz-target").unwrap_or_default();
            let call = Call {
                operation: target.rsplit('.').next().unwrap_or_default().to_owned(),
                request: serde_json::from_slice(request.body().bytes().unwrap()).unwrap(),
                answer: Value::Null,
            };
            let number = wire.note(call.clone());
            match (wire.breaker)(number, &call) {
                Fate::Answered(status, answer) => Ok(response(status, &answer)),
                Fate::AnswerLost => {
                    inner.call(request).await?;
                    Err(ConnectorError::io("connection reset by peer".into()))
                }
                Fate::Sent => {
                    let (status, answer) = read(inner.call(request).await?).await;
                    wire.calls.lock().unwrap()[number].answer = answer.clone();
                    Ok(response(status, &answer))
                }
            }
        })
    }
}

async fn read(response: HttpResponse) -> (u16, Value) {
    let status = response.status().as_u16();
    let body = ByteStream::new(response.into_body()).collect().await.unwrap();
    (status, serde_json::from_slice(&body.into_bytes()).unwrap())
}

fn response(status: u16, answer: &Value) -> HttpResponse {
    HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(answer.to_string()))
}
