//! `/`: where to go from here.

use std::net::SocketAddr;

use axum::{extract::State, response::Html};
use web::clock::Clock;

#[derive(Clone)]
pub(crate) struct StartPage {
    pub(crate) gateway: SocketAddr,
    pub(crate) clock: Clock,
}

pub(crate) async fn show(State(start): State<StartPage>) -> Html<String> {
    let now = format!("{:.0}", start.clock.now());
    Html(PAGE.replace("{now}", &now).replace("{gateway}", &start.gateway.to_string()))
}

const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Regulars on this machine</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
pre { background: #f2f2f2; padding: .75rem; overflow-x: auto; }
</style>
</head>
<body>
<h1>Regulars on this machine</h1>
<p>Its clock says <time datetime="{now}">{now}</time>.</p>
<ul>
<li><a href="/openapi.json">The description of the API</a></li>
<li><a href="/local/mail">The captured mail</a></li>
<li><a href="/local/clock">The clock</a></li>
</ul>
<h2>Send a signed order</h2>
<pre><code>jq -j .body events/webhooks-shopify-orders-paid.json &gt; order.json
curl http://{gateway}/webhooks/shopify --data-binary @order.json \
  -H 'X-Shopify-Topic: orders/paid' -H 'X-Shopify-Shop-Domain: marlow-fern-example.myshopify.com' \
  -H "X-Shopify-Hmac-Sha256: $(openssl dgst -sha256 -hmac dev-shopify -binary order.json | base64)"
</code></pre>
<h2>Read its member, and why they have their points</h2>
<pre><code>curl -H 'Authorization: Bearer dev-admin' 'http://{gateway}/v1/members?email=mia.thornbury@example.com'
curl -H 'Authorization: Bearer dev-admin' http://{gateway}/v1/orders/shopify:any/6120345678901/explain
</code></pre>
<h2>See what can be bought, and what endpoints were told</h2>
<pre><code>curl -H 'Authorization: Bearer dev-publishable' http://{gateway}/v1/rewards
curl -H 'Authorization: Bearer dev-admin' http://{gateway}/v1/program
curl -H 'Authorization: Bearer dev-admin' 'http://{gateway}/v1/events?limit=10'
</code></pre>
<h2>Move the clock, run a schedule</h2>
<pre><code>curl http://{gateway}/local/clock -d '{"advance": "P30D"}'
curl http://{gateway}/local/functions/tiers -d '{}'
curl http://{gateway}/local/functions/lifecycle -d '{}'
</code></pre>
</body>
</html>
"#;
