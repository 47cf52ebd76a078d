//! Ledger, lots, adjustments and tiers.

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*};

use crate::{NOW, enrol, id_of, order};

#[tokio::test]
async fn the_ledger_is_read_page_by_page() {
    let shop = Shop::open(NOW).await;
    let (_, ada) = enrol(&shop, json!({"email": "ada@example.com"})).await;
    for number in 1..=4 {
        shop.adjust(id_of(&ada), number, &format!("k-{number}")).await;
    }
    let path = format!("/v1/members/{}/ledger", id_of(&ada));
    let mut pages: Vec<Vec<i64>> = Vec::new();
    let mut next = Some(format!("{path}?limit=2"));
    while let Some(here) = next {
        let answer = shop.get(&here).await;
        let link = answer.header("link").map(|link| link.trim_start_matches('<').split_once('>').unwrap());
        next = link.map(|(there, rest)| {
            assert_eq!(rest, "; rel=\"next\"");
            there.to_owned()
        });
        let page = answer.is(200);
        let cursor = next.as_ref().map(|next| next.rsplit_once("cursor=").unwrap().1);
        assert_eq!(page["next_cursor"].as_str(), cursor);
        pages.push(page["entries"].as_array().unwrap().iter().map(|entry| entry["points"].as_i64().unwrap()).collect());
    }
    assert_eq!(pages, [vec![4, 3], vec![2, 1], vec![100]]);
    let all = shop.get(&path).await;
    assert_eq!(all.header("link"), None);
    let all = all.is(200);
    assert_eq!((all["entries"].as_array().unwrap().len(), &all["next_cursor"]), (5, &Value::Null));
    let beyond = shop.get(&format!("{path}?cursor=before-1")).await.is(200);
    assert_eq!(beyond, json!({"entries": [], "next_cursor": null}));
}

#[tokio::test]
async fn what_expired_is_shown_before_it_is_written_and_then_is_the_same_entry() {
    let shop = Shop::open(NOW).await;
    let (_, ada) = enrol(&shop, json!({"email": "ada@example.com"})).await;
    shop.move_clock(at("2027-06-30T23:59:59Z"));
    assert_eq!(shop.lots(id_of(&ada)).await["available"], 100, "to the end of its day");
    shop.move_clock(at("2027-07-02T12:00:00Z"));
    let rows = shop.rows().await;
    let implied = shop.ledger(id_of(&ada)).await.remove(0);
    assert_eq!(
        implied,
        json!({"id": "led_000000000002", "at": "2027-07-01T00:00:00Z", "kind": "expiry", "points": -100,
            "balance_after": 0, "reason": "expired after 2027-06-30", "order": null, "program_version": 1})
    );
    let explain = format!("/v1/members/{}/ledger/led_000000000002/explain", id_of(&ada));
    let explained = shop.get(&explain).await.is(200);
    assert_eq!(explained["entry"], implied);
    let lots = shop.lots(id_of(&ada)).await;
    assert_eq!((&lots["lots"], &lots["ledger"]), (&json!([]), &json!(0)));
    assert_eq!(shop.rows().await, rows, "reading writes nothing");

    shop.adjust(id_of(&ada), 5, "k-1").await;
    let ledger = shop.ledger(id_of(&ada)).await;
    assert_eq!((&ledger[0]["id"], &ledger[0]["balance_after"]), (&json!("led_000000000003"), &json!(5)));
    assert_eq!(ledger[1], implied);
    assert_eq!(shop.get(&explain).await.is(200), explained);
}

#[tokio::test]
async fn lots_are_as_they_were_at_any_past_moment() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    shop.send("customers/create", &customer(&buyer, at("2026-06-01T10:00:00Z"))).await.is(200);
    let id = shop.id_of_customer(customer_id(1)).await;
    shop.move_clock(at("2026-06-21T12:00:00Z"));
    shop.send("orders/paid", &order(1, &buyer)).await.is(200);
    shop.move_clock(at("2026-07-25T12:00:00Z"));
    shop.adjust(&id, -110, "k-1").await;
    for (as_of, available, pending) in [
        ("2026-06-20T11:59:59Z", 0, 0),
        ("2026-06-20T12:00:00Z", 100, 0),
        ("2026-06-21T12:00:00Z", 100, 30),
        ("2026-07-18T23:59:59Z", 100, 30),
        ("2026-07-19T00:00:00Z", 130, 0),
        ("2026-07-25T12:00:00Z", 20, 0),
    ] {
        let lots = shop.get(&format!("/v1/members/{id}/lots?as_of={as_of}")).await.is(200);
        let expected = (&json!(as_of), &json!(available), &json!(pending), &json!(available + pending));
        assert_eq!((&lots["as_of"], &lots["available"], &lots["pending"], &lots["ledger"]), expected);
    }
    let now = shop.lots(&id).await;
    let lot = json!({"points": 20, "state": "available", "available_on": null, "expires_on": "2027-06-30"});
    assert_eq!(now["lots"], json!([lot]), "lots that expire together are one");
}

#[tokio::test]
async fn adjustments_go_up_and_down_and_into_debt_which_later_points_pay() {
    let shop = Shop::open(NOW).await;
    let (_, ada) = enrol(&shop, json!({"email": "ada@example.com"})).await;
    let entry = shop.adjust(id_of(&ada), -130, "k-1").await;
    assert_eq!(
        entry,
        json!({"id": "led_000000000002", "at": NOW, "kind": "adjustment", "points": -130, "balance_after": -30,
            "reason": "by hand", "order": null, "program_version": 1})
    );
    let points = shop.member(id_of(&ada)).await["points"].clone();
    assert_eq!(points, json!({"available": 0, "pending": 0, "held": 0, "debt": 30, "expiring_next": null}));
    assert_eq!(shop.adjust(id_of(&ada), 50, "k-2").await["balance_after"], 20);
    let points = shop.member(id_of(&ada)).await["points"].clone();
    assert_eq!((&points["available"], &points["debt"]), (&json!(20), &json!(0)));
}

#[tokio::test]
async fn each_change_of_tier_is_kept_with_its_dates() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    for (number, paid_at, price) in [(1, "2026-06-01T10:00:00Z", "210.00"), (2, "2026-06-10T10:00:00Z", "300.00")] {
        shop.send("orders/paid", &paid_order(number, &buyer, at(paid_at), &[(price, 1)])).await.is(200);
    }
    let id = shop.id_of_customer(customer_id(1)).await;
    let member = shop.member(&id).await;
    assert_eq!((&member["tier"]["id"], &member["tier"]["until"]), (&json!("gold"), &json!("2027-06-10T10:00:00Z")));
    assert_eq!(
        member["tier"]["benefits"],
        json!([{"kind": "free_shipping", "title": "Free shipping", "value": null},
            {"kind": "early_access", "title": "Early access to new products", "value": null}])
    );
    assert_eq!(
        shop.get(&format!("/v1/members/{id}/tiers")).await.is(200)["tier_changes"],
        json!([
            {"at": NOW, "from": "silver", "to": "gold", "since": "2026-06-10T10:00:00Z", "until": "2027-06-10T10:00:00Z"},
            {"at": NOW, "from": "bronze", "to": "silver", "since": "2026-06-01T10:00:00Z", "until": "2027-06-01T10:00:00Z"},
        ])
    );
    let refunded = refund(&paid_order(2, &buyer, at("2026-06-10T10:00:00Z"), &[("300.00", 1)]), 9, at(NOW), &[(0, 1)]);
    shop.send("refunds/create", &refunded).await.is(200);
    assert_eq!(shop.member(&id).await["tier"]["id"], "silver", "the upgrade rested on what was refunded");
}
