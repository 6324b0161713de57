//! The built filter in a real Envoy when things go wrong around it: silent issuers, rotated keys, clients that
//! leave, a broken policy, identity in trailers, access that is taken away; with one worker and with two.

#![cfg(test)]

#[path = "envoy_live/all_but.rs"]
mod all_but;
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
#[path = "envoy_live/lists.rs"]
mod lists;
#[path = "envoy_live/reload.rs"]
mod reload;
#[path = "envoy_live/revocation.rs"]
mod revocation;
#[path = "envoy_live/server.rs"]
mod server;
#[path = "envoy_live/sharing.rs"]
mod sharing;
#[path = "envoy_live/sharing_faults.rs"]
mod sharing_faults;
#[path = "envoy_live/shipped.rs"]
mod shipped;
#[path = "envoy_live/status_list.rs"]
mod status_list;
#[path = "envoy_live/telling.rs"]
mod telling;
#[path = "envoy_live/trailers.rs"]
mod trailers;
#[path = "envoy_live/waiting.rs"]
mod waiting;
#[path = "envoy_live/workers.rs"]
mod workers;
