//! Captured payloads as templates.

use std::sync::LazyLock;

use serde_json::Value;

macro_rules! captured {
    ($(#[$doc:meta])* $name:ident, $file:literal) => {
        $(#[$doc])*
        pub(super) static $name: LazyLock<Value> =
            LazyLock::new(|| body(include_str!(concat!("../../../../../events/webhooks-shopify-", $file, ".json"))));
    };
}

captured!(ORDER, "orders-paid");
captured!(CUSTOMER, "customers-create");
captured!(CONSENT, "customers-consent-update");
captured!(DELETED, "customers-delete");
captured!(FULFILMENT, "fulfillments-create");
captured!(CARRIER_EVENT, "fulfillment-events-create");
captured!(REFUND_OF_UNITS, "refunds-create-line");
captured!(REFUND_OF_AMOUNT, "refunds-create-amount");
captured!(PRODUCT, "products-create");

/// What Shopify sent, out of the event that API Gateway makes of it.
fn body(event: &str) -> Value {
    let body = |event: Value| serde_json::from_str(event.get("body")?.as_str()?).ok();
    serde_json::from_str(event).ok().and_then(body).unwrap_or_default()
}

/// A part of a captured payload.
pub(super) fn part(payload: &Value, pointer: &str) -> Value {
    payload.pointer(pointer).cloned().unwrap_or_default()
}

/// The template with these fields instead of its own.
pub(super) fn filled(mut template: Value, fields: Value) -> Value {
    if let (Value::Object(known), Value::Object(fields)) = (&mut template, fields) {
        known.extend(fields);
    }
    template
}

/// Shopify's global id.
pub(super) fn gid(kind: &str, id: u64) -> String {
    format!("gid://shopify/{kind}/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_captured_payload_is_an_object() {
        let people = [&CUSTOMER, &CONSENT, &DELETED];
        let things = [&ORDER, &FULFILMENT, &CARRIER_EVENT, &REFUND_OF_UNITS, &REFUND_OF_AMOUNT, &PRODUCT];
        assert!(people.iter().chain(&things).all(|payload| payload.is_object()));
    }
}
