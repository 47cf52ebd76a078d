//! Everything that is kept of a member, in one answer.

use serde_json::json;
use tests::{Buyer, Shop, at, payloads::*};

use crate::{NOW, enrol, id_of, order};

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
    let member = enrol(&shop, json!({"email": "grace@example.com", "name": "Grace"})).await.1;
    shop.merge(id_of(&former), id_of(&member)).await;
    let export = shop.get(&format!("/v1/members/{}/export", id_of(&member))).await.is(200);
    assert_eq!(export["member"]["id"], member["id"]);
    assert_eq!(export["orders"][0]["id"], bought["id"].to_string());
    assert_eq!(export["orders"].as_array().unwrap().len(), 1);
    let kept = &export["kept"];
    assert_eq!(kept["profile"][0]["name"], "Grace");
    assert_eq!(kept["activities"].as_array().unwrap().len(), 1);
    let told = kept["entries"].to_string();
    assert!(["purchase", "refund", "adjust", "enrol"].iter().all(|kind| told.contains(kind)), "{told}");
    assert_eq!(shop.get(&format!("/v1/members/{}/export", id_of(&former))).await.is(200), export);
    shop.delete(&format!("/v1/members/{}", id_of(&member))).await.is(204);
    shop.get(&format!("/v1/members/{}/export", id_of(&member))).await.is_problem(404, "not-found");
}
