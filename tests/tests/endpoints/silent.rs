//! A server that takes connections and never answers.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Receiver, Shop, receiver::Reply};
use web::state::AppState;

use crate::{becomes_silver, run, shop_telling};

const NEVER: Duration = Duration::from_secs(3_600);
/// More than are sent at once.
const EVENTS: usize = 40;

/// State and attempts of each event's delivery to that endpoint.
async fn deliveries(shop: &Shop, endpoint: &Value) -> Vec<(String, u64)> {
    let events = shop.get("/v1/events?limit=100").await.is(200)["events"].clone();
    let to_it = |event: &Value| {
        let deliveries = event["deliveries"].as_array().unwrap();
        let delivery = deliveries.iter().find(|delivery| delivery["endpoint_id"] == endpoint["id"]).unwrap();
        (delivery["state"].as_str().unwrap().to_owned(), delivery["attempts"].as_u64().unwrap())
    };
    events.as_array().unwrap().iter().map(to_it).collect()
}

#[tokio::test]
async fn who_never_answers_is_tried_later_and_holds_up_nobody_else() {
    let (shop, silent, to_silent) = shop_telling(&["tier.changed"]).await;
    let other = Receiver::open().await;
    let to_other = json!({"url": other.url, "events": ["tier.changed"]});
    let to_other = shop.post("/v1/endpoints", &to_other, None).await.is(201);
    silent.answers(std::iter::repeat_n(Reply::After(NEVER), 2 * EVENTS));
    let impatient = |state: &mut AppState| state.endpoints_answer_within = Duration::from_millis(600);
    let shop = shop.another_instance_with(impatient);
    for buyer in 1..=EVENTS {
        becomes_silver(&shop, u64::try_from(buyer).unwrap()).await;
    }
    run(&shop).await;
    assert_eq!(other.received().len(), EVENTS, "the same run has delivered all that was for the other");
    assert!(deliveries(&shop, &to_other).await.iter().all(|delivery| *delivery == ("delivered".to_owned(), 1)));
    let tried = silent.received().len();
    assert!((5..EVENTS).contains(&tried), "after five times without an answer a run asks no more: {tried}");
    let waiting = deliveries(&shop, &to_silent).await;
    assert!(waiting.iter().all(|(state, _)| state == "pending"), "{waiting:?}");
    let attempts: u64 = waiting.iter().map(|(_, attempts)| attempts).sum();
    assert_eq!(attempts, u64::try_from(tried).unwrap());

    silent.recovers();
    for _ in 0..3 {
        shop.move_clock(shop.now() + SignedDuration::from_mins(15));
        run(&shop).await;
    }
    let delivered = deliveries(&shop, &to_silent).await;
    assert!(delivered.iter().all(|(state, _)| state == "delivered"), "{delivered:?}");
    assert_eq!(other.received().len(), EVENTS, "who had it is not told again");
}
