//! What every storefront tells of a product in its own words.

use rules::{product::Label, web_address::HttpsAddress};

use crate::reading::{Field, Object};

/// The text on one line; nothing where there is none.
pub(crate) fn label(field: &Field) -> Option<Label> {
    Label::of(&field.text()?)
}

/// An address without https, or with characters that have to be escaped, is none: nobody is to be sent there.
pub(crate) fn address(field: &Field) -> Option<HttpsAddress> {
    HttpsAddress::parse(&field.text()?).ok()
}

/// The names of a list of objects such as categories.
pub(crate) fn names(holder: &Object, list: &str) -> Vec<Label> {
    holder.objects(list).iter().filter_map(|named| label(&named.get("name"))).collect()
}
