//! A policy and a request in, decision out: the same every time, and nothing passes that the document, read naively,
//! does not let pass.
//!
//! The input is a request as in `sent`, an empty line, and the policy.

use std::cell::Cell;

use edgelatch_core::{Allow, Decision, Engine, Policy, Rejection, RouteError, SignatureOutcome};
use serde_json::Value;

use crate::host::{self, NOW};
use crate::sent::Sent;
use crate::{Verdict, issued};

mod naive;

use self::naive::NaiveRoute;

pub(crate) fn run(input: &[u8]) -> Verdict {
    let (request, document) = split(input);
    let policy = match (Policy::from_json(document), Policy::from_json(document)) {
        (Ok(policy), Ok(_)) => policy,
        (Err(error), Err(again)) => {
            assert_eq!(error.to_string(), again.to_string());
            return Verdict::Refused;
        }
        (one, other) => unreachable!("{one:?} and {other:?} from one text"),
    };
    let document: Value = serde_json::from_slice(document).unwrap_or_default();
    check_names(&policy, &document);
    let sent = Sent::parse(request);
    let (decision, is_authentic) = decide(&policy, &sent);
    assert_eq!(decide(&policy, &sent).0, decision);
    check(&decision, is_authentic, &sent, &document);
    let nowhere = Sent { path: NOWHERE.into(), ..sent };
    check_unknown(&decide(&policy, &nowhere).0, &document);
    Verdict::Accepted
}

fn split(input: &[u8]) -> (&[u8], &[u8]) {
    let end = input.windows(2).position(|bytes| bytes == b"\n\n").unwrap_or(input.len());
    let (request, rest) = input.split_at(end);
    (request, rest.get(2..).unwrap_or_default())
}

/// The decision, and whether a signature was valid on the way.
fn decide(policy: &Policy, sent: &Sent) -> (Decision, bool) {
    let mut engine = Engine::new(policy.clone());
    let is_authentic = Cell::new(false);
    let decision = sent.with(|request| {
        host::decide(&mut engine, request, NOW, |check| {
            let outcome = issued::answer(check);
            is_authentic.set(is_authentic.get() || outcome == SignatureOutcome::Valid);
            outcome
        })
    });
    (decision, is_authentic.get())
}

/// What the host asks a policy.
fn check_names(policy: &Policy, document: &Value) {
    let list = |name| document.get(name).and_then(Value::as_array).map_or(0, Vec::len);
    assert_eq!(policy.route_names().count(), list("routes"));
    assert_eq!(policy.issuers().count(), list("issuers"));
    assert!(policy.feed_sources().all(|source| source.index < list("issuers")));
}

fn check(decision: &Decision, is_authentic: bool, sent: &Sent, document: &Value) {
    let facts = match decision {
        Decision::Allow(allow) => &allow.facts,
        Decision::Deny(deny) => &deny.facts,
    };
    let route = facts.route.as_deref().and_then(|name| NaiveRoute::find(document, name));
    assert_eq!(facts.route.is_some(), route.is_some(), "a route that is not in the document");
    assert!(route.is_none_or(|route| route.is_for(sent)), "another route's request");
    assert!(is_authentic || facts.client_id.is_none(), "a client without a signature");
    if let Decision::Allow(allow) = decision {
        check_allowed(allow, route, document);
    }
}

fn check_allowed(allow: &Allow, route: Option<NaiveRoute<'_>>, document: &Value) {
    let mode = route.and_then(NaiveRoute::mode).or(document.get("default_mode"));
    let mode = mode.and_then(Value::as_str).unwrap_or("enforce");
    if allow.would_deny.is_some() {
        assert_eq!(mode, "observe", "a refusal passes");
    } else if allow.facts.client_id.is_none() {
        assert_eq!(mode, "public", "nobody in particular passes");
    }
}

/// What no route is for is refused, unless the operator only looks on.
fn check_unknown(decision: &Decision, document: &Value) {
    if NaiveRoute::all(document).any(NaiveRoute::has_parameters) {
        return;
    }
    let unknown = Rejection::Route(RouteError::NoRoute);
    let ambiguous = Rejection::Route(RouteError::AmbiguousHost);
    let reason = match decision {
        Decision::Deny(deny) => Some(deny.rejection),
        Decision::Allow(allow) => {
            assert_eq!(document.get("default_mode"), Some(&"observe".into()));
            allow.would_deny
        }
    };
    assert!(reason == Some(unknown) || reason == Some(ambiguous), "{decision:?}");
}

/// A path that no route of the corpus names.
const NOWHERE: &[u8] = b"/nowhere/at-all-0";
