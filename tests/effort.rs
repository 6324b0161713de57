//! The work of a decision, counted in steps of WebAssembly and not in time: no input makes it more than its length
//! allows. Envoy interrupts no filter, so one endless or quadratic loop would stop a worker (W10).

#![cfg(test)]

#[path = "effort/families.rs"]
mod families;
#[path = "effort/loading.rs"]
mod loading;
mod metered;
#[path = "effort/policies.rs"]
mod policies;
#[path = "effort/probe.rs"]
mod probe;
#[path = "effort/requests.rs"]
mod requests;
#[path = "effort/tokens.rs"]
mod tokens;

#[path = "effort/growth.rs"]
mod growth;
