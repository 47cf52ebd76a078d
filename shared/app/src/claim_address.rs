//! Which member an address leads to.

use rules::{account::Account, ids::EmailKey, profile::Profile};
use store::{Plan, Write};

use crate::{App, error::Attempt};

/// What points for joining are remembered as.
const JOINED: &str = "enrol";

impl App {
    /// The address leads to this member from now on; the one in the profile, if it did, no longer, but
    /// it may be remembered that whoever it led to has joined.
    pub(crate) async fn claim_address(
        &self,
        plan: &mut Plan,
        profile: &Profile,
        remember: bool,
        key: EmailKey,
    ) -> Result<(), Attempt> {
        let former = profile.email.as_ref().map(|email| self.email_keys.key(email)).filter(|former| *former != key);
        if let Some(former) = former {
            let holder = self.store.lookups(&[], Some(&former)).await?.by_email;
            if holder.as_ref() == Some(&profile.id) {
                plan.writes.push(Write::RemoveEmail { key: former, member: profile.id.clone(), remember });
            }
        }
        plan.writes.push(Write::Email { key, member: profile.id.clone() });
        Ok(())
    }
}

/// Whether the member was given points for joining, which is remembered where they leave a lookup.
pub(crate) fn has_joined(account: &Account) -> bool {
    account.done_once.contains(JOINED)
}

/// Somebody who comes back under what they were known by is not given points for joining again.
pub(crate) fn remember_joining(account: &mut Account, joined_before: bool) {
    if joined_before {
        account.done_once.insert(JOINED.to_owned());
    }
}
