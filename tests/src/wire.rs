//! The wire to the database or to SES: it counts every call, and breaks or stops those it is told to.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_runtime_api::{
    client::{
        http::{HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// What SES calls the sending of one mail.
pub const SEND: &str = "SendEmail";

/// What befalls a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is refused: nothing was sent.
    Refused,
    /// It was applied, but the answer is lost.
    AnswerLost,
    /// It timed out before it got there.
    TimedOut,
    /// It was applied, but the answer came too late.
    TimedOutAfterwards,
    Throttled,
    /// It was applied, and the answer is that something inside went wrong.
    FailedAfterwards,
    /// Another transaction has one of its rows.
    Conflict,
}

/// One call as it was sent and answered.
#[derive(Clone, Debug)]
pub struct Call {
    pub operation: String,
    /// Units that the database says it took.
    pub units: f64,
    /// Calls of one trip were under way at once; trips count from 1.
    pub trip: usize,
}

/// What a use case took of the database.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// The operations, in the order in which they were sent.
    pub calls: Vec<String>,
    /// Round trips, those that only read and the one that writes alike.
    pub trips: usize,
    pub read_units: f64,
    pub write_units: f64,
}

#[derive(Default)]
struct Heard {
    calls: Vec<Call>,
    trip: usize,
    trip_has_answers: bool,
    breaks: Option<Break>,
    stop: Option<(usize, Stop)>,
}

/// A call that waits, before or after it is applied, until it is told to go on; who drops what made the
/// call has killed the process there.
#[derive(Clone)]
pub struct Stop {
    afterwards: bool,
    reached: Arc<Notify>,
    goes_on: Arc<Notify>,
}

/// From that call on, so many calls; of one operation, if it is named.
#[derive(Clone, Copy)]
struct Break {
    fault: Fault,
    operation: Option<&'static str>,
    first: usize,
    calls: usize,
}

#[derive(Clone, Default)]
pub struct Wire(Arc<Mutex<Heard>>);

impl Wire {
    pub(crate) fn client(&self) -> SharedHttpClient {
        let (wire, inner) = (self.clone(), store::http_client());
        http_client_fn(move |settings, components| {
            let inner = inner.http_connector(settings, components);
            SharedHttpConnector::new(Connector { wire: wire.clone(), inner })
        })
    }

    /// Forgets what it has heard, and breaks nothing.
    pub fn clear(&self) {
        *self.heard() = Heard { trip: 1, ..Heard::default() };
    }

    /// Clears, then breaks so many calls beginning with that one, from 0.
    pub fn break_calls(&self, fault: Fault, first: usize, calls: usize) {
        self.clear();
        self.heard().breaks = Some(Break { fault, operation: None, first, calls });
    }

    /// The same, counting only the calls of one operation.
    pub fn break_calls_of(&self, operation: &'static str, fault: Fault, first: usize, calls: usize) {
        self.clear();
        self.heard().breaks = Some(Break { fault, operation: Some(operation), first, calls });
    }

    /// Clears, then stops that call, from 0.
    pub fn stop_at(&self, call: usize, afterwards: bool) -> Stop {
        let stop = Stop { afterwards, reached: Arc::default(), goes_on: Arc::default() };
        self.clear();
        self.heard().stop = Some((call, stop.clone()));
        stop
    }

    /// All calls since it was cleared.
    pub fn calls(&self) -> Vec<Call> {
        self.heard().calls.clone()
    }

    /// What the calls since it was cleared took.
    pub fn cost(&self) -> Cost {
        let calls = self.calls();
        let units = |writes: bool| calls.iter().filter(|call| call.writes() == writes).map(|call| call.units).sum();
        Cost {
            trips: calls.iter().map(|call| call.trip).max().unwrap_or(0),
            read_units: units(false),
            write_units: units(true),
            calls: calls.into_iter().map(|call| call.operation).collect(),
        }
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, Heard> {
        self.0.lock().unwrap()
    }

    /// Notes a call; returns its number and what is to befall it.
    fn begin(&self, operation: String) -> (usize, Option<Fault>, Option<Stop>) {
        let mut heard = self.heard();
        if std::mem::take(&mut heard.trip_has_answers) {
            heard.trip += 1;
        }
        let (number, trip) = (heard.calls.len(), heard.trip);
        let fault = heard.breaks.and_then(|broken| broken.fault_of(&operation, &heard.calls));
        heard.calls.push(Call { operation, units: 0.0, trip });
        let stop = heard.stop.take_if(|(call, _)| *call == number).map(|(_, stop)| stop);
        (number, fault, stop)
    }

    fn end(&self, number: usize, units: f64) {
        let mut heard = self.heard();
        heard.trip_has_answers = true;
        // what is still under way when the wire is cleared is no longer counted
        if let Some(call) = heard.calls.get_mut(number) {
            call.units = units;
        }
    }
}

impl Stop {
    /// Waits until the call was made.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    pub fn go_on(&self) {
        self.goes_on.notify_one();
    }

    async fn wait(&self) {
        self.reached.notify_one();
        self.goes_on.notified().await;
    }
}

impl Break {
    fn fault_of(&self, operation: &str, before: &[Call]) -> Option<Fault> {
        let counts = |operation: &str| self.operation.is_none_or(|wanted| wanted == operation);
        let number = before.iter().filter(|call| counts(&call.operation)).count();
        let is_broken = (self.first..self.first.saturating_add(self.calls)).contains(&number);
        (counts(operation) && is_broken).then_some(self.fault)
    }
}

impl Call {
    pub fn writes(&self) -> bool {
        ["TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"]
            .contains(&self.operation.as_str())
    }
}

struct Connector {
    wire: Wire,
    inner: SharedHttpConnector,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector")
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (wire, inner) = (self.wire.clone(), self.inner.clone());
        HttpConnectorFuture::new(async move {
            let (number, fault, stop) = wire.begin(operation_of(&request));
            if let Some(stop) = stop.as_ref().filter(|stop| !stop.afterwards) {
                stop.wait().await;
            }
            let outcome = carry(&inner, request, fault).await;
            if let Some(stop) = stop.filter(|stop| stop.afterwards) {
                stop.wait().await;
            }
            let units = outcome.as_ref().map_or(0.0, |(_, answer)| units(&answer["ConsumedCapacity"]));
            wire.end(number, units);
            outcome.map(|(status, answer)| response(status, &answer))
        })
    }
}

/// DynamoDB is told it in a header, SES by the path.
fn operation_of(request: &HttpRequest) -> String {
    match request.headers().get("x-amz-target") {
        Some(target) => target.rsplit('.').next().unwrap_or_default().to_owned(),
        None if request.method() == "POST" => SEND.to_owned(),
        None => "GetAccount".to_owned(),
    }
}

async fn carry(
    inner: &SharedHttpConnector,
    mut request: HttpRequest,
    fault: Option<Fault>,
) -> Result<(u16, Value), ConnectorError> {
    let of_ses = request.headers().get("x-amz-target").is_none();
    match fault {
        None => read(inner.call(request).await?).await,
        Some(Fault::Refused) if of_ses => {
            request.set_uri("http://127.0.0.1:9/").unwrap();
            read(inner.call(request).await?).await
        }
        Some(Fault::Refused) => Err(ConnectorError::io("connection refused".into())),
        Some(Fault::TimedOut) => Err(ConnectorError::timeout("connect timed out".into())),
        Some(Fault::AnswerLost) => {
            read(inner.call(request).await?).await?;
            Err(ConnectorError::io("connection reset by peer".into()))
        }
        Some(Fault::TimedOutAfterwards) => {
            read(inner.call(request).await?).await?;
            Err(ConnectorError::timeout("read timed out".into()))
        }
        Some(Fault::FailedAfterwards) => {
            read(inner.call(request).await?).await?;
            Ok((500, refusal("InternalServerError")))
        }
        Some(Fault::Throttled) if of_ses => Ok((429, refusal("TooManyRequestsException"))),
        Some(Fault::Throttled) => Ok((400, refusal("ProvisionedThroughputExceededException"))),
        Some(Fault::Conflict) => {
            let mut refusal = refusal("TransactionCanceledException");
            refusal["CancellationReasons"] = json!([{"Code": "TransactionConflict", "Message": "conflict"}]);
            Ok((400, refusal))
        }
    }
}

fn refusal(code: &str) -> Value {
    json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "broken on the wire"})
}

async fn read(response: HttpResponse) -> Result<(u16, Value), ConnectorError> {
    let status = response.status().as_u16();
    let body = ByteStream::new(response.into_body()).collect().await;
    let body = body.map_err(|error| ConnectorError::io(error.into()))?;
    Ok((status, serde_json::from_slice(&body.into_bytes()).unwrap()))
}

fn response(status: u16, answer: &Value) -> HttpResponse {
    HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(answer.to_string()))
}

/// One operation's, or the sum over a batch's or a transaction's tables.
fn units(consumed: &Value) -> f64 {
    let of = |table: &Value| table["CapacityUnits"].as_f64().unwrap_or(0.0);
    consumed.as_array().map_or_else(|| of(consumed), |tables| tables.iter().map(of).sum())
}
