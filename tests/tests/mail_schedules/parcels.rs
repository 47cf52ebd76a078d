//! What order mail tells of parcels, from the storefront's payload to the mail.

use serde_json::{Value, json};
use tests::{
    Shop, captured,
    mailing::{lifecycle, order, shop_with},
    payloads::{delivery, fulfilment},
    ses::Taken,
};

use crate::days_after;

const PARCELS: [&str; 3] = ["order_confirmation", "shipped", "delivered"];

async fn taken(shop: &Shop, ses: &tests::Ses, scenario: &str) -> Vec<Taken> {
    lifecycle(shop).await;
    ses.taken().into_iter().filter(|mail| mail.scenario == scenario).collect()
}

#[tokio::test]
async fn a_parcel_s_carrier_number_link_and_estimate_are_in_the_mail_that_it_is_on_its_way() {
    let (shop, ses) = shop_with(&PARCELS).await;
    let send = async |kind: &str, data: Value| {
        let body = json!({"type": kind, "timestamp": shop.now(), "data": data});
        shop.send_standard(&body.to_string(), shop.now()).await.is(200)
    };
    let price = json!({"amount": "20.00", "currency": "USD"});
    let customer = json!({"id": "c-1", "email": "ada@example.com", "email_verified": true, "locale": "en"});
    let lines = json!([{"id": "1", "product_id": "7", "quantity": 1, "price": price}]);
    let times = (shop.now(), days_after(shop.now(), 3));
    send(
        "order.paid",
        json!({"id": "A-1", "number": "#1001", "currency": "USD", "created_at": times.0, "paid_at": times.0,
            "customer": customer, "lines": lines}),
    )
    .await;
    let parcel = json!({"id": "f-1", "shipped_at": times.0, "tracking_company": "DHL", "tracking_number": "JD0146",
        "tracking_url": "https://dhl.example/JD0146", "estimated_delivery_at": times.1});
    send("order.shipped", json!({"order_id": "A-1", "fulfilment": parcel})).await;
    let [mail] = &taken(&shop, &ses, "shipped_1").await[..] else { panic!("{:?}", ses.taken()) };
    let text = mail.text();
    for told in ["#1001", "DHL", "JD0146", "https://dhl.example/JD0146", "June 23"] {
        assert!(text.contains(told), "{told}: {text}");
    }
}

#[tokio::test]
async fn of_a_parcel_that_was_called_back_the_mail_about_what_arrived_tells_nothing() {
    let (shop, ses) = shop_with(&PARCELS).await;
    let order = order(1);
    shop.send("orders/paid", &order).await.is(200);
    let parcel = |id: u64, number: &str, hours: i64| {
        let at = shop.now() - jiff::SignedDuration::from_hours(hours);
        let mut parcel = fulfilment(&order, id, at);
        parcel["tracking_number"] = json!(number);
        parcel
    };
    let mut back = parcel(2, "BACK", 10);
    for parcel in [&parcel(1, "KEPT", 20), &back] {
        shop.send("fulfillments/create", parcel).await.is(200);
    }
    (back["status"], back["updated_at"]) = (json!("cancelled"), json!(shop.now()));
    shop.send("fulfillments/update", &back).await.is(200);
    shop.send("fulfillment_events/create", &delivery(&order, 1, shop.now())).await.is(200);
    let [mail] = &taken(&shop, &ses, "delivered_1").await[..] else { panic!("{:?}", ses.taken()) };
    let text = mail.text();
    assert!(!text.contains("BACK"), "{text}");
    let shipped = taken(&shop, &ses, "shipped_1").await;
    assert!(shipped.len() == 1 && shipped[0].text().contains("KEPT"), "{shipped:?}");
    assert_eq!(captured("fulfillments-create").payload()["status"], "success");
}
