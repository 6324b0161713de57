//! Ports for issuers that are named by their port, and so must know it before they start.

use std::net::{Ipv4Addr, TcpListener};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// A loopback port that is free now and was not handed out before by this process.
///
/// Below the ports that systems give to outgoing connections: one of those could take it before the issuer does.
pub(super) fn free_port() -> u16 {
    let mut candidates = (0..SPAN).map(|_| candidate());
    candidates.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).unwrap()
}

fn candidate() -> u16 {
    // Different processes start at different places.
    let first = process::id().wrapping_mul(PRIME);
    let offset = first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % SPAN;
    LOWEST + u16::try_from(offset).unwrap()
}

const PRIME: u32 = 7_919;
const LOWEST: u16 = 11_000;
const SPAN: u32 = 20_000;

static NEXT: AtomicU32 = AtomicU32::new(0);
