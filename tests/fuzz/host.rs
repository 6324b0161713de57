//! The host of an engine: answers its questions until there is a decision.

use std::sync::LazyLock;

use edgelatch_core::{
    Decision, Engine, Policy, Request, SignatureCheck, SignatureOutcome, Step, Timestamp,
};

/// The second in which everything happens that has no time of its own.
pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_900_000_000);

/// The policy of the targets that do not bring one, as people wrote it.
pub(crate) const POLICY: &str = include_str!("policy.json");

/// An engine that has seen no request.
pub(crate) fn fresh_engine() -> Engine {
    static CHECKED: LazyLock<Option<Policy>> =
        LazyLock::new(|| Policy::from_json(POLICY.as_bytes()).ok());
    let policy = CHECKED.clone();
    assert!(policy.is_some(), "policy.json: {:?}", Policy::from_json(POLICY.as_bytes()).err());
    Engine::new(policy.unwrap_or_else(|| unreachable!("asserted above")))
}

/// Decides one request; `answer` checks the signatures.
pub(crate) fn decide(
    engine: &mut Engine,
    request: &Request<'_>,
    now: Timestamp,
    mut answer: impl FnMut(&SignatureCheck<'_>) -> SignatureOutcome,
) -> Decision {
    let mut step = engine.begin(request, now);
    loop {
        match step {
            Step::Decided(decision) | Step::Refresh { otherwise: decision, .. } => return decision,
            Step::Verify(pending) => {
                let outcome = answer(&pending.check());
                step = engine.finish(pending, outcome, now);
            }
        }
    }
}

/// Whether a decision lets the request pass as one of a known client.
pub(crate) fn admits_client(decision: &Decision) -> bool {
    match decision {
        Decision::Allow(allow) => allow.would_deny.is_none() && allow.facts.client_id.is_some(),
        Decision::Deny(_) => false,
    }
}
