//! What falls due while the clock is moved is done on the way.

use std::time::{Duration, Instant};

use axum::{Router, extract::State, routing::post};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

use crate::{Running, orders::order, start};

#[tokio::test]
async fn an_outbound_webhook_arrives_at_a_real_server() {
    let running = start().await;
    running.set_clock("2026-06-18T10:00:00Z").await;
    let (url, mut arrived) = server().await;
    running.post("/v1/endpoints", json!({ "url": url, "events": ["redemption.created"] })).await;
    let member = running.enrol("wren@example.com").await;
    running.once("adjustments", &member, json!({ "points": 500, "reason": "a present" })).await;
    running.once("redemptions", &member, json!({ "reward_id": "coupon_5" })).await;
    running.post("/local/clock", json!({ "advance": "PT5M" })).await;
    let (headers, body) = arrived.try_recv().unwrap();
    assert!(headers.contains_key("webhook-signature"));
    assert_eq!((&body["type"], &body["data"]["member_id"]), (&json!("redemption.created"), &json!(member)));
    let events = running.get("/v1/events").await;
    assert_eq!(events["events"][0]["deliveries"][0]["state"], "delivered", "{events}");
}

#[tokio::test]
async fn an_ended_hold_is_dropped_and_a_referral_is_paid() {
    let running = start().await;
    running.set_clock("2026-06-18T08:00:00Z").await;
    let host = running.enrol("host@example.com").await;
    let total = json!({ "amount": "20.00", "currency": "USD" });
    let hold = running.once("holds", &host, json!({ "points": 100, "order_total": total })).await;
    let friend = running.enrol("mia.thornbury@example.com").await;
    let code = running.get(&format!("/v1/members/{host}/referral")).await["code"].clone();
    let claim = format!("/v1/referrals/{}/claim", code.as_str().unwrap());
    running.client.post_once(&claim, "claim", &json!({ "member_id": friend })).await.unwrap();
    running.set_clock("2026-06-18T10:00:00Z").await;
    running.pay(&order(1, "2026-06-18T09:00:00Z", "19.99")).await;
    let began = Instant::now();
    running.post("/local/clock", json!({ "advance": "P60D" })).await;
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    let points = running.get(&format!("/v1/members/{host}")).await["points"].clone();
    assert_eq!((&points["available"], &points["held"]), (&json!(300), &json!(0)), "{points}");
    let hold = hold["id"].as_str().unwrap();
    assert_eq!(running.get(&format!("/v1/members/{host}/holds/{hold}")).await["state"], "expired");
    let ledger = running.get(&format!("/v1/members/{host}/ledger")).await;
    assert_eq!((&ledger["entries"][0]["kind"], &ledger["entries"][0]["points"]), (&json!("referral"), &json!(200)));
}

impl Running {
    async fn enrol(&self, email: &str) -> String {
        self.post("/v1/members", json!({ "email": email })).await["id"].as_str().unwrap().to_owned()
    }

    /// Posts to what is the member's, under a key of its own.
    async fn once(&self, of: &str, member: &str, body: Value) -> Value {
        let answer = self.client.post_once(&format!("/v1/members/{member}/{of}"), of, &body).await.unwrap();
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.body
    }
}

/// A server that takes everything, and what it took.
async fn server() -> (String, mpsc::UnboundedReceiver<(HeaderMap, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (taken, arrived) = mpsc::unbounded_channel();
    let routes = Router::new().route("/hook", post(take)).with_state(taken);
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    (url, arrived)
}

async fn take(
    State(taken): State<mpsc::UnboundedSender<(HeaderMap, Value)>>,
    headers: HeaderMap,
    body: String,
) -> StatusCode {
    taken.send((headers, serde_json::from_str(&body).unwrap())).unwrap();
    StatusCode::NO_CONTENT
}
