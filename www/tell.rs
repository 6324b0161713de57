//! Decisions as JSON, for what JavaScript wants to know beyond the verdict.

use edgelatch_core::{Decision, Facts, Response};
use serde_json::{Value, json};

/// What there is to say about a decision.
pub(crate) fn decision(decision: &Decision) -> Value {
    match decision {
        Decision::Allow(allow) => {
            let headers = pairs(&allow.set);
            let Facts { route, client_id, subject, scope, .. } = &allow.facts;
            json!({
                "route": route.as_deref(), "client": client_id.as_deref(), "subject": subject.as_deref(),
                "scope": scope.as_deref(), "headers": headers,
            })
        }
        Decision::Deny(deny) => {
            let Response { status, headers, body } = deny.response();
            let Facts { route, client_id, .. } = &deny.facts;
            json!({
                "route": route.as_deref(), "client": client_id.as_deref(), "status": status,
                "headers": pairs(&headers), "body": body,
            })
        }
    }
}

fn pairs<N: AsRef<str>>(lines: &[(N, String)]) -> Value {
    lines.iter().map(|(name, value)| json!([name.as_ref(), value])).collect()
}
