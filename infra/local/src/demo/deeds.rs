//! What earns points besides orders.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    actor::{Actor, id_in},
    play::DemoError,
};

impl Actor<'_> {
    /// By the app's event, which has to become of that.
    pub(super) async fn check_in(&mut self, result: &str) -> Result<(), DemoError> {
        let data = json!({
            "id": self.key(if result == "posted" { "check-in" } else { "check-in-again" }),
            "customer_id": self.person.customer_id().to_string(),
            "type": "check_in",
            "occurred_at": self.at,
        });
        self.tell_by_event("activity.recorded", data, result).await
    }

    /// Unless they have said by mail what they think of it.
    pub(super) async fn review(&mut self, product: u64, by_event: bool) -> Result<(), DemoError> {
        if self.memory.reviewed.contains(&product.to_string()) {
            return Ok(());
        }
        if !by_event {
            let told = json!({ "type": "review", "subject": product.to_string(), "occurred_at": self.at });
            return self.tell(told).await.map(drop);
        }
        let data = json!({
            "id": self.key("review"),
            "customer_id": self.person.customer_id().to_string(),
            "product_id": product.to_string(),
            "rating": 4 + self.person.number % 2,
            "text": "Just as it was described, and well packed.",
            "created_at": self.at,
        });
        self.tell_by_event("review.created", data, "posted").await
    }

    /// It waits for somebody at the shop, who likes it.
    pub(super) async fn show_picture(&mut self) -> Result<(), DemoError> {
        let Some((member, activity)) = self.tell(json!({ "type": "ugc", "occurred_at": self.at })).await? else {
            return Ok(());
        };
        let path = format!("/v1/members/{member}/activities/{activity}/approve");
        let answer = self.client.post_once(&path, &self.key("approve"), &json!({})).await?;
        answer.taken(&path).map(drop)
    }

    /// By the storefront's call; the member and the activity, if there is a member yet.
    pub(super) async fn tell(&mut self, told: Value) -> Result<Option<(String, String)>, DemoError> {
        let Some(member) = self.member().await? else { return Ok(None) };
        let path = format!("/v1/members/{member}/activities");
        let kind = told.get("type").and_then(Value::as_str).unwrap_or_default();
        let answer = self.client.post_once(&path, &self.key(kind), &told).await?;
        let activity = answer.is(StatusCode::CREATED, &format!("{path} {told}"))?;
        Ok(id_in(&activity).map(|activity| (member, activity)))
    }

    async fn tell_by_event(&self, kind: &str, data: Value, result: &str) -> Result<(), DemoError> {
        let id = data.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let body = json!({ "type": kind, "timestamp": self.at, "data": data });
        let answer = self.client.event(&id, self.now, &body).await?;
        if answer.body.get("result").and_then(Value::as_str) == Some(result) {
            return Ok(());
        }
        Err(DemoError::refused(&format!("{kind} {body}"), answer))
    }
}
