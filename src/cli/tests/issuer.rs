//! The real binary over real HTTP and TLS on loopback: what callers, operators and attackers see.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod issuer {
    mod audit;
    mod commands;
    mod database;
    mod documents;
    mod faults;
    mod harness;
    mod init;
    mod limits;
    mod metered;
    mod output;
    mod policy;
    mod ports;
    mod revoke;
    mod secure;
    mod status;
    mod token;
    mod tree;
    mod verify;
}
