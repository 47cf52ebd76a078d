//! The export of customers of WooCommerce's analytics (`wc-customers-report-export.csv`). It has no
//! customer's number: whoever has an account is linked by the first event that tells it.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::{
    imports::{Context, Entry, MemberEntry, RawRow, Sheet, is_name},
    reading::{Object, is_country_code},
};

const COLUMNS: &[&str] = &["Name", "Username", "Sign Up", "Email", "Country / Region"];

/// # Errors
/// Says which column is missing.
pub(crate) fn rows(text: &str) -> Result<Vec<RawRow>, String> {
    let sheet = Sheet::read(text)?;
    sheet.needs(&["Name", "Username", "Email"])?;
    Ok(sheet.rows(COLUMNS))
}

/// Whoever has a user name has an account.
pub(crate) fn read(row: &Object, _: &Context) -> Option<Entry> {
    let email = row.need("Email").email();
    Some(Entry::Member(MemberEntry {
        email: Some(email?),
        name: row.get("Name").text().filter(|name| is_name(name)),
        locale: None,
        time_zone: None,
        country: row.get("Country / Region").text().filter(|code| is_country_code(code)),
        birthday: None,
        links: Vec::new(),
        enrolled: !row.get("Username").is_absent(),
        enrol_points: false,
        joined_at: row.get("Sign Up").text().as_deref().and_then(signed_up_at),
        consent: None,
    }))
}

/// In UTC, as the table keeps it; where a spreadsheet has rewritten it, it is not known.
fn signed_up_at(text: &str) -> Option<Timestamp> {
    let local: DateTime = text.parse().ok()?;
    Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
}
