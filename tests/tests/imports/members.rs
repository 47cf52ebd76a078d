//! Members, opening balances and consents, row by row.

use serde_json::{Value, json};
use tests::{
    Buyer, Shop, at,
    mailing::{consent, messages, shop_with},
    payloads::*,
};

use crate::{NOW, counts, first_skipped, import, import_of};

async fn rows(shop: &Shop, kind: &str, rows: Value) -> Value {
    import(shop, &import_of(kind, "regulars", rows)).await
}

#[tokio::test]
async fn a_member_who_is_known_is_completed_and_not_overwritten() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    shop.send("customers/create", &customer(&buyer, at("2026-06-01T10:00:00Z"))).await.is(200);
    let before = shop.find(&buyer.email).await.unwrap();
    let row = json!({"email": buyer.email, "name": "Somebody Else", "birthday": "1990-02-03", "time_zone": "Europe/Vienna",
        "customer_id": "26", "links": [{"source": "woocommerce:local", "customer_id": "7"}]});
    assert_eq!(counts(&rows(&shop, "members", json!([row])).await), (1, 0, 0));
    let after = shop.find(&buyer.email).await.unwrap();
    assert_eq!((&after["id"], &after["name"]), (&before["id"], &before["name"]));
    assert_eq!((&after["birthday"], &after["time_zone"]), (&json!("1990-02-03"), &json!("Europe/Vienna")));
    assert_eq!(after["links"].as_array().unwrap().len(), 3);
    assert_eq!(after["points"], before["points"]);
    assert_eq!(counts(&rows(&shop, "members", json!([row])).await), (0, 1, 0));
}

#[tokio::test]
async fn enrolment_brings_points_only_where_the_row_says_so_and_once() {
    let shop = Shop::open(NOW).await;
    let new = json!([{"email": "ada@example.com"}, {"email": "bob@example.com", "enrol_points": true},
        {"email": "cem@example.com", "enrolled": false}]);
    assert_eq!(counts(&rows(&shop, "members", new.clone()).await), (3, 0, 0));
    assert_eq!(counts(&rows(&shop, "members", new).await), (0, 3, 0));
    for (email, status, available) in
        [("ada@example.com", "enrolled", 0), ("bob@example.com", "enrolled", 100), ("cem@example.com", "guest", 0)]
    {
        let member = shop.find(email).await.unwrap();
        assert_eq!((&member["status"], &member["points"]["available"]), (&json!(status), &json!(available)), "{email}");
    }
    let mut customer = customer(&Buyer::with_account(1), at("2026-06-19T10:00:00Z"));
    customer["email"] = json!("ada@example.com");
    shop.send("customers/create", &customer).await.is(200);
    assert_eq!(shop.find("ada@example.com").await.unwrap()["points"]["available"], 0);
}

#[tokio::test]
async fn an_order_of_an_imported_member_is_theirs_by_number_and_by_address() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer { verified: false, ..Buyer::with_account(1) };
    let row = json!({"email": buyer.email, "customer_id": buyer.customer_id.unwrap()});
    rows(&shop, "members", json!([row])).await;
    shop.send("orders/paid", &paid_order(1, &buyer, at("2026-06-17T10:00:00Z"), &[("20.00", 2)])).await.is(200);
    assert_eq!(shop.find(&buyer.email).await.unwrap()["points"]["pending"], 40);
}

#[tokio::test]
async fn an_opening_balance_is_given_once_for_each_reference() {
    let shop = Shop::open(NOW).await;
    rows(&shop, "members", json!([{"email": "ada@example.com", "customer_id": "26"}])).await;
    let ada = shop.find("ada@example.com").await.unwrap()["id"].clone();
    let by = |name: &str, who: &Value, points: i64| json!({name: who, "points": points, "reference": "old"});
    let same = json!([
        by("email", &json!("ada@example.com"), 500),
        by("customer_id", &json!("26"), 500),
        by("member_id", &ada, 500)
    ]);
    assert_eq!(counts(&rows(&shop, "balances", same).await), (1, 2, 0));
    let other = rows(&shop, "balances", json!([by("member_id", &ada, 501)])).await;
    assert_eq!(first_skipped(&other), (1, "points", "the member has had 500 points under the reference `old`"));
    let more = json!([{"member_id": ada, "points": 20, "reference": "card", "expires_on": "2026-06-20"}]);
    assert_eq!(counts(&rows(&shop, "balances", more).await), (1, 0, 0));
    let ledger = shop.ledger(ada.as_str().unwrap()).await;
    assert_eq!((&ledger[0]["kind"], &ledger[0]["balance_after"]), (&json!("opening_balance"), &json!(520)));
    shop.move_clock(at("2026-06-21T00:00:00Z"));
    assert_eq!(shop.member(ada.as_str().unwrap()).await["points"]["available"], 500);
}

#[tokio::test]
async fn a_balance_that_is_no_balance_is_refused() {
    let shop = Shop::open(NOW).await;
    rows(&shop, "members", json!([{"email": "ada@example.com"}])).await;
    let within = "must be a whole number from 1 to 1000000000";
    for (row, field, reason) in [
        (json!({"email": "ada@example.com", "points": -5}), "points", within),
        (json!({"email": "ada@example.com", "points": 0}), "points", within),
        (json!({"email": "ada@example.com", "points": "1e3"}), "points", within),
        (json!({"email": "ada@example.com", "points": 5, "expires_on": "2026-06-19"}), "expires_on", "is past"),
        (json!({"email": "bob@example.com", "points": 5}), "email", "is no member's"),
        (json!({"email": "ada@example.com", "points": 5, "expires": "2027-06-19"}), "expires", "is not known"),
        (json!({"points": 5}), "", "must have one of `email`, `customer_id` and `member_id`"),
    ] {
        let report = rows(&shop, "balances", json!([row])).await;
        assert_eq!(first_skipped(&report), (1, field, reason));
    }
    assert_eq!(shop.find("ada@example.com").await.unwrap()["points"]["available"], 0);
}

#[tokio::test]
async fn the_latest_statement_of_consent_holds_whoever_tells_it_and_each_is_kept() {
    let shop = Shop::open(NOW).await;
    rows(&shop, "members", json!([{"email": "ada@example.com"}])).await;
    let state = async || shop.find("ada@example.com").await.unwrap()["consent"]["marketing"].clone();
    let said = |marketing: &str, at: &str| {
        json!({"email": "ada@example.com", "marketing": marketing, "at": at, "source": "checkout", "text_version": "3",
            "ip": "203.0.113.9"})
    };
    let withdrawn = said("withdrawn", "2026-03-01T10:00:00Z");
    assert_eq!(counts(&rows(&shop, "consents", json!([withdrawn])).await), (1, 0, 0));
    let earlier = said("granted", "2026-02-01T10:00:00Z");
    assert_eq!(counts(&rows(&shop, "consents", json!([earlier])).await), (1, 0, 0));
    assert_eq!(state().await, "withdrawn", "an import revives nothing");
    assert_eq!(counts(&rows(&shop, "consents", json!([earlier, withdrawn])).await), (0, 2, 0));
    let other = rows(&shop, "consents", json!([said("granted", "2026-03-01T10:00:00Z")])).await;
    assert_eq!(first_skipped(&other), (1, "at", "is the time of another statement of theirs"));
    rows(&shop, "consents", json!([said("granted", "2026-04-01T10:00:00Z")])).await;
    assert_eq!(state().await, "granted");
    let all = shop.rows().await;
    let proofs: Vec<_> = all.iter().filter(|(key, _)| key.contains(" / CON#")).collect();
    assert_eq!(proofs.len(), 3);
    assert!(proofs.iter().all(|(_, proof)| proof["text_version"] == "3" && proof["origin_key"].is_string()));
    assert!(!format!("{all:?}").contains("203.0.113.9"), "the address of origin is kept as its keyed hash alone");
}

#[tokio::test]
async fn a_file_writes_to_nobody() {
    let (shop, _ses) = shop_with(&["welcome", "tier_up", "confirm_subscription"]).await;
    let yesterday = (shop.now() - jiff::SignedDuration::from_hours(20)).to_string();
    let told = |email: &str| json!({"email": email, "marketing": "granted", "at": yesterday, "source": "checkout"});
    let said_once = json!({"email": "eve@example.com", "marketing": "granted", "at": yesterday});
    let members = ["ada@example.com", "eve@example.com"].map(|email| json!({"email": email, "country": "DE"}));
    rows(&shop, "members", json!(members)).await;
    assert_eq!(counts(&rows(&shop, "consents", json!([told("ada@example.com"), said_once])).await), (2, 0, 0));
    let mut joined = told("zoe@example.com");
    for field in ["marketing", "at", "source"] {
        joined.as_object_mut().unwrap().remove(field);
    }
    joined["consent"] = json!({"marketing": "granted", "at": yesterday, "source": "checkout"});
    rows(&shop, "members", json!([joined])).await;
    for (email, marketing) in [("ada", "granted"), ("eve", "pending"), ("zoe", "granted")] {
        let member = shop.find(&format!("{email}@example.com")).await.unwrap();
        assert_eq!(member["consent"]["marketing"], marketing, "{email}");
        assert!(messages(&shop, member["id"].as_str().unwrap()).await.is_empty(), "{email}");
    }
    // the file asked nobody, so who says it again within the day is
    let eve = shop.find("eve@example.com").await.unwrap()["id"].as_str().unwrap().to_owned();
    consent(&shop, &eve, json!({"marketing": "granted"})).await;
    let asked = messages(&shop, &eve).await;
    assert_eq!((asked.len(), &asked[0]["scenario"]), (1, &json!("confirm_subscription_1")));
}

#[tokio::test]
async fn links_of_two_members_are_refused() {
    let shop = Shop::open(NOW).await;
    let two =
        json!([{"email": "ada@example.com", "customer_id": "1"}, {"email": "bob@example.com", "customer_id": "2"}]);
    rows(&shop, "members", two).await;
    let report = rows(&shop, "members", json!([{"email": "ada@example.com", "customer_id": "2"}])).await;
    assert!(first_skipped(&report).2.starts_with("the links belong to different members"), "{report}");
    assert_eq!(shop.id_of_customer(2).await, shop.find("bob@example.com").await.unwrap()["id"].as_str().unwrap());
}
