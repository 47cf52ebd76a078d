//! The client that posts. It follows no redirect, waits for an answer no longer than it is told, and reads
//! nothing of it but its head.

use std::{
    future::Future,
    io::{self, Cursor},
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
    vec,
};

use http::{HeaderMap, Method, Request, header};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{HttpConnector, dns::Name},
    },
    rt::TokioExecutor,
};
use rustls::crypto::ring;

use crate::address::{BadAddress, Reach};

/// How long an answer is waited for, if nobody says otherwise.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

type Body = Full<Cursor<Vec<u8>>>;

/// Posts to public hosts whose certificate one of Mozilla's roots has signed.
#[derive(Clone, Debug)]
pub struct Courier {
    client: Client<HttpsConnector<HttpConnector<Guarded>>, Body>,
    reach: Reach,
    timeout: Duration,
}

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub status: u16,
    /// Seconds, from `Retry-After`.
    pub retry_after: Option<u32>,
}

/// Why there is no answer. It says nothing of the address, which may hold a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    #[error(transparent)]
    Address(#[from] BadAddress),
    #[error("the request cannot be made")]
    Request,
    #[error("no connection, or it broke")]
    Connection,
    #[error("no answer within {0:?}")]
    Timeout(Duration),
}

impl Courier {
    pub fn new(reach: Reach) -> Courier {
        let mut http = HttpConnector::new_with_resolver(Guarded(reach));
        http.enforce_http(false);
        http.set_connect_timeout(Some(CONNECT_TIMEOUT));
        #[allow(clippy::expect_used, reason = "ring has the protocol versions that rustls begins with")]
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(ring::default_provider())
            .expect("ring speaks TLS 1.2 and 1.3")
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        Courier { client: Client::builder(TokioExecutor::new()).build(https), reach, timeout: ANSWER_WITHIN }
    }

    /// The same, but an answer that takes longer is none.
    #[must_use]
    pub fn waiting_at_most(self, timeout: Duration) -> Courier {
        Courier { timeout, ..self }
    }

    /// Posts JSON. Any answer is a receipt, a redirect or a refusal too.
    ///
    /// # Errors
    /// `PostError` if there is none.
    pub async fn post(&self, address: &str, headers: &[(&str, &str)], json: String) -> Result<Receipt, PostError> {
        let uri = self.reach.check(address)?;
        let mut request = Request::builder().method(Method::POST).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "Regulars")
            .body(Full::new(Cursor::new(json.into_bytes())))
            .map_err(|_| PostError::Request)?;
        let answer = tokio::time::timeout(self.timeout, self.client.request(request)).await;
        let answer = answer.map_err(|_| PostError::Timeout(self.timeout))?.map_err(|_| PostError::Connection)?;
        Ok(Receipt { status: answer.status().as_u16(), retry_after: retry_after(answer.headers()) })
    }
}

fn retry_after(headers: &HeaderMap) -> Option<u32> {
    headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

/// Looks names up, and knows only the addresses that are allowed: a public name may lead anywhere.
#[derive(Clone, Copy, Debug)]
struct Guarded(Reach);

impl tower::Service<Name> for Guarded {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| reach.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the name has no public address"));
            }
            Ok(allowed.into_iter())
        })
    }
}
