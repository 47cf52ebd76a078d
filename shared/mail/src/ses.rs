//! Handing mails over to SES, version 2 of its API.

use std::{error::Error, fmt, time::Duration};

use aws_credential_types::Credentials;
use aws_sdk_sesv2::{
    Client, Config,
    config::{BehaviorVersion, Region, SharedHttpClient, retry::RetryConfig, timeout::TimeoutConfig},
    error::{BuildError, ProvideErrorMetadata, SdkError},
    operation::send_email::SendEmailError,
    primitives::Blob,
    types::{Destination, EmailContent, MessageTag, RawMessage},
};
use hyper_util::client::legacy;
use rules::{email::Email, ids::MemberId};

use crate::refusal::Refusal;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// SES answers in a fraction of a second; what takes longer may have been taken all the same.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
const QUOTA_ATTEMPTS: u32 = 3;

/// Where SES is, and as whom to call it.
#[derive(Clone, Debug)]
pub struct SesSettings {
    pub region: String,
    /// Instead of the region's own endpoint.
    pub endpoint: Option<String>,
    pub credentials: Credentials,
    /// The one of the database will do: it trusts Amazon's roots.
    pub http_client: SharedHttpClient,
}

/// Sends mails, each at most once.
///
/// One mailer is for one run, and [`Mailer::quota`] comes first: a connection that was left open while
/// a function slept may be dead, and a mail that meets a dead connection ends as unknown. The quota is
/// asked again without harm.
#[derive(Clone, Debug)]
pub struct Mailer {
    client: Client,
}

/// A mail on its way.
pub struct Outgoing<'a> {
    /// The whole MIME message.
    pub raw: Vec<u8>,
    /// The address alone, without a name.
    pub from: &'a Email,
    pub to: &'a Email,
    pub configuration_set: Option<&'a str>,
    pub tags: Tags<'a>,
}

/// What every event of the mail will name. SES takes letters, digits, `_` and `-` alone.
#[derive(Clone, Copy, Debug)]
pub struct Tags<'a> {
    /// The name and the step, e.g. `review_invitation_1`.
    pub scenario: &'a str,
    /// None in a mail to the staff.
    pub member_id: Option<&'a MemberId>,
    pub message_id: &'a str,
}

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// SES has taken it, under this id of its own.
    Sent(String),
    /// Nothing was sent.
    Refused(Refusal),
    /// It may have been sent or not; only an event of SES can tell.
    Unknown(Doubt),
}

/// Why it is not known. Logs may have it: it names nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No answer in time.
    Timeout,
    /// The connection broke once there was one.
    Broken,
    /// An answer of that status that says nothing for certain.
    Answer(u16),
}

/// What the account may send; what is not known is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    pub per_second: Option<u32>,
    /// In any 24 hours; `u64::MAX` without a limit.
    pub per_day: Option<u64>,
    pub sent_last_day: Option<u64>,
    /// Whether the account may send at all now.
    pub sending_enabled: Option<bool>,
}

/// SES did not say what the account may send.
#[derive(Debug, thiserror::Error)]
#[error("the quota is not known: {0}")]
pub struct NoQuota(String);

impl Mailer {
    pub fn new(settings: &SesSettings) -> Mailer {
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_timeout(SEND_TIMEOUT).build();
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(settings.region.clone()))
            .credentials_provider(settings.credentials.clone())
            .timeout_config(timeouts)
            // a mail whose answer was lost and that is sent again is a second mail
            .retry_config(RetryConfig::disabled())
            .http_client(settings.http_client.clone());
        let config = match &settings.endpoint {
            Some(endpoint) => config.endpoint_url(endpoint),
            None => config,
        };
        Mailer { client: Client::from_conf(config.build()) }
    }

    /// One request, never repeated.
    pub async fn send(&self, mail: Outgoing<'_>) -> Outcome {
        let (Ok(raw), Ok(tags)) = (RawMessage::builder().data(Blob::new(mail.raw)).build(), mail.tags.of_ses()) else {
            return Outcome::Refused(Refusal::Malformed);
        };
        let request = self
            .client
            .send_email()
            .from_email_address(mail.from.as_str())
            .destination(Destination::builder().to_addresses(mail.to.as_str()).build())
            .content(EmailContent::builder().raw(raw).build())
            .set_configuration_set_name(mail.configuration_set.map(str::to_owned))
            .set_email_tags(Some(tags));
        match request.send().await {
            // without an id its events could not be told from another's; its tags still can
            Ok(answer) => answer.message_id.map_or(Outcome::Unknown(Doubt::Answer(200)), Outcome::Sent),
            Err(error) => judge(&error, mail.from.as_str()),
        }
    }

    /// What the account may send now. Asked again where an answer fails.
    ///
    /// # Errors
    /// `NoQuota` if SES does not answer.
    pub async fn quota(&self) -> Result<Quota, NoQuota> {
        let retries = RetryConfig::standard().with_max_attempts(QUOTA_ATTEMPTS);
        let request = self.client.get_account().customize();
        let answer = request.config_override(Config::builder().retry_config(retries)).send().await;
        let account = answer.map_err(|error| NoQuota(named(&error)))?;
        let quota = account.send_quota.as_ref();
        Ok(Quota {
            per_second: quota.map(|quota| whole(quota.max_send_rate)).and_then(|rate| u32::try_from(rate).ok()),
            // -1 stands for no limit
            per_day: quota
                .map(|quota| if quota.max24_hour_send < 0.0 { u64::MAX } else { whole(quota.max24_hour_send) }),
            sent_last_day: quota.map(|quota| whole(quota.sent_last24_hours)),
            sending_enabled: Some(account.sending_enabled),
        })
    }
}

impl Tags<'_> {
    fn of_ses(&self) -> Result<Vec<MessageTag>, BuildError> {
        let member = self.member_id.map(|member| ("member_id", member.as_str()));
        let tags = [("scenario", self.scenario), ("message_id", self.message_id)].into_iter().chain(member);
        tags.map(|(name, value)| MessageTag::builder().name(name).value(value).build()).collect()
    }
}

/// The whole part of what SES counts in floating point.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast keeps the whole part, and what is negative is zero"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

fn judge(error: &SdkError<SendEmailError>, from: &str) -> Outcome {
    match error {
        SdkError::ConstructionFailure(_) => Outcome::Refused(Refusal::Malformed),
        SdkError::TimeoutError(_) => Outcome::Unknown(Doubt::Timeout),
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            Some(error) if never_connected(error) => Outcome::Refused(Refusal::Unreachable),
            Some(error) if error.is_timeout() => Outcome::Unknown(Doubt::Timeout),
            _ => Outcome::Unknown(Doubt::Broken),
        },
        SdkError::ServiceError(refused) => {
            let status = refused.raw().status().as_u16();
            let (code, message) = (refused.err().code(), refused.err().message());
            let refusal = Refusal::of_answer(status, code.unwrap_or_default(), message.unwrap_or_default(), from);
            refusal.map_or(Outcome::Unknown(Doubt::Answer(status)), Outcome::Refused)
        }
        other => Outcome::Unknown(Doubt::Answer(other.raw_response().map_or(0, |answer| answer.status().as_u16()))),
    }
}

/// Whether the request failed before there was a connection that it could have been written to.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |error: &&(dyn Error + 'static)| (*error).source());
    causes.filter_map(|cause| cause.downcast_ref::<legacy::Error>()).any(legacy::Error::is_connect)
}

/// A failure without its message, which may name somebody.
fn named<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    match error {
        SdkError::ServiceError(refused) => refused.err().code().unwrap_or("an answer without a code").to_owned(),
        other => other.to_string(),
    }
}

impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("tags", &self.tags).finish_non_exhaustive()
    }
}
