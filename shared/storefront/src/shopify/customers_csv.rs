//! The export of customers (`customers_export.csv`). It tells who is subscribed, but not since when:
//! that is no consent that could be proved.

use rules::ids::{CustomerId, CustomerKey};

use crate::{
    imports::{Context, Entry, MemberEntry, RawRow, Sheet, is_name},
    person,
    reading::{Object, is_country_code},
};

const COLUMNS: &[&str] =
    &["Customer ID", "First Name", "Last Name", "Email", "Default Address Country Code", "Country Code"];

/// # Errors
/// Says which column is missing.
pub(crate) fn rows(text: &str) -> Result<Vec<RawRow>, String> {
    let sheet = Sheet::read(text)?;
    sheet.needs(&["Email", "First Name", "Last Name"])?;
    Ok(sheet.rows(COLUMNS))
}

/// Whether a customer has an account to sign in to is not in the export: they come as guests, until an
/// event of theirs or the shop enrols them.
pub(crate) fn read(row: &Object, context: &Context) -> Option<Entry> {
    let email = row.get("Email");
    let address = email.email();
    let links: Vec<CustomerKey> = customer_id(row)?
        .map(|customer_id| CustomerKey { source: context.source.clone(), customer_id })
        .into_iter()
        .collect();
    if links.is_empty() && email.is_absent() {
        return row.refuse("has neither a customer's number nor an address");
    }
    let country = ["Default Address Country Code", "Country Code"].map(|name| row.get(name).text());
    Some(Entry::Member(MemberEntry {
        email: address,
        name: person::joined(["First Name", "Last Name"].map(|part| row.get(part).text())).filter(|name| is_name(name)),
        locale: None,
        time_zone: None,
        country: country.into_iter().flatten().find(|code| is_country_code(code)),
        birthday: None,
        links,
        enrolled: false,
        enrol_points: false,
        joined_at: None,
        consent: None,
    }))
}

/// An apostrophe before it keeps spreadsheets from rounding it.
#[allow(clippy::option_option, reason = "nothing for what is refused, and nothing for what is not told")]
fn customer_id(row: &Object) -> Option<Option<CustomerId>> {
    let field = row.get("Customer ID");
    let Some(text) = field.text() else { return Some(None) };
    let digits = text.trim_start_matches('\'');
    let is_number = digits.bytes().all(|b| b.is_ascii_digit());
    match CustomerId::parse(digits) {
        Ok(id) if is_number => Some(Some(id)),
        _ => field.refuse(format!("`{}` is not an id", digits.chars().take(40).collect::<String>())),
    }
}
