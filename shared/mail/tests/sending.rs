//! What a mailer makes of SES's answers, asked of a server on this machine.
#![cfg(test)]

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_credential_types::Credentials;
use axum::{Router, body::Bytes, extract::State, http::StatusCode, response::IntoResponse, routing::any};
use base64::{Engine, engine::general_purpose::STANDARD};
use mail::{
    refusal::Refusal,
    ses::{Doubt, Mailer, Outcome, Outgoing, Quota, SesSettings, Tags},
};
use rules::{email::Email, ids::MemberId};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

type Taken = Arc<Mutex<Vec<Value>>>;

/// What the server answers: a status, the header with the error's name, a body.
#[derive(Clone, Copy)]
struct Answer(u16, &'static str, &'static str);

#[tokio::test]
async fn a_mail_that_ses_takes_is_sent_with_its_tags_and_its_bytes() {
    let (mailer, taken) = ses(Answer(200, "", r#"{"MessageId":"0100-abc"}"#)).await;
    assert_eq!(send(&mailer).await, Outcome::Sent("0100-abc".to_owned()));
    let taken = taken.lock().unwrap();
    let raw = taken[0]["Content"]["Raw"]["Data"].as_str().unwrap();
    assert_eq!(STANDARD.decode(raw).unwrap(), b"Subject: x\r\n\r\ny");
    assert_eq!(taken[0]["FromEmailAddress"], "shop@leaf.example");
    assert_eq!(taken[0]["Destination"], json!({ "ToAddresses": ["mia@example.com"] }));
    assert_eq!(taken[0]["ConfigurationSetName"], "regulars");
    let tags = json!([
        { "Name": "scenario", "Value": "review_invitation_1" },
        { "Name": "message_id", "Value": "msg_0123" },
        { "Name": "member_id", "Value": "mem_0123" },
    ]);
    assert_eq!(taken[0]["EmailTags"], tags);
}

#[tokio::test]
async fn every_refusal_is_definite_and_is_asked_for_once() {
    let message = r#"{"message":"Maximum sending rate exceeded."}"#;
    for (answer, refusal) in [
        (Answer(429, "TooManyRequestsException", message), Refusal::Throttled),
        (
            Answer(429, "TooManyRequestsException", r#"{"message":"Daily message quota exceeded."}"#),
            Refusal::QuotaExceeded,
        ),
        (Answer(400, "LimitExceededException", "{}"), Refusal::QuotaExceeded),
        (Answer(400, "AccountSuspendedException", "{}"), Refusal::Paused),
        (Answer(400, "SendingPausedException", "{}"), Refusal::Paused),
        (Answer(400, "MessageRejected", r#"{"message":"Email address is not verified."}"#), Refusal::Rejected),
        (Answer(400, "MailFromDomainNotVerifiedException", "{}"), Refusal::Misconfigured),
        (Answer(404, "NotFoundException", "{}"), Refusal::Misconfigured),
        (Answer(400, "BadRequestException", r#"{"message":"Missing final '@domain'"}"#), Refusal::BadAddress),
        (Answer(400, "BadRequestException", "{}"), Refusal::Malformed),
        (Answer(403, "AccessDeniedException", "{}"), Refusal::Forbidden),
    ] {
        let (mailer, taken) = ses(answer).await;
        assert_eq!(send(&mailer).await, Outcome::Refused(refusal), "{}", answer.1);
        assert_eq!(taken.lock().unwrap().len(), 1, "{}", answer.1);
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_for_certain_is_unknown_and_is_not_asked_for_again() {
    for (answer, status) in [
        (Answer(500, "InternalServiceErrorException", "{}"), 500),
        (Answer(503, "ServiceUnavailable", "{}"), 503),
        (Answer(502, "", "<html>bad gateway</html>"), 502),
        (Answer(408, "", "{}"), 408),
        (Answer(200, "", "{}"), 200),
        (Answer(200, "", "not json"), 200),
    ] {
        let (mailer, taken) = ses(answer).await;
        assert_eq!(send(&mailer).await, Outcome::Unknown(Doubt::Answer(status)), "{status}");
        assert_eq!(taken.lock().unwrap().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_port_that_is_closed_has_taken_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(send(&mailer(address)).await, Outcome::Refused(Refusal::Unreachable));
}

#[tokio::test]
async fn a_name_without_an_address_has_taken_nothing() {
    let mailer = mailer_at("http://nowhere.invalid".to_owned());
    assert_eq!(send(&mailer).await, Outcome::Refused(Refusal::Unreachable));
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_leaves_it_unknown() {
    for answered in ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"Mess"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(Mutex::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                *counted.lock().unwrap() += 1;
                let mut request = [0; 65_536];
                let _ = stream.read(&mut request).await;
                stream.write_all(answered.as_bytes()).await.unwrap();
            }
        });
        let outcome = send(&mailer(address)).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        assert_eq!(*connections.lock().unwrap(), 1, "never a second request");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_leaves_it_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let silence = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 65_536];
        let _ = stream.read(&mut request).await;
        // the request is here; from now on nothing happens but time
        tokio::time::pause();
        tokio::time::sleep(Duration::from_secs(3_600)).await;
    });
    assert_eq!(send(&mailer(address)).await, Outcome::Unknown(Doubt::Timeout));
    silence.abort();
}

#[tokio::test(start_paused = true)]
async fn an_address_where_nobody_is_has_taken_nothing() {
    // RFC 5737 keeps it for documentation: no answer at all, or at once that there is no way there
    let mailer = mailer_at("http://192.0.2.1".to_owned());
    assert_eq!(send(&mailer).await, Outcome::Refused(Refusal::Unreachable));
}

#[tokio::test]
async fn the_quota_is_what_the_account_has() {
    let account =
        r#"{"SendQuota":{"Max24HourSend":50000.0,"MaxSendRate":14.0,"SentLast24Hours":12.0},"SendingEnabled":true}"#;
    let (mailer, _) = ses(Answer(200, "", account)).await;
    let quota =
        Quota { per_second: Some(14), per_day: Some(50_000), sent_last_day: Some(12), sending_enabled: Some(true) };
    assert_eq!(mailer.quota().await.unwrap(), quota);

    let unlimited =
        r#"{"SendQuota":{"Max24HourSend":-1.0,"MaxSendRate":0.5,"SentLast24Hours":0.0},"SendingEnabled":false}"#;
    let (mailer, _) = ses(Answer(200, "", unlimited)).await;
    let quota =
        Quota { per_second: Some(0), per_day: Some(u64::MAX), sent_last_day: Some(0), sending_enabled: Some(false) };
    assert_eq!(mailer.quota().await.unwrap(), quota);

    let (mailer, _) = ses(Answer(200, "", r#"{"SendingEnabled":true}"#)).await;
    let unknown = Quota { sending_enabled: Some(true), ..Quota::default() };
    assert_eq!(mailer.quota().await.unwrap(), unknown);
}

#[tokio::test]
async fn the_quota_is_asked_for_again_where_an_answer_fails() {
    let (mailer, taken) = ses(Answer(500, "InternalServiceErrorException", "{}")).await;
    assert!(mailer.quota().await.is_err());
    assert_eq!(taken.lock().unwrap().len(), 3);
}

async fn ses(answer: Answer) -> (Mailer, Taken) {
    let taken = Taken::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = Router::new().fallback(any(take)).with_state((answer, Arc::clone(&taken)));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (mailer(address), taken)
}

async fn take(
    State((Answer(status, error, body), taken)): State<(Answer, Taken)>,
    request: Bytes,
) -> impl IntoResponse {
    taken.lock().unwrap().push(serde_json::from_slice(&request).unwrap_or_default());
    (StatusCode::from_u16(status).unwrap(), [("x-amzn-errortype", error), ("content-type", "application/json")], body)
}

fn mailer(address: SocketAddr) -> Mailer {
    mailer_at(format!("http://{address}"))
}

fn mailer_at(endpoint: String) -> Mailer {
    Mailer::new(&SesSettings {
        region: "eu-central-1".to_owned(),
        endpoint: Some(endpoint),
        credentials: Credentials::new("test", "test", None, None, "test"),
        http_client: aws_smithy_http_client::Builder::new().build_http(),
    })
}

async fn send(mailer: &Mailer) -> Outcome {
    let (from, to) = (Email::parse("shop@leaf.example").unwrap(), Email::parse("mia@example.com").unwrap());
    let member = MemberId::parse("mem_0123").unwrap();
    let outgoing = Outgoing {
        raw: b"Subject: x\r\n\r\ny".to_vec(),
        from: &from,
        to: &to,
        configuration_set: Some("regulars"),
        tags: Tags { scenario: "review_invitation_1", member_id: Some(&member), message_id: "msg_0123" },
    };
    mailer.send(outgoing).await
}
