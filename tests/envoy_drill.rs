//! What happens when the filter breaks, and what it takes to break the one that is shipped.

#![cfg(test)]

#[path = "envoy_drill/config.rs"]
mod config;
#[path = "envoy_drill/edge.rs"]
mod edge;
#[path = "envoy_drill/hostile.rs"]
mod hostile;
#[path = "envoy_drill/trap.rs"]
mod trap;
