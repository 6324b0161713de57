//! Envoy as this filter sees it: byte calls that fail with an error rather than with a trap.

mod address;
mod calls;
mod certificate;
mod metrics;
mod pairs;
pub(crate) mod shared_memory;

pub(crate) use calls::{
    Buffer, HeaderMap, HostError, Level, act_for, add_request_header, buffer,
    call_foreign_function, header_map, log, remove_lines, resume_request, send_response,
    set_filter_state, set_tick_period, steady_nanoseconds,
};
pub(crate) use metrics::Metrics;
pub(crate) use pairs::parse as parse_pairs;
pub(crate) use shared_memory::{Condition, Entry, Mark};

use edgelatch_core::Timestamp;
use std::net::IpAddr;

/// The wall clock. A host that cannot tell gives zero, which the engine does not believe.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix_seconds(calls::clock_nanoseconds() / 1_000_000_000)
}

/// The wall clock in milliseconds since 1970.
pub(crate) fn now_milliseconds() -> u64 {
    calls::clock_nanoseconds() / 1_000_000
}

/// Milliseconds of the steady clock, for deadlines.
pub(crate) fn steady_milliseconds() -> u64 {
    steady_nanoseconds() / 1_000_000
}

/// Whether only filters that the operator put together share memory. Without a `vm_id` all filters of the
/// process do that have none.
pub(crate) fn has_memory_of_its_own() -> bool {
    calls::property("plugin_vm_id").is_some_and(|name| !name.is_empty())
}

/// The address of the peer, if it has one. With `use_remote_address: false` Envoy takes it from
/// `X-Forwarded-For`, and then it is only as good as whoever wrote that.
pub(crate) fn source() -> Option<IpAddr> {
    address::parse(&calls::property("source\0address")?)
}

/// SHA-256 of the certificate by which the peer of this connection proved who it is, if it did.
pub(crate) fn certificate() -> Option<[u8; 32]> {
    // The certificate of a peer that Envoy did not validate proves nothing: anybody can send it.
    if calls::property("connection\0mtls")? != [1] {
        return None;
    }
    certificate::parse(&calls::property("connection\0sha256_peer_certificate_digest")?)
}
