//! What every handler works with.

use std::{sync::Arc, time::Duration};

use app::{App, AppError, links::Links, post_office::PostOffice};
use mail::ses::{Mailer, SesSettings};
use outbound::{ANSWER_WITHIN, Reach};
use rules::program::Program;
use store::{ClientSettings, Store};
use storefront::email_keys::EmailKeys;

use crate::{
    clock::Clock,
    config::{BadConfig, Config, MailConfig, is_loopback},
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
    /// Where mail is handed over, of functions that send any.
    pub office: Option<Arc<PostOffice>>,
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
            office: None,
        }
    }

    /// The same for a system on a developer's machine, whose endpoints may be there too.
    #[must_use]
    pub fn on_this_machine(self) -> AppState {
        AppState { reach: Reach::ThisMachineToo, ..self }
    }

    /// The same for a new deployment whose mail goes out from the first day: nowhere but into a capture.
    #[must_use]
    pub fn beginning_with_mail(self) -> AppState {
        AppState { app: self.app.beginning_with(Program::on_this_machine), ..self }
    }

    /// The same with a way to send mail.
    #[must_use]
    pub fn with_office(self, office: PostOffice) -> AppState {
        AppState { office: Some(Arc::new(office)), ..self }
    }

    /// Builds the clients from the environment and warms the connection to the database.
    ///
    /// # Errors
    /// `StartError` if a variable is missing or the database does not answer.
    pub async fn from_env() -> Result<AppState, StartError> {
        let config = Config::from_env()?;
        // one client for both: the roots are loaded once
        let settings = ClientSettings { http_client: Some(store::http_client()), ..config.database.clone() };
        let store = Store::new(store::dynamodb(&settings), config.table);
        let office = config.mail.map(|mail| office(mail, config.secrets.links(), &settings));
        let is_local = config.database.endpoint.as_deref().is_some_and(is_loopback);
        let state = AppState::new(store, config.secrets, Clock::System);
        let state = if is_local { state.on_this_machine() } else { state };
        let state = AppState { office: office.map(Arc::new), ..state };
        state.app.program(state.clock.now()).await?;
        Ok(state)
    }
}

fn office(mail: MailConfig, links: Links, database: &ClientSettings) -> PostOffice {
    let settings = SesSettings {
        region: database.region.clone(),
        endpoint: mail.endpoint,
        credentials: database.credentials.clone(),
        http_client: database.http_client.clone().unwrap_or_else(store::http_client),
    };
    PostOffice {
        mailer: Mailer::new(&settings),
        configuration_set: mail.configuration_set,
        pages_url: mail.pages_url,
        links,
        shared_by: mail.shared_by,
    }
}
