//! Endpoints: where the merchant wants to be told what happens.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rules::{
    endpoint::{Endpoint, EventKind, MAX_ENDPOINTS, SigningSecret},
    ids::EndpointId,
};
use store::{Plan, Write};

use crate::{
    App,
    answered::Request,
    error::{AppError, Attempt},
    new_id::new_uuid,
};

const CREATED: u16 = 201;

/// What of an endpoint is to change; what is not said stays.
#[derive(Clone, Debug, Default)]
pub struct EndpointChange {
    pub url: Option<String>,
    pub events: Option<BTreeSet<EventKind>>,
    pub on: Option<bool>,
    pub rotate_secret: bool,
}

impl App {
    /// # Errors
    /// Whatever the database fails with.
    pub async fn endpoints(&self, now: Timestamp) -> Result<Vec<Endpoint>, AppError> {
        Ok(self.programs(now).await?.endpoints.clone())
    }

    /// # Errors
    /// `UnknownEndpoint`.
    pub async fn endpoint(&self, id: &EndpointId, now: Timestamp) -> Result<Endpoint, AppError> {
        let found = self.endpoints(now).await?.into_iter().find(|endpoint| endpoint.id == *id);
        found.ok_or_else(|| AppError::UnknownEndpoint(id.clone()))
    }

    /// # Errors
    /// `TooManyEndpoints`; `KeyReused`; `UnknownEndpoint` if the request is repeated after the endpoint
    /// was removed.
    pub async fn create_endpoint(
        &self,
        url: &str,
        events: &BTreeSet<EventKind>,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<Endpoint, AppError> {
        self.until_committed(|| self.try_create_endpoint(url, events, request, now)).await
    }

    async fn try_create_endpoint(
        &self,
        url: &str,
        events: &BTreeSet<EventKind>,
        request: Option<&Request>,
        now: Timestamp,
    ) -> Result<Endpoint, Attempt> {
        if let Some(saved) = self.answered_before(request, now).await? {
            let id = EndpointId::parse(&saved.resource).map_err(|_| AppError::UnknownEntry)?;
            return Ok(self.endpoint(&id, now).await?);
        }
        if self.endpoints(now).await?.len() >= MAX_ENDPOINTS {
            return Err(AppError::TooManyEndpoints.into());
        }
        let endpoint = Endpoint {
            version: 1,
            id: EndpointId::from_uuid(new_uuid(now)),
            url: url.to_owned(),
            events: events.clone(),
            on: true,
            secret: new_secret(),
            former_secret: None,
            created_at: now,
            since: now,
        };
        let mut plan = Plan { writes: vec![Write::Endpoint(endpoint.clone())] };
        plan.writes.extend(request.map(|request| request.answer(CREATED, endpoint.id.to_string(), now)));
        self.store.commit(plan).await?;
        Ok(endpoint)
    }

    /// # Errors
    /// `UnknownEndpoint`; `Busy`.
    pub async fn change_endpoint(
        &self,
        id: &EndpointId,
        change: &EndpointChange,
        now: Timestamp,
    ) -> Result<Endpoint, AppError> {
        self.until_committed(|| self.try_change_endpoint(id, change, now)).await
    }

    async fn try_change_endpoint(
        &self,
        id: &EndpointId,
        change: &EndpointChange,
        now: Timestamp,
    ) -> Result<Endpoint, Attempt> {
        let mut endpoint = self.endpoint(id, now).await?;
        let before = endpoint.clone();
        if let Some(url) = &change.url {
            endpoint.url.clone_from(url);
        }
        if let Some(events) = &change.events {
            endpoint.events.clone_from(events);
        }
        endpoint.on = change.on.unwrap_or(endpoint.on);
        if (endpoint.on, &endpoint.events) != (before.on, &before.events) {
            endpoint.since = now;
        }
        if change.rotate_secret {
            endpoint.rotate(new_secret(), now);
        }
        if endpoint != before {
            endpoint.version += 1;
            self.store.commit(Plan { writes: vec![Write::Endpoint(endpoint.clone())] }).await?;
        }
        Ok(endpoint)
    }

    /// Nothing more is sent to it.
    ///
    /// # Errors
    /// `UnknownEndpoint`.
    pub async fn remove_endpoint(&self, id: &EndpointId, now: Timestamp) -> Result<(), AppError> {
        self.endpoint(id, now).await?;
        let plan = || Plan { writes: vec![Write::RemoveEndpoint(id.clone())] };
        self.until_committed(|| async { Ok(self.store.commit(plan()).await?) }).await
    }
}

/// 244 random bits; Standard Webhooks asks for 192 at least.
fn new_secret() -> SigningSecret {
    let mut bytes = [0; 32];
    let (first, second) = bytes.split_at_mut(16);
    first.copy_from_slice(uuid::Uuid::new_v4().as_bytes());
    second.copy_from_slice(uuid::Uuid::new_v4().as_bytes());
    SigningSecret::new(storefront::standard_webhooks::secret_of(&bytes))
}
