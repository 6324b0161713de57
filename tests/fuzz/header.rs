//! Header lines in, decision out: nobody is admitted without one valid token, nothing of what was sent comes back, and
//! no header reaches the upstream that could be taken for ours.

use edgelatch_core::{Allow, Decision, Deny, Engine, Response};

use crate::Verdict;
use crate::host::{self, NOW};
use crate::issued;
use crate::sent::Sent;

pub(crate) fn run(input: &[u8]) -> Verdict {
    let sent = Sent::parse(input);
    let mut engine = host::fresh_engine();
    let decision = sent.with(|request| host::decide(&mut engine, request, NOW, issued::answer));
    match &decision {
        Decision::Allow(allow) => check_allowed(allow, &sent, &engine),
        Decision::Deny(deny) => check_refused(deny),
    }
    // What an engine remembers changes nothing, except that a proof is good for once.
    let again = sent.with(|request| host::decide(&mut engine, request, NOW, issued::answer));
    let is_proven = brings_proof(&sent) && host::admits_client(&decision);
    assert!(again == decision || is_proven, "{decision:?}, and then {again:?}");
    assert!(!is_proven || !host::admits_client(&again), "a proof was taken twice");
    Verdict::new(host::admits_client(&decision))
}

/// A proof beside a plain bearer token is one header among many.
fn brings_proof(sent: &Sent) -> bool {
    let scheme = |value: &&[u8]| value.get(..5).is_some_and(|s| s.eq_ignore_ascii_case(b"dpop "));
    sent.values("authorization").iter().any(scheme)
}

fn check_allowed(allow: &Allow, sent: &Sent, engine: &Engine) {
    let route = allow.facts.route.as_deref().unwrap_or_default();
    if allow.would_deny.is_some() {
        assert!(OBSERVED.contains(&route), "{route} is enforced");
        assert!(allow.set.iter().all(|(name, _)| &**name == "x-would-deny"), "{:?}", allow.set);
    } else if allow.facts.client_id.is_none() {
        assert!(PUBLIC.contains(&route), "{route} is not public");
        assert!(sent.values("authorization").is_empty(), "broken credentials passed as none");
    } else {
        check_credentials(sent);
    }
    check_lines(allow, sent, engine);
}

/// Exactly one line, and exactly a token that was issued.
fn check_credentials(sent: &Sent) {
    let lines = sent.values("authorization");
    let [line] = lines.as_slice() else { unreachable!("{} credentials", lines.len()) };
    let token = line.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
    let is_issued = issued::tokens().iter().any(|known| known.text.as_bytes() == token);
    assert!(is_issued, "{}", line.escape_ascii());
}

/// Every line that speaks for the edge is taken away, and none that is set could leave its line.
fn check_lines(allow: &Allow, sent: &Sent, engine: &Engine) {
    for (name, _) in &sent.headers {
        let plain: Vec<u8> =
            name.iter().map(|byte| if *byte == b'_' { b'-' } else { *byte }).collect();
        let speaks_for_us = plain.to_ascii_lowercase().starts_with(b"x-auth-");
        assert!(!speaks_for_us || engine.is_reserved_header(name), "{}", name.escape_ascii());
        if let Ok(name) = str::from_utf8(name)
            && speaks_for_us
        {
            let lower = name.to_ascii_lowercase();
            assert!(allow.remove.iter().any(|removed| *removed == lower), "{name} passes");
        }
    }
    for (name, value) in &allow.set {
        let is_plain = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        assert!(is_plain(name) && is_plain(value), "{name}: {value:?}");
    }
}

/// The answer is the constant one of its reason; only the route's own scopes may stand in it.
fn check_refused(deny: &Deny) {
    let answer = deny.response();
    let usual = Deny::new(deny.rejection).response();
    let without_scope = |response: Response| {
        let headers = response.headers.into_iter().map(|(name, value)| {
            let scope = SCOPES.iter().map(|scope| format!("scope=\"{scope}\""));
            (name, scope.fold(value, |value, scope| value.replace(&scope, "scope=\"\"")))
        });
        (response.status, headers.collect::<Vec<_>>(), response.body)
    };
    assert_eq!(without_scope(answer), without_scope(usual));
}

/// The modes and scopes of `policy.json`.
const OBSERVED: [&str; 1] = ["observed"];
const PUBLIC: [&str; 2] = ["public", "nearby"];
const SCOPES: [&str; 2] = ["orders:read", "orders:write orders:admin"];
