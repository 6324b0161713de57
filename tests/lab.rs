//! Real processes on loopback ports, for tests and for the demo.
//!
//! Everything started here stops when its value is dropped.

mod artifacts;
mod bootstrap;
mod clock;
mod envoy;
mod error;
mod front;
pub mod http;
mod issuer;
mod markdown;
mod ports;
mod process;
mod rotation;
mod shipped;
mod upstream;
mod workerd;

pub use artifacts::{
    asking_filter, empty_filter, envoy_program, filter, image, npm_package, plain_p256, program,
    repository, test_clock, trapping_filter, wasm_core, worker, workerd_program,
};
pub use bootstrap::Bootstrap;
pub use clock::Clock;
pub use envoy::{Envoy, EnvoyOptions};
pub use error::LabError;
pub use front::Front;
pub use issuer::{Client, ClientOptions, Issuer, IssuerOptions};
pub use markdown::blocks;
pub use ports::{free_port, port_or_free};
pub use process::{Process, run};
pub use rotation::rotate_signing_key;
pub use shipped::Shipped;
pub use upstream::{Echo, Upstream};
pub use workerd::{NEWEST, Shared, Way, Workerd, WorkerdOptions, free_ports};
