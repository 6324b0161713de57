//! The HTTP answer to a refused request (RFC 6750 s3).

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Deny;
use crate::rejection::Answer;

/// A finished answer. It holds nothing of what the caller sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Header lines, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// JSON with `error` and `error_description`.
    pub body: String,
}

/// Translates a refusal.
pub(super) fn respond(deny: &Deny) -> Response {
    let answer = deny.rejection.answer();
    let (error, description) = error(answer);
    let mut headers = Vec::from([
        ("content-type", "application/json".to_string()),
        ("cache-control", "no-store".to_string()),
    ]);
    if let Some(challenge) = challenge(answer, &deny.required_scope) {
        headers.push(("www-authenticate", challenge));
    }
    if answer == Answer::Unavailable {
        headers.push(("retry-after", RETRY_AFTER_SECONDS.to_string()));
    }
    Response {
        status: deny.rejection.status(),
        headers,
        body: format!(r#"{{"error":"{error}","error_description":"{description}"}}"#),
    }
}

/// The error and its constant text: details would help a forger more than a caller, and the
/// operator's log has them.
fn error(answer: Answer) -> (&'static str, &'static str) {
    match answer {
        Answer::AccessDenied => ("access_denied", "this request is not allowed"),
        Answer::InsufficientScope => {
            ("insufficient_scope", "the access token lacks a scope that this request needs")
        }
        Answer::InvalidBoundToken => {
            ("invalid_token", "the access token and the DPoP proof do not belong together")
        }
        Answer::InvalidProof => ("invalid_dpop_proof", "the DPoP proof is missing or not valid"),
        Answer::InvalidProofs => ("invalid_dpop_proof", "the request has more than one DPoP proof"),
        Answer::InvalidRequest => ("invalid_request", "the request has more than one access token"),
        Answer::InvalidToken => ("invalid_token", "the access token is not valid"),
        Answer::MissingToken => ("missing_token", "send an access token as Authorization: Bearer"),
        Answer::Unavailable => {
            ("temporarily_unavailable", "access cannot be decided at the moment; try again")
        }
    }
}

fn challenge(answer: Answer, required_scope: &str) -> Option<String> {
    let (error, description) = error(answer);
    match answer {
        Answer::AccessDenied | Answer::Unavailable => None,
        // RFC 6750 s3.1: without credentials, no error code.
        Answer::MissingToken => Some("Bearer".into()),
        Answer::InvalidBoundToken | Answer::InvalidProof | Answer::InvalidProofs => Some(format!(
            r#"DPoP error="{error}", error_description="{description}", algs="{PROOF_ALGORITHMS}""#
        )),
        Answer::InvalidRequest | Answer::InvalidToken => {
            Some(format!(r#"Bearer error="{error}", error_description="{description}""#))
        }
        Answer::InsufficientScope => Some(format!(
            r#"Bearer error="{error}", error_description="{description}", scope="{required_scope}""#
        )),
    }
}

/// The algorithms to choose from for a new key; RS256, PS256 and the older name `EdDSA` are accepted too.
const PROOF_ALGORITHMS: &str = "ES256 Ed25519";

/// Long enough for a key set to be fetched.
const RETRY_AFTER_SECONDS: u8 = 2;
