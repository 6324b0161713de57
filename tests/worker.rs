//! The gateway in the real workerd with the real issuer, and the parts of the npm package that talk to others: the token
//! source and the adapters.

#![cfg(test)]

#[path = "worker/caller.rs"]
mod caller;
#[path = "worker/certificates.rs"]
mod certificates;
#[path = "worker/gateway.rs"]
mod gateway;
#[path = "worker/ground.rs"]
mod ground;
#[path = "worker/isolates.rs"]
mod isolates;
#[path = "worker/node.rs"]
mod node;
#[path = "worker/outliving.rs"]
mod outliving;
#[path = "worker/patience.rs"]
mod patience;
#[path = "worker/shipped.rs"]
mod shipped;
#[path = "worker/upstreams.rs"]
mod upstreams;
