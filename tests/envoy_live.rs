//! The built filter in a real Envoy when things go wrong around it: silent issuers, rotated keys, clients that
//! leave, a broken policy, identity in trailers.

#![cfg(test)]

#[path = "envoy_live/binding.rs"]
mod binding;
#[path = "envoy_live/capabilities.rs"]
mod capabilities;
#[path = "oauth_client/certificates.rs"]
mod certificates;
#[path = "envoy_live/config.rs"]
mod config;
#[path = "envoy_live/crypto.rs"]
mod crypto;
#[path = "envoy_live/edge.rs"]
mod edge;
#[path = "envoy_live/keys.rs"]
mod keys;
#[path = "envoy_live/reload.rs"]
mod reload;
#[path = "envoy_live/server.rs"]
mod server;
#[path = "envoy_live/trailers.rs"]
mod trailers;
#[path = "envoy_live/waiting.rs"]
mod waiting;
