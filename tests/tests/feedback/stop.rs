//! The automatic stop of marketing: 20 bounces or one complaint among the last 1,000 mails.

use futures::join;
use jiff::Timestamp;
use rules::{
    ids::MemberId,
    message::{Message, Occasion, Timing},
};
use serde_json::{Value, json};
use store::{Plan, Write};
use tests::{
    Ses, Shop,
    mailing::{cases, lifecycle, member, orders, resolve, tell, wait},
    payloads::email,
    ses::Taken,
};

use crate::{
    CONFIRMATION, STAFF, TO_STAFF, WELCOME, days, marketing_stopped_at, mins, outlook, sent, shop_with_mail,
    skipped_as, state_and_reason,
};

/// The shop has sent so many mails by then, a second apart; the last ones of them bounced.
async fn has_sent(shop: &Shop, mails: usize, bounced: usize, until: Timestamp) {
    let member = MemberId::parse("mem_019eda2c5900753a9ae34a706bc75572").unwrap();
    let write = |number: usize| {
        let at = until - jiff::SignedDuration::from_secs(i64::try_from(number).unwrap());
        let timing = Timing { due_at: at, deadline_at: at + days(3) };
        let subject = at.to_string();
        let occasion = Occasion { member: &member, scenario: "care", step: 1, subject: &subject };
        let mut message = Message::plan(occasion, timing, at);
        assert!(message.claim(at) && message.begin_sending(at) && message.was_sent(None, at));
        if number < bounced {
            message.hear(|heard| heard.bounced_at = Some(at));
        }
        message.version = 1;
        Write::Message { message, due: None }
    };
    let mut writes = (0..mails).map(write).peekable();
    while writes.peek().is_some() {
        let plan = Plan { writes: writes.by_ref().take(90).collect() };
        shop.state.app.store.commit(plan).await.unwrap();
    }
}

/// Two members who were just welcomed, in a shop that had sent so many mails before.
async fn shop_that_sent(mails: usize, bounced: usize) -> (Shop, Ses) {
    let (shop, ses) = shop_with_mail().await;
    has_sent(&shop, mails, bounced, shop.now() - mins(10)).await;
    for number in [1, 2] {
        member(&shop, number).await;
    }
    lifecycle(&shop).await;
    (shop, ses)
}

fn welcome_of(ses: &Ses, number: u64) -> Taken {
    ses.taken().into_iter().find(|mail| mail.to == email(number)).unwrap()
}

async fn bounces(shop: &Shop, mail: &Taken) {
    tell(shop, &mail.bounced("Permanent", mail.taken_at)).await;
}

async fn is_stopped(shop: &Shop) -> bool {
    marketing_stopped_at(shop).await.is_string()
}

#[tokio::test]
async fn marketing_stops_at_the_twentieth_bounce_of_a_thousand_mails_with_one_case() {
    let (shop, ses) = shop_that_sent(998, 18).await;
    bounces(&shop, &welcome_of(&ses, 1)).await;
    assert!(!is_stopped(&shop).await, "19 of 1,000");
    assert!(cases(&shop, "marketing_stopped").await.is_empty());
    for _ in 0..2 {
        bounces(&shop, &welcome_of(&ses, 2)).await;
    }
    assert_eq!(marketing_stopped_at(&shop).await, json!(shop.now()), "20 of 1,000");
    let opened = cases(&shop, "marketing_stopped").await;
    let about: Vec<&Value> = opened.iter().map(|case| &case["about"]).collect();
    assert!(about.len() == 1 && about[0]["bounces"] == 20 && about[0]["complaints"] == 0, "{about:?}");
    for _ in 0..2 {
        lifecycle(&shop).await;
    }
    assert_eq!(ses.scenarios_to(STAFF), [TO_STAFF], "the merchant is told");
}

#[tokio::test]
async fn bounces_before_the_last_thousand_mails_do_not_count() {
    let (shop, ses) = shop_that_sent(998, 0).await;
    has_sent(&shop, 30, 30, shop.now() - mins(60)).await;
    bounces(&shop, &welcome_of(&ses, 1)).await;
    assert!(!is_stopped(&shop).await);
    assert!(cases(&shop, "marketing_stopped").await.is_empty());
}

#[tokio::test]
async fn one_complaint_stops_because_it_is_more_than_that_of_a_thousand_mails() {
    let (shop, ses) = shop_that_sent(1_200, 0).await;
    let mail = welcome_of(&ses, 1);
    tell(&shop, &mail.complained(mail.taken_at)).await;
    assert!(is_stopped(&shop).await);
    assert_eq!(cases(&shop, "marketing_stopped").await[0]["about"]["complaints"], 1);
}

#[tokio::test]
async fn what_the_shop_s_own_staff_calls_spam_stops_no_marketing() {
    let (shop, ses) = shop_that_sent(20, 19).await;
    bounces(&shop, &welcome_of(&ses, 1)).await;
    lifecycle(&shop).await;
    let opened = cases(&shop, "marketing_stopped").await;
    resolve(&shop, &opened[0]).await;
    assert!(!is_stopped(&shop).await);
    wait(&shop, 1);
    let to_staff = ses.taken().into_iter().find(|mail| mail.scenario == TO_STAFF).unwrap();
    tell(&shop, &to_staff.complained(shop.now())).await;
    assert!(!is_stopped(&shop).await);
}

#[tokio::test]
async fn a_shop_that_sent_ten_mails_is_not_stopped_by_one_bounce() {
    let (shop, ses) = shop_that_sent(8, 0).await;
    bounces(&shop, &welcome_of(&ses, 1)).await;
    assert!(!is_stopped(&shop).await);
}

#[tokio::test]
async fn of_two_bounces_at_once_that_go_too_far_one_stops_and_opens_the_case() {
    let (shop, ses) = shop_that_sent(20, 19).await;
    let other = shop.another_instance();
    let (first, second) = (welcome_of(&ses, 1), welcome_of(&ses, 2));
    join!(bounces(&shop, &first), bounces(&other, &second));
    assert!(is_stopped(&shop).await);
    assert_eq!(cases(&shop, "marketing_stopped").await.len(), 1);
}

/// A shop whose marketing is stopped, and somebody who has agreed to it since.
async fn stopped() -> (Shop, Ses, String) {
    let (shop, ses) = shop_that_sent(20, 19).await;
    bounces(&shop, &welcome_of(&ses, 1)).await;
    assert!(is_stopped(&shop).await);
    let id = member(&shop, 3).await;
    (shop, ses, id)
}

#[tokio::test]
async fn while_it_is_stopped_transactional_mail_goes_out_and_marketing_waits() {
    let (shop, ses, id) = stopped().await;
    orders(&shop, 3).await;
    lifecycle(&shop).await;
    assert_eq!(ses.scenarios_to(&email(3)), [CONFIRMATION]);
    assert_eq!(state_and_reason(&shop, &id, WELCOME).await, (json!("planned"), json!("marketing_stopped")));
    assert_eq!(outlook(&shop, &id, WELCOME).await, (json!("wait"), json!("marketing_stopped")));
}

#[tokio::test]
async fn once_the_case_is_resolved_what_waited_goes_out_and_old_bounces_do_not_stop_it_again() {
    let (shop, ses, id) = stopped().await;
    lifecycle(&shop).await;
    wait(&shop, 1);
    resolve(&shop, &cases(&shop, "marketing_stopped").await[0]).await;
    assert!(!is_stopped(&shop).await);
    wait(&shop, 61);
    let old = welcome_of(&ses, 2);
    tell(&shop, &old.complained(shop.now())).await;
    bounces(&shop, &old).await;
    assert!(!is_stopped(&shop).await, "it was sent before");
    lifecycle(&shop).await;
    assert_eq!(state_and_reason(&shop, &id, WELCOME).await, sent());
    tell(&shop, &welcome_of(&ses, 3).complained(shop.now())).await;
    assert!(is_stopped(&shop).await, "it was sent afterwards");
    let cases = cases(&shop, "marketing_stopped").await;
    let states: Vec<&Value> = cases.iter().map(|case| &case["state"]).collect();
    assert_eq!(states, ["open", "resolved"]);
}

#[tokio::test]
async fn what_waited_until_its_deadline_ends_with_the_reason_that_it_waited_for() {
    let (shop, ses, _) = stopped().await;
    let mut program = shop.get("/v1/program").await.is(200);
    program["mail"]["scenarios"]["welcome"]["deadline"] = json!("PT2H");
    shop.put_program(&program, Some("\"2\"")).await.is(200);
    let id = member(&shop, 4).await;
    for _ in 0..3 {
        lifecycle(&shop).await;
        wait(&shop, 61);
    }
    assert_eq!(state_and_reason(&shop, &id, WELCOME).await, skipped_as("marketing_stopped"));
    assert!(ses.scenarios_to(&email(4)).is_empty());
}
