//! What a member says of a product: the review, the points that it earns, and the case that a bad one opens.

use futures::try_join;
use jiff::Timestamp;
use rules::{
    activity::Proof,
    case::{Case, CasePlace},
    deed::{Deed, Refusal},
    ids::{MemberId, OrderKey, ReviewId},
    order::Order,
    posting::Posting,
    profile::Profile,
    review::{Circumstances, Review, ReviewSource},
    review_draft::ReviewDraft,
    review_settings::ReviewSettings,
};
use store::{Plan, Write};

use crate::{
    App,
    error::{AppError, Attempt},
    open_case::{push_learned, push_opened},
    record_activity::{Earned, Loaded, Teller},
    reviewable::newest,
    settled::push_settled,
};

const CREATED: u16 = 201;

/// How a review comes to us.
#[derive(Clone, Debug)]
pub struct Telling<'a> {
    /// The order that it is about, if that is known.
    pub order: Option<&'a OrderKey>,
    pub source: ReviewSource,
    pub locale: Option<&'a str>,
    pub teller: Teller,
    /// Not after now.
    pub written_at: Timestamp,
}

/// What became of a review.
#[derive(Clone, Debug)]
pub struct Reviewed {
    pub review: Review,
    /// What it has earned just now.
    pub deed: Option<Deed>,
    /// Why it has earned nothing.
    pub refused: Option<Refusal>,
    /// Whether it says anything new.
    pub changed: bool,
    /// The same telling came before.
    pub known: bool,
}

/// Some of several reviews are recorded, and then came a fault.
#[derive(Debug)]
pub struct Interrupted {
    /// Those before it.
    pub reviewed: Vec<Reviewed>,
    pub error: AppError,
}

impl From<AppError> for Interrupted {
    /// Before the first one.
    fn from(error: AppError) -> Interrupted {
        Interrupted { reviewed: Vec::new(), error }
    }
}

/// What a decision rests on, besides what its points rest on.
struct Past {
    /// The member's review of the product.
    review: Option<Review>,
    profile: Option<Profile>,
    /// The one that it is about before all others.
    orders: Vec<Order>,
}

impl App {
    /// Records what a member says on the page of one of their orders, each product in a commit of its own: the same
    /// again changes nothing, and what differs replaces what they said before.
    ///
    /// # Errors
    /// `UnknownMember`; `UnknownOrder` if it is not theirs; `NotInOrder`; `Busy`; each with what was recorded before it.
    pub async fn record_reviews(
        &self,
        member: &MemberId,
        order: &OrderKey,
        drafts: Vec<ReviewDraft>,
        source: ReviewSource,
        locale: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<Reviewed>, Interrupted> {
        let found = async { Ok::<_, AppError>(self.store.order(order).await?) };
        let (partitions, found) = try_join!(self.partitions_of(member), found)?;
        let found = found.filter(|order| order.is_of(&partitions));
        let found = found.ok_or(AppError::UnknownOrder)?;
        if let Some(other) = drafts.iter().find(|draft| !found.sells(&draft.product)) {
            return Err(AppError::NotInOrder(other.product.clone()).into());
        }
        let telling = Telling { order: Some(order), source, locale, teller: Teller::Page, written_at: now };
        let mut reviewed = Vec::with_capacity(drafts.len());
        for draft in &drafts {
            match self.record_review(member, draft, &telling, now).await {
                Ok(one) => reviewed.push(one),
                Err(error) => return Err(Interrupted { reviewed, error }),
            }
        }
        Ok(reviewed)
    }

    /// Records one review, whether or not it earns anything.
    ///
    /// # Errors
    /// `UnknownMember`; `UnknownOrder` if the order that it names is not theirs; `KeyReused`; `Busy`.
    pub async fn record_review(
        &self,
        member: &MemberId,
        draft: &ReviewDraft,
        telling: &Telling<'_>,
        now: Timestamp,
    ) -> Result<Reviewed, AppError> {
        self.until_committed(|| self.try_record_review(member, draft, telling, now)).await
    }

    async fn try_record_review(
        &self,
        member: &MemberId,
        draft: &ReviewDraft,
        telling: &Telling<'_>,
        now: Timestamp,
    ) -> Result<Reviewed, Attempt> {
        let told = draft.told(telling.written_at);
        let request = telling.teller.request();
        let loaded = async { Ok(self.load_for(member, &told, &telling.teller, now).await?) };
        let (answered, loaded) = try_join!(self.answered_before(request, now), loaded)?;
        if let Some(answer) = answered {
            let id = ReviewId::parse(&answer.resource).map_err(|_| AppError::UnknownReview)?;
            return Ok(Reviewed::before(self.store.review(&id).await?.ok_or(AppError::UnknownReview)?));
        }
        let past = self.past_of(&loaded, draft, telling).await?;
        // who tells of the same event again claims it no more
        let known = loaded.told_before(&telling.teller).is_some();
        let teller = if known { &Teller::Page } else { &telling.teller };
        let mut posting = Posting::begin(loaded.account.clone(), &loaded.programs, now)?;
        let (earned, refused) = match loaded.earn(&mut posting, &told, teller, &past.orders, now) {
            Ok(earned) => (Some(earned), None),
            Err(Refusal::Overflow(overflow)) => return Err(overflow.into()),
            Err(refusal) => (None, Some(refusal)),
        };
        let rules = &loaded.programs.at(now).program.reviews;
        let review = past.written(&loaded, draft, telling, earned.as_ref(), refused.as_ref(), rules);
        let changed = past.review.as_ref() != Some(&review);
        let reviewed = Reviewed { review, deed: earned.as_ref().map(|one| one.deed.clone()), refused, changed, known };
        let mut plan = Plan::default();
        plan.writes.extend(request.map(|request| request.answer(CREATED, reviewed.review.id.to_string(), now)));
        if changed {
            self.push_stars(&mut plan, &loaded, past.review.as_ref(), &reviewed, now).await?;
            let (review, before) = (reviewed.review.clone(), past.review.as_ref());
            let moves = before.is_none_or(|before| !review.is_listed_like(before));
            plan.writes.push(Write::Review { review, moves });
        }
        if let Some(earned) = earned {
            earned.push(&mut plan, &loaded.member, teller);
        }
        if changed || reviewed.deed.is_some() {
            // also where nothing is earned: so nobody writes what an erasure has just removed
            push_settled(&mut plan, &loaded.member, posting.end()?, &loaded.programs, now);
        }
        self.store.commit(plan).await?;
        Ok(reviewed)
    }

    /// One round trip.
    async fn past_of(&self, loaded: &Loaded, draft: &ReviewDraft, telling: &Telling<'_>) -> Result<Past, Attempt> {
        let reviews =
            async { Ok(self.store.reviews_about(&loaded.partitions, std::slice::from_ref(&draft.product)).await?) };
        let profile = async { Ok(self.store.profile(&loaded.member).await?) };
        let named = async {
            match telling.order {
                Some(key) => Ok(self.store.order(key).await?),
                None => Ok(None),
            }
        };
        let orders = self.newest_orders(loaded);
        let (reviews, profile, named, mut orders) = try_join!(reviews, profile, named, orders)?;
        if telling.order.is_some() {
            let named = named.filter(|order| loaded.is_theirs(order)).ok_or(AppError::UnknownOrder)?;
            if !named.sells(&draft.product) {
                return Err(AppError::NotInOrder(draft.product.clone()).into());
            }
            orders.retain(|order| !order.key.is_same(&named.key));
            orders.insert(0, named);
        }
        Ok(Past { review: newest(reviews), profile, orders })
    }

    /// The one place where stars have consequences. However often a review is changed, it has one case, which learns
    /// more stars too. A bad one after a good one opens it again, unless all that comes is an event that came before.
    async fn push_stars(
        &self,
        plan: &mut Plan,
        loaded: &Loaded,
        before: Option<&Review>,
        told: &Reviewed,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let rules = &loaded.programs.at(now).program.reviews;
        let alerts = rules.alerts(told.review.rating);
        if before.is_none() && !alerts {
            return Ok(());
        }
        let turned = alerts && !told.known && before.is_some_and(|before| !rules.alerts(before.rating));
        let case = Case::bad_review(&told.review, rules, now);
        match self.store.case(&case.id).await? {
            Some((at, known)) if turned => push_opened(plan, &loaded.programs, at, known.reopened(case), now),
            Some((at, known)) => push_learned(plan, at, known, case),
            None if alerts => {
                push_opened(plan, &loaded.programs, CasePlace::Member(loaded.member.clone()), case, now);
            }
            None => {}
        }
        Ok(())
    }
}

impl Past {
    /// The review as it is to be.
    fn written(
        &self,
        loaded: &Loaded,
        draft: &ReviewDraft,
        telling: &Telling<'_>,
        earned: Option<&Earned>,
        refused: Option<&Refusal>,
        rules: &ReviewSettings,
    ) -> Review {
        let verified = Proof::VerifiedPurchase.check(draft.subject().as_ref(), &self.orders);
        let earns = earned.is_some_and(|earned| !earned.deed.points.is_zero());
        let told = Circumstances {
            member: &loaded.member,
            order: telling.order.or(verified.as_ref().ok().map(|order| &order.key)),
            source: telling.source,
            locale: telling.locale.or(self.profile.as_ref().and_then(|profile| profile.locale.as_deref())),
            name: self.profile.as_ref().and_then(|profile| profile.name.as_deref()),
            written_at: telling.written_at,
            verified_purchase: verified.is_ok(),
            // a review of the same product earned before
            incentivised: earns || refused == Some(&Refusal::SubjectUsed),
        };
        match &self.review {
            Some(before) => before.edit(draft.clone(), &told, rules),
            None => Review::write(draft.clone(), &told, rules),
        }
    }
}

impl Reviewed {
    /// As it was recorded before, or changed since.
    fn before(review: Review) -> Reviewed {
        Reviewed { review, deed: None, refused: None, changed: false, known: true }
    }
}
