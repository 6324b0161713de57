//! Carrying out a decision on the request in force.

use crate::host::{self, HeaderMap, HostError, Level, Metrics};
use edgelatch_core::{Allow, Decision, Deny, Engine, Facts, Rejection};

/// What becomes of the request in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes on to the next filter.
    Pass,
    /// It stays: it was answered, or it waits.
    Hold,
}

/// Passes the request on with its headers put right, or answers it.
pub(crate) fn give(decision: &Decision, metrics: &mut Metrics) -> Verdict {
    match decision {
        Decision::Allow(allow) => match rewrite(allow) {
            Ok(()) => pass(allow, metrics),
            // With headers that could not be put right, the upstream would believe the client.
            Err(error) => fail(&error, metrics),
        },
        Decision::Deny(deny) => refuse(deny, metrics),
    }
}

/// Answers that this edge has no policy to decide by.
pub(crate) fn unconfigured(metrics: &mut Metrics) -> Verdict {
    refuse(&Deny::new(Rejection::NoPolicy), metrics)
}

/// Answers that this edge cannot decide, because Envoy did not do its part.
pub(crate) fn fail(error: &HostError, metrics: &mut Metrics) -> Verdict {
    host::log(Level::Critical, &format!("a request was refused, as {error}"));
    refuse(&Deny::new(Rejection::HostFailed), metrics)
}

/// Removes from the trailers in force every line whose name only this edge may use.
pub(crate) fn clean_trailers(engine: &Engine) -> Result<(), HostError> {
    let lines = host::header_map(HeaderMap::RequestTrailers)?;
    for (name, _) in host::parse_pairs(&lines)? {
        if engine.is_reserved_header(name) {
            host::remove_lines(HeaderMap::RequestTrailers, name)?;
        }
    }
    Ok(())
}

fn rewrite(allow: &Allow) -> Result<(), HostError> {
    for name in &allow.remove {
        host::remove_lines(HeaderMap::Request, name.as_bytes())?;
    }
    for (name, value) in &allow.set {
        host::set_request_header(name, value)?;
    }
    Ok(())
}

fn pass(allow: &Allow, metrics: &mut Metrics) -> Verdict {
    match &allow.would_deny {
        None => {
            metrics.count("edgelatch.", "allowed");
            show("allowed", None, &allow.facts);
        }
        Some(rejection) => {
            metrics.count("edgelatch.would_deny.", rejection.code());
            show("would_deny", Some(rejection.code()), &allow.facts);
        }
    }
    Verdict::Pass
}

fn refuse(deny: &Deny, metrics: &mut Metrics) -> Verdict {
    let code = deny.rejection.code();
    metrics.count("edgelatch.denied.", code);
    show("denied", Some(code), &deny.facts);
    let response = deny.response();
    let headers: Vec<(&str, &str)> =
        response.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let details = format!("edgelatch_access_denied{{{code}}}");
    if let Err(error) = host::send_response(response.status, &details, &headers, &response.body) {
        // The request is held all the same: it cannot pass, the client runs into a time-out.
        host::log(Level::Critical, &format!("a request got no answer, as {error}"));
    }
    Verdict::Hold
}

/// Shows the outcome to access logs and later filters.
fn show(outcome: &str, code: Option<&str>, facts: &Facts) {
    let state = [
        ("edgelatch.outcome", Some(outcome)),
        ("edgelatch.reason", code),
        ("edgelatch.route", facts.route.as_deref()),
        ("edgelatch.client_id", facts.client_id.as_deref()),
        ("edgelatch.issuer", facts.issuer.as_deref()),
        ("edgelatch.token_id", facts.token_id.as_deref()),
    ];
    for (name, value) in state {
        let Some(value) = value else { continue };
        if let Err(error) = host::set_filter_state(name, value) {
            host::log(Level::Warning, &format!("the access log lacks {name}, as {error}"));
        }
    }
}
