//! Cases: what a person at the shop must look at.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    ids::{CaseId, HappeningId, HoldId, MemberId, MessageId, OrderKey, ProductId, ReviewId, Source},
    plain_text::paragraphs,
    points::Points,
    rating::Rating,
    review::Review,
    review_settings::ReviewSettings,
};

const ID_BYTES: usize = 12;
/// Of what was done about it.
pub const MAX_NOTE_CHARS: usize = 2_000;
/// What the law and the storefront leave a shop to answer what is demanded of it.
const TIME_TO_ANSWER: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Counts commits; every commit is guarded by it.
    #[serde(default)]
    pub version: u64,
    pub id: CaseId,
    #[serde(flatten)]
    pub about: About,
    pub opened_at: Timestamp,
    /// The last moment to do what it demands, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    #[serde(default)]
    pub state: CaseState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// What was done about it, in the words of who resolved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    #[default]
    Open,
    Resolved,
}

/// Whose case it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CasePlace {
    Member(MemberId),
    Shop(Source),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum About {
    /// The order had the discount of a hold whose points were not there any more.
    HoldNotCovered {
        hold: HoldId,
        order: OrderKey,
        /// Those that nothing was taken for.
        points: Points,
    },
    /// The member asked the storefront for what is kept of them.
    DataRequest { member: MemberId, source: Source, request: HappeningId },
    /// The shop no longer uses us, and the storefront demands that its customers be forgotten.
    ShopRedact { source: Source },
    /// A member is not content with what they bought.
    BadReview { review: ReviewId, product: ProductId, rating: Rating },
    /// Nobody knows whether the mail was sent, and it is not sent again.
    MailUnknown { message: MessageId, scenario: String },
    /// Too much of what was sent lately bounced or was called spam. Once it is resolved, marketing goes on.
    MarketingStopped {
        /// Which stop it is, counted from 1.
        stop: u64,
        bounces: usize,
        complaints: usize,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("has {chars} characters, and may have {MAX_NOTE_CHARS}")]
pub struct NoteTooLong {
    chars: usize,
}

impl CasePlace {
    /// Of what concerns all mail of the shop.
    pub fn of_mail() -> CasePlace {
        CasePlace::Shop(Source::of_mail())
    }

    /// In whose partition mail to the staff about it is kept.
    pub fn keeper(&self) -> MemberId {
        match self {
            CasePlace::Member(member) => member.clone(),
            CasePlace::Shop(_) => MemberId::of_the_shop(),
        }
    }
}

impl Case {
    pub fn is_resolved(&self) -> bool {
        self.state == CaseState::Resolved
    }

    pub fn open(about: About, opened_at: Timestamp) -> Case {
        let due_at = match about {
            About::HoldNotCovered { .. }
            | About::BadReview { .. }
            | About::MailUnknown { .. }
            | About::MarketingStopped { .. } => None,
            About::DataRequest { .. } | About::ShopRedact { .. } => Some(opened_at + TIME_TO_ANSWER),
        };
        let (state, resolved_at, note) = (CaseState::Open, None, None);
        Case { version: 1, id: about.id(), about, opened_at, due_at, state, resolved_at, note }
    }

    /// That of a review with few stars.
    pub fn bad_review(review: &Review, rules: &ReviewSettings, opened_at: Timestamp) -> Case {
        let (id, product, rating) = (review.id.clone(), review.product.clone(), review.rating);
        let due_at = opened_at.checked_add(rules.answer_within()).ok();
        Case { due_at, ..Case::open(About::BadReview { review: id, product, rating }, opened_at) }
    }

    /// What is known of the same occasion by now. One that was resolved stays as it was left.
    pub fn learn(&mut self, news: Case) {
        let grows = matches!(self.about, About::HoldNotCovered { .. } | About::BadReview { .. });
        if grows && self.state == CaseState::Open && self.about != news.about {
            self.version += 1;
            self.about = news.about;
        }
    }

    /// Whether mail of that moment is not of this opening but of one before.
    pub fn is_newer_than(&self, planned_at: Timestamp) -> bool {
        self.opened_at > planned_at
    }

    /// The same occasion once more, after it was over.
    #[must_use]
    pub fn reopened(&self, news: Case) -> Case {
        Case { version: self.version + 1, ..news }
    }

    /// Done with; again, only the note is another, if there is one.
    ///
    /// # Errors
    /// `NoteTooLong`.
    pub fn resolve(&mut self, note: Option<&str>, now: Timestamp) -> Result<(), NoteTooLong> {
        let before = self.clone();
        if let Some(note) = note.map(paragraphs) {
            let chars = note.chars().count();
            if chars > MAX_NOTE_CHARS {
                return Err(NoteTooLong { chars });
            }
            self.note = Some(note).filter(|note| !note.is_empty());
        }
        self.state = CaseState::Resolved;
        self.resolved_at.get_or_insert(now);
        if *self != before {
            self.version += 1;
        }
        Ok(())
    }

    /// The mail service has told what nobody knew.
    pub fn was_settled(&mut self, now: Timestamp) -> bool {
        let was_open = self.state == CaseState::Open;
        if was_open {
            self.version += 1;
            (self.state, self.resolved_at) = (CaseState::Resolved, Some(now));
            self.note = Some("The mail service told it later.".to_owned());
        }
        was_open
    }

    /// Without what somebody wrote of a member, if anything.
    #[must_use]
    pub fn without_words(self) -> Option<Case> {
        self.note.is_some().then(|| Case { version: self.version + 1, note: None, ..self })
    }
}

impl About {
    pub const KINDS: [&str; 6] =
        ["hold_not_covered", "data_request", "shop_redact", "bad_review", "mail_unknown", "marketing_stopped"];

    pub fn kind(&self) -> &'static str {
        match self {
            About::HoldNotCovered { .. } => "hold_not_covered",
            About::DataRequest { .. } => "data_request",
            About::ShopRedact { .. } => "shop_redact",
            About::BadReview { .. } => "bad_review",
            About::MailUnknown { .. } => "mail_unknown",
            About::MarketingStopped { .. } => "marketing_stopped",
        }
    }

    /// The numbers that what it is about can be found by.
    pub fn numbers(&self) -> Vec<String> {
        match self {
            About::HoldNotCovered { hold, order, .. } => vec![order.id.to_string(), hold.to_string()],
            About::DataRequest { member, source, .. } => vec![member.to_string(), source.to_string()],
            About::ShopRedact { source } => vec![source.to_string()],
            About::BadReview { review, product, .. } => vec![product.to_string(), review.to_string()],
            About::MailUnknown { message, scenario } => vec![scenario.clone(), message.to_string()],
            About::MarketingStopped { bounces, complaints, .. } => vec![bounces.to_string(), complaints.to_string()],
        }
    }

    /// What it is about, beside its kind and whose it is.
    pub fn in_detail(&self) -> Value {
        match self {
            About::HoldNotCovered { hold, order, points } => json!({ "hold": hold, "order": order, "points": points }),
            About::DataRequest { source, request, .. } => json!({ "source": source, "request": request }),
            About::ShopRedact { source } => json!({ "source": source }),
            About::BadReview { review, product, rating } => {
                json!({ "review": review, "product": product, "rating": rating })
            }
            About::MailUnknown { message, scenario } => json!({ "message": message, "scenario": scenario }),
            About::MarketingStopped { bounces, complaints, .. } => {
                json!({ "bounces": bounces, "complaints": complaints })
            }
        }
    }

    /// The same for the same occasion, so that a case that is opened twice is one.
    pub fn id(&self) -> CaseId {
        let occasion = match self {
            About::HoldNotCovered { hold, order, .. } => {
                format!("hold_not_covered#{hold}#{}#{}", order.source.numbering(), order.id)
            }
            About::DataRequest { source, request, .. } => format!("data_request#{}#{request}", source.numbering()),
            About::ShopRedact { source } => format!("shop_redact#{source}"),
            About::BadReview { review, .. } => return CaseId::of_bad_review(review),
            About::MailUnknown { message, .. } => format!("mail_unknown#{message}"),
            About::MarketingStopped { stop, .. } => format!("marketing_stopped#{stop}"),
        };
        id_of(&occasion)
    }
}

pub(crate) fn id_of(occasion: &str) -> CaseId {
    let digest = Sha256::digest(occasion);
    CaseId::from_hash(digest.split_at(ID_BYTES).0)
}
