//! The ports, on loopback only.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr},
};

use tokio::net::TcpListener;

use crate::error::LocalError;

/// Listens on that port of 127.0.0.1, or on any that is free where it is 0. The flag is what chose it.
pub(crate) async fn listen(flag: &'static str, port: u16) -> Result<(TcpListener, SocketAddr), LocalError> {
    let failed = |source: std::io::Error| match source.kind() {
        ErrorKind::AddrInUse => LocalError::PortTaken { flag, port },
        _ => LocalError::Port { flag, port, source },
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}
