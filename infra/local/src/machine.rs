//! The machine: three servers, a table and a clock, started and stopped together.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::Router;
use store::Store;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use web::{clock::Clock, state::AppState};

use crate::{
    data_folder::DataFolder,
    database, development_secrets,
    error::LocalError,
    gateway,
    mail::{self, Mailbox},
    port::listen,
    post_office,
    table::Table,
    time::{LocalClock, SavedClock},
};

/// How long requests that are still running may take once the machine is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(5);

/// Where to listen (0 is any free port), and where to keep everything; in memory if nowhere.
#[derive(Clone, Debug)]
pub struct Options {
    pub port: u16,
    pub dynamodb_port: u16,
    pub ses_port: u16,
    pub data: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Options {
        Options { port: 8787, dynamodb_port: 8000, ses_port: 8005, data: None }
    }
}

/// A running machine.
#[derive(Debug)]
pub struct Machine {
    pub gateway: SocketAddr,
    pub dynamodb: SocketAddr,
    pub ses: SocketAddr,
    pub state: AppState,
    stop: watch::Sender<bool>,
    servers: JoinSet<()>,
    _data: Option<DataFolder>,
}

impl Machine {
    /// Listens on all ports, opens the database and its table, and serves.
    ///
    /// # Errors
    /// `LocalError` if a port is taken or the data cannot be used; nothing is left running.
    pub async fn start(options: Options) -> Result<Machine, LocalError> {
        let (gateway_port, gateway) = listen("--port", options.port).await?;
        let (dynamodb_port, dynamodb) = listen("--dynamodb-port", options.dynamodb_port).await?;
        let (ses_port, ses) = listen("--ses-port", options.ses_port).await?;
        let data = options.data.as_deref().map(DataFolder::take).transpose()?;
        let database = database::open(data.as_ref().map(DataFolder::database).as_deref())?;
        let saved = SavedClock::open(data.as_ref().map(DataFolder::clock))?;
        let mailbox = Arc::new(Mailbox::open(data.as_ref().map(DataFolder::mail))?);

        let (stop, stopped) = watch::channel(false);
        let mut servers = JoinSet::new();
        let until = until_stopped(stopped.clone());
        servers.spawn(async move { log(dynoxide::server::serve_with_shutdown(dynamodb_port, database, until).await) });

        let client = store::dynamodb(&database::client_settings(dynamodb));
        let store = Store::new(client.clone(), database::TABLE);
        store.create_table().await?;
        let state = AppState::new(store, development_secrets::secrets()?, Clock::set_to(saved.now()));
        let links = state.secrets.links();
        let state = state.on_this_machine().beginning_with_mail().with_office(post_office::local(gateway, ses, links));
        let table = Table::new(client, database::TABLE);
        let clock = Arc::new(LocalClock::new(state.clone(), table, Arc::clone(&mailbox), saved));
        let routes = gateway::routes(gateway, &state, &clock, &mailbox);
        servers.spawn(serve(gateway_port, routes, stopped.clone()));
        servers.spawn(serve(ses_port, mail::ses::routes(mailbox, state.clock.clone()), stopped.clone()));
        servers.spawn(clock.run(until_stopped(stopped)));
        Ok(Machine { gateway, dynamodb, ses, state, stop, servers, _data: data })
    }

    /// Takes no more requests, and returns once those that run are answered.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let ended = async { while self.servers.join_next().await.is_some() {} };
        if tokio::time::timeout(LAST_REQUESTS, ended).await.is_err() {
            tracing::warn!("requests were still running when the machine stopped");
        }
    }
}

async fn serve(listener: TcpListener, routes: Router, stopped: watch::Receiver<bool>) {
    log(axum::serve(listener, routes).with_graceful_shutdown(until_stopped(stopped)).await);
}

async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    // an error means that the machine is gone, and so is what it serves
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

fn log<E: std::fmt::Display>(served: Result<(), E>) {
    if let Err(error) = served {
        tracing::error!(%error, "a server ended");
    }
}
