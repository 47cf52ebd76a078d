//! The templates: part of the binary, one environment for each language, parsed when first used.

use std::sync::LazyLock;

use jiff::civil::Date;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value, escape_formatter, syntax::SyntaxConfig,
};

use crate::{
    clean::shorten,
    formats::{dates, money, numbers},
    locale::Locale,
    mail_link::mail_link,
};

/// Name and source of every template, in the order of their names.
const SOURCES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/templates.rs"));
/// What one template may do before it is stopped; the longest letter needs a tenth.
const FUEL: u64 = 100_000;
const BEST_RATING: usize = 5;

static EN: LazyLock<Environment<'static>> = LazyLock::new(|| environment(Locale::En));
static DE: LazyLock<Environment<'static>> = LazyLock::new(|| environment(Locale::De));
static FR: LazyLock<Environment<'static>> = LazyLock::new(|| environment(Locale::Fr));
static ES: LazyLock<Environment<'static>> = LazyLock::new(|| environment(Locale::Es));
static JA: LazyLock<Environment<'static>> = LazyLock::new(|| environment(Locale::Ja));
static ZH: LazyLock<Environment<'static>> = LazyLock::new(|| environment(Locale::Zh));

pub(crate) fn of(locale: Locale) -> &'static Environment<'static> {
    match locale {
        Locale::En => &EN,
        Locale::De => &DE,
        Locale::Fr => &FR,
        Locale::Es => &ES,
        Locale::Ja => &JA,
        Locale::Zh => &ZH,
    }
}

pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    SOURCES.iter().map(|(name, _)| *name)
}

fn source(name: &str) -> Option<&'static str> {
    let position = SOURCES.binary_search_by_key(&name, |(known, _)| known).ok()?;
    SOURCES.get(position).map(|(_, source)| *source)
}

fn environment(locale: Locale) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    // tags stand on lines of their own; the builder refuses nothing but delimiters that clash
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.set_auto_escape_callback(|name| match name.ends_with(".html.j2") {
        true => AutoEscape::Html,
        false => AutoEscape::None,
    });
    environment.set_formatter(|out, state, value| match value.is_none() {
        true => Err(Error::new(ErrorKind::UndefinedError, "what may be missing is printed without being asked for")),
        false if value.is_safe() || *state.auto_escape() != AutoEscape::Html => escape_formatter(out, state, value),
        false => out.write_str(&escaped(&value.to_string())).map_err(Error::from),
    });
    environment.set_loader(move |name| {
        let found = if name == "phrases.j2" { source(&format!("phrases/{locale}.j2")) } else { source(name) };
        Ok(found.map(str::to_owned))
    });
    environment.add_global("locale", locale.tag());
    add_filters(&mut environment, locale);
    environment
}

fn add_filters(environment: &mut Environment<'static>, locale: Locale) {
    environment.add_filter("money", move |value: Value| written_money(locale, &value));
    environment.add_filter("number", move |number: i64| numbers::whole(locale, number));
    environment.add_filter("percent", move |text: String| numbers::percent(locale, &text));
    environment.add_filter("date", move |text: String| written_date(locale, &text));
    environment.add_filter(
        "plural",
        move |number: i64, one: String, many: String| {
            if numbers::is_one(locale, number) { one } else { many }
        },
    );
    environment.add_filter("short", |text: String, max_chars: usize| shorten(&text, max_chars));
    environment.add_filter("quoted", |text: String| quoted(&text));
    environment.add_filter("lines", |text: String| lines(&text));
    environment.add_filter("stars", |rating: usize| stars(rating));
    environment.add_filter("mailto", |address: String, subject: String| mail_link(&address, &subject, None));
    environment.add_filter("rated", |link: String, rating: usize| rated(&link, rating));
}

fn written_money(locale: Locale, value: &Value) -> Result<String, Error> {
    let (amount, currency) = (value.get_attr("amount")?, value.get_attr("currency")?);
    let (Some(amount), Some(currency)) = (amount.as_str(), currency.as_str()) else {
        return Err(Error::new(ErrorKind::InvalidOperation, "money has an amount and a currency"));
    };
    Ok(money::money(locale, amount, currency))
}

fn written_date(locale: Locale, text: &str) -> Result<String, Error> {
    let date: Date = text.parse().map_err(|_| Error::new(ErrorKind::InvalidOperation, "this is not a date"))?;
    Ok(dates::date(locale, date))
}

/// Somebody else's words in a plain text: no line of it can be taken for one of ours.
fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
}

/// Lines in HTML, safe to print.
fn lines(text: &str) -> Value {
    let lines: Vec<String> = text.lines().map(escaped).collect();
    Value::from_safe_string(lines.join("<br>"))
}

/// Text in an element or in a quoted attribute. The engine's own escaping does `/` too, which programs
/// that look for links in mails do not all understand.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

fn stars(rating: usize) -> String {
    let full = rating.min(BEST_RATING);
    "★".repeat(full) + &"☆".repeat(BEST_RATING - full)
}

/// The page of a review with a rating that is chosen already; nothing is sent by following it.
fn rated(link: &str, rating: usize) -> String {
    let mark = if link.contains('?') { '&' } else { '?' };
    format!("{link}{mark}rating={rating}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_is_five_stars_and_a_link() {
        assert_eq!(stars(2), "★★☆☆☆");
        assert_eq!(stars(9), "★★★★★");
        assert_eq!(rated("https://a/r/t", 4), "https://a/r/t?rating=4");
        assert_eq!(rated("https://a/r/t?x=y", 4), "https://a/r/t?x=y&rating=4");
    }

    #[test]
    fn words_of_others_are_marked_on_every_line() {
        assert_eq!(
            quoted("bad\n-- \nUnsubscribe: https://evil.example"),
            "> bad\n> -- \n> Unsubscribe: https://evil.example"
        );
        assert_eq!(lines("<b>\n&").as_str(), Some("&lt;b&gt;<br>&amp;"));
    }
}
