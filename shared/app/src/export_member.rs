//! Everything that is kept of a member, for who asked to see it.

use jiff::Timestamp;
use rules::{
    ids::{MemberId, OrderKey},
    order::Order,
};
use store::MemberRow;

use crate::{App, error::AppError, member::Member};

#[derive(Clone, Debug)]
pub struct MemberExport {
    pub member: Member,
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
        for partition in self.partitions_of(member).await? {
            rows.extend(self.store.member_rows(&partition).await?);
            pointers.extend(self.store.order_pointers(&partition, usize::MAX).await?);
        }
        pointers.sort();
        pointers.dedup();
        let orders = self.store.orders(&pointers).await?;
        Ok(MemberExport { member: self.member(member, now).await?, rows, orders })
    }
}
