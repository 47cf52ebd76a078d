//! What stands where SES would: it takes mail, keeps it as it came, and tells of it what it is asked to.

use std::sync::{Arc, Mutex};

use app::{links::Links, post_office::PostOffice};
use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use mail_parser::MessageParser;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{Wire, post::office};

/// A mail as SES was given it.
#[derive(Clone, Debug)]
pub struct Taken {
    pub ses_id: String,
    pub to: String,
    pub scenario: String,
    pub message: String,
    pub member: Option<String>,
    pub raw: Vec<u8>,
}

#[derive(Clone)]
pub struct Ses {
    /// Between the functions and SES.
    pub wire: Wire,
    endpoint: String,
    kept: Kept,
}

#[derive(Clone)]
struct Kept {
    taken: Arc<Mutex<Vec<Taken>>>,
    account: Arc<Mutex<Value>>,
}

impl Ses {
    pub(crate) async fn open() -> Ses {
        let quota = json!({"Max24HourSend": 50_000.0, "MaxSendRate": 500.0, "SentLast24Hours": 0.0});
        let account = json!({"SendingEnabled": true, "SendQuota": quota});
        let kept = Kept { taken: Arc::default(), account: Arc::new(Mutex::new(account)) };
        let routes = Router::new()
            .route("/v2/email/outbound-emails", post(take))
            .route(
                "/v2/email/account",
                get(async |State(kept): State<Kept>| Json(kept.account.lock().unwrap().clone())),
            )
            .with_state(kept.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let wire = Wire::default();
        wire.clear();
        Ses { wire, endpoint, kept }
    }

    pub(crate) fn office(&self, links: Links) -> PostOffice {
        office(&self.endpoint, self.wire.client(), links)
    }

    /// All that was taken, the oldest first.
    pub fn taken(&self) -> Vec<Taken> {
        self.kept.taken.lock().unwrap().clone()
    }

    /// The scenarios of what was taken for that address, in the order of their names.
    pub fn scenarios_to(&self, address: &str) -> Vec<String> {
        let mut scenarios: Vec<_> =
            self.taken().into_iter().filter(|mail| mail.to == address).map(|mail| mail.scenario).collect();
        scenarios.sort();
        scenarios
    }

    /// What the account may send from now on: whether at all, and how much is left of today's.
    pub fn allow(&self, sending: bool, left_today: u32) {
        let quota = json!({"Max24HourSend": 200.0, "MaxSendRate": 500.0, "SentLast24Hours": 200 - left_today});
        *self.kept.account.lock().unwrap() = json!({"SendingEnabled": sending, "SendQuota": quota});
    }
}

impl Taken {
    fn read(request: &Value, ses_id: String) -> Taken {
        let tags = request["EmailTags"].as_array().unwrap();
        let tag = |name: &str| {
            let tag = tags.iter().find(|tag| tag["Name"] == name)?;
            tag["Value"].as_str().map(ToOwned::to_owned)
        };
        Taken {
            ses_id,
            to: request["Destination"]["ToAddresses"][0].as_str().unwrap().to_owned(),
            scenario: tag("scenario").unwrap(),
            message: tag("message_id").unwrap(),
            member: tag("member_id"),
            raw: STANDARD.decode(request["Content"]["Raw"]["Data"].as_str().unwrap()).unwrap(),
        }
    }

    pub fn text(&self) -> String {
        let parsed = MessageParser::default().parse(&self.raw).unwrap();
        parsed.body_text(0).unwrap().into_owned()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let parsed = MessageParser::default().parse(&self.raw).unwrap();
        parsed.header_raw(name).map(|value| value.trim().to_owned())
    }

    /// The path of its link that begins so.
    pub fn link(&self, begins: &str) -> Option<String> {
        let text = self.text();
        let from = text.find(begins)?;
        let path = text[from..].split(|char: char| char.is_whitespace() || "<>\"')".contains(char)).next();
        path.map(ToOwned::to_owned)
    }

    /// One event of it, as EventBridge hands it over; `own` is the part that only its kind has.
    pub fn event(&self, kind: &str, at: Timestamp, own: &Value) -> Value {
        let mut detail = json!({
            "eventType": kind,
            "mail": {"timestamp": at, "messageId": self.ses_id, "destination": [self.to],
                "tags": {"member_id": [self.member], "message_id": [self.message], "scenario": [self.scenario]}},
        });
        let mut own = own.clone();
        own["timestamp"] = json!(at);
        detail[kind.to_lowercase()] = own;
        json!({"source": "aws.ses", "detail-type": "Email event", "detail": detail})
    }

    pub fn sent(&self, at: Timestamp) -> Value {
        self.event("Send", at, &json!({}))
    }

    pub fn delivered(&self, at: Timestamp) -> Value {
        self.event("Delivery", at, &json!({"recipients": [self.to]}))
    }

    pub fn bounced(&self, kind: &str, at: Timestamp) -> Value {
        let own = json!({"bounceType": kind, "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": self.to}]});
        self.event("Bounce", at, &own)
    }

    pub fn complained(&self, at: Timestamp) -> Value {
        self.event("Complaint", at, &json!({"complainedRecipients": [{"emailAddress": self.to}]}))
    }
}

async fn take(State(kept): State<Kept>, Json(request): Json<Value>) -> Json<Value> {
    let mut taken = kept.taken.lock().unwrap();
    let ses_id = format!("ses-{}", taken.len() + 1);
    taken.push(Taken::read(&request, ses_id.clone()));
    Json(json!({"MessageId": ses_id}))
}
