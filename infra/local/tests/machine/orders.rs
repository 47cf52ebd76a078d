//! Orders of Mia, made from the captured one, which has an eligible amount of 40.98.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::Running;

pub(crate) const SHOP: &str = "marlow-fern-example.myshopify.com";
pub(crate) const MIA: &str = "/v1/members?email=mia.thornbury@example.com";

/// The captured order, paid at another time, with so much as the price of its first line's two units.
pub(crate) fn order(number: u64, paid_at: &str, price: &str) -> Value {
    let mut order = body(include_str!("../../../../events/webhooks-shopify-orders-paid.json"));
    order["id"] = json!(6_120_000_000_000_u64 + number);
    for field in ["created_at", "processed_at", "updated_at"] {
        order[field] = json!(paid_at);
    }
    order["line_items"][0]["price"] = json!(price);
    order
}

impl Running {
    /// Somebody who subscribed, with an order that was paid then and has arrived three days later.
    pub(crate) async fn bring(&self, number: u64, email: &str, paid_at: &str) {
        let mut order = order(number, paid_at, "19.99");
        (order["email"], order["contact_email"]) = (json!(email), json!(email));
        order["customer"]["id"] = json!(7_304_000_000_000_u64 + number);
        order["customer"]["email"] = json!(email);
        order["customer"]["email_marketing_consent"]["consent_updated_at"] = json!(paid_at);
        self.pay(&order).await;
        let arrived_at = paid_at.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(72);
        let mut parcel = body(include_str!("../../../../events/webhooks-shopify-fulfillments-create.json"));
        let mut arrival = body(include_str!("../../../../events/webhooks-shopify-fulfillment-events-create.json"));
        let parcel_id = 5_440_000_000_000_u64 + number;
        (parcel["id"], arrival["fulfillment_id"]) = (json!(parcel_id), json!(parcel_id));
        for (topic, payload) in [("fulfillments/create", &mut parcel), ("fulfillment_events/create", &mut arrival)] {
            payload["order_id"] = order["id"].clone();
            for field in ["created_at", "updated_at", "happened_at"] {
                if !payload[field].is_null() {
                    payload[field] = json!(arrived_at);
                }
            }
            let answer = self.client.webhook(SHOP, topic, payload).await.unwrap();
            assert!(answer.status.is_success(), "{} {}", answer.status, answer.body);
        }
    }

    pub(crate) async fn pay(&self, order: &Value) -> Value {
        let answer = self.client.webhook(SHOP, "orders/paid", order).await.unwrap();
        assert!(answer.status.is_success(), "{} {}", answer.status, answer.body);
        answer.body["result"].clone()
    }

    pub(crate) async fn mia(&self) -> Value {
        self.get(MIA).await["members"][0].clone()
    }
}

/// What a captured event carries.
fn body(event: &str) -> Value {
    let event: Value = serde_json::from_str(event).unwrap();
    serde_json::from_str(event["body"].as_str().unwrap()).unwrap()
}
