//! The core behind plain WebAssembly functions: for messages that no HTTP header can carry, and for an engine that
//! counts the steps of a decision. Built like the Envoy filter, for the same target with the same profile.

#[cfg(target_family = "wasm")]
mod decision;
#[cfg(target_family = "wasm")]
mod memory;
#[cfg(target_family = "wasm")]
mod signature;
