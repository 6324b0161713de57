use std::prelude::v1::*;

use super::*;
use crate::decision::Deny;

fn check(rejection: Rejection, status: u16, code: &str) {
    assert_eq!((rejection.code(), rejection.status()), (code, status), "{rejection:?}");
    assert_eq!(rejection.to_string(), code);
}

// Operators search their logs for these codes: one that changes is an incident that nobody finds.

#[test]
fn a_token_that_is_not_found_or_not_readable_has_a_code() {
    for (error, status, code) in [
        (BearerError::Missing, 401, "hdr.missing"),
        (BearerError::Multiple, 400, "hdr.multiple"),
        (BearerError::NotBearer, 401, "hdr.scheme"),
        (BearerError::NotText, 401, "hdr.charset"),
        (BearerError::TooLong, 401, "tok.size"),
    ] {
        check(Rejection::Bearer(error), status, code);
    }
    for (error, code) in [
        (TokenError::Algorithm, "jws.alg"),
        (TokenError::Base64, "jws.b64"),
        (TokenError::Critical, "jws.crit"),
        (TokenError::Duplicate, "jws.dup"),
        (TokenError::Header, "jws.header"),
        (TokenError::Json, "jws.json"),
        (TokenError::Structure, "jws.structure"),
        (TokenError::Type, "jws.typ"),
    ] {
        check(Rejection::Token(error), 401, code);
    }
}

#[test]
fn a_token_that_cannot_be_trusted_has_a_code() {
    for (error, status, code) in [
        (KeySelectionError::Algorithm, 401, "key.alg"),
        (KeySelectionError::NoKeyId, 401, "key.missing"),
        (KeySelectionError::NoKeySet, 503, "jwks.none"),
        (KeySelectionError::Unknown, 401, "key.unknown"),
        (KeySelectionError::UnknownIssuer, 401, "clm.iss"),
    ] {
        check(Rejection::Key(error), status, code);
    }
    for (error, status, code) in [
        (SignatureError::Invalid, 401, "sig.bad"),
        (SignatureError::Length, 401, "sig.len"),
        (SignatureError::Unsupported, 503, "sig.unsupported"),
    ] {
        check(Rejection::Signature(error), status, code);
    }
    for (error, code) in [
        (ClaimError::Audience, "clm.aud"),
        (ClaimError::Duplicate, "clm.dup"),
        (ClaimError::Expired, "clm.exp"),
        (ClaimError::IssuedAt, "clm.iat"),
        (ClaimError::Issuer, "clm.iss"),
        (ClaimError::Json, "jws.json"),
        (ClaimError::Lifetime, "clm.life"),
        (ClaimError::NotBefore, "clm.nbf"),
        (ClaimError::Required, "clm.required"),
        (ClaimError::Scope, "clm.scope"),
        (ClaimError::Type, "clm.type"),
    ] {
        check(Rejection::Claim(error), 401, code);
    }
}

#[test]
fn a_token_that_is_revoked_or_in_other_hands_has_a_code() {
    for (error, status, code) in [
        (StatusError::Foreign, 401, "rev.foreign"),
        (StatusError::NoList, 503, "rev.none"),
        (StatusError::OutOfRange, 401, "rev.range"),
        (StatusError::Revoked, 401, "rev.hit"),
    ] {
        check(Rejection::Status(error), status, code);
    }
    for (error, status, code) in [
        (BindingError::Certificate, 401, "clm.bound"),
        (BindingError::Key, 401, "clm.bound"),
        (BindingError::Proof, 401, "dpop.proof"),
        (BindingError::ProofMissing, 401, "dpop.missing"),
        (BindingError::ProofMultiple, 400, "dpop.multiple"),
        (BindingError::Replayed, 401, "dpop.replay"),
        (BindingError::Route, 403, "pol.binding"),
        (BindingError::Unknown, 401, "clm.bound"),
        (BindingError::WindowFull, 503, "dpop.full"),
    ] {
        check(Rejection::Binding(error), status, code);
    }
}

#[test]
fn a_request_that_is_not_allowed_or_cannot_be_decided_has_a_code() {
    for (error, code) in [
        (GrantError::Client, "pol.client"),
        (GrantError::Issuer, "pol.issuer"),
        (GrantError::Network, "pol.network"),
        (GrantError::Scope, "pol.scope"),
    ] {
        check(Rejection::Grant(error), 403, code);
    }
    for (error, code) in [
        (RouteError::AmbiguousHost, "pol.host"),
        (RouteError::AmbiguousPath, "pol.path"),
        (RouteError::NoRoute, "pol.norule"),
    ] {
        check(Rejection::Route(error), 403, code);
    }
    check(Rejection::Clock(ClockError), 503, "clock.bad");
    check(Rejection::HostFailed, 503, "host.failed");
    check(Rejection::NoPolicy, 503, "cfg.none");
}

#[test]
fn a_challenge_tells_the_caller_what_to_do_and_not_why() {
    let challenge = |rejection| {
        let response = Deny::new(rejection).response();
        let mut headers = response.headers.into_iter();
        headers.find(|(name, _)| *name == "www-authenticate").map(|(_, value)| value)
    };
    let starts = |rejection, start: &str| {
        let challenge = challenge(rejection).unwrap();
        assert!(challenge.starts_with(start), "{challenge}");
        challenge
    };
    assert_eq!(challenge(Rejection::Bearer(BearerError::Missing)).unwrap(), "Bearer");
    starts(Rejection::Bearer(BearerError::Multiple), r#"Bearer error="invalid_request""#);
    starts(Rejection::Grant(GrantError::Scope), r#"Bearer error="insufficient_scope""#);
    starts(Rejection::Binding(BindingError::Proof), r#"DPoP error="invalid_dpop_proof""#);
    starts(Rejection::Binding(BindingError::ProofMultiple), r#"DPoP error="invalid_dpop_proof""#);
    starts(Rejection::Binding(BindingError::Key), r#"DPoP error="invalid_token""#);
    let expired = starts(Rejection::Claim(ClaimError::Expired), r#"Bearer error="invalid_token""#);
    assert_eq!(challenge(Rejection::Signature(SignatureError::Invalid)).unwrap(), expired);
    for rejection in [Rejection::Route(RouteError::NoRoute), Rejection::NoPolicy] {
        assert_eq!(challenge(rejection), None, "{rejection}");
    }
}

#[test]
fn an_answer_is_json_that_nobody_keeps() {
    for (rejection, error, retry) in [
        (Rejection::Grant(GrantError::Client), "access_denied", false),
        (Rejection::Bearer(BearerError::Missing), "missing_token", false),
        (Rejection::NoPolicy, "temporarily_unavailable", true),
    ] {
        let response = Deny::new(rejection).response();
        assert_eq!(response.status, rejection.status());
        let body: serde_json::Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!(body["error"], error);
        let line = |name, value: &str| response.headers.contains(&(name, value.into()));
        assert!(line("content-type", "application/json") && line("cache-control", "no-store"));
        assert_eq!(line("retry-after", "2"), retry, "{rejection}");
    }
}
