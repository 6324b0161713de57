//! Carrying out a decision on the request in force.

use crate::host::{self, HeaderMap, HostError, Level};
use crate::tell::{Outcome, Tell};
use edgelatch_core::{Allow, Decision, Deny, Engine, Rejection};

/// What becomes of the request in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It goes on to the next filter.
    Pass,
    /// It stays: it was answered, or it waits.
    Hold,
}

/// Passes the request on with its headers put right, or answers it.
pub(crate) fn give(decision: &Decision, tell: &mut Tell) -> Verdict {
    match decision {
        Decision::Allow(allow) => match rewrite(allow) {
            Ok(()) => pass(allow, tell),
            // With headers that could not be put right, the upstream would believe the client.
            Err(error) => fail(&error, tell),
        },
        Decision::Deny(deny) => refuse(deny, tell),
    }
}

/// Answers that this edge has no policy to decide by.
pub(crate) fn unconfigured(tell: &mut Tell) -> Verdict {
    refuse(&Deny::new(Rejection::NoPolicy), tell)
}

/// Answers that this edge cannot decide, because Envoy did not do its part.
pub(crate) fn fail(error: &HostError, tell: &mut Tell) -> Verdict {
    host::log(Level::Critical, &format!("a request was refused, as {error}"));
    refuse(&Deny::new(Rejection::HostFailed), tell)
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
    // All names that are set are reserved, so what the client sent under them is gone by now.
    for (name, value) in &allow.set {
        host::add_request_header(name, value)?;
    }
    Ok(())
}

fn pass(allow: &Allow, tell: &mut Tell) -> Verdict {
    let outcome = match allow.would_deny {
        None => Outcome::Allowed,
        Some(_) => Outcome::WouldDeny,
    };
    tell.decided(outcome, allow.would_deny, &allow.facts);
    Verdict::Pass
}

fn refuse(deny: &Deny, tell: &mut Tell) -> Verdict {
    tell.decided(Outcome::Denied, Some(deny.rejection), &deny.facts);
    let response = deny.response();
    let headers: Vec<(&str, &str)> =
        response.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let details = format!("edgelatch_access_denied{{{}}}", deny.rejection.code());
    if let Err(error) = host::send_response(response.status, &details, &headers, &response.body) {
        // The request is held all the same: it cannot pass, the client runs into a time-out.
        host::log(Level::Critical, &format!("a request got no answer, as {error}"));
    }
    Verdict::Hold
}
