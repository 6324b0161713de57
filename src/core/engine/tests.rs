mod feeds;

use std::prelude::v1::*;

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};

use super::*;
use crate::decision::Allow;
use crate::fetch::{FeedContent, FetchOutcome, FetchResponse};
use crate::rejection::KeySelectionError;
use crate::software;

/// The key set of the first issuer.
const KEYS: FeedId = FeedId { issuer: 0, kind: FeedKind::KeySet };

mod binding;
mod cached;
mod callers;
mod hosts;
mod keys;
mod status;

const NOW: u64 = 1_900_000_000;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(NOW + seconds)
}

fn signer(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn jwk(seed: u8, key_id: &str) -> Value {
    let x = Base64UrlUnpadded::encode_string(signer(seed).verifying_key().as_bytes());
    json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": key_id, "alg": "EdDSA" })
}

fn key_set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

/// A token for issuer `issuer`, signed with the key made of `seed`.
fn token(seed: u8, key_id: &str, issuer: &str) -> String {
    let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": key_id });
    let claims = json!({
        "iss": issuer, "sub": "c", "client_id": "c", "aud": "api", "iat": NOW, "exp": NOW + 300,
        "jti": "t", "scope": "read",
    });
    let segment = |value: Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
    let message = format!("{}.{}", segment(header), segment(claims));
    let signature = signer(seed).sign(message.as_bytes()).to_bytes();
    format!("{message}.{}", Base64UrlUnpadded::encode_string(&signature))
}

fn engine(issuers: &Value) -> Engine {
    let route = |name: &str, mode: &str, more: Value| {
        let mut route = json!({
            "name": name, "methods": ["GET"], "path": format!("/{name}"), "mode": mode,
        });
        route.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        route
    };
    let policy = json!({
        "issuers": issuers,
        "routes": [
            route("read", "enforce", json!({ "scopes": { "all": ["read"] } })),
            route("write", "enforce", json!({ "scopes": { "all": ["read"], "any": ["write"] } })),
            route("observed", "observe", json!({ "scopes": { "all": ["write"] } })),
            route("open", "public", json!({})),
            route("near", "enforce", json!({ "clients": ["c"], "issuers": ["https://a.test"], "networks": ["10.0.0.0/8"] })),
        ],
    });
    Engine::new(Policy::from_json(policy.to_string().as_bytes()).unwrap())
}

fn inline() -> Engine {
    engine(&json!([
        { "issuer": "https://a.test", "audiences": ["api"], "jwks": { "keys": [jwk(1, "k")] } },
        { "issuer": "https://b.test", "audiences": ["api"], "jwks": { "keys": [jwk(2, "k")] } },
    ]))
}

fn remote() -> Engine {
    engine(&json!([{
        "issuer": "https://a.test", "audiences": ["api"], "jwks_uri": "https://a.test/jwks.json",
        "maximum_stale_seconds": 600,
    }]))
}

fn step(engine: &mut Engine, path: &str, authorization: Option<&str>, now: Timestamp) -> Step {
    let value = authorization.unwrap_or_default().as_bytes();
    let headers: &[(&[u8], &[u8])] = &[(b"x-auth-subject", b"root"), (b"authorization", value)];
    let request = Request {
        method: b"GET",
        authority: b"api",
        path: path.as_bytes(),
        headers: if authorization.is_some() { headers } else { &headers[..1] },
        source: Some([127, 0, 0, 1].into()),
        ..Request::default()
    };
    engine.begin(&request, now)
}

/// The reason of a refusal, or `allow`, with software verification.
fn decide(engine: &mut Engine, path: &str, token: Option<&str>, now: Timestamp) -> Decision {
    let value = token.map(|token| format!("Bearer {token}"));
    let step = step(engine, path, value.as_deref(), now);
    end(engine, step, now).1
}

/// Answers every question, and gives the decision and the feed that it could wait for.
fn end(engine: &mut Engine, mut step: Step, now: Timestamp) -> (Option<FeedId>, Decision) {
    loop {
        match step {
            Step::Decided(decision) => return (None, decision),
            Step::Refresh { feed, otherwise } => return (Some(feed), otherwise),
            Step::Verify(pending) => {
                let outcome = software::verify(&pending.check());
                step = engine.finish(pending, outcome, now);
            }
        }
    }
}

fn code(decision: &Decision) -> &'static str {
    match decision {
        Decision::Allow(Allow { would_deny: None, .. }) => "allow",
        Decision::Allow(Allow { would_deny: Some(rejection), .. }) => rejection.code(),
        Decision::Deny(deny) => deny.rejection.code(),
    }
}

#[test]
fn allows_a_good_token_and_speaks_for_the_caller() {
    let decision = decide(&mut inline(), "/read", Some(&token(1, "k", "https://a.test")), at(0));
    let Decision::Allow(allow) = decision else { unreachable!("{decision:?}") };
    assert!(allow.set.contains(&("x-auth-client-id".into(), "c".into())));
    assert!(allow.set.contains(&("x-auth-scope".into(), "read".into())));
    assert_eq!(allow.remove, ["x-auth-subject"]);
    let Facts { route, issuer, client_id, subject, scope, token_id } = allow.facts;
    assert_eq!(route.as_ref().map(|name| (&**name, name.position())), Some(("read", 0)));
    assert_eq!(issuer.as_deref(), Some("https://a.test"));
    assert_eq!((client_id.as_deref(), subject.as_deref()), (Some("c"), Some("c")));
    assert_eq!((scope.as_deref(), token_id.as_deref()), (Some("read"), Some("t")));
}

#[test]
fn keeps_key_names_of_two_issuers_apart() {
    let mut engine = inline();
    for (seed, issuer, expected) in [
        (1, "https://a.test", "allow"),
        (2, "https://b.test", "allow"),
        (1, "https://b.test", "sig.bad"),
        (2, "https://a.test", "sig.bad"),
        (1, "https://c.test", "clm.iss"),
    ] {
        let decision = decide(&mut engine, "/read", Some(&token(seed, "k", issuer)), at(0));
        assert_eq!(code(&decision), expected, "{seed} {issuer}");
    }
}

#[test]
fn a_single_issuer_is_asked_for_the_key_whatever_a_token_claims() {
    let issuers = [("https://a.test", jwk(1, "k")), ("https://b.test", jwk(2, "k"))]
        .map(|(issuer, key)| json!({ "issuer": issuer, "audiences": ["api"], "jwks": { "keys": [key] } }));
    // The signature comes before the claims where there is a key without them.
    let foreign = token(9, "k", "https://c.test");
    for (issuers, expected) in [(&issuers[..1], "sig.bad"), (&issuers[..], "clm.iss")] {
        let decision = decide(&mut engine(&issuers.into()), "/read", Some(&foreign), at(0));
        assert_eq!(code(&decision), expected);
    }
}

#[test]
fn names_the_missing_scopes() {
    let decision = decide(&mut inline(), "/write", Some(&token(1, "k", "https://a.test")), at(0));
    let Decision::Deny(deny) = decision else { unreachable!("{decision:?}") };
    let response = deny.response();
    assert_eq!(response.status, 403);
    let challenge = response.headers.iter().find(|(name, _)| *name == "www-authenticate").unwrap();
    assert!(challenge.1.ends_with(r#"error="insufficient_scope", error_description="the access token lacks a scope that this request needs", scope="read write""#));
}

#[test]
fn observes_without_blocking_and_without_identity() {
    let mut engine = inline();
    for (token, expected) in [
        (Some(token(1, "k", "https://a.test")), "pol.scope"),
        (Some("broken".into()), "jws.structure"),
        (None, "hdr.missing"),
    ] {
        let decision = decide(&mut engine, "/observed", token.as_deref(), at(0));
        assert_eq!(code(&decision), expected);
        let Decision::Allow(allow) = decision else { unreachable!("{decision:?}") };
        assert!(allow.set.is_empty());
        assert_eq!(allow.remove, ["x-auth-subject"]);
    }
}

#[test]
fn opens_public_routes_but_not_for_broken_credentials() {
    let mut engine = inline();
    let decision = decide(&mut engine, "/open", None, at(0));
    let Decision::Allow(allow) = decision else { unreachable!("{decision:?}") };
    assert_eq!((allow.would_deny, allow.facts.route.as_deref()), (None, Some("open")));
    assert_eq!(allow.remove, ["x-auth-subject"]);
    assert_eq!(code(&decide(&mut engine, "/open", Some("broken"), at(0))), "jws.structure");
    let good = token(1, "k", "https://a.test");
    assert_eq!(code(&decide(&mut engine, "/open", Some(&good), at(0))), "allow");
}

#[test]
fn asks_for_the_network_of_the_caller() {
    let good = token(1, "k", "https://a.test");
    assert_eq!(code(&decide(&mut inline(), "/near", Some(&good), at(0))), "pol.network");
}

#[test]
fn refuses_to_decide_by_a_broken_clock() {
    let mut engine = inline();
    let good = token(1, "k", "https://a.test");
    for seconds in [0, 253_402_300_800] {
        let now = Timestamp::from_unix_seconds(seconds);
        assert_eq!(code(&decide(&mut engine, "/read", Some(&good), now)), "clock.bad");
    }
    assert_eq!(code(&decide(&mut engine, "/read", Some(&good), at(0))), "allow");
    let hour_ago = Timestamp::from_unix_seconds(NOW - 3_600);
    assert_eq!(code(&decide(&mut engine, "/read", Some(&good), hour_ago)), "clock.bad");
}

/// A policy with one route, patched at the top.
fn engine_with(patch: &Value) -> Engine {
    let mut policy = json!({
        "issuers": [
            { "issuer": "https://a.test", "audiences": ["api"], "jwks": { "keys": [jwk(1, "k")] } },
        ],
        "routes": [{
            "name": "read", "methods": ["GET"], "path": "/read", "scopes": { "all": ["read"] },
        }],
    });
    policy.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    Engine::new(Policy::from_json(policy.to_string().as_bytes()).unwrap())
}

/// Like [`token`] of key 1 for issuer a, under another header.
fn token_under(header: &Value) -> String {
    let usual = token(1, "k", "https://a.test");
    let claims = usual.split('.').nth(1).unwrap();
    let header = Base64UrlUnpadded::encode_string(header.to_string().as_bytes());
    let message = format!("{header}.{claims}");
    let signature = signer(1).sign(message.as_bytes()).to_bytes();
    format!("{message}.{}", Base64UrlUnpadded::encode_string(&signature))
}

#[test]
fn takes_only_the_token_types_of_the_issuer() {
    let issuer = |types: Value| {
        let mut issuer = json!({
            "issuer": "https://a.test", "audiences": ["api"], "jwks": { "keys": [jwk(1, "k")] },
        });
        issuer["token_types"] = types;
        json!({ "issuers": [issuer] })
    };
    let header = |token_type: &str| match token_type {
        "" => json!({ "alg": "EdDSA", "kid": "k" }),
        _ => json!({ "alg": "EdDSA", "kid": "k", "typ": token_type }),
    };
    for (allowed, token_type, expected) in [
        (json!(["at+jwt"]), "at+jwt", "allow"),
        (json!(["at+jwt"]), "JWT", "jws.typ"),
        (json!(["at+jwt"]), "", "jws.typ"),
        (json!(["JWT"]), "JWT", "allow"),
        (json!(["JWT"]), "", "jws.typ"),
        (json!(["JWT"]), "at+jwt", "jws.typ"),
        (json!(["missing"]), "", "allow"),
        (json!(["missing"]), "JWT", "jws.typ"),
        (json!(["at+jwt", "JWT", "missing"]), "dpop+jwt", "jws.typ"),
        (json!(["at+jwt", "JWT", "missing"]), "statuslist+jwt", "jws.typ"),
    ] {
        let mut engine = engine_with(&issuer(allowed.clone()));
        let decision = decide(&mut engine, "/read", Some(&token_under(&header(token_type))), at(0));
        assert_eq!(code(&decision), expected, "{allowed} {token_type}");
    }
}

#[test]
fn a_wrong_type_does_not_ask_for_keys() {
    let mut engine = remote();
    accept(&mut engine, &key_set(&[jwk(1, "k")]), at(0));
    let header = json!({ "alg": "EdDSA", "kid": "new", "typ": "JWT" });
    let decision = decide(&mut engine, "/read", Some(&token_under(&header)), at(20));
    assert_eq!(code(&decision), "jws.typ");
    assert!(engine.poll(at(20)).is_none());
}

#[test]
fn takes_a_token_without_key_name_for_a_single_pinned_key_only() {
    let nameless = token_under(&json!({ "alg": "EdDSA", "typ": "at+jwt" }));
    let empty = token_under(&json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "" }));
    let named = token(1, "k", "https://a.test");
    let mut without_kid = jwk(1, "k");
    without_kid.as_object_mut().unwrap().remove("kid");
    for (keys, token, expected) in [
        (vec![jwk(1, "k")], &nameless, "allow"),
        (vec![jwk(1, "k")], &empty, "allow"),
        (vec![jwk(1, "k")], &named, "allow"),
        (vec![jwk(2, "k")], &nameless, "sig.bad"),
        (vec![without_kid.clone()], &nameless, "allow"),
        (vec![without_kid], &named, "key.unknown"),
        (vec![jwk(1, "k"), jwk(2, "l")], &nameless, "key.missing"),
    ] {
        let issuers = json!([
            { "issuer": "https://a.test", "audiences": ["api"], "jwks": { "keys": keys } },
        ]);
        let mut engine = engine_with(&json!({ "issuers": issuers }));
        let decision = decide(&mut engine, "/read", Some(token), at(0));
        assert_eq!(code(&decision), expected, "{} {token}", issuers[0]["jwks"]);
    }
    let mut fetched = remote();
    accept(&mut fetched, &key_set(&[jwk(1, "k")]), at(0));
    assert_eq!(code(&decide(&mut fetched, "/read", Some(&nameless), at(0))), "key.missing");
}

#[test]
fn observes_by_default_what_no_route_is_for() {
    let mut enforced = engine_with(&json!({}));
    for (path, expected) in [("/nowhere", "pol.norule"), ("/a/..", "pol.path")] {
        let decision = decide(&mut enforced, path, None, at(0));
        assert!(matches!(decision, Decision::Deny(_)), "{decision:?}");
        assert_eq!(code(&decision), expected);
    }
    let mut observed = engine_with(&json!({
        "default_mode": "observe", "forward": { "would_deny_header": "x-would-deny" },
    }));
    for (path, expected) in
        [("/nowhere", "pol.norule"), ("/a/..", "pol.path"), ("/read", "hdr.missing")]
    {
        let decision = decide(&mut observed, path, None, at(0));
        assert_eq!(code(&decision), expected);
        let Decision::Allow(allow) = decision else { unreachable!("{decision:?}") };
        assert_eq!(allow.set, [("x-would-deny".into(), expected.into())]);
        assert_eq!(allow.remove, ["x-auth-subject"]);
    }
    let good = token(1, "k", "https://a.test");
    let decision = decide(&mut observed, "/read", Some(&good), at(0));
    let Decision::Allow(allow) = decision else { unreachable!("{decision:?}") };
    assert!(!allow.set.iter().any(|(name, _)| &**name == "x-would-deny"));
}

#[test]
fn a_route_may_enforce_where_the_default_observes() {
    let route = json!({
        "name": "read", "methods": ["GET"], "path": "/read", "mode": "enforce",
        "scopes": { "all": ["read"] },
    });
    let mut engine = engine_with(&json!({ "default_mode": "observe", "routes": [route] }));
    assert!(matches!(decide(&mut engine, "/read", None, at(0)), Decision::Deny(_)));
}

fn accept(engine: &mut Engine, body: &str, now: Timestamp) -> FetchOutcome {
    let fetch = engine.poll(now).unwrap();
    let body = body.as_bytes();
    engine.accept(fetch.feed, FetchResponse::Received { status: 200, headers: &[], body }, now)
}
