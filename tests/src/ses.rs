//! What stands where SES would: it takes mail, keeps it as it came, and tells of it what it is asked to.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use app::{links::Links, post_office::PostOffice};
use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use jiff::Timestamp;
use mail_parser::MessageParser;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use web::clock::Clock;

use crate::{Wire, post::office};

/// A mail as SES was given it.
#[derive(Clone)]
pub struct Taken {
    pub ses_id: String,
    pub to: String,
    pub scenario: String,
    pub message: String,
    pub member: Option<String>,
    pub taken_at: Timestamp,
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
    clock: Clock,
}

impl Ses {
    pub(crate) async fn open(clock: Clock) -> Ses {
        let quota = json!({"Max24HourSend": 50_000, "MaxSendRate": 500, "SentLast24Hours": 0});
        let account = json!({"SendingEnabled": true, "SendQuota": quota});
        let kept = Kept { taken: Arc::default(), account: Arc::new(Mutex::new(account)), clock };
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

    /// What the account may send from now on: whether at all, and how much in a day, of which nothing is sent yet.
    pub fn allow(&self, sending: bool, a_day: u32) {
        let quota = json!({"Max24HourSend": a_day, "MaxSendRate": 500, "SentLast24Hours": 0});
        *self.kept.account.lock().unwrap() = json!({"SendingEnabled": sending, "SendQuota": quota});
    }

    /// How many it says that it takes each second.
    pub fn at_rate(&self, per_second: u32) {
        self.kept.account.lock().unwrap()["SendQuota"]["MaxSendRate"] = json!(per_second);
    }
}

impl Taken {
    fn read(request: &Value, ses_id: String, taken_at: Timestamp) -> Taken {
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
            taken_at,
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
            "mail": {"timestamp": self.taken_at, "messageId": self.ses_id, "destination": [self.to],
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

    pub fn opened(&self, user_agent: &str, at: Timestamp) -> Value {
        self.event("Open", at, &json!({"userAgent": user_agent, "ipAddress": "203.0.113.7"}))
    }

    pub fn clicked(&self, user_agent: &str, at: Timestamp) -> Value {
        let own = json!({"userAgent": user_agent, "ipAddress": "203.0.113.7", "link": "https://shop.example/"});
        self.event("Click", at, &own)
    }

    pub fn rejected(&self, at: Timestamp) -> Value {
        self.event("Reject", at, &json!({"reason": "Bad content"}))
    }

    /// SES could not make a mail of its template.
    pub fn failed_to_render(&self, at: Timestamp) -> Value {
        let mut event = self.event("Rendering Failure", at, &json!({}));
        event["detail"]["failure"] = json!({"errorMessage": "a variable is missing", "templateName": "invitation"});
        event
    }

    pub fn complained(&self, at: Timestamp) -> Value {
        self.event("Complaint", at, &json!({"complainedRecipients": [{"emailAddress": self.to}]}))
    }
}

/// What a failed test shows of it.
impl fmt::Debug for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Taken");
        shown.field("scenario", &self.scenario).field("to", &self.to).field("taken_at", &self.taken_at);
        shown.finish_non_exhaustive()
    }
}

async fn take(State(kept): State<Kept>, Json(request): Json<Value>) -> (StatusCode, Json<Value>) {
    if let Some((status, code, message)) = kept.refusal() {
        return (status, Json(json!({"__type": code, "message": message})));
    }
    let mut taken = kept.taken.lock().unwrap();
    let ses_id = format!("ses-{}", taken.len() + 1);
    taken.push(Taken::read(&request, ses_id.clone(), kept.clock.now()));
    (StatusCode::OK, Json(json!({"MessageId": ses_id})))
}

impl Kept {
    /// Why it takes nothing; what it takes counts toward the day's quota.
    fn refusal(&self) -> Option<(StatusCode, &'static str, &'static str)> {
        let mut account = self.account.lock().unwrap();
        if account["SendingEnabled"] == false {
            return Some((StatusCode::BAD_REQUEST, "SendingPausedException", "Sending is paused."));
        }
        let quota = &mut account["SendQuota"];
        let (sent, most) = (quota["SentLast24Hours"].as_u64().unwrap(), quota["Max24HourSend"].as_u64().unwrap());
        if sent >= most {
            return Some((StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException", "Daily message quota exceeded."));
        }
        quota["SentLast24Hours"] = json!(sent + 1);
        None
    }
}
