//! What a cart would earn.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    buyer::Buyer,
    ids::MemberId,
    money::Currency,
    program::Basis,
    quote::{Cart, Quote, quote},
};

use crate::{App, error::AppError};

/// A quote, with the units of its progress.
#[derive(Clone, Debug)]
pub struct Quoted {
    pub quote: Quote,
    pub currency: Currency,
    pub basis: Basis,
}

impl App {
    /// Reads alone: nothing of a quote is kept.
    ///
    /// # Errors
    /// `UnknownMember`; `Overflow` if the cart is worth more than can be counted.
    pub async fn quote_cart(&self, cart: &Cart, member: Option<&MemberId>, now: Timestamp) -> Result<Quoted, AppError> {
        let account = async {
            match member {
                Some(member) => self.load_member(member).await.map(Some),
                None => Ok(None),
            }
        };
        let (loaded, programs) = try_join!(account, self.programs(now))?;
        let program = &programs.at(now).program;
        let member = loaded.map(|(profile, account)| {
            let buyer = Buyer::of(Some(&profile), &account, &program.zone);
            (account, buyer)
        });
        let quote = quote(cart, member.as_ref().map(|(account, buyer)| (account, buyer)), &programs, now)?;
        Ok(Quoted { quote, currency: program.currency, basis: program.tiers.basis })
    }
}
