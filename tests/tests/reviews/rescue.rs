//! What is written of a bad review, and what is not written any more once it is better.

use app::Deadline;
use serde_json::{Value, json};
use tests::{
    Ses, Shop,
    payloads::customer_id,
    shop::{ADMIN, STOREFRONT, bearer},
};
use web::schedules;

use crate::{NOW, PRODUCT, later, listed, order, patch, review};

const STAFF: &str = "staff@shop.example";
const DAY: i64 = 24 * 60;

/// A shop that writes of bad reviews and nothing else, and a member who bought two things and wants mail.
async fn shop_with_rescue() -> (Shop, Ses, String) {
    let (shop, ses) = Shop::open_with_mail(NOW).await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["mail"]["staff"] = json!([STAFF]);
    for (name, settings) in program["mail"]["scenarios"].as_object_mut().unwrap() {
        settings["on"] = json!(name == "review_rescue");
    }
    shop.put_program(&program, Some("\"1\"")).await.is(200);
    shop.send("orders/paid", &order(1)).await.is(200);
    let id = shop.id_of_customer(customer_id(1)).await;
    let body = json!({"country": "US", "time_zone": "Etc/UTC", "consent": {"marketing": "granted"}}).to_string();
    shop.call("PATCH", &format!("/v1/members/{id}"), &[bearer(STOREFRONT).as_header()], body).await.is(200);
    (shop, ses, id)
}

async fn wait(shop: &Shop, minutes: i64) {
    later(shop, minutes);
    schedules::lifecycle(&shop.state, Deadline::NONE).await.unwrap();
}

/// How often the staff was told, and the buyer written to.
fn sent(ses: &Ses) -> (usize, usize) {
    let to_staff = ses.scenarios_to(STAFF).len();
    (to_staff, ses.taken().len() - to_staff)
}

async fn only_case(shop: &Shop) -> Value {
    let cases = listed(shop, ADMIN, "/v1/cases").await;
    assert_eq!(cases.len(), 1, "{cases:?}");
    cases[0].clone()
}

#[tokio::test]
async fn who_stays_discontent_is_written_to_a_day_later() {
    let (shop, ses, id) = shop_with_rescue().await;
    review(&shop, &id, PRODUCT, 2).await;
    wait(&shop, 5).await;
    assert_eq!(sent(&ses), (1, 0));
    wait(&shop, DAY).await;
    assert_eq!(sent(&ses), (1, 1));
}

#[tokio::test]
async fn who_gives_five_stars_an_hour_later_gets_no_apology_and_the_shop_sees_them() {
    let (shop, ses, id) = shop_with_rescue().await;
    review(&shop, &id, PRODUCT, 2).await;
    wait(&shop, 60).await;
    review(&shop, &id, PRODUCT, 5).await;
    let case = only_case(&shop).await;
    assert_eq!((&case["state"], &case["about"]["rating"]), (&json!("open"), &json!(5)));
    wait(&shop, 2 * DAY).await;
    assert_eq!(sent(&ses), (1, 0));
    let messages = shop.get(&format!("/v1/members/{id}/messages")).await.is(200);
    let apology = messages["messages"].as_array().unwrap().iter().find(|one| one["scenario"] == "review_rescue_2");
    assert_eq!(apology.unwrap()["reason"], "improved", "{messages}");
}

#[tokio::test]
async fn a_bad_review_after_a_good_one_is_told_again_and_the_buyer_is_written_to_once() {
    for resolves in [true, false] {
        let (shop, ses, id) = shop_with_rescue().await;
        review(&shop, &id, PRODUCT, 2).await;
        wait(&shop, 5).await;
        let first = only_case(&shop).await;
        if resolves {
            let path = format!("/v1/cases/{}", first["id"].as_str().unwrap());
            patch(&shop, &path, &json!({"state": "resolved"})).await.is(200);
        }
        review(&shop, &id, PRODUCT, 5).await;
        wait(&shop, 60).await;
        review(&shop, &id, PRODUCT, 1).await;
        let again = only_case(&shop).await;
        assert_eq!(
            (&again["id"], &again["state"], &again["about"]["rating"]),
            (&first["id"], &json!("open"), &json!(1))
        );
        assert_eq!(again["opened_at"], json!(shop.now()));
        review(&shop, &id, PRODUCT, 1).await;
        wait(&shop, 5).await;
        assert_eq!(sent(&ses), (2, 0), "{resolves}");
        wait(&shop, 2 * DAY).await;
        assert_eq!(sent(&ses), (2, 1), "{resolves}");
    }
}
