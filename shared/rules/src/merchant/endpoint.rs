//! Endpoints: where a merchant wants to be told what happens, and what of it.

use std::{collections::BTreeSet, fmt};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::EndpointId;

/// No merchant has more.
pub const MAX_ENDPOINTS: usize = 10;
/// How long a secret that was replaced still signs.
const BOTH_SIGN: SignedDuration = SignedDuration::from_hours(24);

/// What there is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EventKind {
    /// The day of pending points came.
    #[serde(rename = "points.available")]
    PointsAvailable,
    #[serde(rename = "tier.changed")]
    TierChanged,
    #[serde(rename = "coupon.issued")]
    CouponIssued,
    #[serde(rename = "redemption.created")]
    RedemptionCreated,
    #[serde(rename = "case.opened")]
    CaseOpened,
    #[serde(rename = "consent.changed")]
    ConsentChanged,
    #[serde(rename = "member.at_risk")]
    MemberAtRisk,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Counts commits; every commit is guarded by it.
    pub version: u64,
    pub id: EndpointId,
    pub url: String,
    pub events: BTreeSet<EventKind>,
    /// Nothing is sent to it, and nothing is kept for it, while it is off.
    pub on: bool,
    pub secret: SigningSecret,
    /// The secret before, and until when it signs too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_secret: Option<(SigningSecret, Timestamp)>,
    pub created_at: Timestamp,
    /// Since when it is told of these kinds of events.
    pub since: Timestamp,
}

/// A secret of Standard Webhooks, `whsec_...`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SigningSecret(String);

impl EventKind {
    pub const ALL: [EventKind; 7] = [
        EventKind::PointsAvailable,
        EventKind::TierChanged,
        EventKind::CouponIssued,
        EventKind::RedemptionCreated,
        EventKind::CaseOpened,
        EventKind::ConsentChanged,
        EventKind::MemberAtRisk,
    ];

    pub fn name(self) -> &'static str {
        match self {
            EventKind::PointsAvailable => "points.available",
            EventKind::TierChanged => "tier.changed",
            EventKind::CouponIssued => "coupon.issued",
            EventKind::RedemptionCreated => "redemption.created",
            EventKind::CaseOpened => "case.opened",
            EventKind::ConsentChanged => "consent.changed",
            EventKind::MemberAtRisk => "member.at_risk",
        }
    }

    pub fn parse(name: &str) -> Option<EventKind> {
        EventKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Endpoint {
    pub fn listens_for(&self, kind: EventKind) -> bool {
        self.on && self.events.contains(&kind)
    }

    /// The secrets that sign at that time, the newest first.
    pub fn live_secrets(&self, now: Timestamp) -> impl Iterator<Item = &str> {
        let former = self.former_secret.iter().filter(move |(_, until)| now < *until).map(|(secret, _)| secret);
        std::iter::once(&self.secret).chain(former).map(SigningSecret::reveal)
    }

    /// Another secret from now on; the one before signs too for a day.
    pub fn rotate(&mut self, secret: SigningSecret, now: Timestamp) {
        let former = std::mem::replace(&mut self.secret, secret);
        self.former_secret = Some((former, now.checked_add(BOTH_SIGN).unwrap_or(now)));
    }
}

impl SigningSecret {
    pub fn new(secret: impl Into<String>) -> SigningSecret {
        SigningSecret(secret.into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
