use serde_json::json;

use crate::start;

#[tokio::test]
async fn a_scheduled_function_is_invoked_by_an_event_and_reports() {
    let running = start().await;
    let event: serde_json::Value =
        serde_json::from_str(include_str!("../../../../events/tiers-schedule.json")).unwrap();
    for event in [json!({}), event] {
        let report = running.post("/local/functions/tiers", event).await;
        assert_eq!(report, json!({ "reviewed": 0, "changed": 0, "failed": 0, "stopped_early": false }));
    }
    let report = running.post("/local/functions/lifecycle", json!({})).await;
    assert_eq!(report["accounts"], json!({ "served": 0, "failed": 0, "stopped_early": false }));
}

#[tokio::test]
async fn other_functions_are_refused_with_a_problem() {
    let running = start().await;
    for function in ["webhooks", "members", "program"] {
        let (status, problem) = running.refused(&format!("/local/functions/{function}"), json!({})).await;
        assert_eq!(status, 400, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("HTTP routes"), "{problem}");
    }
    let (status, problem) = running.refused("/local/functions/mystery", json!({})).await;
    assert_eq!((status, &problem["type"]), (404, &json!("urn:regulars:problem:not-found")));
}
