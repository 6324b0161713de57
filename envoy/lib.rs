//! The decision of `edgelatch-core` as a proxy-wasm filter for Envoy.
//!
//! The filter only translates: header bytes into a request, a decision into header changes or a
//! response, and the engine's wish for a key set into an HTTP call. What it decides, and why, is in
//! the core. Each Envoy worker runs its own copy; they share what was fetched, and nothing else.

mod answer;
mod clock;
mod crypto;
mod entry;
mod feeds;
mod fetch;
mod gate;
mod host;
mod judge;
mod policy;
mod request;
mod root;
mod share;
mod streams;
mod tell;
#[cfg(feature = "forced-trap")]
mod trap;
mod waiting;
