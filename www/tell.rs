//! Decisions as JSON, for what JavaScript wants to know beyond the verdict.

use edgelatch_core::{Allow, Decision, Deny, Facts};
use serde_json::{Value, json};

/// What there is to say about a decision.
pub(crate) fn decision(decision: &Decision) -> Value {
    match decision {
        Decision::Allow(allow) => allowed(allow),
        Decision::Deny(deny) => denied(deny),
    }
}

fn allowed(allow: &Allow) -> Value {
    let mut told = facts(&allow.facts);
    told["headers"] = allow.set.iter().map(|(name, value)| json!([name, value])).collect();
    told
}

fn denied(deny: &Deny) -> Value {
    let response = deny.response();
    let mut told = facts(&deny.facts);
    told["status"] = response.status.into();
    told["headers"] = response.headers.iter().map(|(name, value)| json!([name, value])).collect();
    told["body"] = response.body.into();
    told
}

fn facts(facts: &Facts) -> Value {
    json!({
        "route": facts.route.as_deref(),
        "issuer": facts.issuer.as_deref(),
        "client": facts.client_id.as_deref(),
        "subject": facts.subject.as_deref(),
        "scope": facts.scope.as_deref(),
    })
}
