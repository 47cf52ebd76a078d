//! The local machine from outside, over HTTP.
#![cfg(test)]

mod clock;
mod demo;
mod due_work;
mod functions;
mod mail;
mod orders;
mod start;
mod tiers;

use std::path::PathBuf;

use http_body_util::{BodyExt, Empty};
use hyper_util::{client::legacy::Client as Connections, rt::TokioExecutor};
use jiff::Timestamp;
use local::{Machine, Options, client::Client};
use serde_json::{Value, json};

/// A machine on free ports, and a client of its gateway.
struct Running {
    machine: Machine,
    client: Client,
}

async fn start() -> Running {
    start_with(None).await
}

async fn start_with(data: Option<PathBuf>) -> Running {
    let machine = Machine::start(free_ports(data)).await.unwrap();
    let client = Client::of(machine.gateway);
    Running { machine, client }
}

fn free_ports(data: Option<PathBuf>) -> Options {
    Options { port: 0, dynamodb_port: 0, ses_port: 0, data }
}

/// A folder that no other test has.
fn new_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("local-{:016x}", fastrand::u64(..)))
}

impl Running {
    async fn get(&self, path: &str) -> Value {
        let answer = self.client.get(path).await.unwrap();
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
        answer.body
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.client.post(path, &body).await.unwrap();
        assert!(answer.status.is_success(), "{path} {body}: {} {}", answer.status, answer.body);
        answer.body
    }

    async fn set_clock(&self, now: &str) {
        self.post("/local/clock", json!({ "now": now })).await;
    }

    async fn now(&self) -> Timestamp {
        time(&self.get("/local/clock").await["now"])
    }

    /// The status of a refusal, and its problem.
    async fn refused(&self, path: &str, body: Value) -> (u16, Value) {
        let answer = self.client.post(path, &body).await.unwrap();
        (answer.status.as_u16(), answer.body)
    }
}

fn time(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

/// A page as a browser gets it.
struct Page {
    policy: String,
    text: String,
}

async fn page(address: &str) -> Page {
    let client: Connections<_, Empty<&[u8]>> = Connections::builder(TokioExecutor::new()).build_http();
    let answer = client.get(address.parse().unwrap()).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    let policy = answer.headers().get("content-security-policy").map_or("", |policy| policy.to_str().unwrap());
    let policy = policy.to_owned();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    Page { policy, text: String::from_utf8(body.to_vec()).unwrap() }
}
