//! Orders, and what an event of one needs to know first.

use rules::{
    coupon::NamedCoupon,
    hold::HoldPlace,
    ids::{CouponCode, CustomerKey, EmailKey, MemberId, OrderKey},
    order::Order,
};

use crate::{
    error::StoreError,
    holds::holds_of,
    keys::{self, Key, ORDER_POINTERS},
    lookups::{is_remembered, member_at},
    redemptions::coupons_of,
    row,
    table::Store,
};

/// An order, and the members whom its customer or its address already stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderContext {
    pub order: Option<Order>,
    pub by_customer: Option<MemberId>,
    pub by_email: Option<MemberId>,
    /// Of the codes that were asked for, those that are coupons of ours.
    pub coupons: Vec<NamedCoupon>,
    /// And those that are holds.
    pub holds: Vec<HoldPlace>,
    /// One of the two led to a member who was given points for joining and is not there any more.
    pub joined_before: bool,
}

impl Store {
    /// One strongly consistent BatchGetItem.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn order_context(
        &self,
        order: &OrderKey,
        customer: Option<&CustomerKey>,
        email: Option<&EmailKey>,
        codes: &[CouponCode],
    ) -> Result<OrderContext, StoreError> {
        let order = keys::order(order);
        let (customer, email) = (customer.map(keys::customer), email.map(keys::email));
        let all = [Some(&order), customer.as_ref(), email.as_ref()].into_iter().flatten().cloned();
        let all = all.chain(codes.iter().map(keys::code));
        let found = self.batch("read order with its member", all).await?;
        Ok(OrderContext {
            order: found.row(&order)?,
            by_customer: member_at(&found, customer.as_ref())?,
            by_email: member_at(&found, email.as_ref())?,
            coupons: coupons_of(&found, codes)?,
            holds: holds_of(&found, codes)?,
            joined_before: is_remembered(&found, customer.iter().chain(&email))?,
        })
    }

    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn order(&self, key: &OrderKey) -> Result<Option<Order>, StoreError> {
        self.get("read order", &keys::order(key)).await
    }

    /// The orders of a member, in no order that means anything, at most so many.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn order_pointers(&self, member: &MemberId, limit: usize) -> Result<Vec<OrderKey>, StoreError> {
        // `~` sorts after everything that a source has
        let last = format!("{ORDER_POINTERS}~");
        let query = self.between(&keys::partition(member), ORDER_POINTERS, &last);
        self.query_while("read order pointers", query, limit, row::read, |_| true).await
    }

    /// Those of the orders that there are, by one BatchGetItem for each hundred.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn orders(&self, orders: &[OrderKey]) -> Result<Vec<Order>, StoreError> {
        let keys: Vec<Key> = orders.iter().map(keys::order).collect();
        let found = self.batch("read orders", keys.iter().cloned()).await?;
        keys.iter().filter_map(|key| found.row(key).transpose()).collect()
    }
}
