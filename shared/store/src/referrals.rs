//! Whose a referral code is, who has claimed one, and how many friends came.

use aws_sdk_dynamodb::types::Select;
use rules::{
    ids::{EmailKey, MemberId},
    referral::ReferralCode,
};

use crate::{
    error::StoreError,
    keys::{self, INVITED},
    lookups::member_at,
    table::Store,
};

/// `$` follows `#`, so that it sorts after every key that begins as these do.
const AFTER_INVITED: &str = "REFD$";

/// What a claim needs to know first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReferralContext {
    /// Whose code it is.
    pub referrer: Option<MemberId>,
    /// Who claimed one with that mailbox.
    pub claimed_by: Option<MemberId>,
}

impl Store {
    /// One strongly consistent BatchGetItem.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn referral_context(
        &self,
        code: &ReferralCode,
        mailbox: Option<&EmailKey>,
    ) -> Result<ReferralContext, StoreError> {
        let code = keys::referral_code(code);
        let mailbox = mailbox.map(keys::referred_mailbox);
        let found = self.batch("read referral", [&code].into_iter().chain(&mailbox).cloned()).await?;
        Ok(ReferralContext {
            referrer: member_at(&found, Some(&code))?,
            claimed_by: member_at(&found, mailbox.as_ref())?,
        })
    }

    /// How many friends have claimed the member's code.
    ///
    /// # Errors
    /// `StoreError` if the table cannot be read.
    pub async fn invited(&self, member: &MemberId) -> Result<u64, StoreError> {
        let query = self.between(&keys::partition(member), INVITED, AFTER_INVITED).select(Select::Count);
        let mut pages = query.into_paginator().send();
        let mut invited = 0;
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| StoreError::of_call("count invited", error))?;
            invited += u64::try_from(page.count).unwrap_or(0);
        }
        Ok(invited)
    }
}
