//! Members, in our own format:
//!
//! | field | |
//! | --- | --- |
//! | `email` | needed |
//! | `name`, `locale` (`de-AT`), `time_zone` (`Europe/Vienna`), `country` (`AT`), `birthday` | |
//! | `enrolled` | `true` (the default) or `false`: points accrue, and spending needs enrolment |
//! | `enrol_points` | `true`: they get the points for enrolment; else what they have is their opening balance |
//! | `joined_at` | when they became a member |
//! | `customer_id` | their number at the source of the import |
//! | `links` | of others, in a list only: `[{"source", "customer_id"}]` |
//! | `consent` | in a list only: `{"marketing", "at", "source"?, "text_version"?, "ip"?}`, as in `consents` |

use jiff::civil::Date;
use rules::{ids::CustomerKey, zone::Zone};

use super::{Context, Entry, MemberEntry, consents};
use crate::reading::{Object, is_country_code, is_language_tag};

pub(super) const COLUMNS: &[&str] = &[
    "email",
    "name",
    "locale",
    "time_zone",
    "country",
    "birthday",
    "enrolled",
    "enrol_points",
    "joined_at",
    "customer_id",
];
const IN_LISTS: &[&str] = &["links", "consent"];

const MAX_NAME_CHARS: usize = 200;
const MAX_LINKS: usize = 20;
const FIRST_BIRTHDAY: Date = Date::constant(1900, 1, 1);

pub(super) fn read(row: &Object, context: &Context) -> Option<Entry> {
    row.has_only(&[COLUMNS, IN_LISTS].concat());
    let email = row.need("email").email();
    let name = row.get("name").text_in_form(is_name, "a name of at most 200 characters without controls");
    let locale = row.get("locale").text_in_form(is_language_tag, "a language tag such as `de-AT`");
    let time_zone = row.get("time_zone").text_in_form(is_time_zone, "a time zone such as `Europe/Vienna`");
    let country = row.get("country").text_in_form(is_country_code, "a country code such as `AT`");
    let birthday = birthday(row, context);
    let enrolled = row.get("enrolled").said().unwrap_or(true);
    let enrol_points = row.get("enrol_points").said().unwrap_or(false);
    if enrol_points && !enrolled {
        return row.get("enrol_points").refuse("is for those who are enrolled");
    }
    let joined_at = row.get("joined_at").time();
    let links = links(row, context)?;
    let consent = row.object("consent").and_then(|consent| {
        consent.has_only(consents::FIELDS);
        consents::statement(&consent, context)
    });
    let email = Some(email?);
    Some(Entry::Member(MemberEntry {
        email,
        name,
        locale,
        time_zone,
        country,
        birthday,
        links,
        enrolled,
        enrol_points,
        joined_at,
        consent,
    }))
}

pub(crate) fn is_name(text: &str) -> bool {
    text.chars().count() <= MAX_NAME_CHARS && !text.chars().any(char::is_control)
}

fn is_time_zone(text: &str) -> bool {
    Zone::parse(text).is_ok()
}

fn birthday(row: &Object, context: &Context) -> Option<Date> {
    let field = row.get("birthday");
    let day = field.date()?;
    if (FIRST_BIRTHDAY..=context.today).contains(&day) { Some(day) } else { field.refuse("must be from 1900 to today") }
}

fn links(row: &Object, context: &Context) -> Option<Vec<CustomerKey>> {
    let list = row.objects("links");
    if list.len() > MAX_LINKS {
        return row.get("links").refuse(format!("must be at most {MAX_LINKS}"));
    }
    let others = list.iter().filter_map(|link| {
        let (source, customer_id) = (link.need("source").text_id(), link.need("customer_id").text_id());
        Some(CustomerKey { source: source?, customer_id: customer_id? })
    });
    let own = row.get("customer_id").token_id();
    let own = own.map(|customer_id| CustomerKey { source: context.source.clone(), customer_id });
    let mut links: Vec<CustomerKey> = Vec::new();
    for link in own.into_iter().chain(others) {
        if !links.contains(&link) {
            links.push(link);
        }
    }
    Some(links)
}
