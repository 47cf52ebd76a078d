//! What people wrote of a member who was erased: reasons of adjustments, what their activities were about, what was
//! done about their cases.

use rules::{
    case::{Case, CasePlace},
    deed::Deed,
    ids::MemberId,
    ledger::Entry,
};
use store::{Plan, Write};

use crate::{App, error::Attempt};

/// So many rows lose their words in one commit.
const AT_ONCE: usize = 40;

impl App {
    /// Takes some words from deeds, entries and cases, whose numbers stay. Whether there were none left. Nobody who is not
    /// erased loses any.
    pub(crate) async fn try_erase_words(&self, member: &MemberId) -> Result<bool, Attempt> {
        let (member, account) = self.load_account_even_erased(member).await?;
        if account.erased_at.is_none() {
            return Ok(true);
        }
        let mut plan = Plan::default();
        for partition in account.partitions(&member) {
            // deeds first: what of them is posted from then on has no words
            let deeds = self.store.deeds(partition, None, u32::MAX).await?.into_iter();
            let silent = deeds.filter_map(Deed::without_words);
            plan.writes.extend(silent.map(|deed| Write::Deed { member: partition.clone(), deed }));
            let entries = self.store.entries(partition, None, u32::MAX).await?.into_iter();
            let silent = entries.filter(Entry::has_words).map(Entry::without_words);
            plan.writes.extend(silent.map(|entry| Write::SilentEntry { member: partition.clone(), entry }));
            let at = CasePlace::Member(partition.clone());
            let silent = self.store.cases_of(partition).await?.into_iter().filter_map(Case::without_words);
            plan.writes.extend(silent.map(|case| Write::Case { at: at.clone(), case }));
        }
        let is_the_last = plan.writes.len() <= AT_ONCE;
        plan.writes.truncate(AT_ONCE);
        if !plan.writes.is_empty() {
            self.store.commit(plan).await?;
        }
        Ok(is_the_last)
    }
}
