//! What every handler works with.

use std::{sync::Arc, time::Duration};

use app::{App, AppError};
use outbound::{ANSWER_WITHIN, Reach};
use store::Store;
use storefront::email_keys::EmailKeys;

use crate::{
    clock::Clock,
    config::{BadConfig, Config, is_loopback},
    member_token::TokenSecrets,
    secrets::Secrets,
};

#[derive(Clone, Debug)]
pub struct AppState {
    pub app: App,
    pub clock: Clock,
    pub secrets: Arc<Secrets>,
    pub(crate) member_tokens: TokenSecrets,
    /// Where an endpoint may be.
    pub reach: Reach,
    /// How long its answer is waited for.
    pub endpoints_answer_within: Duration,
}

/// Why a function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] BadConfig),
    #[error("the database did not answer")]
    Database(#[from] AppError),
}

impl AppState {
    pub fn new(store: Store, secrets: Secrets, clock: Clock) -> AppState {
        let app = App::new(store, EmailKeys::new(secrets.email_hmac()), secrets.links());
        let member_tokens = secrets.member_tokens();
        AppState {
            app,
            clock,
            secrets: Arc::new(secrets),
            member_tokens,
            reach: Reach::default(),
            endpoints_answer_within: ANSWER_WITHIN,
        }
    }

    /// The same for a system on a developer's machine, whose endpoints may be there too.
    #[must_use]
    pub fn on_this_machine(self) -> AppState {
        AppState { reach: Reach::ThisMachineToo, ..self }
    }

    /// Builds the clients from the environment and warms the connection to the database.
    ///
    /// # Errors
    /// `StartError` if a variable is missing or the database does not answer.
    pub async fn from_env() -> Result<AppState, StartError> {
        let config = Config::from_env()?;
        let store = Store::new(store::dynamodb(&config.database), config.table);
        let is_local = config.database.endpoint.as_deref().is_some_and(is_loopback);
        let state = AppState::new(store, config.secrets, Clock::System);
        let state = if is_local { state.on_this_machine() } else { state };
        state.app.program(state.clock.now()).await?;
        Ok(state)
    }
}
