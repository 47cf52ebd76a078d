//! Files of what was before, part by part, through `POST /v1/imports`.
#![cfg(test)]

mod bad_files;
mod files;
mod members;
mod orders;
mod resumed;

use serde_json::{Value, json};
use tests::{Shop, captured::Captured, shop::SOURCE};

const NOW: &str = "2026-06-20T12:00:00Z";

/// The body of `events/program-import-<case>.json`.
fn file(case: &str) -> Value {
    Captured::of("program", &format!("import-{case}")).payload()
}

fn import_of(kind: &str, format: &str, data: impl Into<Value>) -> Value {
    json!({"source": SOURCE, "kind": kind, "format": format, "data": data.into()})
}

async fn import(shop: &Shop, body: &Value) -> Value {
    shop.post("/v1/imports", body, None).await.is(200)
}

/// How many rows were imported, unchanged and skipped.
fn counts(report: &Value) -> (u64, u64, usize) {
    let skipped = report["skipped"].as_array().unwrap().len();
    (report["imported"].as_u64().unwrap(), report["unchanged"].as_u64().unwrap(), skipped)
}

/// The first row that was skipped, its field and why.
fn first_skipped(report: &Value) -> (u64, &str, &str) {
    let skipped = &report["skipped"][0];
    let text = |name: &str| skipped[name].as_str().unwrap_or("");
    (skipped["row"].as_u64().unwrap_or_else(|| panic!("{report}")), text("field"), text("reason"))
}
