//! Who opened a mail: a person, or a machine on the way to one.

use serde_json::{Value, json};
use tests::{
    Shop,
    mailing::{message, tell, wait},
    ses::Taken,
};

use crate::{WELCOME, counted, mins, only, welcomed};

const PERSON: &str =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.6 Safari/605.1.15";
const APPLE_PRIVACY: &str = "Mozilla/5.0";
const GMAIL: &str = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";

/// What was heard of opening and clicking: by people, by machines.
async fn read_by(shop: &Shop, id: &str) -> [Value; 3] {
    let mail = message(shop, id, WELCOME).await;
    ["prefetched_at", "opened_at", "clicked_at"].map(|what| mail[what].clone())
}

async fn counts(shop: &Shop) -> [u64; 3] {
    [
        counted(shop, WELCOME, "prefetched").await,
        counted(shop, WELCOME, "opened").await,
        counted(shop, WELCOME, "clicked").await,
    ]
}

/// What machines do: a gateway within a second, Apple's proxy as the mail arrives, a scanner later.
fn machines(mail: &Taken) -> Vec<Value> {
    let soon = mail.taken_at + jiff::SignedDuration::from_secs(2);
    vec![
        mail.clicked(PERSON, soon),
        mail.opened(PERSON, soon),
        mail.opened(APPLE_PRIVACY, mail.taken_at + mins(5)),
        mail.clicked("python-requests/2.32.3", mail.taken_at + mins(6)),
        mail.opened("", mail.taken_at + mins(7)),
    ]
}

#[tokio::test]
async fn machines_open_and_click_nothing_and_are_told_apart_in_the_report() {
    let (shop, ses, id) = welcomed().await;
    wait(&shop, 30);
    let mail = only(&ses);
    for event in machines(&mail).iter().rev() {
        tell(&shop, event).await;
    }
    let soon = json!(mail.taken_at + jiff::SignedDuration::from_secs(2));
    assert_eq!(read_by(&shop, &id).await, [soon, Value::Null, Value::Null]);
    assert_eq!(counts(&shop).await, [1, 0, 0]);
}

#[tokio::test]
async fn a_person_who_opens_after_a_machine_has_opened_whichever_is_told_first() {
    for machines_first in [true, false] {
        let (shop, ses, id) = welcomed().await;
        wait(&shop, 60 * 24);
        let mail = only(&ses);
        let (opened_at, clicked_at) = (mail.taken_at + mins(300), mail.taken_at + mins(301));
        let mut events = vec![
            mail.opened(GMAIL, opened_at),
            mail.clicked(PERSON, clicked_at),
            mail.opened(PERSON, opened_at + mins(100)),
            mail.clicked(PERSON, clicked_at + mins(100)),
        ];
        let place = if machines_first { 0 } else { events.len() };
        events.splice(place..place, machines(&mail));
        for event in &events {
            tell(&shop, event).await;
        }
        let [prefetched, opened, clicked] = read_by(&shop, &id).await;
        assert!(prefetched.is_string());
        assert_eq!((opened, clicked), (json!(opened_at), json!(clicked_at)), "the first time of each");
        assert_eq!(counts(&shop).await, [1, 1, 1]);
    }
}
