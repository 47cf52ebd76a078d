//! Addresses that nothing more goes to, because mail there bounced or was called spam.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tests::{
    Buyer, Ses, Shop,
    mailing::{consent, lifecycle, member, message, messages, tell, wait},
    payloads::{customer, customer_id, email},
    ses::Taken,
    shop::{ADMIN, STOREFRONT, bearer},
};
use web::schedules::FeedbackRun;

use crate::{
    CONFIRMATION, NEXT, STAFF, TO_STAFF, WELCOME, lose_answers, mins, next_mail, only, outlook, sent, shop_with_mail,
    skipped_as, welcomed,
};

/// What SES tells of a mail.
type Told = fn(&Taken) -> Value;

#[tokio::test]
async fn a_hard_bounce_or_a_complaint_suppresses_the_address_at_once() {
    let events: [(&str, Told); 2] = [
        ("bounced_at", |mail| mail.bounced("Permanent", mail.taken_at)),
        ("complained_at", |mail| mail.complained(mail.taken_at)),
    ];
    for (heard, event) in events {
        let (shop, ses, id) = welcomed().await;
        tell(&shop, &event(&only(&ses))).await;
        assert!(message(&shop, &id, WELCOME).await[heard].is_string());
        assert_eq!(outlook(&shop, &id, NEXT).await, (json!("be_skipped"), json!("suppressed")), "{heard}");
        assert_eq!(next_mail(&shop, &id).await, skipped_as("suppressed"), "{heard}: not even what is no marketing");
        assert_eq!(ses.scenarios_to(&email(1)), [WELCOME]);
    }
}

#[tokio::test]
async fn who_says_that_a_mail_is_no_spam_goes_on_getting_it() {
    let (shop, ses, id) = welcomed().await;
    let mail = only(&ses);
    let own = json!({"complainedRecipients": [{"emailAddress": mail.to}], "complaintFeedbackType": "not-spam"});
    tell(&shop, &mail.event("Complaint", mail.taken_at, &own)).await;
    assert_eq!(message(&shop, &id, WELCOME).await["complained_at"], Value::Null);
    assert_eq!(next_mail(&shop, &id).await, sent());
}

#[tokio::test]
async fn a_shop_that_knows_better_lifts_it_and_what_comes_again_counts_again() {
    let (shop, ses, id) = welcomed().await;
    let path = format!("/v1/members/{id}/suppression");
    let nothing = json!({"reason": null, "since": null, "lifted_at": null});
    assert_eq!(shop.get(&path).await.is(200), nothing);
    assert_eq!(shop.delete(&path).await.is(200), nothing);
    let mail = only(&ses);
    let complaint = mail.complained(shop.now());
    tell(&shop, &complaint).await;
    assert_eq!(shop.get(&path).await.is(200), json!({"reason": "complained", "since": shop.now(), "lifted_at": null}));
    wait(&shop, 10);
    shop.call("DELETE", &path, &[bearer(STOREFRONT).as_header()], "").await.is(403);
    let lifted = json!({"reason": null, "since": null, "lifted_at": shop.now()});
    assert_eq!(shop.delete(&path).await.is(200), lifted);
    tell(&shop, &complaint).await;
    assert_eq!(shop.get(&path).await.is(200), lifted, "the same event once more");
    assert_eq!(next_mail(&shop, &id).await, sent());
    tell(&shop, &mail.complained(shop.now() + mins(1))).await;
    assert_eq!(shop.get(&path).await.is(200)["reason"], "complained");
    shop.get("/v1/members/mem_nobody/suppression").await.is(404);
}

#[tokio::test]
async fn an_address_is_the_same_however_its_letters_are_written() {
    let (shop, ses, id) = welcomed().await;
    let bounce = Taken { to: email(1).to_uppercase(), ..only(&ses) }.bounced("Permanent", shop.now());
    tell(&shop, &bounce).await;
    assert_eq!(next_mail(&shop, &id).await, skipped_as("suppressed"));
}

/// What becomes of the next mail after soft bounces of these many hours ago, told in that order.
async fn after_soft_bounces(hours_ago: &[i64]) -> (Value, Value) {
    let (shop, ses, id) = welcomed().await;
    for hours in hours_ago {
        let at = shop.now() - SignedDuration::from_hours(*hours);
        let another = Taken { message: format!("msg_{hours:032}"), ..only(&ses) };
        tell(&shop, &another.bounced("Transient", at)).await;
    }
    next_mail(&shop, &id).await
}

#[tokio::test]
async fn three_soft_bounces_within_fourteen_days_suppress_and_over_more_they_do_not() {
    assert_eq!(after_soft_bounces(&[14 * 24, 100, 0]).await, skipped_as("suppressed"));
    assert_eq!(after_soft_bounces(&[14 * 24 + 1, 100, 0]).await, sent());
    assert_eq!(after_soft_bounces(&[100, 0]).await, sent());
    assert_eq!(after_soft_bounces(&[30 * 24, 20 * 24, 10 * 24, 0]).await, sent());
}

#[tokio::test]
async fn whoever_is_away_and_says_so_by_a_machine_is_written_to_again() {
    let (shop, ses, id) = welcomed().await;
    let mail = only(&ses);
    for minutes in 1..5 {
        tell(&shop, &mail.bounced("Transient", mail.taken_at + mins(minutes))).await;
    }
    let path = format!("/v1/members/{id}/suppression");
    assert_eq!(shop.get(&path).await.is(200)["reason"], json!(null), "one mail bounces once");
    tell(&shop, &mail.delivered(mail.taken_at)).await;
    tell(&shop, &mail.bounced("Undetermined", mail.taken_at + mins(9))).await;
    assert!(message(&shop, &id, WELCOME).await["soft_bounced_at"].is_string(), "it is told of");
    for minutes in [10, 20] {
        let another = Taken { message: format!("msg_{minutes:032}"), ..mail.clone() };
        tell(&shop, &another.bounced("Transient", mail.taken_at + mins(minutes))).await;
    }
    assert_eq!(next_mail(&shop, &id).await, sent(), "two did not arrive");
}

#[tokio::test]
async fn a_soft_bounce_that_is_told_again_counts_once() {
    assert_eq!(after_soft_bounces(&[100, 0, 0, 100, 100, 0]).await, sent());
}

#[tokio::test]
async fn soft_bounces_suppress_in_any_order_of_their_arrival() {
    for order in [[240, 120, 0, 720], [720, 0, 240, 120]] {
        assert_eq!(after_soft_bounces(&order).await, skipped_as("suppressed"), "{order:?}");
        let early = order.map(|hours| 720 - hours);
        assert_eq!(after_soft_bounces(&early).await, skipped_as("suppressed"), "{early:?}");
    }
}

#[tokio::test]
async fn mail_of_a_member_who_was_merged_is_noted_and_suppresses_the_address_that_it_went_to() {
    let (shop, ses) = shop_with_mail().await;
    let (kept, gone) = (member(&shop, 1).await, member(&shop, 2).await);
    lifecycle(&shop).await;
    shop.merge(&gone, &kept).await;
    let mail = ses.taken().into_iter().find(|mail| mail.to == email(2)).unwrap();
    tell(&shop, &mail.bounced("Permanent", mail.taken_at)).await;
    let welcomes = messages(&shop, &kept).await.into_iter().filter(|mail| mail["scenario"] == WELCOME);
    let bounced = welcomes.map(|mail| mail["bounced_at"].is_string()).filter(|bounced| *bounced).count();
    assert_eq!(bounced, 1);
    assert_eq!(next_mail(&shop, &kept).await, sent(), "the address that is left did not bounce");
    assert_eq!(ses.scenarios_to(&email(1)), [CONFIRMATION, WELCOME]);
    let address = json!({"email": email(2)}).to_string();
    shop.call("PATCH", &format!("/v1/members/{kept}"), &[bearer(ADMIN).as_header()], address).await.is(200);
    assert_eq!(outlook(&shop, &kept, NEXT).await, (json!("be_skipped"), json!("suppressed")), "once it is theirs");
}

/// Of every row that is not the same any more, how its key ends.
async fn changed(shop: &Shop, before: &BTreeMap<String, Value>) -> Vec<String> {
    let after = shop.rows().await;
    let changed = after.iter().filter(|(key, row)| before.get(*key) != Some(row));
    changed.map(|(key, _)| key.rsplit(" / ").next().unwrap().split('#').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_event_of_an_erased_member_is_noted_on_mail_and_address_and_creates_nobody() {
    let (shop, ses, id) = welcomed().await;
    let ledger = shop.ledger(&id).await;
    assert!(shop.delete(&format!("/v1/members/{id}")).await.status < 300);
    let before = shop.rows().await;
    let mail = only(&ses);
    let all = json!({"unsubscribeAll": true});
    for event in [
        mail.delivered(mail.taken_at),
        mail.bounced("Permanent", mail.taken_at),
        mail.event("Subscription", mail.taken_at, &json!({"newTopicPreferences": all})),
    ] {
        assert_eq!(tell(&shop, &event).await, FeedbackRun { noted: 1, ..FeedbackRun::default() }, "{event}");
    }
    let mut changed = changed(&shop, &before).await;
    changed.sort();
    assert_eq!(changed, ["ACCOUNT", "MSG", "REF"], "the account counts the commit");
    assert_eq!(shop.ledger(&id).await, ledger);
    assert_eq!(shop.count("PROFILE").await, 0);
    assert_eq!(shop.find(&email(1)).await, None);
    shop.get(&format!("/v1/members/{id}")).await.is(404);
    let again = member(&shop, 1).await;
    lifecycle(&shop).await;
    assert_eq!(message(&shop, &again, WELCOME).await["reason"], "suppressed", "it bounces for whoever has it");
}

#[tokio::test]
async fn an_erased_address_gets_nothing_by_an_older_consent_and_again_what_its_holder_asks_for() {
    let (shop, ses, id) = welcomed().await;
    let agreed_at = shop.now();
    wait(&shop, 10);
    assert!(shop.delete(&format!("/v1/members/{id}")).await.status < 300);
    wait(&shop, 10);
    let customer = |at: jiff::Timestamp| {
        let mut customer = customer(&Buyer::with_account(1), shop.now());
        customer["email_marketing_consent"] =
            json!({"state": "subscribed", "opt_in_level": "confirmed_opt_in", "consent_updated_at": at});
        customer["default_address"]["country_code"] = json!("US");
        customer
    };
    shop.send("customers/create", &customer(agreed_at)).await.is(200);
    lifecycle(&shop).await;
    let again = shop.id_of_customer(customer_id(1)).await;
    assert_eq!(message(&shop, &again, WELCOME).await["reason"], "suppressed", "a storefront that still has it");
    assert_eq!(ses.taken().len(), 1);
    let path = format!("/v1/members/{again}/suppression");
    assert_eq!(shop.delete(&path).await.is(200)["reason"], "erased", "a shop does not agree for them");
    consent(&shop, &again, json!({"marketing": "withdrawn"})).await;
    wait(&shop, 1);
    consent(&shop, &again, json!({"marketing": "granted", "proof": {"confirmed": true, "text_version": "1"}})).await;
    assert_eq!(shop.get(&path).await.is(200)["reason"], json!(null));
    assert_eq!(next_mail(&shop, &again).await, sent());
}

/// Somebody whose mail nobody knows the fate of, which the staff is told.
async fn unknown(shop: &Shop, ses: &Ses, number: u64) -> String {
    let id = member(shop, number).await;
    lose_answers(shop, ses).await;
    wait(shop, 61);
    for _ in 0..2 {
        lifecycle(shop).await;
    }
    id
}

/// A shop whose staff has had a mail, and that mail.
async fn staff_was_told() -> (Shop, Ses, Taken) {
    let (shop, ses) = shop_with_mail().await;
    let id = unknown(&shop, &ses, 1).await;
    assert_eq!(message(&shop, &id, TO_STAFF).await["state"], "sent");
    let mail = ses.taken().into_iter().find(|mail| mail.to == STAFF).unwrap();
    (shop, ses, mail)
}

#[tokio::test]
async fn an_address_of_the_staff_that_bounces_or_complains_gets_no_more_mail_and_members_do() {
    for bounces in [true, false] {
        let (shop, ses, mail) = staff_was_told().await;
        let at = mail.taken_at;
        tell(&shop, &if bounces { mail.bounced("Permanent", at) } else { mail.complained(at) }).await;
        let id = unknown(&shop, &ses, 2).await;
        let told = message(&shop, &id, TO_STAFF).await;
        assert_eq!((&told["state"], &told["reason"]), (&json!("skipped"), &json!("suppressed")));
        assert_eq!(ses.scenarios_to(STAFF), [TO_STAFF]);
        assert_eq!(ses.scenarios_to(&email(2)), [WELCOME]);
    }
}

#[tokio::test]
async fn who_unsubscribes_where_ses_asks_has_withdrawn_for_good() {
    let (shop, ses, id) = welcomed().await;
    wait(&shop, 60);
    let mail = only(&ses);
    let some = json!({"newTopicPreferences": {"unsubscribeAll": false}});
    tell(&shop, &mail.event("Subscription", shop.now(), &some)).await;
    assert_eq!(shop.member(&id).await["consent"]["marketing"], "granted");
    let all = json!({"newTopicPreferences": {"unsubscribeAll": true}});
    tell(&shop, &mail.event("Subscription", shop.now() - mins(1), &all)).await;
    assert_eq!(shop.member(&id).await["consent"]["marketing"], "withdrawn");
    assert_eq!(outlook(&shop, &id, NEXT).await, (json!("be_skipped"), json!("no_consent")));
    assert_eq!(crate::counted(&shop, WELCOME, "unsubscribed").await, 1);
}

#[tokio::test]
async fn who_agrees_again_is_not_outdone_by_the_same_event_told_once_more() {
    let (shop, ses, id) = welcomed().await;
    wait(&shop, 60);
    let all = json!({"newTopicPreferences": {"unsubscribeAll": true}});
    let event = only(&ses).event("Subscription", shop.now() - mins(1), &all);
    tell(&shop, &event).await;
    wait(&shop, 60);
    consent(&shop, &id, json!({"marketing": "granted"})).await;
    tell(&shop, &event).await;
    assert_eq!(shop.member(&id).await["consent"]["marketing"], "granted");
    let later = only(&ses).event("Subscription", shop.now(), &all);
    tell(&shop, &later).await;
    assert_eq!(shop.member(&id).await["consent"]["marketing"], "withdrawn");
}
