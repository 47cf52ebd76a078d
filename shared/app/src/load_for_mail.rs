//! Everything that is known when a message is about to be sent, in two round trips however much it is; about a review,
//! which has to be found first, in three.

use std::sync::Arc;

use futures::try_join;
use jiff::Timestamp;
use mail::locale::Locale;
use rules::{
    account::{Account, Status},
    case::Case,
    email::Email,
    ids::{CaseId, MemberId, OrderKey, ProductId, ReviewId},
    message::Message,
    order::Order,
    product::Product,
    profile::Profile,
    program::{Program, Programs},
    review::{Review, ReviewSource},
    scenario::{Facts, Kind, LeadsTo, Scenario, Starts},
    suppression::Suppression,
};

use crate::{App, error::AppError};

/// What a message is about, as it is now.
pub(crate) struct Loaded {
    pub(crate) programs: Arc<Programs>,
    /// Whose account it is by now.
    pub(crate) member: MemberId,
    pub(crate) account: Account,
    pub(crate) profile: Option<Profile>,
    pub(crate) order: Option<Order>,
    pub(crate) products: Vec<Product>,
    /// Whether the member has reviewed what they bought.
    pub(crate) has_reviewed: bool,
    /// The review that it is about.
    pub(crate) review: Option<Review>,
    pub(crate) case: Option<Case>,
    pub(crate) others: Vec<Message>,
    pub(crate) suppression: Suppression,
}

impl App {
    pub(crate) async fn load_for_mail(
        &self,
        message: &Message,
        scenario: &Scenario,
        now: Timestamp,
    ) -> Result<Loaded, AppError> {
        let (programs, reader, order, review) = try_join!(
            self.programs(now),
            self.reader_of(message),
            self.order_about(scenario, message),
            self.review_about(scenario, message),
        )?;
        // mail to the shop itself is about nobody, or about whoever it names
        let nobody = || (message.member.clone(), Account::new(Status::Guest, now, &programs), None);
        let (member, account, profile) = reader.unwrap_or_else(nobody);
        let partitions: Vec<MemberId> = account.partitions(&member).cloned().collect();
        let bought = order.as_ref().map(Order::kept_products).unwrap_or_default();
        let shown: Vec<ProductId> = review.iter().map(|review| &review.product).chain(&bought).cloned().collect();
        let (others, suppression, has_reviewed, products, case) = try_join!(
            self.others_of(scenario, message, &partitions),
            self.suppression_of(address_of(scenario, message, profile.as_ref(), &programs.at(now).program)),
            self.has_reviewed(scenario, &partitions, order.as_ref(), &bought),
            async { Ok(self.store.products(&shown).await?) },
            self.case_about(scenario, message),
        )?;
        Ok(Loaded {
            programs,
            member,
            account,
            profile,
            order,
            products,
            has_reviewed,
            review,
            case,
            others,
            suppression,
        })
    }

    async fn reader_of(&self, message: &Message) -> Result<Option<(MemberId, Account, Option<Profile>)>, AppError> {
        match self.load_account_with_profile(&message.member).await {
            Err(AppError::UnknownMember(_)) => Ok(None),
            loaded => loaded.map(Some),
        }
    }

    async fn order_about(&self, scenario: &Scenario, message: &Message) -> Result<Option<Order>, AppError> {
        match order_of(scenario, &message.subject) {
            Some(key) => Ok(self.store.order(&key).await?),
            None => Ok(None),
        }
    }

    async fn others_of(
        &self,
        scenario: &Scenario,
        message: &Message,
        partitions: &[MemberId],
    ) -> Result<Vec<Message>, AppError> {
        match scenario.kind_of(message.step) {
            Kind::Marketing(_) => Ok(self.store.messages(partitions).await?),
            Kind::Transactional | Kind::Staff => Ok(Vec::new()),
        }
    }

    pub(crate) async fn suppression_of(&self, address: Option<&Email>) -> Result<Suppression, AppError> {
        match address {
            Some(address) => Ok(self.store.suppression(&self.email_keys.key(address)).await?),
            None => Ok(Suppression::default()),
        }
    }

    /// By the form, which asks for all of the order at once, or one product after the other. What they reviewed when
    /// they bought it before keeps nobody from asking about the rest.
    async fn has_reviewed(
        &self,
        scenario: &Scenario,
        partitions: &[MemberId],
        order: Option<&Order>,
        bought: &[ProductId],
    ) -> Result<bool, AppError> {
        let Some(order) = order.filter(|_| scenario.leads_to == LeadsTo::Review) else { return Ok(false) };
        let reviews = self.store.reviews_about(partitions, bought).await?;
        let is_reviewed = |product: &ProductId| reviews.iter().any(|review| review.is_of(product));
        let is_by_the_form = |review: &Review| review.source == ReviewSource::Page;
        let by_the_form =
            reviews.iter().any(|review| is_by_the_form(review) && review.order.as_ref() == Some(&order.key));
        Ok(by_the_form || (!bought.is_empty() && bought.iter().all(is_reviewed)))
    }

    async fn review_about(&self, scenario: &Scenario, message: &Message) -> Result<Option<Review>, AppError> {
        match review_of(scenario, message) {
            Some(id) => Ok(self.store.review(&id).await?),
            None => Ok(None),
        }
    }

    async fn case_about(&self, scenario: &Scenario, message: &Message) -> Result<Option<Case>, AppError> {
        let id = match scenario.starts {
            Starts::Case => message.about().and_then(|id| CaseId::parse(id).ok()),
            _ => review_of(scenario, message).map(|review| CaseId::of_bad_review(&review)),
        };
        let Some(id) = id else { return Ok(None) };
        Ok(self.store.case(&id).await?.map(|(_, case)| case))
    }
}

impl Loaded {
    pub(crate) fn facts<'a>(&'a self, message: &'a Message, now: Timestamp) -> Facts<'a> {
        Facts {
            message,
            programs: &self.programs,
            now,
            account: &self.account,
            profile: self.profile.as_ref(),
            order: self.order.as_ref(),
            has_reviewed: self.has_reviewed,
            has_guides: self.has_guides(now),
            rating: self.review.as_ref().map(|review| review.rating),
            is_resolved: self.case.as_ref().is_some_and(|case| is_over(case, message)),
        }
    }

    /// The reader's language, else the shop's.
    pub(crate) fn locale(&self, now: Timestamp) -> Locale {
        let own = self.profile.as_ref().and_then(|profile| profile.locale.as_deref());
        Locale::negotiate(own, Some(&self.programs.at(now).program.mail.locale))
    }

    fn has_guides(&self, now: Timestamp) -> bool {
        let locale = self.locale(now);
        let mut guides = self.products.iter().flat_map(|product| &product.guides);
        guides.any(|guide| locale.reads(guide.locale.as_deref()))
    }

    pub(crate) fn categories(&self) -> Vec<String> {
        let listed = self.products.iter().filter_map(Product::listing);
        listed.filter_map(|listing| listing.category.as_ref()).map(|label| label.as_str().to_owned()).collect()
    }
}

/// The member's or, of mail to the staff, that of whoever of them the message is for.
pub(crate) fn address_of<'a>(
    scenario: &Scenario,
    message: &Message,
    profile: Option<&'a Profile>,
    program: &'a Program,
) -> Option<&'a Email> {
    match scenario.kind_of(message.step) {
        Kind::Staff => program.mail.staff.get(message.staff_place()?),
        Kind::Transactional | Kind::Marketing(_) => profile?.email.as_ref(),
    }
}

/// Mail about a case that was opened anew since is over too: the new opening has its own.
fn is_over(case: &Case, message: &Message) -> bool {
    case.is_resolved() || case.is_newer_than(message.planned_at)
}

fn review_of(scenario: &Scenario, message: &Message) -> Option<ReviewId> {
    let Starts::Review = scenario.starts else { return None };
    ReviewId::parse(message.about()?).ok()
}

/// The order that a message names as its subject: `source#id`, and after another `#` a part of it.
fn order_of(scenario: &Scenario, subject: &str) -> Option<OrderKey> {
    let Starts::Order(_) = scenario.starts else { return None };
    OrderKey::of_subject(subject)
}
