//! Something that a member did besides buying: proof, caps and subjects, then its points.

use std::sync::Arc;

use futures::try_join;
use jiff::Timestamp;
use rules::{
    account::Account,
    activity::{Activity, Proof},
    deed::{ClaimKey, Deed, Refusal, Told},
    ids::{ActivityId, HappeningId, MemberId, OrderKey, Source},
    order::Order,
    posting::Posting,
    program::Programs,
};
use store::{Plan, Write};

use crate::{
    App,
    answered::Request,
    error::{AppError, Attempt},
    new_id::new_uuid_numbered,
    settled::push_settled,
};

const CREATED: u16 = 201;
/// A purchase is looked for in so many orders of a member, those with the highest numbers.
const PROVING_ORDERS: usize = 100;
/// No member's pointers beyond these are read to find them.
const MAX_POINTERS: usize = 1_000;

/// Who tells of a deed, and what makes it the same telling again.
#[derive(Clone, Debug)]
pub enum Teller {
    /// The merchant or their storefront's back end.
    Shop(Request),
    /// The member, who may tell of what the program lets them.
    Member(Request),
    /// A storefront's event, which is the same one for ever.
    Event { source: Source, id: HappeningId },
}

/// A deed that is recorded now, or was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    New(Deed),
    Known(Deed),
}

/// What a decision rests on.
struct Loaded {
    member: MemberId,
    /// Where rows of theirs are: theirs, and those of whoever was merged into them.
    partitions: Vec<MemberId>,
    account: Account,
    programs: Arc<Programs>,
    claimed: Vec<Option<ActivityId>>,
    /// Where they were read already.
    pointers: Option<Vec<OrderKey>>,
}

impl App {
    /// Records the deed once, however often the same request or event comes.
    ///
    /// # Errors
    /// `UnknownMember`; `Activity` with the reason for which it earns nothing; `KeyReused`; `Busy`.
    pub async fn record_activity(
        &self,
        member: &MemberId,
        told: &Told,
        teller: &Teller,
        now: Timestamp,
    ) -> Result<Recorded, AppError> {
        self.until_committed(|| self.try_record_activity(member, told, teller, now)).await
    }

    async fn try_record_activity(
        &self,
        member: &MemberId,
        told: &Told,
        teller: &Teller,
        now: Timestamp,
    ) -> Result<Recorded, Attempt> {
        let by_subject = told.subject.as_ref().map(|subject| ClaimKey::of_subject(&told.activity, subject));
        let claims: Vec<ClaimKey> = teller.claim().into_iter().chain(by_subject.clone()).collect();
        let answered = self.answered_before(teller.request(), now);
        let loaded = async { Ok(self.load_for(member, told, &claims, now).await?) };
        let (answered, loaded) = try_join!(answered, loaded)?;
        let known = match answered {
            Some(answer) => Some(ActivityId::parse(&answer.resource).map_err(|_| AppError::UnknownActivity)?),
            None => teller.claim().and(loaded.claimed.first().cloned().flatten()),
        };
        if let Some(id) = known {
            let (_, deed) = self.store.deed(&loaded.partitions, &id).await?.ok_or(AppError::UnknownActivity)?;
            return Ok(Recorded::Known(deed));
        }
        let activity = told.activity(&loaded.programs.at(now).program, now)?;
        if matches!(teller, Teller::Member(_)) && !activity.self_service {
            return Err(Refusal::NotSelfService.into());
        }
        let claims_subject = by_subject.filter(|_| activity.once_per_subject);
        if claims_subject.is_some() && loaded.claimed.last().is_some_and(Option::is_some) {
            return Err(Refusal::SubjectUsed.into());
        }
        let proof = self.prove(activity, told, &loaded).await?;
        let id = ActivityId::from_uuid(new_uuid_numbered(now, loaded.account.version));
        let mut posting = Posting::begin(loaded.account, &loaded.programs, now)?;
        let mut deed = posting.record_deed(id, told.clone(), activity)?;
        let mut plan = Plan::default();
        plan.writes.extend(teller.request().map(|request| request.answer(CREATED, deed.id.to_string(), now)));
        for claim in teller.claim().into_iter().chain(claims_subject) {
            plan.writes.push(Write::Claim { member: loaded.member.clone(), claim, deed: deed.id.clone() });
        }
        if let Some(mut order) = proof
            && posting.rest_on(&mut order, &mut deed)
        {
            plan.writes.push(Write::Order(order));
        }
        plan.writes.push(Write::Deed { member: loaded.member.clone(), deed: deed.clone() });
        push_settled(&mut plan, &loaded.member, posting.end()?, &loaded.programs, now);
        self.store.commit(plan).await?;
        Ok(Recorded::New(deed))
    }

    /// One round trip, unless members were merged.
    async fn load_for(
        &self,
        asked: &MemberId,
        told: &Told,
        claims: &[ClaimKey],
        now: Timestamp,
    ) -> Result<Loaded, AppError> {
        let wants_orders = self.known_programs().is_some_and(|programs| {
            let activity = programs.newest().program.activities.get(&told.activity);
            activity.is_some_and(|activity| activity.proof == Some(Proof::VerifiedPurchase))
        });
        let rest_of = async |partitions: &[MemberId]| -> Result<_, AppError> {
            let claimed = async { self.store.claims(partitions, claims).await.map_err(AppError::from) };
            let pointers = async { if wants_orders { self.pointers(partitions).await.map(Some) } else { Ok(None) } };
            try_join!(claimed, pointers)
        };
        let asked_alone = std::slice::from_ref(asked);
        let (account, programs, rest) = try_join!(self.load_account(asked), self.programs(now), rest_of(asked_alone))?;
        let (member, account) = account;
        let partitions: Vec<MemberId> = std::iter::once(&member).chain(&account.aliases).cloned().collect();
        let (claimed, pointers) = if partitions == asked_alone { rest } else { rest_of(&partitions).await? };
        Ok(Loaded { member, partitions, account, programs, claimed, pointers })
    }

    async fn pointers(&self, partitions: &[MemberId]) -> Result<Vec<OrderKey>, AppError> {
        let mut pointers = Vec::new();
        for member in partitions {
            pointers.extend(self.store.order_pointers(member, MAX_POINTERS).await?);
        }
        Ok(pointers)
    }

    /// The order that it rests on. Where any will do, it is the one that others rest on, while it is kept.
    async fn prove(&self, activity: &Activity, told: &Told, loaded: &Loaded) -> Result<Option<Order>, Attempt> {
        let Some(proof) = activity.proof else { return Ok(None) };
        if let (Proof::HasOrder, Some(known)) = (proof, &loaded.account.proving_order) {
            let known = self.store.order(known).await?;
            let is_theirs =
                |order: &Order| order.member.as_ref().is_some_and(|owner| loaded.partitions.contains(owner));
            if let Some(order) = known.filter(|order| order.is_kept() && is_theirs(order)) {
                return Ok(Some(order));
            }
        }
        let pointers = match &loaded.pointers {
            Some(pointers) => pointers.clone(),
            None => self.pointers(&loaded.partitions).await?,
        };
        let orders = self.store.orders(&newest(pointers)).await?;
        Ok(Some(proof.check(told.subject.as_ref(), &orders)?.clone()))
    }
}

/// Storefronts number upwards, so the longest and highest numbers are the newest.
fn newest(mut pointers: Vec<OrderKey>) -> Vec<OrderKey> {
    pointers.sort_by(|one, other| {
        let (one, other) = (one.id.as_str(), other.id.as_str());
        (other.len(), other).cmp(&(one.len(), one))
    });
    pointers.truncate(PROVING_ORDERS);
    pointers
}

impl Teller {
    fn request(&self) -> Option<&Request> {
        match self {
            Teller::Shop(request) | Teller::Member(request) => Some(request),
            Teller::Event { .. } => None,
        }
    }

    fn claim(&self) -> Option<ClaimKey> {
        match self {
            Teller::Shop(_) | Teller::Member(_) => None,
            Teller::Event { source, id } => Some(ClaimKey::of_event(source, id)),
        }
    }
}
