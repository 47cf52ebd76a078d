//! One value of a payload, read as what it must be. Whatever a method refuses is noted under the
//! field's pointer, and `None` is returned, as it is for a value that is null or missing.

use std::{collections::BTreeMap, ops::RangeInclusive};

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use rules::{
    email::Email,
    facts::MAX_PARTS,
    ids::{NotAnId, Source},
    money::{Currency, Money},
    product::Label,
};
use serde_json::value::RawValue;

use super::{Object, Reading, shown};

/// No line of an order has more units than this.
const MAX_QUANTITY: u32 = 1_000_000;
/// Storefronts number with 64 bits.
const MAX_ID_DIGITS: usize = 20;
/// Of what an order is called.
const MAX_NAME_CHARS: usize = 40;
const MAX_TEXT_CHARS: usize = 2_048;
/// No storefront's record is older: 2000-01-01T00:00:00Z.
const EARLIEST: Timestamp = Timestamp::constant(946_684_800, 0);
/// A sender's clock may be ahead by this.
const MAX_AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// What is expected may lie a year ahead.
const MAX_EXPECTED_AHEAD: SignedDuration = SignedDuration::from_hours(366 * 24);

pub(crate) struct Field<'a> {
    raw: Option<&'a RawValue>,
    pointer: String,
    reading: &'a Reading,
}

impl<'a> Field<'a> {
    pub(super) fn new(raw: Option<&'a RawValue>, pointer: String, reading: &'a Reading) -> Self {
        Field { raw, pointer, reading }
    }

    pub(crate) fn refuse<T>(&self, reason: impl Into<String>) -> Option<T> {
        self.reading.refuse(&self.pointer, reason)
    }

    /// It is null or missing.
    pub(crate) fn is_absent(&self) -> bool {
        self.raw.is_none()
    }

    pub(crate) fn object(&self) -> Option<Object<'a>> {
        let raw = self.raw?.get();
        if !raw.starts_with('{') {
            return self.refuse("must be an object");
        }
        match serde_json::from_str::<BTreeMap<String, &RawValue>>(raw) {
            Ok(fields) => Some(Object::new(fields, self.pointer.clone(), self.reading)),
            Err(_) => self.refuse("has a name that is not text"),
        }
    }

    /// The same where a buyer or a plugin may have put anything, which must not have an order refused.
    pub(crate) fn object_if_any(&self) -> Option<Object<'a>> {
        self.object_at(&self.pointer, self.raw?)
    }

    /// The objects of a list, with the same patience.
    pub(crate) fn objects_if_any(&self) -> Vec<Object<'a>> {
        let items: Vec<&RawValue> = self.raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
        let object = |(index, raw)| self.object_at(&format!("{}/{index}", self.pointer), raw);
        items.into_iter().enumerate().filter_map(object).collect()
    }

    /// What a text means, with the same patience.
    pub(crate) fn meaning_if_any<T: TryFrom<String>>(&self) -> Option<T> {
        let text: String = serde_json::from_str(self.raw?.get()).ok()?;
        T::try_from(text.trim().to_owned()).ok()
    }

    fn object_at(&self, pointer: &str, raw: &'a RawValue) -> Option<Object<'a>> {
        Some(Object::new(serde_json::from_str(raw.get()).ok()?, pointer.to_owned(), self.reading))
    }

    /// What people call it, on one line; a few words at most.
    pub(crate) fn label_if_any(&self) -> Option<String> {
        let text: String = self.meaning_if_any()?;
        Label::of(&text).map(|label| label.as_str().chars().take(MAX_NAME_CHARS).collect())
    }

    /// Each of the list's objects; none if the field is null or missing.
    pub(crate) fn objects(&self) -> Vec<Object<'a>> {
        self.items().into_iter().flatten().filter_map(|item| item.object()).collect()
    }

    /// Each entry of a list, to be read as text; none if the field is null or missing.
    pub(crate) fn texts(&self) -> Vec<Field<'a>> {
        self.items().unwrap_or_default()
    }

    fn items(&self) -> Option<Vec<Field<'a>>> {
        let items: Vec<&RawValue> = match serde_json::from_str(self.raw?.get()) {
            Ok(items) => items,
            Err(_) => return self.refuse("must be a list"),
        };
        if items.len() > MAX_PARTS {
            return self.refuse(format!("has {} entries; no order has more than {MAX_PARTS}", items.len()));
        }
        let item = |(index, raw)| Field::new(Some(raw), format!("{}/{index}", self.pointer), self.reading);
        Some(items.into_iter().enumerate().map(item).collect())
    }

    pub(crate) fn flag(&self) -> Option<bool> {
        match self.raw?.get() {
            "true" => Some(true),
            "false" => Some(false),
            _ => self.refuse("must be true or false"),
        }
    }

    /// Text without the blanks around it; nothing where no text is left.
    pub(crate) fn text(&self) -> Option<String> {
        let text = self.string()?;
        if text.chars().count() > MAX_TEXT_CHARS {
            return self.refuse(format!("is longer than {MAX_TEXT_CHARS} characters"));
        }
        let trimmed = text.trim();
        if trimmed.is_empty() { None } else { Some(trimmed.to_owned()) }
    }

    /// Text of any length, just as it was sent.
    pub(crate) fn string(&self) -> Option<String> {
        serde_json::from_str(self.raw?.get()).ok().or_else(|| self.refuse("must be text"))
    }

    /// The content of a string, or the digits of a number just as they were sent.
    fn token(&self) -> Option<String> {
        let raw = self.raw?.get();
        if raw.starts_with('-') || raw.starts_with(|c: char| c.is_ascii_digit()) {
            return Some(raw.to_owned());
        }
        match serde_json::from_str::<String>(raw) {
            Ok(text) => Some(text),
            Err(_) => self.refuse("must be text or a number"),
        }
    }

    /// A storefront's number, kept as decimal text.
    pub(crate) fn id<T: TryFrom<String, Error = NotAnId>>(&self) -> Option<T> {
        let token = self.token()?;
        let digits_only = token.bytes().all(|b| b.is_ascii_digit());
        if token.is_empty() || token.len() > MAX_ID_DIGITS || token.starts_with('0') || !digits_only {
            return self.refuse(format!("`{}` is not an id", shown(&token)));
        }
        T::try_from(token).ok()
    }

    /// The same where `0` stands for none.
    pub(crate) fn id_unless_zero<T: TryFrom<String, Error = NotAnId>>(&self) -> Option<T> {
        if self.token()? == "0" { None } else { self.id() }
    }

    /// An id that whoever sends it may have written as they like.
    pub(crate) fn text_id<T: TryFrom<String, Error = NotAnId>>(&self) -> Option<T> {
        match T::try_from(self.string()?) {
            Ok(id) => Some(id),
            Err(reason) => self.refuse(reason.to_string()),
        }
    }

    /// The same, which may also be a number.
    pub(crate) fn token_id<T: TryFrom<String, Error = NotAnId>>(&self) -> Option<T> {
        match T::try_from(self.token()?) {
            Ok(id) => Some(id),
            Err(reason) => self.refuse(reason.to_string()),
        }
    }

    /// A word that names no person: what may be an id.
    pub(crate) fn word(&self) -> Option<String> {
        self.token_id::<Source>().map(String::from)
    }

    /// An address; the reason repeats none, as it may be somebody's.
    pub(crate) fn email(&self) -> Option<Email> {
        Email::parse(&self.text()?).ok().or_else(|| self.refuse("is not an email address"))
    }

    /// A whole number, written as one or as text.
    pub(crate) fn whole(&self, within: RangeInclusive<i64>) -> Option<i64> {
        match self.token()?.parse::<i64>() {
            Ok(number) if within.contains(&number) => Some(number),
            _ => self.refuse(format!("must be a whole number from {} to {}", within.start(), within.end())),
        }
    }

    /// A flag, written as one or as the word.
    pub(crate) fn said(&self) -> Option<bool> {
        match self.raw?.get().trim_matches('"') {
            "true" | "yes" | "TRUE" => Some(true),
            "false" | "no" | "FALSE" => Some(false),
            _ => self.refuse("must be true or false"),
        }
    }

    /// A day.
    pub(crate) fn date(&self) -> Option<Date> {
        let text = self.string()?;
        text.parse().ok().or_else(|| self.refuse(format!("`{}` is not a day such as `2026-06-18`", shown(&text))))
    }

    /// An instant as exports write it, `2026-06-18 10:00:00 +0200`.
    pub(crate) fn exported_time(&self) -> Option<Timestamp> {
        let text = self.string()?;
        let time = Timestamp::strptime("%Y-%m-%d %H:%M:%S %z", &text).or_else(|_| text.parse());
        match time {
            Ok(time) => self.plausible(time),
            Err(_) => self.refuse(format!("`{}` is not a time such as `2026-06-18 10:00:00 +0200`", shown(&text))),
        }
    }

    /// A number of units.
    pub(crate) fn quantity(&self) -> Option<u32> {
        let raw = self.raw?.get();
        if !raw.starts_with('-') && !raw.starts_with(|c: char| c.is_ascii_digit()) {
            return self.refuse("must be a number");
        }
        if !raw.bytes().all(|b| b.is_ascii_digit()) {
            let reason = if raw.starts_with('-') { "is negative" } else { "is not a whole number" };
            return self.refuse(format!("`{}` {reason}", shown(raw)));
        }
        match raw.parse::<u32>() {
            Ok(quantity) if quantity <= MAX_QUANTITY => Some(quantity),
            _ => self.refuse(format!("`{}` is more than {MAX_QUANTITY}", shown(raw))),
        }
    }

    /// An instant, not before the year 2000 and at most a day ahead.
    pub(crate) fn time(&self) -> Option<Timestamp> {
        let text = self.string()?;
        match text.parse() {
            Ok(time) => self.plausible(time),
            Err(_) => self.refuse(format!("`{}` is not a time such as `2026-06-18T10:00:00Z`", shown(&text))),
        }
    }

    /// The same, where the text need not say that it is UTC.
    pub(crate) fn utc_time(&self) -> Option<Timestamp> {
        let text = self.string()?;
        let in_utc = || Some(text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp());
        match text.parse().ok().or_else(in_utc) {
            Some(time) => self.plausible(time),
            None => self.refuse(format!("`{}` is not a time such as `2026-06-18T10:00:00`", shown(&text))),
        }
    }

    /// An instant that may be up to a year ahead.
    pub(crate) fn expected_time(&self) -> Option<Timestamp> {
        let text = self.string()?;
        match text.parse::<Timestamp>() {
            Ok(time) if time < EARLIEST => self.refuse(format!("`{time}` is before the year 2000")),
            Ok(time) if time.duration_since(self.reading.now) > MAX_EXPECTED_AHEAD => {
                self.refuse(format!("`{time}` is more than a year ahead"))
            }
            Ok(time) => Some(time),
            Err(_) => self.refuse(format!("`{}` is not a time such as `2026-06-18T10:00:00Z`", shown(&text))),
        }
    }

    /// Text of which the form is known; `wanted` says which.
    pub(crate) fn text_in_form(&self, form: fn(&str) -> bool, wanted: &str) -> Option<String> {
        let text = self.text()?;
        if form(&text) { Some(text) } else { self.refuse(format!("`{}` is not {wanted}", shown(&text))) }
    }

    fn plausible(&self, time: Timestamp) -> Option<Timestamp> {
        if time < EARLIEST {
            return self.refuse(format!("`{time}` is before the year 2000"));
        }
        if time.duration_since(self.reading.now) > MAX_AHEAD {
            return self.refuse(format!("`{time}` is more than 24 hours ahead"));
        }
        Some(time)
    }

    pub(crate) fn currency(&self) -> Option<Currency> {
        match self.string()?.parse() {
            Ok(currency) => Some(currency),
            Err(unknown) => self.refuse(unknown.to_string()),
        }
    }

    /// An amount that is not negative, in minor units; unread while the currency is not known.
    pub(crate) fn money(&self, currency: Option<Currency>) -> Option<i64> {
        let token = self.token()?;
        self.minor(currency?, &token)
    }

    /// An amount of either sign, in minor units. Without a currency only zero can be read.
    pub(crate) fn signed_money(&self, currency: Option<Currency>) -> Option<i64> {
        let token = self.token()?;
        let (sign, size) = token.strip_prefix('-').map_or((1, token.as_str()), |size| (-1, size));
        match currency {
            Some(currency) => self.minor(currency, size).map(|minor| sign * minor),
            None if Currency::USD.parse_minor(size) == Ok(0) => Some(0),
            None => self.refuse(format!("`{}` is an amount in no currency", shown(&token))),
        }
    }

    /// An amount that is not negative, to the nearest minor unit (half up): a shop may be set to
    /// count in finer ones than its currency has.
    pub(crate) fn nearest_money(&self, currency: Option<Currency>) -> Option<i64> {
        let minor = self.nearest_signed_money(currency)?;
        if minor < 0 { self.refuse("is negative") } else { Some(minor) }
    }

    /// An amount of either sign, to the nearest minor unit (half away from zero).
    pub(crate) fn nearest_signed_money(&self, currency: Option<Currency>) -> Option<i64> {
        let token = self.token()?;
        let currency = currency?;
        let (sign, size) = token.strip_prefix('-').map_or((1, token.as_str()), |size| (-1, size));
        let whole_digits = size.find('.').unwrap_or(size.len());
        let kept_digits = whole_digits.saturating_add(1).saturating_add(currency.digits() as usize);
        let (kept, finer) = size.split_at_checked(kept_digits).unwrap_or((size, ""));
        if !finer.bytes().all(|b| b.is_ascii_digit()) {
            return self.refuse(format!("`{}` is not an amount such as `40.98`", shown(&token)));
        }
        let kept = kept.strip_suffix('.').filter(|_| currency.digits() == 0 && !finer.is_empty()).unwrap_or(kept);
        let up = i64::from(finer.starts_with(|digit| digit >= '5'));
        self.minor(currency, kept).map(|minor| sign * (minor + up))
    }

    /// An amount as our own API writes it, `{"amount": "40.98", "currency": "USD"}`, in minor units.
    pub(crate) fn amount(&self) -> Option<Money> {
        let holder = self.object()?;
        let currency = holder.need("currency").currency();
        let amount = holder.need("amount");
        let (text, currency) = (amount.string()?, currency?);
        amount.minor(currency, &text).map(|minor| Money { minor, currency })
    }

    /// The same where no other currency makes sense.
    pub(crate) fn amount_in(&self, currency: Option<Currency>) -> Option<i64> {
        let money = self.amount()?;
        let expected = currency?;
        if money.currency == expected {
            return Some(money.minor);
        }
        self.refuse(format!("is in {}, the order is in {expected}", money.currency))
    }

    fn minor(&self, currency: Currency, text: &str) -> Option<i64> {
        match currency.parse_minor(text) {
            Ok(minor) => Some(minor),
            Err(reason) => self.refuse(reason.to_string()),
        }
    }
}
