//! A product as storefronts tell of it, with the guides that the merchant adds to it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{ProductId, Source},
    money::Money,
    register::Register,
    web_address::HttpsAddress,
};

/// No title, category, vendor or tag has more characters; what is longer is cut.
pub const MAX_LABEL_CHARS: usize = 255;
pub const MAX_TAGS: usize = 30;
pub const MAX_GUIDES: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    pub id: ProductId,
    /// The newest that a storefront told, by its own time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<Register<Listed>>,
    /// The latest deletion; what was told later lists it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// The merchant's own: no storefront event touches them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guides: Vec<Guide>,
}

/// What one storefront says that the product is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    pub source: Source,
    #[serde(flatten)]
    pub listing: Listing,
}

/// Text is text: markup in it is for whoever shows it to escape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub title: Label,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<HttpsAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_url: Option<HttpsAddress>,
    /// Only where the storefront says in which currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Label>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<Label>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Label>,
}

/// Something to read about the use of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guide {
    pub title: Label,
    pub url: HttpsAddress,
    /// BCP 47; for every locale without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// One line of text: without control characters, not empty, of bounded length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Label(String);

impl Label {
    /// The text on one line, cut where it is too long; nothing where no text is left.
    pub fn of(text: &str) -> Option<Label> {
        let line = text.replace(char::is_control, " ");
        let kept: String = line.trim().chars().take(MAX_LABEL_CHARS).collect();
        let kept = kept.trim_end();
        (!kept.is_empty()).then(|| Label(kept.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Label> for String {
    fn from(label: Label) -> String {
        label.0
    }
}

impl Product {
    pub fn unknown(id: ProductId) -> Product {
        Product { version: 0, id, listed: None, deleted_at: None, guides: Vec::new() }
    }

    /// The product once this is known too. What is older than what is known changes nothing.
    #[must_use]
    pub fn learn(&self, listed: Register<Listed>) -> Product {
        Product { listed: Register::merge(self.listed.clone(), Some(listed)), ..self.clone() }
    }

    /// The product once a storefront has deleted it at that instant.
    #[must_use]
    pub fn delete(&self, at: Timestamp) -> Product {
        // a deletion that tells no time is dated by its arrival, and may arrive again
        let deleted_at = if self.is_deleted() { self.deleted_at } else { self.deleted_at.max(Some(at)) };
        Product { deleted_at, ..self.clone() }
    }

    /// Whether nothing that lists it is newer than its deletion.
    pub fn is_deleted(&self) -> bool {
        let listed_at = self.listed.as_ref().map(|listed| listed.updated_at);
        self.deleted_at.is_some_and(|deleted_at| listed_at.is_none_or(|listed_at| listed_at <= deleted_at))
    }

    /// What it is, as it was last told.
    pub fn listing(&self) -> Option<&Listing> {
        self.listed.as_ref().map(|listed| &listed.value.listing)
    }

    /// When a storefront last changed it.
    pub fn updated_at(&self) -> Option<Timestamp> {
        self.listed.as_ref().map(|listed| listed.updated_at).max(self.deleted_at)
    }
}
