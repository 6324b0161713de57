//! The suites that cross crates and hosts, and the lab they run in: the built artefacts as real processes, a real
//! Envoy, raw bytes on real sockets.

pub mod corpus;
pub mod differences;
pub mod lab;
pub mod minting;
pub mod reasons;
