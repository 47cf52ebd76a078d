//! Whatever a storefront or a visitor writes, it is text.

use app::links::{Link, Purpose};
use rules::ids::{MemberId, OrderKey};
use serde_json::json;
use tests::{Buyer, Shop, at, payloads::*, shop::SOURCE};

use crate::{NOW, hostile_strings, page_of, review::told};

const ORDER: u64 = 6_120_000_000_001;

#[tokio::test]
async fn titles_names_and_what_is_typed_are_text_on_every_page() {
    let shop = Shop::open(NOW).await;
    let order = paid_order(ORDER, &Buyer::with_account(1), at("2026-06-10T10:00:00Z"), &[("19.99", 1)]);
    shop.send("orders/paid", &order).await.is(200);
    let member = shop.id_of_customer(customer_id(1)).await;
    let key: OrderKey = serde_json::from_value(json!({"source": SOURCE, "id": ORDER.to_string()})).unwrap();
    let review = shop.path_of(&Link::new(Purpose::Review, MemberId::parse(&member).unwrap(), shop.now()).about(key));
    let all = hostile_strings::alone().map(str::to_owned).chain(["<b>".repeat(600)]);
    for (number, hostile) in (1..).zip(all) {
        let hostile = hostile.as_str();
        shop.move_clock(at(NOW) + jiff::SignedDuration::from_mins(number));
        told(&shop, hostile).await;
        let mut buyer = customer(&Buyer::with_account(1), shop.now());
        (buyer["first_name"], buyer["last_name"]) = (json!(hostile), json!(hostile));
        shop.send("customers/update", &buyer).await.is(200);
        let title = page_of(shop.page(&review).await, 200).text("section h2");
        let shown = hostile.replace(char::is_control, " ");
        assert!(shown.trim().starts_with(title.trim()), "{title:?} of {shown:?}");
        let query: String = form_urlencoded(hostile);
        page_of(shop.page(&format!("{review}?product={query}&rating={query}")).await, 200);
        let typed = format!("{hostile}{}", "x".repeat(6_000));
        let fields = [
            ("product-0", "8410000000000"),
            ("rating-0", hostile),
            ("title-0", hostile),
            ("text-0", &typed),
            (hostile, hostile),
        ];
        let page = page_of(shop.submit(&review, &fields).await, 400);
        let kept = page.attribute("#title-0", "value").unwrap();
        assert_eq!(kept.replace('\u{fffd}', "\0").replace("\r\n", "\n"), hostile.replace("\r\n", "\n"));
        for path in [shop.link(Purpose::Unsubscribe, &member).await, shop.link(Purpose::Preferences, &member).await] {
            page_of(shop.page(&path).await, 200);
            page_of(shop.submit(&path, &[("marketing", "yes"), (hostile, hostile)]).await, 200);
        }
        page_of(shop.page(&shop.link(Purpose::Confirm, &member).await).await, 200);
        let sent = [("product-0", "8410000000000"), ("rating-0", "5"), ("title-0", "x"), ("text-0", hostile)];
        page_of(shop.submit(&review, &sent).await, 200);
        page_of(shop.call("GET", &format!("/u/{query}"), &[("accept-language", "<script>")], "").await, 404);
    }
}

fn form_urlencoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
