//! The client of DynamoDB. It is made of settings alone: no metadata service, no profile files, and
//! Amazon's roots instead of the system's 144, because those are most of a cold start.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, Region, SharedHttpClient, retry::RetryConfig, timeout::TimeoutConfig},
};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};

use crate::amazon_roots::AMAZON_ROOTS;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
/// Of one call with all its attempts; shorter than the timeout of any function.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPTS: u32 = 3;
const FIRST_BACKOFF: Duration = Duration::from_millis(50);

/// Where DynamoDB is, and as whom to call it.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    pub region: String,
    /// Instead of the region's own endpoint.
    pub endpoint: Option<String>,
    pub credentials: Credentials,
    /// Instead of [`http_client`].
    pub http_client: Option<SharedHttpClient>,
}

/// A client that gives up after five seconds and three attempts.
pub fn dynamodb(settings: &ClientSettings) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(settings.region.clone()))
        .credentials_provider(settings.credentials.clone())
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(FIRST_BACKOFF))
        .http_client(settings.http_client.clone().unwrap_or_else(http_client));
    let config = match &settings.endpoint {
        Some(endpoint) => config.endpoint_url(endpoint),
        None => config,
    };
    Client::from_conf(config.build())
}

/// HTTP over rustls with ring that trusts Amazon's roots and nothing else.
pub fn http_client() -> SharedHttpClient {
    let trust = TrustStore::empty().with_pem_certificate(AMAZON_ROOTS);
    #[allow(clippy::expect_used, reason = "the builder's result is for what it may check one day; it checks nothing")]
    let tls = TlsContext::builder().with_trust_store(trust).build().expect("a trust store is a TLS context");
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(tls).build_https()
}
