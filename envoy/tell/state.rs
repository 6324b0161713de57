//! What access logs and later filters may see of a decision: Envoy's filter state. Each entry costs a
//! host call, the first of a request most, so how many there are is the operator's choice.

use super::{Outcome, summary};
use crate::host::{self, Level};
use edgelatch_core::Facts;

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Detail {
    /// `wasm.edgelatch`, a JSON object, for every request; `wasm.edgelatch.reason` for those that are
    /// refused or would be.
    Summary,
    /// The same, but nothing of a request that is allowed: who sent it stands in its identity headers,
    /// which access logs show at no cost, and an entry would be the dearest part of the whole decision.
    #[default]
    Refusals,
    /// The same as `Summary`, and each of its members as an entry of its own, for later filters.
    Members,
}

impl Detail {
    /// As the operator calls it.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "summary" => Some(Self::Summary),
            "refusals" => Some(Self::Refusals),
            "members" => Some(Self::Members),
            _ => None,
        }
    }
}

/// Shows a decision on the request in force.
pub(super) fn show(detail: Detail, outcome: Outcome, reason: Option<&str>, facts: &Facts) {
    if detail == Detail::Refusals && outcome == Outcome::Allowed {
        return;
    }
    let members = summary::members(outcome, reason, facts);
    set("edgelatch", &summary::write(&members));
    for (name, value) in &members {
        if detail == Detail::Members || *name == "reason" {
            set(&format!("edgelatch.{name}"), value);
        }
    }
}

fn set(name: &str, value: &str) {
    if let Err(error) = host::set_filter_state(name, value) {
        host::log(Level::Warning, &format!("the access log lacks {name}, as {error}"));
    }
}
