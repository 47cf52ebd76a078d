//! Orders of Mia, made from the captured one, which has an eligible amount of 40.98.

use serde_json::{Value, json};

use crate::Running;

pub(crate) const SHOP: &str = "marlow-fern-example.myshopify.com";
pub(crate) const MIA: &str = "/v1/members?email=mia.thornbury@example.com";

/// The captured order, paid at another time, with so much as the price of its first line's two units.
pub(crate) fn order(number: u64, paid_at: &str, price: &str) -> Value {
    let event: Value =
        serde_json::from_str(include_str!("../../../../events/webhooks-shopify-orders-paid.json")).unwrap();
    let mut order: Value = serde_json::from_str(event["body"].as_str().unwrap()).unwrap();
    order["id"] = json!(6_120_000_000_000_u64 + number);
    for field in ["created_at", "processed_at", "updated_at"] {
        order[field] = json!(paid_at);
    }
    order["line_items"][0]["price"] = json!(price);
    order
}

impl Running {
    pub(crate) async fn pay(&self, order: &Value) -> Value {
        let answer = self.client.webhook(SHOP, "orders/paid", order).await.unwrap();
        assert!(answer.status.is_success(), "{} {}", answer.status, answer.body);
        answer.body["result"].clone()
    }

    pub(crate) async fn mia(&self) -> Value {
        self.get(MIA).await["members"][0].clone()
    }
}
