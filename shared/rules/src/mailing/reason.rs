//! Why a message waits, or was not sent.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($name:ident, $called:literal => $said:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason { $($name,)* }

        impl Reason {
            pub const ALL: &[Reason] = &[$(Reason::$name,)*];

            /// As JSON and the API have it.
            pub fn name(self) -> &'static str {
                match self { $(Reason::$name => $called,)* }
            }

            /// The reason of that name.
            pub fn named(name: &str) -> Option<Reason> {
                Reason::ALL.iter().copied().find(|reason| reason.name() == name)
            }

            /// What it means, for the merchant.
            pub fn said(self) -> &'static str {
                match self { $(Reason::$name => $said,)* }
            }
        }
    };
}

reasons! {
    NoConsent, "no_consent" => "the member has not agreed to marketing mail",
    TopicOff, "topic_off" => "the member does not want mail on this topic",
    Suppressed, "suppressed" => "the address bounced, complained or belongs to somebody who was erased",
    NoAddress, "no_address" => "the member has no address",
    Erased, "erased" => "the member was erased",
    MailOff, "mail_off" => "the program sends no mail",
    NoSender, "no_sender" => "the program names no sender",
    NotOnAllowList, "not_on_allow_list" => "the address is not on the program's allow list",
    ScenarioOff, "scenario_off" => "the program has switched the scenario off",
    OtherCategory, "other_category" => "the order has no product of the scenario's categories",
    Control, "control" => "the member is in the control group of the scenario",
    Reviewed, "reviewed" => "the member has reviewed what they bought",
    Refunded, "refunded" => "all of the order went back",
    Cancelled, "cancelled" => "the order was cancelled",
    Ordered, "ordered" => "the member has ordered",
    Spent, "spent" => "the points that it was about are gone",
    Kept, "kept" => "the tier is kept",
    Resolved, "resolved" => "the case is resolved",
    Improved, "improved" => "the review has more stars by now",
    Moved, "moved" => "the order is another member's now",
    Repeated, "repeated" => "who was merged into the member had the same mail",
    NothingToSay, "nothing_to_say" => "what it was about is not there any more",
    DeadlinePassed, "deadline_passed" => "its deadline has passed",
    QuietHours, "quiet_hours" => "it is night where the member is",
    Cap, "cap" => "the member had as much mail as the program allows",
    Outranked, "outranked" => "a mail that matters more to the member goes first",
    MarketingStopped, "marketing_stopped" => "marketing mail is stopped: too many bounces or complaints",
    Throttled, "throttled" => "SES takes no more mail just now",
    QuotaReached, "quota_reached" => "the quota of the day is used up",
    Refused, "refused" => "SES refused the mail",
    Rejected, "rejected" => "SES took the mail and rejected it afterwards",
    Unsendable, "unsendable" => "the mail could not be written",
    NoAnswer, "no_answer" => "SES did not answer, and no event told what became of it",
}

impl Reason {
    /// Whether it lies in what is known of the order or in the program, which may change again.
    pub fn is_of_facts(self) -> bool {
        use Reason::{Cancelled, MailOff, Moved, NoSender, NothingToSay, Refunded, ScenarioOff};
        matches!(self, Refunded | Cancelled | Moved | MailOff | NoSender | ScenarioOff | NothingToSay)
    }
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[test]
    fn a_reason_is_called_what_json_calls_it() {
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.name());
            assert_eq!(Reason::named(reason.name()), Some(*reason));
        }
    }
}
