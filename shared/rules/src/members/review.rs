//! A review: what a member says of a product that they know, and what the shop makes of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    ids::{MemberId, OrderKey, ProductId, ReviewId},
    rating::Rating,
    review_draft::ReviewDraft,
    review_settings::ReviewSettings,
};

/// Of what makes an id, so that nobody finds one that is another's.
const ID_BYTES: usize = 16;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    /// That of the member and the product, so that there is one for both.
    pub id: ReviewId,
    /// In whose partition it is; who was merged into another has theirs still.
    pub member: MemberId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderKey>,
    pub product: ProductId,
    pub rating: Rating,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    pub state: ReviewState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply>,
    /// Points were earned by it, whether or not they were taken back since.
    #[serde(default)]
    pub incentivised: bool,
    #[serde(default)]
    pub verified_purchase: bool,
    /// As it is shown; none for who wants none, or has no name. It goes when the member is erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    pub source: ReviewSource,
    /// In whole milliseconds, as its place in the index has it.
    pub created_at: Timestamp,
    /// When it was written or changed by its member: of two tellings the later holds.
    pub updated_at: Timestamp,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub text: String,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Until a person publishes or rejects it.
    Pending,
    Published,
    Rejected,
}

/// Where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewSource {
    /// The page that a mail links to.
    Page,
    Api,
    /// A storefront's own event.
    Storefront,
}

/// What is known besides what was written.
pub struct Circumstances<'a> {
    pub member: &'a MemberId,
    pub order: Option<&'a OrderKey>,
    pub source: ReviewSource,
    pub locale: Option<&'a str>,
    /// The name of the profile.
    pub name: Option<&'a str>,
    pub written_at: Timestamp,
    pub verified_purchase: bool,
    pub incentivised: bool,
}

impl ReviewState {
    pub const ALL: [ReviewState; 3] = [ReviewState::Pending, ReviewState::Published, ReviewState::Rejected];

    pub fn name(self) -> &'static str {
        match self {
            ReviewState::Pending => "pending",
            ReviewState::Published => "published",
            ReviewState::Rejected => "rejected",
        }
    }
}

impl ReviewSource {
    pub const ALL: [ReviewSource; 3] = [ReviewSource::Page, ReviewSource::Api, ReviewSource::Storefront];

    pub fn name(self) -> &'static str {
        match self {
            ReviewSource::Page => "page",
            ReviewSource::Api => "api",
            ReviewSource::Storefront => "storefront",
        }
    }
}

impl Review {
    /// A member's first of that product.
    pub fn write(draft: ReviewDraft, told: &Circumstances<'_>, rules: &ReviewSettings) -> Review {
        let review = Review {
            version: 0,
            id: ReviewId::of(told.member, &draft.product),
            member: told.member.clone(),
            order: None,
            product: draft.product.clone(),
            rating: draft.rating,
            title: None,
            text: None,
            state: rules.first_state(),
            reply: None,
            incentivised: false,
            verified_purchase: false,
            author: None,
            locale: None,
            source: told.source,
            created_at: in_milliseconds(told.written_at),
            updated_at: told.written_at,
        };
        review.with(draft, told)
    }

    /// The same with what its member says of the product now; without news it stays as it is, and so it does when the
    /// telling is older. What was rejected waits for a person again; what the shop replied stays.
    #[must_use]
    pub fn edit(&self, draft: ReviewDraft, told: &Circumstances<'_>, rules: &ReviewSettings) -> Review {
        let mut proved = self.clone();
        proved.verified_purchase |= told.verified_purchase;
        proved.incentivised |= told.incentivised;
        if told.written_at < self.updated_at {
            return proved.numbered_after(self);
        }
        let edited = proved.clone().with(draft, told);
        let words = |review: &Review| (review.rating, review.title.clone(), review.text.clone(), review.author.clone());
        if words(&edited) == words(self) {
            return proved.numbered_after(self);
        }
        let state = match self.state {
            ReviewState::Rejected | ReviewState::Pending => ReviewState::Pending,
            ReviewState::Published => rules.first_state(),
        };
        Review { state, updated_at: told.written_at, ..edited }.numbered_after(self)
    }

    fn with(self, draft: ReviewDraft, told: &Circumstances<'_>) -> Review {
        let author = draft.author.shown(told.name);
        Review {
            order: told.order.cloned().or(self.order),
            rating: draft.rating,
            title: draft.title,
            text: draft.text,
            author,
            locale: told.locale.map(str::to_owned).or(self.locale),
            incentivised: self.incentivised | told.incentivised,
            verified_purchase: self.verified_purchase | told.verified_purchase,
            source: told.source,
            version: self.version.max(1),
            ..self
        }
    }

    fn numbered_after(self, before: &Review) -> Review {
        let version = if self == *before { before.version } else { before.version + 1 };
        Review { version, ..self }
    }

    /// A person's word on it; the same again changes nothing.
    #[must_use]
    pub fn judged(&self, state: Option<ReviewState>, reply: Option<Option<String>>, now: Timestamp) -> Review {
        let mut judged = Review { state: state.unwrap_or(self.state), ..self.clone() };
        match reply {
            Some(Some(text)) if self.reply.as_ref().is_none_or(|reply| reply.text != text) => {
                judged.reply = Some(Reply { text, at: now });
            }
            Some(None) => judged.reply = None,
            _ => {}
        }
        judged.numbered_after(self)
    }

    /// Whether it is of that product, however its letters are written.
    pub fn is_of(&self, product: &ProductId) -> bool {
        self.product.as_str().eq_ignore_ascii_case(product.as_str())
    }

    /// Whether lists have it where they had the other.
    pub fn is_listed_like(&self, before: &Review) -> bool {
        (self.state, self.rating, self.source) == (before.state, before.rating, before.source)
    }

    /// Whether somebody has written words into it.
    pub fn has_words(&self) -> bool {
        self.author.is_some() || self.title.is_some() || self.text.is_some() || self.reply.is_some()
    }

    /// Without what its member, or the shop to them, has written: the stars are nobody's and stay as they are.
    #[must_use]
    pub fn without_words(&self) -> Review {
        Review { author: None, title: None, text: None, reply: None, ..self.clone() }.numbered_after(self)
    }
}

fn in_milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

impl ReviewId {
    /// That of the member's review of the product.
    pub fn of(member: &MemberId, product: &ProductId) -> ReviewId {
        // neither id has a line break, and the case of a product's means nothing
        let digest = Sha256::digest(format!("{member}\n{}", product.as_str().to_ascii_lowercase()));
        ReviewId::from_hash(digest.split_at(ID_BYTES).0)
    }
}

impl std::fmt::Debug for Review {
    /// Without what was written.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Review").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review_draft::RawDraft;

    #[test]
    fn a_review_is_of_its_product_however_the_product_is_written() {
        let (member, product) = (MemberId::parse("mem_1").unwrap(), |id| ProductId::parse(id).unwrap());
        let told = Circumstances {
            member: &member,
            order: None,
            source: ReviewSource::Api,
            locale: None,
            name: None,
            written_at: Timestamp::UNIX_EPOCH,
            verified_purchase: false,
            incentivised: false,
        };
        let draft = ReviewDraft::cut(product("Tea-1"), Rating::LOWEST, &RawDraft::default());
        let review = Review::write(draft, &told, &ReviewSettings::default());
        assert!(review.is_of(&product("TEA-1")) && !review.is_of(&product("Tea-2")));
        assert_eq!(review.id, ReviewId::of(&member, &product("tea-1")), "and there is one for both");
    }
}
