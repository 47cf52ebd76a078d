use std::collections::BTreeSet;

use tests::{
    Answer, Shop, member_token,
    shop::{ADMIN, DOMAIN, PUBLISHABLE, bearer},
};
use web::routes::ROUTES;

use crate::{NOW, shop_with_member};

const STRANGER: &str = "https://evil.example";

fn page() -> String {
    format!("https://{DOMAIN}")
}

/// What a browser asks before it sends a request with a key.
async fn preflight(shop: &Shop, path: &str, origin: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "authorization"),
    ];
    shop.call("OPTIONS", path, &headers, "").await
}

fn paths(wanted: impl Fn(&str) -> bool) -> BTreeSet<&'static str> {
    ROUTES.iter().filter(|(_, method, _)| wanted(method)).map(|(_, _, path)| *path).collect()
}

#[tokio::test]
async fn a_page_of_the_shop_may_call_what_the_routes_say() {
    let shop = Shop::open(NOW).await;
    for path in paths(|method| method == "OPTIONS") {
        for origin in [page().as_str(), "http://localhost:3000", "http://127.0.0.1:9292"] {
            let answer = preflight(&shop, path, origin).await;
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), Some(origin), "{path}");
            assert_eq!(answer.header("access-control-allow-methods"), Some("GET,POST"));
            let headers = answer.header("access-control-allow-headers");
            assert_eq!(headers, Some("authorization,content-type,idempotency-key"));
            assert_eq!(answer.header("access-control-max-age"), Some("7200"));
            assert!(answer.header("vary").unwrap().contains("origin"));
            assert_eq!(answer.header("access-control-allow-credentials"), None);
        }
    }
    assert_eq!(shop.wire.calls().len(), 0);
}

#[tokio::test]
async fn a_page_of_somebody_else_may_not() {
    let (shop, id) = shop_with_member().await;
    let token = member_token(&id, shop.now());
    for path in paths(|method| method == "OPTIONS") {
        for origin in [STRANGER, "null", "https://marlow-fern-example.myshopify.com.evil.example"] {
            let asked = preflight(&shop, path, origin).await;
            assert_eq!(asked.header("access-control-allow-origin"), None, "{path}");
            let bearer = bearer(&token);
            let answer = shop.call("GET", path, &[bearer.as_header(), ("origin", origin)], "").await;
            assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
            assert!(answer.header("vary").unwrap().contains("origin"));
        }
    }
}

#[tokio::test]
async fn no_page_may_call_anything_else() {
    let shop = Shop::open(NOW).await;
    let from_browsers = paths(|method| method == "OPTIONS");
    for path in paths(|_| true).difference(&from_browsers) {
        let answer = preflight(&shop, path, &page()).await;
        assert_eq!(answer.status, 405, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
        let admin = bearer(ADMIN);
        let answer = shop.call("GET", path, &[admin.as_header(), ("origin", &page())], "").await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
}

#[tokio::test]
async fn a_page_can_read_the_answer_and_the_problem() {
    let (shop, id) = shop_with_member().await;
    let (token, publishable) = (bearer(&member_token(&id, shop.now())), bearer(PUBLISHABLE));
    let page = page();
    let from = ("origin", page.as_str());
    for (path, caller, status) in [
        ("/v1/me", Some(&token), 200),
        ("/v1/me/ledger", Some(&token), 200),
        ("/v1/tiers", Some(&publishable), 200),
        ("/v1/me", Some(&publishable), 403),
        ("/v1/me", None, 401),
    ] {
        let headers: Vec<_> = [from].into_iter().chain(caller.map(|caller| caller.as_header())).collect();
        let answer = shop.call("GET", path, &headers, "").await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(page.as_str()), "{path}");
        assert_eq!(answer.header("access-control-expose-headers"), Some("link,retry-after"));
    }
}
