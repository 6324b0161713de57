//! Ports that nobody listens on.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Mutex, PoisonError};

use super::LabError;

/// A loopback port that is free now and was not handed out before by this process.
///
/// For programs that must know their port before they start; where a program can choose itself, let it.
pub fn free_port() -> Result<u16, LabError> {
    for _ in 0..100 {
        let port = unused_port().map_err(LabError::io("find a free port"))?;
        if HANDED_OUT.lock().unwrap_or_else(PoisonError::into_inner).insert(port) {
            return Ok(port);
        }
    }
    Err(LabError::answer("the system offers the same ports again and again"))
}

/// `port` if nobody listens on it, else a free one.
pub fn port_or_free(port: u16) -> Result<u16, LabError> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(port),
        Err(_) => free_port(),
    }
}

fn unused_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

static HANDED_OUT: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
