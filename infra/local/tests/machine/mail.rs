use base64::{Engine, engine::general_purpose::STANDARD};
use http::StatusCode;
use local::client::Client;
use serde_json::{Value, json};

use crate::{Running, new_folder, start, start_with, time};

const SEND: &str = "/v2/email/outbound-emails";

#[tokio::test]
async fn a_mail_is_kept_as_it_was_sent() {
    let running = start().await;
    let id = send(&running, &simple("Mia <mia@example.com>", "<p>Hello</p>")).await;
    let mail = running.get("/local/mail").await["mail"][0].clone();
    assert_eq!(mail["id"], id);
    assert_eq!(
        (&mail["message_id"], &mail["member_id"], &mail["scenario"]),
        (&json!("msg_1"), &json!("mem_1"), &json!("welcome_1"))
    );
    assert_eq!((&mail["to"], &mail["subject"]), (&json!("Mia <mia@example.com>"), &json!("Grüße")));
    assert_eq!((&mail["html"], &mail["text"]), (&json!("<p>Hello</p>"), &json!("Hello")));
    assert_eq!(mail["sent_at"].as_str().unwrap()[..10], running.now().await.to_string()[..10]);
    let headers = mail["headers"].as_array().unwrap();
    for header in [
        json!({ "name": "From", "value": "Shop <shop@example.com>" }),
        json!({ "name": "List-Unsubscribe-Post", "value": "List-Unsubscribe=One-Click" }),
        json!({ "name": "X-SES-CONFIGURATION-SET", "value": "regulars" }),
        json!({ "name": "X-SES-LIST-MANAGEMENT-OPTIONS", "value": "members; topic=offers" }),
    ] {
        assert!(headers.contains(&header), "{header} in {headers:?}");
    }
}

#[tokio::test]
async fn a_raw_mail_is_kept_as_its_parts() {
    let running = start().await;
    let message = "From: shop@example.com\r\nTo: mia@example.com\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\
        List-Unsubscribe: <https://example.com/u>,\r\n <mailto:u@example.com>\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nHello\r\n\
        --x\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>\r\n--x--\r\n";
    let request = json!({
        "Content": { "Raw": { "Data": STANDARD.encode(message) } },
        "EmailTags": [{ "Name": "scenario", "Value": "birthday_1" }],
    });
    send(&running, &request).await;
    let mail = running.get("/local/mail?to=MIA@example.com").await["mail"][0].clone();
    assert_eq!((&mail["subject"], &mail["scenario"]), (&json!("Grüße"), &json!("birthday_1")));
    assert_eq!(
        (mail["text"].as_str().unwrap().trim(), mail["html"].as_str().unwrap().trim()),
        ("Hello", "<p>Hello</p>")
    );
    let list = json!({ "name": "List-Unsubscribe", "value": "<https://example.com/u>, <mailto:u@example.com>" });
    assert!(mail["headers"].as_array().unwrap().contains(&list), "{mail}");
}

#[tokio::test]
async fn mail_is_found_by_its_recipient() {
    let running = start().await;
    send(&running, &simple("Mia <mia@example.com>", "1")).await;
    send(&running, &simple("noah@example.com", "2")).await;
    let count = async |query: &str| running.get(&format!("/local/mail{query}")).await["mail"].as_array().unwrap().len();
    assert_eq!(count("").await, 2);
    assert_eq!(count("?to=mia@example.com").await, 1);
    assert_eq!(count("?to=Mia%40Example.com").await, 1);
    assert_eq!(count("?to=ia@example.com").await, 0);
    assert_eq!(running.client.get("/local/mail?from=x").await.unwrap().status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn no_mail_can_run_anything_on_its_page() {
    let running = start().await;
    let hostile = "</iframe><script>alert(1)</script><img src=x onerror=\"alert(2)\">'";
    let mut mail = simple("\"><script>alert(3)</script> <mia@example.com>", hostile);
    mail["Content"]["Simple"]["Subject"]["Data"] = json!("</title><script>alert(4)</script>");
    mail["Content"]["Simple"]["Headers"] = json!([{ "Name": "X-Evil", "Value": "<script>alert(5)</script>" }]);
    mail["Content"]["Simple"]["Body"]["Text"]["Data"] = json!("</pre><script>alert(6)</script>");
    let id = send(&running, &mail).await;
    let (policy, page) = page(&running, &format!("/local/mail/{id}")).await;
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("onerror=\""), "{page}");
    assert_eq!(page.matches("<iframe sandbox title=\"The mail\" srcdoc=\"&lt;/iframe&gt;").count(), 1, "{page}");
    assert_eq!(page.matches("</iframe>").count(), 1);
    assert_eq!(running.client.get("/local/mail/none").await.unwrap().status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn mail_is_there_after_a_restart_and_numbers_go_on() {
    let folder = new_folder();
    let first = start_with(Some(folder.clone())).await;
    let sent = send(&first, &simple("mia@example.com", "1")).await;
    let kept = first.get("/local/mail").await;
    first.machine.stop().await;
    let second = start_with(Some(folder)).await;
    assert_eq!(second.get("/local/mail").await, kept);
    assert_ne!(send(&second, &simple("mia@example.com", "2")).await, sent);
    second.machine.stop().await;
}

#[tokio::test]
async fn what_ses_would_refuse_is_refused_in_its_words() {
    let running = start().await;
    let ses = Client::of(running.machine.ses);
    let mut bad_tag = simple("mia@example.com", "");
    bad_tag["EmailTags"] = json!([{ "Name": "member id", "Value": "mem_1" }]);
    let mut nobody = simple("mia@example.com", "");
    nobody["Destination"] = json!({});
    for bad in [bad_tag, nobody, json!({}), json!({ "Content": { "Raw": { "Data": "?" } } })] {
        let answer = ses.post(SEND, &bad).await.unwrap();
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
        assert!(answer.body["message"].is_string());
    }
    assert_eq!(ses.get("/v2/email/identities").await.unwrap().status, StatusCode::NOT_FOUND);
    assert_eq!(running.get("/local/mail").await, json!({ "mail": [] }));
    let account = ses.get("/v2/email/account").await.unwrap().body;
    assert_eq!((&account["SendingEnabled"], &account["SendQuota"]["SentLast24Hours"]), (&json!(true), &json!(0)));
}

/// Paid for, and arrived so that the invitation to review it is due the day after.
const PAID_AT: &str = "2026-06-12T15:00:00Z";
const NOW: &str = "2026-06-18T15:00:00Z";

#[tokio::test]
async fn what_falls_due_while_the_clock_moves_is_sent_on_the_way_and_arrives() {
    let running = start().await;
    running.set_clock(NOW).await;
    running.bring(1, "mia@example.com", PAID_AT).await;
    running.post("/local/clock", json!({ "advance": "P7D" })).await;
    let mail = running.mail("?to=mia@example.com").await;
    let invitation = mail.iter().find(|mail| mail["scenario"] == "review_invitation_1").unwrap();
    let sent_at = time(&invitation["sent_at"]);
    assert!(sent_at >= time(&json!("2026-06-19T15:00:00Z")) && sent_at < running.now().await, "{invitation}");
    let address = format!("http://{}/r/", running.machine.gateway);
    assert!(invitation["text"].as_str().unwrap().contains(&address), "{invitation}");
    for figures in running.figures().await {
        assert_eq!(figures["sent"], figures["delivered"], "{figures}");
    }
    let sent: u64 = running.figures().await.iter().map(|figures| figures["sent"].as_u64().unwrap()).sum();
    assert_eq!(sent, mail.len() as u64);
}

#[tokio::test]
async fn an_address_of_ses_s_simulator_meets_what_it_meets_there() {
    for (fate, figure, is_the_last) in
        [("bounce", "bounced", true), ("complaint", "complained", true), ("ooto", "soft_bounced", false)]
    {
        let running = start().await;
        running.set_clock(NOW).await;
        running.bring(1, &format!("{fate}+mia@simulator.amazonses.com"), PAID_AT).await;
        running.post("/local/clock", json!({ "advance": "P7D" })).await;
        let figures = running.figures().await;
        let heard: u64 = figures.iter().map(|figures| figures[figure].as_u64().unwrap()).sum();
        let mail = running.mail("").await;
        let to_them = mail.iter().filter(|mail| mail["to"].as_str().unwrap().starts_with(fate)).count();
        assert_eq!((heard, to_them == 1), (to_them as u64, is_the_last), "{fate}: {figures:?}");
        let suppressed: u64 =
            figures.iter().map(|figures| figures["skipped"]["suppressed"].as_u64().unwrap_or(0)).sum();
        assert_eq!(suppressed > 0, is_the_last, "{fate}: {figures:?}");
    }
}

#[tokio::test]
async fn of_mail_that_a_function_was_told_to_send_ses_tells_too() {
    let running = start().await;
    running.set_clock(NOW).await;
    running.bring(1, "mia@example.com", "2026-06-10T15:00:00Z").await;
    let run = running.post("/local/functions/reviews", json!({})).await;
    running.post("/local/functions/lifecycle", json!({})).await;
    let sent = running.mail("").await.len();
    assert!(sent > 0, "{run}");
    running.post("/local/clock", json!({ "advance": "PT1S" })).await;
    let delivered: u64 = running.figures().await.iter().map(|figures| figures["delivered"].as_u64().unwrap()).sum();
    assert_eq!(delivered, sent as u64);
}

impl Running {
    pub(crate) async fn mail(&self, query: &str) -> Vec<Value> {
        self.get(&format!("/local/mail{query}")).await["mail"].as_array().unwrap().clone()
    }

    /// What became of mail, scenario by scenario.
    async fn figures(&self) -> Vec<Value> {
        self.get("/v1/reports/scenarios").await["scenarios"].as_array().unwrap().clone()
    }
}

fn simple(to: &str, html: &str) -> Value {
    json!({
        "FromEmailAddress": "Shop <shop@example.com>",
        "Destination": { "ToAddresses": [to] },
        "Content": { "Simple": {
            "Subject": { "Data": "Grüße", "Charset": "UTF-8" },
            "Body": { "Html": { "Data": html, "Charset": "UTF-8" }, "Text": { "Data": "Hello" } },
            "Headers": [{ "Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click" }],
        } },
        "EmailTags": [
            { "Name": "message_id", "Value": "msg_1" },
            { "Name": "member_id", "Value": "mem_1" },
            { "Name": "scenario", "Value": "welcome_1" },
        ],
        "ConfigurationSetName": "regulars",
        "ListManagementOptions": { "ContactListName": "members", "TopicName": "offers" },
    })
}

/// Sends it through the capture; returns the id that SES gives it.
async fn send(running: &Running, mail: &Value) -> String {
    let answer = Client::of(running.machine.ses).post(SEND, mail).await.unwrap();
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body["MessageId"].as_str().unwrap().to_owned()
}

/// The content security policy and the text of a page.
async fn page(running: &Running, path: &str) -> (String, String) {
    let page = crate::page(&format!("http://{}{path}", running.machine.gateway)).await;
    (page.policy, page.text)
}
