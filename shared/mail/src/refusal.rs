//! Which answers of SES say that nothing was sent.
//!
//! After <https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html>,
//! <https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html> and
//! <https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html>:
//!
//! | answer | status | definite | refusal |
//! | --- | --- | --- | --- |
//! | `TooManyRequestsException`, `ThrottlingException`, "Maximum sending rate exceeded" | 429, 400 | yes | `Throttled` |
//! | the same, "Daily message quota exceeded"; `LimitExceededException` | 429, 400 | yes | `QuotaExceeded` |
//! | `AccountSuspendedException`, `SendingPausedException` | 400 | yes | `Paused` |
//! | `MessageRejected`, "Email address is not verified" of an identity that the mail is from | 400 | yes | `Misconfigured` |
//! | `MessageRejected` | 400 | yes | `Rejected` |
//! | `BadRequestException` that speaks of an address | 400 | yes | `BadAddress` |
//! | `BadRequestException` | 400 | yes | `Malformed` |
//! | `MailFromDomainNotVerifiedException`, `NotFoundException` (of the configuration set) | 400, 404 | yes | `Misconfigured` |
//! | a signature, token or right that does not do | 403, 400 | yes | `Forbidden` |
//! | any other answer of 400 to 499 but 408 | | yes | `Malformed` |
//! | no connection: a name without address, a port that is closed, a connect time-out, a bad certificate | - | yes | `Unreachable` |
//! | 408, 5xx, an answer that cannot be read, a connection that broke, a time-out | | no | |

/// Why SES did not take a mail. Whichever it is, nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Too fast; this mail can be sent a moment later.
    Throttled,
    /// No more today.
    QuotaExceeded,
    /// The account may not send, until somebody at the shop has settled it with AWS.
    Paused,
    /// This mail's content, or an address that is not verified where only those are allowed.
    Rejected,
    /// No server takes such an address.
    BadAddress,
    /// A fault of ours in this request.
    Malformed,
    /// The sender's domain or the configuration set; the same for every mail.
    Misconfigured,
    /// Credentials or rights; the same for every mail.
    Forbidden,
    /// No connection came about.
    Unreachable,
}

impl Refusal {
    /// Of a refusal that another mail would meet too, so that a run can end.
    pub fn concerns_every_mail(self) -> bool {
        match self {
            Refusal::QuotaExceeded
            | Refusal::Paused
            | Refusal::Misconfigured
            | Refusal::Forbidden
            | Refusal::Unreachable => true,
            Refusal::Throttled | Refusal::Rejected | Refusal::BadAddress | Refusal::Malformed => false,
        }
    }

    /// What an answer of that status says of a mail from that address; nothing if the mail may have been taken all
    /// the same.
    pub(crate) fn of_answer(status: u16, code: &str, message: &str, from: &str) -> Option<Refusal> {
        if !(400..500).contains(&status) || status == 408 {
            return None;
        }
        Some(match code {
            "TooManyRequestsException" | "ThrottlingException" | "Throttling" => throttled(message),
            "LimitExceededException" => Refusal::QuotaExceeded,
            "AccountSuspendedException" | "SendingPausedException" => Refusal::Paused,
            "MessageRejected" if is_unverified(message, from) => Refusal::Misconfigured,
            "MessageRejected" => Refusal::Rejected,
            "MailFromDomainNotVerifiedException" | "NotFoundException" => Refusal::Misconfigured,
            "BadRequestException" if speaks_of_an_address(message) => Refusal::BadAddress,
            _ if status == 403 || FORBIDDEN.contains(&code) => Refusal::Forbidden,
            _ if status == 429 => throttled(message),
            _ => Refusal::Malformed,
        })
    }
}

const FORBIDDEN: [&str; 6] = [
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "NotAuthorized",
    "RequestExpired",
];

fn throttled(message: &str) -> Refusal {
    if message.contains("Daily") { Refusal::QuotaExceeded } else { Refusal::Throttled }
}

/// Whether SES names the sender among the identities that are not verified; in its sandbox it may name the reader
/// alone.
fn is_unverified(message: &str, from: &str) -> bool {
    let Some((_, identities)) = message.split_once("The following identities failed the check") else { return false };
    identities.to_lowercase().contains(&from.to_lowercase())
}

/// The words in which SES finds fault with an address.
fn speaks_of_an_address(message: &str) -> bool {
    let words = ["Domain ", "Illegal address", "Local address", "Missing final '@domain'", "User name is missing"];
    words.iter().any(|words| message.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNVERIFIED_READER: &str = "Email address is not verified. The following identities failed the check in region \
         EU-WEST-1: mia@example.com";
    const UNVERIFIED_SENDER: &str = "Email address is not verified. The following identities failed the check in region \
         EU-WEST-1: Marlow & Fern <Hello@shop.example>, mia@example.com";

    #[test]
    fn every_answer_is_what_the_table_says() {
        for (status, code, message, refusal) in [
            (429, "TooManyRequestsException", "Maximum sending rate exceeded.", Some(Refusal::Throttled)),
            (429, "TooManyRequestsException", "Daily message quota exceeded.", Some(Refusal::QuotaExceeded)),
            (400, "ThrottlingException", "Rate exceeded", Some(Refusal::Throttled)),
            (429, "", "", Some(Refusal::Throttled)),
            (400, "LimitExceededException", "", Some(Refusal::QuotaExceeded)),
            (400, "AccountSuspendedException", "", Some(Refusal::Paused)),
            (400, "SendingPausedException", "", Some(Refusal::Paused)),
            (400, "MessageRejected", "Email address is not verified.", Some(Refusal::Rejected)),
            (400, "MessageRejected", UNVERIFIED_READER, Some(Refusal::Rejected)),
            (400, "MessageRejected", UNVERIFIED_SENDER, Some(Refusal::Misconfigured)),
            (400, "MailFromDomainNotVerifiedException", "", Some(Refusal::Misconfigured)),
            (404, "NotFoundException", "Configuration set <x> does not exist.", Some(Refusal::Misconfigured)),
            (400, "BadRequestException", "Domain contains illegal character", Some(Refusal::BadAddress)),
            (400, "BadRequestException", "Missing final '@domain'", Some(Refusal::BadAddress)),
            (400, "BadRequestException", "Tag names can only contain", Some(Refusal::Malformed)),
            (403, "AccessDeniedException", "", Some(Refusal::Forbidden)),
            (400, "ExpiredTokenException", "", Some(Refusal::Forbidden)),
            (413, "RequestEntityTooLarge", "", Some(Refusal::Malformed)),
            (408, "RequestTimeout", "", None),
            (500, "InternalServiceErrorException", "", None),
            (503, "ServiceUnavailable", "", None),
            (502, "", "", None),
            (200, "", "", None),
            (302, "", "", None),
        ] {
            let answered = Refusal::of_answer(status, code, message, "hello@shop.example");
            assert_eq!(answered, refusal, "{status} {code} {message}");
        }
    }
}
