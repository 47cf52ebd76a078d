//! Where the local machine hands its mail over: the capture that takes it as SES would.

use std::net::SocketAddr;

use ::mail::ses::{Mailer, SesSettings};
use app::{links::Links, post_office::PostOffice};

use crate::database;

/// The functions of the template that send.
const MAIL_FUNCTIONS: u32 = 2;

pub(crate) fn local(gateway: SocketAddr, ses: SocketAddr, links: Links) -> PostOffice {
    let client = database::client_settings(ses);
    let settings = SesSettings {
        region: client.region,
        endpoint: client.endpoint,
        credentials: client.credentials,
        http_client: store::http_client(),
    };
    PostOffice {
        mailer: Mailer::new(&settings),
        configuration_set: Some("regulars".to_owned()),
        pages_url: format!("http://{gateway}"),
        links,
        shared_by: MAIL_FUNCTIONS,
    }
}
