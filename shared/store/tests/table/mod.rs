//! A table of its own for each test: in a database in this process, or where
//! `REGULARS_TEST_DYNAMODB` says.
#![allow(dead_code, reason = "each file of tests needs another part")]

use std::collections::HashMap;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::{Client, config::SharedHttpClient, types::AttributeValue};
use dynoxide::{Database, server};
use store::{ClientSettings, Store, dynamodb};
use tokio::net::TcpListener;

pub(crate) struct Table {
    pub(crate) store: Store,
    client: Client,
    name: String,
    endpoint: String,
}

/// An empty table.
pub(crate) async fn table() -> Table {
    let endpoint = match elsewhere() {
        Some(endpoint) => endpoint,
        None => serve().await,
    };
    let name = format!("regulars-test-{:016x}", fastrand::u64(..));
    let client = client(&endpoint, None);
    let store = Store::new(client.clone(), &name);
    store.create_table().await.unwrap();
    Table { store, client, name, endpoint }
}

#[allow(clippy::disallowed_methods, reason = "the tests' one setting")]
fn elsewhere() -> Option<String> {
    std::env::var("REGULARS_TEST_DYNAMODB").ok().filter(|endpoint| !endpoint.is_empty())
}

async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(server::serve_on(listener, Database::memory().unwrap()));
    endpoint
}

fn client(endpoint: &str, http_client: Option<SharedHttpClient>) -> Client {
    dynamodb(&ClientSettings {
        region: "us-east-1".to_owned(),
        endpoint: Some(endpoint.to_owned()),
        credentials: Credentials::from_keys("test", "test", None),
        http_client,
    })
}

impl Table {
    /// The same table over another HTTP client.
    pub(crate) fn over(&self, http_client: SharedHttpClient) -> Store {
        Store::new(client(&self.endpoint, Some(http_client)), &self.name)
    }

    /// A row as it is stored.
    pub(crate) async fn raw(&self, pk: &str, sk: &str) -> Option<HashMap<String, AttributeValue>> {
        let key = [("pk", pk), ("sk", sk)].map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
        let get = self.client.get_item().table_name(&self.name).set_key(Some(key.into())).consistent_read(true);
        get.send().await.unwrap().item
    }

    pub(crate) async fn put_raw(&self, row: HashMap<String, AttributeValue>) {
        self.client.put_item().table_name(&self.name).set_item(Some(row)).send().await.unwrap();
    }
}
