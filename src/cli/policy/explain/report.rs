//! The answer, for people or for programs.

use edgelatch_core::{Allow, Decision, Deny, Facts, Rejection};
use serde_json::{Map, Value, json};

use super::reason::explain;
use super::stage::Staged;

pub(super) fn json(staged: &Staged) -> Value {
    match &staged.decision {
        Decision::Allow(allow) => json!({
            "decision": "allow",
            "route": route(&allow.facts),
            "would_deny": allow.would_deny.map(Rejection::code),
            "why": why_allowed(allow),
            "set": allow.set.iter().map(|(name, value)| (name.to_string(), json!(**value)))
                .collect::<Map<_, _>>(),
            "remove": allow.remove,
            "claims": staged.claims,
        }),
        Decision::Deny(deny) => json!({
            "decision": "deny",
            "route": route(&deny.facts),
            "status": deny.rejection.status(),
            "reason": deny.rejection.code(),
            "why": explain(deny.rejection),
            "challenge": challenge(deny),
            "claims": staged.claims,
        }),
    }
}

pub(super) fn lines(staged: &Staged) -> Vec<String> {
    let mut lines = match &staged.decision {
        Decision::Allow(allow) => allowed(allow),
        Decision::Deny(deny) => denied(deny),
    };
    let token = staged.claims.as_ref().map_or_else(|| "none".to_owned(), describe);
    lines.push(format!("token     {token}"));
    lines
}

fn allowed(allow: &Allow) -> Vec<String> {
    let mut lines = vec![
        "decision  allow".to_owned(),
        format!("route     {}", route(&allow.facts).unwrap_or("-")),
        format!("why       {}", why_allowed(allow)),
    ];
    lines.extend(allow.set.iter().map(|(name, value)| format!("set       {name}: {value}")));
    lines.extend(allow.remove.iter().map(|name| format!("remove    {name}")));
    lines
}

fn denied(deny: &Deny) -> Vec<String> {
    let (status, code) = (deny.rejection.status(), deny.rejection.code());
    let mut lines = vec![
        format!("decision  deny, {status} [{code}]"),
        format!("route     {}", route(&deny.facts).unwrap_or("none")),
        format!("why       {}", explain(deny.rejection)),
    ];
    lines.extend(challenge(deny).map(|challenge| format!("answers   {challenge}")));
    lines
}

fn why_allowed(allow: &Allow) -> String {
    match allow.would_deny {
        Some(rejection) if allow.facts.route.is_none() => {
            format!(
                "the policy only observes by default; enforced, it would refuse: {}",
                explain(rejection)
            )
        }
        Some(rejection) => {
            format!("the route only observes; enforced, it would refuse: {}", explain(rejection))
        }
        None if allow.facts.client_id.is_none() => {
            "the route is public and the request has no token".to_owned()
        }
        None => "the token has all that the route requires".to_owned(),
    }
}

fn route(facts: &Facts) -> Option<&str> {
    facts.route.as_deref()
}

fn challenge(deny: &Deny) -> Option<String> {
    let headers = deny.response().headers;
    headers.into_iter().find(|(name, _)| *name == "www-authenticate").map(|(_, value)| value)
}

fn describe(claims: &Value) -> String {
    let claim = |name: &str| claims.get(name).cloned().unwrap_or_default();
    format!(
        "iss {} aud {} client_id {} scope {}",
        claim("iss"),
        claim("aud"),
        claim("client_id"),
        claim("scope")
    )
}
