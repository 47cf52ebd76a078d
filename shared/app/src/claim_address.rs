//! Which member an address leads to.

use rules::{ids::EmailKey, profile::Profile};
use store::{Plan, Write};

use crate::{App, error::Attempt};

impl App {
    /// The address leads to this member from now on; the one in the profile, if it did, no longer.
    pub(crate) async fn claim_address(&self, plan: &mut Plan, profile: &Profile, key: EmailKey) -> Result<(), Attempt> {
        let former = profile.email.as_ref().map(|email| self.email_keys.key(email)).filter(|former| *former != key);
        if let Some(former) = former {
            let holder = self.store.lookups(&[], Some(&former)).await?.by_email;
            if holder.as_ref() == Some(&profile.id) {
                plan.writes.push(Write::RemoveEmail { key: former, member: profile.id.clone() });
            }
        }
        plan.writes.push(Write::Email { key, member: profile.id.clone() });
        Ok(())
    }
}
