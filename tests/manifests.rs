//! The ready configurations under `envoy/`: each is loaded by a real Envoy where Envoy alone can show that it is right,
//! and checked against the schema of its kind where a cluster would be needed.

#![cfg(test)]

#[path = "manifests/egress.rs"]
mod egress;
#[path = "manifests/gateway.rs"]
mod gateway;
#[path = "manifests/policy.rs"]
mod policy;
#[path = "manifests/readme.rs"]
mod readme;
#[path = "manifests/resources.rs"]
mod resources;
#[path = "manifests/schema.rs"]
mod schema;
#[path = "manifests/token.rs"]
mod token;
