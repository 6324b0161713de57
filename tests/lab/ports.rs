//! Ports that nobody listens on.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};
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

/// Below the ports that systems give to outgoing connections: one of those could take it before the program does that
/// it was chosen for.
fn unused_port() -> std::io::Result<u16> {
    let first = std::process::id().wrapping_mul(PRIME);
    for attempt in 0..SPAN {
        let offset =
            first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)).wrapping_add(attempt) % SPAN;
        let port = LOWEST.saturating_add(u16::try_from(offset).unwrap_or_default());
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    Err(ErrorKind::AddrInUse.into())
}

/// Different processes start at different places.
const PRIME: u32 = 7_919;
const LOWEST: u16 = 11_000;
const SPAN: u32 = 20_000;

static NEXT: AtomicU32 = AtomicU32::new(0);

static HANDED_OUT: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
