//! The events of the folder `events`, as the gateway hands them to the function.

use std::fs;

use serde_json::Value;

const EVENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../events");

/// One event with its body.
#[derive(Clone, Debug)]
pub struct Captured {
    pub event: Value,
    /// The very bytes that are signed.
    pub body: String,
}

/// The event of `events/webhooks-shopify-<case>.json`.
///
/// # Panics
/// If there is none.
pub fn captured(case: &str) -> Captured {
    event(&format!("shopify-{case}"))
}

/// The event of `events/webhooks-<name>.json`.
///
/// # Panics
/// If there is none.
pub fn event(name: &str) -> Captured {
    Captured::of("webhooks", name)
}

impl Captured {
    /// The event of `events/<function>-<case>.json`.
    ///
    /// # Panics
    /// If there is none.
    pub fn of(function: &str, case: &str) -> Captured {
        let text = fs::read_to_string(format!("{EVENTS}/{function}-{case}.json")).unwrap();
        let event: Value = serde_json::from_str(&text).unwrap();
        let body = event["body"].as_str().unwrap().to_owned();
        Captured { event, body }
    }

    pub fn header(&self, name: &str) -> &str {
        self.event["headers"][name].as_str().unwrap()
    }

    pub fn topic(&self) -> &str {
        self.header("x-shopify-topic")
    }

    pub fn payload(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}
