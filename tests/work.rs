//! The work of a decision, counted in steps of WebAssembly and not in time: no input makes it more than its length
//! allows. Envoy interrupts no filter, so one endless or quadratic loop would stop a worker (W10).

#![cfg(test)]

#[path = "work/families.rs"]
mod families;
#[path = "work/loading.rs"]
mod loading;
mod metered;
#[path = "work/policies.rs"]
mod policies;
#[path = "work/probe.rs"]
mod probe;
#[path = "work/requests.rs"]
mod requests;
#[path = "work/tokens.rs"]
mod tokens;

#[path = "work/growth.rs"]
mod growth;
