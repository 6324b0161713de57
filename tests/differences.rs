//! The same hostile requests to two listeners of one Envoy: ours, and what Envoy has of its own, `jwt_authn` with
//! RBAC for the scopes. Both have the same keys, audiences and rules; `envoy/DIFFERENCES.md` is what came of it.

mod bootstrap;
mod chain;
mod comparison;
mod families;
mod report;
mod requests;
mod rules;
mod verdict;

pub use comparison::{Comparison, compare};
pub use report::document;

/// The document, from the root of the repository.
pub const DOCUMENT: &str = "envoy/DIFFERENCES.md";
