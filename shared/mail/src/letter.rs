//! What a mail says, before it is written in anybody's language.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use rules::{
    coupon,
    email::Email,
    ids::{CouponCode, ProductId, TierId},
    money::Money,
    points::Points,
    product::Guide,
    program::Benefit,
    zone::Zone,
};
use serde::{Deserialize, Serialize};

use crate::{locale::Locale, web_link::WebLink};

/// One mail to one person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// The name without the step, e.g. `review_invitation`: the folder of its templates.
    pub scenario: String,
    /// From 1.
    pub step: u8,
    pub locale: Locale,
    pub shop: Shop,
    pub addressee: Addressee,
    #[serde(default)]
    pub links: Links,
    #[serde(default)]
    pub content: Content,
}

/// Who writes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    pub name: String,
    #[serde(default)]
    pub url: Option<WebLink>,
    /// Where the reader sees their orders, points and tier.
    #[serde(default)]
    pub account_url: Option<WebLink>,
    #[serde(default)]
    pub logo_url: Option<WebLink>,
    /// As on an envelope, with its line breaks.
    #[serde(default)]
    pub postal_address: Option<String>,
    #[serde(default)]
    pub accent_color: Option<Color>,
    /// In which times of day are written.
    pub zone: Zone,
    /// In which the merchant wrote what the program says.
    #[serde(default)]
    pub locale: Locale,
}

/// Who is written to: a member, or the staff of the shop, who have none of this.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Addressee {
    pub name: Option<String>,
    /// That can be spent now.
    pub points: Option<Points>,
    /// The title of their tier.
    pub tier: Option<String>,
    pub basis: Basis,
}

/// What lets the shop write to somebody of more than their orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    #[default]
    Consent,
    /// They bought something and have not objected, where the law takes that for enough.
    SoftOptIn,
}

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Links {
    /// One click ends all marketing. A mail without it is a transactional one.
    pub unsubscribe: Option<WebLink>,
    pub preferences: Option<WebLink>,
    /// The page on which a consent is confirmed.
    pub confirm: Option<WebLink>,
    /// The mailbox that answers go to.
    pub reply_to: Option<Email>,
}

/// All that mails speak of; each scenario uses what it needs.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Content {
    pub products: Vec<ProductView>,
    pub order: Option<OrderView>,
    /// What the mail is about: points that expire, or that a deed earns.
    pub points: Option<Points>,
    /// The day that the mail is about: of an expiry, of the end of a tier.
    pub on: Option<Date>,
    /// So many days lie between the reader's today and `on`: 0 is today.
    pub days_left: Option<i64>,
    /// The tier that was reached, or is at risk.
    pub tier: Option<TierView>,
    /// The one below it.
    pub lower_tier: Option<TierView>,
    /// To keep or to reach the tier.
    pub missing: Option<Missing>,
    /// Of points, after what the mail tells of.
    pub balance: Option<Points>,
    pub review: Option<ReviewView>,
    pub offer: Option<OfferView>,
    pub case: Option<CaseView>,
    /// Until when something is to be done.
    pub due_at: Option<Timestamp>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductView {
    pub id: ProductId,
    pub title: String,
    #[serde(default)]
    pub image_url: Option<WebLink>,
    #[serde(default)]
    pub url: Option<WebLink>,
    /// The page where this reader reviews it.
    #[serde(default)]
    pub review_url: Option<WebLink>,
    #[serde(default)]
    pub quantity: Option<u32>,
    /// Those that the reader can read, see [`Locale::reads`].
    #[serde(default)]
    pub guides: Vec<Guide>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderView {
    /// As the shop shows it to its customers.
    pub number: String,
    pub placed_on: Date,
    #[serde(default)]
    pub total: Option<Money>,
    #[serde(default)]
    pub tracking_number: Option<String>,
    #[serde(default)]
    pub tracking_url: Option<WebLink>,
    #[serde(default)]
    pub tracking_company: Option<String>,
    #[serde(default)]
    pub estimated_on: Option<Date>,
    /// The reader's day on which all of it had arrived.
    #[serde(default)]
    pub delivered_on: Option<Date>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierView {
    pub id: TierId,
    pub title: String,
    #[serde(default)]
    pub benefits: Vec<Benefit>,
}

/// Counted as the program's tiers are.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "basis", content = "amount", rename_all = "snake_case")]
pub enum Missing {
    Spend(Money),
    Points(Points),
    Orders(u32),
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewView {
    /// 1 to 5.
    pub rating: u8,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub text: Option<String>,
    pub product_title: String,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferView {
    pub code: CouponCode,
    pub value: coupon::Value,
    /// The last day on which it can be used.
    pub expires_on: Date,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseView {
    /// By which the API knows it.
    pub id: String,
    /// e.g. `data_request`.
    pub kind: String,
    pub opened_at: Timestamp,
    /// The numbers that it can be found by: of an order, a member, a message.
    #[serde(default)]
    pub about: Vec<String>,
}

/// A colour as `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color([u8; 3]);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a colour such as `#1f5c4a`")]
pub struct NotAColor(String);

impl Color {
    /// # Errors
    /// `NotAColor` for anything but a number sign and six hexadecimal digits.
    pub fn parse(text: &str) -> Result<Color, NotAColor> {
        let refuse = || NotAColor(text.chars().take(40).collect());
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or_else(refuse)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(refuse());
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| refuse())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Color([red, green, blue]))
    }

    /// Black or white, whichever is easier to read on it. The relative luminance of WCAG 2, with a
    /// gamma of 2; black and white are equal where it is 0.179.
    pub(crate) fn text_on_it(self) -> &'static str {
        let [red, green, blue] = self.0.map(|channel| u32::from(channel).pow(2));
        let luminance = 2126 * red + 7152 * green + 722 * blue;
        if luminance > 1790 * 255 * 255 { "#000000" } else { "#ffffff" }
    }
}

impl TryFrom<String> for Color {
    type Error = NotAColor;

    fn try_from(text: String) -> Result<Color, NotAColor> {
        Color::parse(&text)
    }
}

impl From<Color> for String {
    fn from(Color([red, green, blue]): Color) -> String {
        format!("#{red:02x}{green:02x}{blue:02x}")
    }
}

/// A letter names somebody, and no log does.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Letter");
        shown.field("scenario", &self.scenario).field("step", &self.step).field("locale", &self.locale);
        shown.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_hexadecimal_digits() {
        assert_eq!(String::from(Color::parse("#1F5c4a").unwrap()), "#1f5c4a");
        for text in ["", "#fff", "1f5c4a", "#1f5c4", "#1f5c4g", "#+12345", "red", "#1f5c4a;background:url(x)", "#ééé"]
        {
            assert!(Color::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_button_can_be_read_in_every_colour() {
        for (color, text) in [
            ("#000000", "#ffffff"),
            ("#1f5c4a", "#ffffff"),
            ("#c0392b", "#ffffff"),
            ("#ffd400", "#000000"),
            ("#ffffff", "#000000"),
        ] {
            assert_eq!(Color::parse(color).unwrap().text_on_it(), text, "{color}");
        }
    }
}
