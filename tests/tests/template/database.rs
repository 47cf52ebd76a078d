//! A database in this process.

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::{Client, config::SharedHttpClient};
use dynoxide::{Database, server};
use store::{ClientSettings, dynamodb};
use tokio::net::TcpListener;

/// Serves an empty one; returns its endpoint.
pub(crate) async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(server::serve_on(listener, Database::memory().unwrap()));
    endpoint
}

pub(crate) fn client(endpoint: &str, http_client: Option<SharedHttpClient>) -> Client {
    dynamodb(&ClientSettings {
        region: "us-east-1".to_owned(),
        endpoint: Some(endpoint.to_owned()),
        credentials: Credentials::from_keys("local", "local", None),
        http_client,
    })
}
