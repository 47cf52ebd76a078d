//! What somebody at the shop does every other day.

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{
    actor::{Actor, id_in},
    play::DemoError,
};

/// Nobody is answered before they have been thought about.
const THOUGHT_ABOUT: SignedDuration = SignedDuration::from_hours(3 * 24);

impl Actor<'_> {
    /// Looks at the open cases: lets mail go on where it was stopped, and answers who was not content.
    pub(super) async fn tend_cases(&mut self) -> Result<(), DemoError> {
        for (kind, note) in
            [("marketing_stopped", "We looked at what was sent."), ("bad_review", "Refunded, with our apologies.")]
        {
            let path = format!("/v1/cases?state=open&limit=100&kind={kind}");
            let open = self.client.get(&path).await?.taken(&path)?;
            for case in open.get("cases").and_then(Value::as_array).into_iter().flatten() {
                if kind == "bad_review" && !self.has_waited(case) {
                    continue;
                }
                let path = format!("/v1/cases/{}", id_in(case).unwrap_or_default());
                let resolved = json!({ "state": "resolved", "note": note });
                self.client.patch(&path, &resolved).await?.is(StatusCode::OK, &path)?;
            }
        }
        Ok(())
    }

    fn has_waited(&self, case: &Value) -> bool {
        let opened_at = case.get("opened_at").and_then(Value::as_str).and_then(|at| at.parse::<Timestamp>().ok());
        opened_at.is_none_or(|opened_at| opened_at + THOUGHT_ABOUT < self.at)
    }
}
