//! Cases: one, a member's, and all.

use futures::future::try_join_all;
use rules::{
    case::{Case, CasePlace},
    ids::{CaseId, MemberId},
};
use store::{CaseFilter, CasePosition, CasesPage};

use crate::{App, error::AppError};

impl App {
    /// # Errors
    /// `UnknownCase`.
    pub async fn case(&self, id: &CaseId) -> Result<(CasePlace, Case), AppError> {
        self.store.case(id).await?.ok_or(AppError::UnknownCase)
    }

    /// Up to `limit` of them: those that are open, the most urgent first, then those that are resolved, the newest
    /// first; of one member, those of who was merged into them too. What was opened in the last moments may be missing
    /// from what is not a member's.
    ///
    /// # Errors
    /// `UnknownMember`.
    pub async fn cases(
        &self,
        filter: &CaseFilter,
        member: Option<&MemberId>,
        after: Option<&CasePosition>,
        limit: usize,
    ) -> Result<CasesPage, AppError> {
        let Some(member) = member else { return Ok(self.store.cases(filter, after, limit).await?) };
        let (id, account) = self.load_account_even_erased(member).await?;
        let partitions: Vec<MemberId> = account.partitions(&id).cloned().collect();
        let of = async |partition: &MemberId| {
            let cases = self.store.cases_of(partition).await?;
            Ok::<_, AppError>(
                cases.into_iter().map(|case| (CasePlace::Member(partition.clone()), case)).collect::<Vec<_>>(),
            )
        };
        let all = try_join_all(partitions.iter().map(of)).await?;
        let mut cases: Vec<(CasePlace, Case)> =
            all.into_iter().flatten().filter(|(_, case)| filter.takes(case)).collect();
        cases.sort_by_cached_key(|(_, case)| CasePosition::of(case));
        cases.retain(|(_, case)| after.is_none_or(|after| CasePosition::of(case) > *after));
        let has_more = cases.len() > limit;
        cases.truncate(limit);
        Ok(CasesPage { next: cases.last().filter(|_| has_more).map(|(_, case)| CasePosition::of(case)), cases })
    }
}
