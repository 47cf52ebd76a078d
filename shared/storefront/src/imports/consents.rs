//! Consents to marketing by email with what proves them, in our own format:
//!
//! | field | |
//! | --- | --- |
//! | `email`, `customer_id` or `member_id` | one of them |
//! | `marketing` | needed: `granted` or `withdrawn` |
//! | `at` | needed: when they said it. The latest statement holds, whoever tells it |
//! | `source` | where, e.g. `checkout` |
//! | `text_version` | of the words that they agreed to |
//! | `ip` | the network address that it was made from; only its keyed hash is kept |
//!
//! With one of the last three a grant holds as it is; without any of them it is one that nothing proves, and waits
//! to be confirmed where the program asks for that.
//!
//! An export that tells who is subscribed without telling since when proves nothing, and could revive a
//! withdrawal: it is not read for consent.

use std::{collections::BTreeMap, net::IpAddr};

use rules::{
    consent::ConsentState,
    consent_proof::{ConsentOrigin, ConsentProof},
};

use super::{ConsentEntry, Context, Entry, who};
use crate::reading::Object;

pub(super) const COLUMNS: &[&str] =
    &["email", "customer_id", "member_id", "marketing", "at", "source", "text_version", "ip"];
pub(super) const FIELDS: &[&str] = &["marketing", "at", "source", "text_version", "ip"];

pub(super) fn read(row: &Object, context: &Context) -> Option<Entry> {
    row.has_only(COLUMNS);
    let who = who::read(row, context);
    let consent = statement(row, context);
    Some(Entry::Consent(ConsentEntry { who: who?, consent: consent? }))
}

pub(super) fn statement(row: &Object, context: &Context) -> Option<ConsentProof> {
    let marketing = row.need("marketing");
    let state = match marketing.text().as_deref() {
        Some("granted") => Some(ConsentState::Granted),
        Some("withdrawn") => Some(ConsentState::Withdrawn),
        Some(_) => marketing.refuse("must be `granted` or `withdrawn`"),
        None => None,
    };
    let at = row.need("at").time();
    let source = row.get("source").word();
    let text_version = row.get("text_version").word();
    let ip = row.get("ip");
    let address = ip.text().map(|text| text.parse::<IpAddr>());
    if let Some(Err(_)) = address {
        return ip.refuse("is not a network address");
    }
    let origin_key = address.and_then(Result::ok).map(|address| context.keys.origin(address));
    let origin = ConsentOrigin { source, text_version, origin_key };
    Some(ConsentProof { at: at?, state: Some(state?), topics: BTreeMap::new(), origin })
}
