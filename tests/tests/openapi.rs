//! The description of the API, as clients read it.
#![cfg(test)]

use tests::Shop;

#[tokio::test]
async fn the_api_is_described_as_it_was() {
    let shop = Shop::open("2026-06-20T12:00:00Z").await;
    let description = shop.get("/openapi.json").await.is(200);
    assert_eq!(description["openapi"], "3.1.0");
    insta::with_settings!({sort_maps => true, prepend_module_to_snapshot => false}, {
        insta::assert_json_snapshot!("openapi", description);
    });
}
