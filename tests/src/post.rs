//! Where a shop's mail goes.

use app::{links::Links, post_office::PostOffice};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::SharedHttpClient;
use jiff::SignedDuration;
use mail::ses::{Mailer, SesSettings};
use rules::{
    ids::MemberId,
    message::{Message, Occasion, Timing},
};
use store::{DueAt, DueHour, Plan, Write};

use crate::Shop;

/// What the pages' addresses begin with.
pub const PAGES: &str = "https://pages.example";

/// Plans a mail that is due now, past everything that plans mail; returns its id.
pub async fn plan(shop: &Shop, queue: &'static str, member: &str, occasion: (&str, u8, &str)) -> String {
    let (scenario, step, subject) = occasion;
    let (member, now) = (MemberId::parse(member).unwrap(), shop.now());
    let timing = Timing { due_at: now, deadline_at: now + SignedDuration::from_hours(72) };
    let message = Message::plan(Occasion { member: &member, scenario, step, subject }, timing, now);
    let due = Some(DueAt { scenario: queue, hour: DueHour::of(now), at: now });
    let id = message.id.to_string();
    shop.state.app.store.commit(Plan { writes: vec![Write::Message { message, due }] }).await.unwrap();
    id
}

/// Nobody is there to take it.
pub fn closed(links: Links) -> PostOffice {
    office("http://127.0.0.1:9", store::http_client(), links)
}

pub(crate) fn office(endpoint: &str, http_client: SharedHttpClient, links: Links) -> PostOffice {
    let settings = SesSettings {
        region: "us-east-1".to_owned(),
        endpoint: Some(endpoint.to_owned()),
        credentials: Credentials::from_keys("test", "test", None),
        http_client,
    };
    PostOffice {
        mailer: Mailer::new(&settings),
        configuration_set: Some("regulars".to_owned()),
        pages_url: PAGES.to_owned(),
        links,
        shared_by: 1,
    }
}
