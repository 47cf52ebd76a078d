//! Who buys, and all that a storefront, the merchant and they themselves tell of it.

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{Shop, payloads::email, shop::SOURCE};

use crate::{payloads, telling::told};

/// A language, and a country and a zone of those who speak it.
pub(crate) const PLACES: [(&str, &str, &str); 6] = [
    ("en", "US", "America/New_York"),
    ("de", "DE", "Europe/Berlin"),
    ("ja", "JP", "Asia/Tokyo"),
    ("fr", "FR", "Europe/Paris"),
    ("es", "ES", "Europe/Madrid"),
    ("zh", "CN", "Asia/Shanghai"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Storefront {
    Shopify,
    WooCommerce,
    Other,
}

/// Somebody of whom every text is one of those; without any, an ordinary one.
#[derive(Clone, Debug)]
pub(crate) struct Buyer {
    pub(crate) number: u64,
    pub(crate) texts: Vec<String>,
}

impl Buyer {
    pub(crate) fn email(&self) -> String {
        email(self.number)
    }

    pub(crate) fn place(&self) -> (&'static str, &'static str, &'static str) {
        PLACES[usize::try_from(self.number).unwrap() % PLACES.len()]
    }

    pub(crate) fn storefront(&self) -> Storefront {
        let makes = [Storefront::Shopify, Storefront::WooCommerce, Storefront::Other];
        makes[usize::try_from(self.number / 6).unwrap() % makes.len()]
    }

    /// Without being asked.
    pub(crate) fn reviews(&self) -> bool {
        (self.number + self.number / 6) % 2 == 1
    }

    /// From that one on, round and round.
    pub(crate) fn texts_from(&self, place: usize) -> impl Iterator<Item = &String> {
        self.texts.iter().cycle().skip(place).take(self.texts.len())
    }

    pub(crate) fn text<'a>(&'a self, place: usize, own: &'a str) -> &'a str {
        self.texts.iter().cycle().nth(place).map_or(own, String::as_str)
    }

    pub(crate) fn product(&self) -> String {
        payloads::product_id(self.number).to_string()
    }

    pub(crate) async fn id(&self, shop: &Shop) -> String {
        shop.find(&self.email()).await.unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// They enrol, and want mail.
    pub(crate) async fn enrols(&self, shop: &Shop) {
        let (locale, country, zone) = self.place();
        let (source, customer) = match self.storefront() {
            Storefront::Shopify => (SOURCE, tests::payloads::customer_id(self.number).to_string()),
            Storefront::WooCommerce => ("woocommerce:local", self.number.to_string()),
            Storefront::Other => ("storefront:local", format!("c_{}", self.number)),
        };
        let harmless = json!({"email": self.email(), "name": "Mia Wong", "locale": locale, "country": country,
            "time_zone": zone, "consent": {"marketing": "granted"},
            "links": [{"source": source, "customer_id": customer}]});
        let mut hostile = harmless.clone();
        hostile["name"] = json!(self.text(20, "Mia Wong"));
        told(&harmless, hostile, 201, async |body: &Value| shop.post("/v1/members", body, None).await).await;
    }

    /// A product is listed, and they buy it; it goes out, and arrives ten minutes later.
    pub(crate) async fn buys(&self, shop: &Shop) {
        payloads::product(shop, self).await;
        let guides = json!({"guides": [{"title": "How to brew it", "url": "https://shop.example/brew"},
            {"title": "More", "url": "https://shop.example/more"}]});
        let mut hostile = guides.clone();
        hostile["guides"][0]["title"] = json!(self.text(6, "How to brew it"));
        hostile["guides"][1]["url"] = json!(format!("https://shop.example/{}", self.text(7, "more")));
        let path = format!("/v1/products/{}", self.product());
        let bearer = tests::shop::bearer(tests::shop::ADMIN);
        let put = async |body: &Value| shop.call("PUT", &path, &[bearer.as_header()], body.to_string()).await;
        told(&guides, hostile, 200, put).await;
        payloads::order(shop, self).await;
        payloads::parcel(shop, self, shop.now() + SignedDuration::from_mins(10)).await;
    }

    /// They are not content.
    pub(crate) async fn complains(&self, shop: &Shop) {
        let harmless = json!({"product_id": self.product(), "rating": 2, "title": "Not good", "text": "It broke.",
            "author": "Mia"});
        let mut hostile = harmless.clone();
        for (place, field, own) in [(17, "title", "Not good"), (18, "text", "It broke."), (19, "author", "Mia")] {
            hostile[field] = json!(self.text(place, own));
        }
        let path = format!("/v1/members/{}/reviews", self.id(shop).await);
        let mut tries = 0;
        let post = async |body: &Value| {
            tries += 1;
            shop.post(&path, body, Some(&format!("{}-{tries}", self.number))).await
        };
        told(&harmless, hostile, 201, post).await;
    }
}
