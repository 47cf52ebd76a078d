//! Everything that is kept of a member, for who asked to see it.

use jiff::Timestamp;
use rules::{
    account::Account,
    ids::{MemberId, OrderKey},
    order::Order,
};
use store::MemberRow;

use crate::{App, error::AppError, load_account::Audience, member::Member, read_lots::LotsAt};

#[derive(Clone, Debug)]
pub struct MemberExport {
    pub member: Member,
    pub account: Account,
    pub lots: LotsAt,
    /// Their own, then those of each member who was merged into them.
    pub rows: Vec<MemberRow>,
    pub orders: Vec<Order>,
}

impl App {
    /// # Errors
    /// `UnknownMember`, also where the member was erased.
    pub async fn export_member(&self, member: &MemberId, now: Timestamp) -> Result<MemberExport, AppError> {
        let mut rows = Vec::new();
        let mut pointers: Vec<OrderKey> = Vec::new();
        let (id, account) = self.load_account(member).await?;
        for partition in account.partitions(&id) {
            rows.extend(self.store.member_rows(partition).await?);
            pointers.extend(self.store.order_pointers(partition, usize::MAX).await?);
        }
        pointers.sort();
        pointers.dedup();
        let orders = self.store.orders(&pointers).await?;
        let lots = self.lots(member, Audience::Storefront, None, now).await?;
        Ok(MemberExport { member: self.member(member, now).await?, account, lots, rows, orders })
    }
}
