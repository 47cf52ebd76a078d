//! Everything that is kept of a member, in one answer.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{Buyer, Shop, at, payloads::*, shop::SOURCE};

use crate::{NOW, enrol, id_of, order};

fn consent_proof() -> Value {
    let row = json!({"customer_id": customer_id(1).to_string(), "marketing": "granted", "at": "2026-06-02T10:00:00Z",
        "source": "checkout", "text_version": "3"});
    json!({"source": SOURCE, "kind": "consents", "format": "regulars", "data": [row]})
}

#[tokio::test]
async fn a_member_sees_all_that_is_kept_of_them_and_of_who_was_merged_into_them() {
    let shop = Shop::open(NOW).await;
    let buyer = Buyer::with_account(1);
    shop.send("customers/create", &customer(&buyer, at("2026-06-01T10:00:00Z"))).await.is(200);
    let bought = order(1, &buyer);
    shop.send("orders/paid", &bought).await.is(200);
    let refunded = refund(&bought, 930_000_000_001, at("2026-06-20T10:00:00Z"), &[(0, 1)]);
    shop.send("orders/updated", &with_refund(bought.clone(), &refunded)).await.is(200);
    let former = shop.find(&buyer.email).await.unwrap();
    shop.adjust(id_of(&former), 900, "gift").await;
    let activity = format!("/v1/members/{}/activities", id_of(&former));
    shop.post(&activity, &json!({"type": "check_in"}), Some("a-1")).await.is(201);
    shop.post("/v1/imports", &consent_proof(), None).await.is(200);
    shop.redeem(id_of(&former), "coupon_5", "r-1").await.is(201);
    let hold = json!({"points": 100, "order_total": {"amount": "40.00", "currency": "USD"}});
    shop.post(&format!("/v1/members/{}/holds", id_of(&former)), &hold, Some("h-1")).await.is(201);
    let member = enrol(&shop, json!({"email": "grace@example.com", "name": "Grace"})).await.1;
    shop.merge(id_of(&former), id_of(&member)).await;
    let invites = shop.get(&format!("/v1/members/{}/referral", id_of(&member))).await.is(200);
    let friend = enrol(&shop, json!({"email": "mia@example.com"})).await.1;
    shop.claim_referral(invites["code"].as_str().unwrap(), id_of(&friend)).await.is(201);
    let export = shop.get(&format!("/v1/members/{}/export", id_of(&member))).await.is(200);
    assert_eq!(export["member"], shop.member(id_of(&member)).await);
    assert_eq!(export["lots"], shop.lots(id_of(&member)).await);
    let of = |list: &str| export[list].as_array().unwrap_or_else(|| panic!("{list}: {export}")).clone();
    let kinds: BTreeSet<_> = of("entries").iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect();
    for kind in ["purchase", "refund", "adjustment", "enrol", "redemption"] {
        assert!(kinds.contains(kind), "{kind} of {kinds:?}");
    }
    assert_eq!((of("redemptions").len(), of("coupons").len(), of("holds").len(), of("activities").len()), (1, 1, 1, 1));
    assert_eq!((&of("redemptions")[0]["points"], &of("holds")[0]["points"]), (&json!(500), &json!(100)));
    let statement = json!({"marketing": "granted", "topics": {}, "at": "2026-06-02T10:00:00Z", "source": "checkout", "text_version": "3"});
    assert_eq!(of("consents")[0], statement);
    assert_eq!(export["referral"]["code"], invites["code"]);
    assert_eq!(export["also_kept"]["invited"].as_array().unwrap().len(), 1, "{export}");
    assert_eq!(of("orders").len(), 1);
    let told = &of("orders")[0];
    assert_eq!((&told["order"]["id"], &told["points"]), (&json!(bought["id"].to_string()), &json!(0)));
    assert_eq!(told["lines"][0]["price"], json!({"amount": "30.00", "currency": "USD"}), "{told}");
    assert_eq!(told["refunds"][0]["units"][0]["quantity"], 1);
    for secret in ["email_key", "origin_key"] {
        assert!(!export.to_string().contains(secret), "{secret}: {export}");
    }
    assert_eq!(shop.get(&format!("/v1/members/{}/export", id_of(&former))).await.is(200), export);
    shop.delete(&format!("/v1/members/{}", id_of(&member))).await.is(204);
    shop.get(&format!("/v1/members/{}/export", id_of(&member))).await.is_problem(404, "not-found");
}
