//! The description of the API, as clients read it.
#![cfg(test)]

mod event_bodies;
mod routes;

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::Value;
use tests::Shop;

const NOW: &str = "2026-07-02T12:00:00Z";
const DOCUMENT: &str = "https://regulars.example/openapi.json";

/// The description, and its schemas to validate by.
struct Described {
    description: Value,
    schemas: Schemas,
    compiler: Compiler,
}

impl Described {
    async fn by(shop: &Shop) -> Described {
        let description = shop.get("/openapi.json").await.is(200);
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        compiler.add_resource(DOCUMENT, description.clone()).unwrap();
        Described { description, schemas: Schemas::new(), compiler }
    }

    /// The schema at that JSON pointer of the description.
    fn schema(&mut self, pointer: &str) -> SchemaIndex {
        self.compiler.compile(&format!("{DOCUMENT}#{pointer}"), &mut self.schemas).unwrap()
    }

    /// The faults of a value, if it has any.
    fn faults(&self, value: &Value, schema: SchemaIndex) -> Option<String> {
        self.schemas.validate(value, schema).err().map(|error| format!("{error:#}"))
    }
}

#[tokio::test]
async fn the_api_is_described_as_it_was() {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    let description = shop.get("/openapi.json").await.is(200);
    assert_eq!(description["openapi"], "3.1.0");
    insta::with_settings!({sort_maps => true, prepend_module_to_snapshot => false}, {
        insta::assert_json_snapshot!("openapi", description);
    });
}
