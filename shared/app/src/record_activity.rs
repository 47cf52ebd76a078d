//! Something that a member did besides buying: proof, caps and subjects, then its points.

use std::sync::Arc;

use futures::try_join;
use jiff::Timestamp;
use rules::{
    account::Account,
    activity::Proof,
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
    /// The page that a mail links to, on which the member speaks for themself.
    Page,
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
pub(crate) struct Loaded {
    pub(crate) member: MemberId,
    /// Where rows of theirs are: theirs, and those of whoever was merged into them.
    pub(crate) partitions: Vec<MemberId>,
    pub(crate) account: Account,
    pub(crate) programs: Arc<Programs>,
    claimed: Vec<Option<ActivityId>>,
    /// Where they were read already.
    pointers: Option<Vec<OrderKey>>,
}

/// A deed that earns, and what is to be written of it besides its account.
pub(crate) struct Earned {
    pub(crate) deed: Deed,
    claim: Option<ClaimKey>,
    /// The order that it rests on, if none did before.
    proof: Option<Order>,
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
        let answered = self.answered_before(teller.request(), now);
        let loaded = async { Ok(self.load_for(member, told, teller, now).await?) };
        let (answered, loaded) = try_join!(answered, loaded)?;
        let known = match answered {
            Some(answer) => Some(ActivityId::parse(&answer.resource).map_err(|_| AppError::UnknownActivity)?),
            None => loaded.told_before(teller),
        };
        if let Some(id) = known {
            let (_, deed) = self.store.deed(&loaded.partitions, &id).await?.ok_or(AppError::UnknownActivity)?;
            return Ok(Recorded::Known(deed));
        }
        let orders = self.proving_orders(&loaded, told, now).await?;
        let mut posting = Posting::begin(loaded.account.clone(), &loaded.programs, now)?;
        let earned = loaded.earn(&mut posting, told, teller, &orders, now)?;
        let mut plan = Plan::default();
        let deed = earned.deed.clone();
        plan.writes.extend(teller.request().map(|request| request.answer(CREATED, deed.id.to_string(), now)));
        earned.push(&mut plan, &loaded.member, teller);
        push_settled(&mut plan, &loaded.member, posting.end()?, &loaded.programs, now);
        self.store.commit(plan).await?;
        Ok(Recorded::New(deed))
    }

    /// One round trip, unless members were merged.
    pub(crate) async fn load_for(
        &self,
        asked: &MemberId,
        told: &Told,
        teller: &Teller,
        now: Timestamp,
    ) -> Result<Loaded, AppError> {
        let claims: Vec<ClaimKey> = teller.claim().into_iter().chain(claim_of(told)).collect();
        let wants_orders = self.known_programs().is_some_and(|programs| {
            let activity = programs.newest().program.activities.get(&told.activity);
            activity.is_some_and(|activity| activity.proof == Some(Proof::VerifiedPurchase))
        });
        let rest_of = async |partitions: &[MemberId]| -> Result<_, AppError> {
            let claimed = async { self.store.claims(partitions, &claims).await.map_err(AppError::from) };
            let pointers = async { if wants_orders { self.pointers(partitions).await.map(Some) } else { Ok(None) } };
            try_join!(claimed, pointers)
        };
        let asked_alone = std::slice::from_ref(asked);
        let (account, programs, rest) = try_join!(self.load_account(asked), self.programs(now), rest_of(asked_alone))?;
        let (member, account) = account;
        let partitions: Vec<MemberId> = account.partitions(&member).cloned().collect();
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

    /// The orders in which a purchase is looked for; none where the activity needs none. Where any will do, it is the
    /// one that others rest on, while it is kept.
    async fn proving_orders(&self, loaded: &Loaded, told: &Told, now: Timestamp) -> Result<Vec<Order>, AppError> {
        let activity = loaded.programs.at(now).program.activities.get(&told.activity);
        let Some(proof) = activity.and_then(|activity| activity.proof) else { return Ok(Vec::new()) };
        if let (Proof::HasOrder, Some(known)) = (proof, &loaded.account.proving_order) {
            let known = self.store.order(known).await?;
            if let Some(order) = known.filter(|order| order.is_kept() && loaded.is_theirs(order)) {
                return Ok(vec![order]);
            }
        }
        self.newest_orders(loaded).await
    }

    /// Those orders of the member with the highest numbers.
    pub(crate) async fn newest_orders(&self, loaded: &Loaded) -> Result<Vec<Order>, AppError> {
        let pointers = match &loaded.pointers {
            Some(pointers) => pointers.clone(),
            None => self.pointers(&loaded.partitions).await?,
        };
        Ok(self.store.orders(&newest(pointers)).await?)
    }
}

impl Loaded {
    /// The deed that the same event told of.
    pub(crate) fn told_before(&self, teller: &Teller) -> Option<ActivityId> {
        teller.claim().and(self.claimed.first().cloned().flatten())
    }

    /// What is told of earns, unless the program or the member's past has something against it.
    ///
    /// # Errors
    /// Why it earns nothing.
    pub(crate) fn earn(
        &self,
        posting: &mut Posting<'_>,
        told: &Told,
        teller: &Teller,
        orders: &[Order],
        now: Timestamp,
    ) -> Result<Earned, Refusal> {
        let activity = told.activity(&self.programs.at(now).program, now)?;
        if matches!(teller, Teller::Member(_)) && !activity.self_service {
            return Err(Refusal::NotSelfService);
        }
        let claim = claim_of(told).filter(|_| activity.once_per_subject);
        if claim.is_some() && self.claimed.last().is_some_and(Option::is_some) {
            return Err(Refusal::SubjectUsed);
        }
        let proof = activity.proof.map(|proof| proof.check(told.subject.as_ref(), orders).cloned()).transpose()?;
        let id = ActivityId::from_uuid(new_uuid_numbered(now, self.account.version));
        let mut deed = posting.record_deed(id, told.clone(), activity)?;
        let proof = proof.and_then(|mut order| posting.rest_on(&mut order, &mut deed).then_some(order));
        Ok(Earned { deed, claim, proof })
    }

    pub(crate) fn is_theirs(&self, order: &Order) -> bool {
        order.is_of(&self.partitions)
    }
}

impl Earned {
    /// All but the account and its entries.
    pub(crate) fn push(self, plan: &mut Plan, member: &MemberId, teller: &Teller) {
        for claim in teller.claim().into_iter().chain(self.claim) {
            plan.writes.push(Write::Claim { member: member.clone(), claim, deed: self.deed.id.clone() });
        }
        plan.writes.extend(self.proof.map(Write::Order));
        plan.writes.push(Write::Deed { member: member.clone(), deed: self.deed });
    }
}

fn claim_of(told: &Told) -> Option<ClaimKey> {
    told.subject.as_ref().map(|subject| ClaimKey::of_subject(&told.activity, subject))
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
    pub(crate) fn request(&self) -> Option<&Request> {
        match self {
            Teller::Shop(request) | Teller::Member(request) => Some(request),
            Teller::Page | Teller::Event { .. } => None,
        }
    }

    fn claim(&self) -> Option<ClaimKey> {
        match self {
            Teller::Shop(_) | Teller::Member(_) | Teller::Page => None,
            Teller::Event { source, id } => Some(ClaimKey::of_event(source, id)),
        }
    }
}
