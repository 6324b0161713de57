//! Tokens in the right and in the wrong hands.

use std::prelude::v1::*;

use sha2::{Digest as _, Sha256};

use super::*;

const CERTIFICATE: [u8; 32] = [0xcc; 32];

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// A signed compact JWS.
fn sign(seed: u8, header: &Value, claims: &Value) -> String {
    let segment = |value: &Value| encode(value.to_string().as_bytes());
    let message = format!("{}.{}", segment(header), segment(claims));
    format!("{message}.{}", encode(&signer(seed).sign(message.as_bytes()).to_bytes()))
}

fn public(seed: u8) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(signer(seed).verifying_key().as_bytes()) })
}

fn thumbprint(seed: u8) -> String {
    let x = encode(signer(seed).verifying_key().as_bytes());
    encode(&Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)))
}

/// A token of client c, bound to what `confirmation` says.
fn bound(confirmation: &Value) -> String {
    let claims = json!({
        "iss": "https://a.test", "sub": "c", "client_id": "c", "aud": "api", "iat": NOW,
        "exp": NOW + 3_000, "jti": "t", "scope": "read", "cnf": confirmation,
    });
    sign(1, &json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "k" }), &claims)
}

fn for_key(seed: u8) -> String {
    bound(&json!({ "jkt": thumbprint(seed) }))
}

/// The header and the claims of a sound proof by key 5 for `token` at the second `at`.
fn proof_parts(token: &str, id: &str, at: u64) -> (Value, Value) {
    let claims = json!({
        "jti": id, "htm": "GET", "htu": "https://api.test/read", "iat": NOW + at,
        "ath": encode(&Sha256::digest(token)),
    });
    (json!({ "alg": "Ed25519", "typ": "dpop+jwt", "jwk": public(5) }), claims)
}

fn proof(token: &str, id: &str, at: u64) -> String {
    let (header, claims) = proof_parts(token, id, at);
    sign(5, &header, &claims)
}

/// A policy that knows both bindings.
fn both() -> Engine {
    let route = |name: &str, more: Value| {
        let mut route = json!({
            "name": name, "methods": ["GET"], "path": format!("/{name}"), "scopes": { "all": ["read"] },
        });
        route.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        route
    };
    engine_with(&json!({
        "dpop": { "maximum_proofs": 16 },
        "client_certificate": { "from": "connection" },
        "routes": [
            route("read", json!({})),
            route("certified", json!({ "binding": "mtls" })),
            route("proven", json!({ "binding": "dpop" })),
            route("watched", json!({ "mode": "observe" })),
        ],
    }))
}

/// What a test sends.
struct Sent<'a> {
    path: &'a str,
    authorization: String,
    proofs: Vec<String>,
    certificate: Option<[u8; 32]>,
}

impl Sent<'_> {
    fn bearer(token: &str) -> Self {
        let authorization = format!("Bearer {token}");
        Self { path: "/read", authorization, proofs: Vec::new(), certificate: None }
    }

    fn dpop(token: &str, proof: &str) -> Self {
        let authorization = format!("DPoP {token}");
        Self { path: "/read", authorization, proofs: vec![proof.into()], certificate: None }
    }
}

fn answer(engine: &mut Engine, sent: &Sent<'_>, now: Timestamp) -> Decision {
    let mut headers: Vec<(&[u8], &[u8])> = vec![(b"Authorization", sent.authorization.as_bytes())];
    headers.extend(sent.proofs.iter().map(|proof| (&b"DPoP"[..], proof.as_bytes())));
    let request = Request {
        method: b"GET",
        scheme: b"https",
        authority: b"api.test:443",
        path: sent.path.as_bytes(),
        headers: &headers,
        certificate: sent.certificate,
        ..Request::default()
    };
    let step = engine.begin(&request, now);
    end(engine, step, now).1
}

fn check(engine: &mut Engine, sent: &Sent<'_>, at_second: u64, expected: &str) {
    let decision = answer(engine, sent, at(at_second));
    assert_eq!(code(&decision), expected, "{} {:?}", sent.authorization, sent.proofs);
}

#[test]
fn a_token_bound_to_a_certificate_needs_that_certificate() {
    let token = bound(&json!({ "x5t#S256": encode(&CERTIFICATE) }));
    for (certificate, expected) in
        [(Some(CERTIFICATE), "allow"), (Some([0xcd; 32]), "clm.bound"), (None, "clm.bound")]
    {
        let sent = Sent { certificate, ..Sent::bearer(&token) };
        check(&mut both(), &sent, 0, expected);
    }
    let mut last_bit = CERTIFICATE;
    last_bit[31] ^= 1;
    let sent = Sent { certificate: Some(last_bit), ..Sent::bearer(&token) };
    check(&mut both(), &sent, 0, "clm.bound");
}

#[test]
fn a_certificate_proves_nothing_where_the_policy_does_not_look_at_it() {
    let token = bound(&json!({ "x5t#S256": encode(&CERTIFICATE) }));
    let sent = Sent { certificate: Some(CERTIFICATE), ..Sent::bearer(&token) };
    check(&mut engine_with(&json!({})), &sent, 0, "clm.bound");
}

#[test]
fn a_proof_shows_the_key_that_the_token_is_bound_to() {
    let token = for_key(5);
    check(&mut both(), &Sent::dpop(&token, &proof(&token, "1", 0)), 0, "allow");
    let of_another_key = for_key(6);
    let sent = Sent::dpop(&of_another_key, &proof(&of_another_key, "1", 0));
    check(&mut both(), &sent, 0, "clm.bound");
}

#[test]
fn a_token_bound_to_a_key_is_nothing_as_bearer_and_a_bearer_token_nothing_as_dpop() {
    let token = for_key(5);
    check(&mut both(), &Sent::bearer(&token), 0, "clm.bound");
    let beside = Sent { proofs: vec![proof(&token, "1", 0)], ..Sent::bearer(&token) };
    check(&mut both(), &beside, 0, "clm.bound");
    let plain = super::token(1, "k", "https://a.test");
    check(&mut both(), &Sent::bearer(&plain), 0, "allow");
    check(&mut both(), &Sent::dpop(&plain, &proof(&plain, "1", 0)), 0, "clm.bound");
}

#[test]
fn the_scheme_is_unknown_where_the_policy_has_no_dpop() {
    let token = for_key(5);
    let sent = Sent::dpop(&token, &proof(&token, "1", 0));
    check(&mut engine_with(&json!({})), &sent, 0, "hdr.scheme");
    check(&mut engine_with(&json!({})), &Sent::bearer(&token), 0, "clm.bound");
    check(&mut engine_with(&json!({ "dpop": {} })), &sent, 0, "allow");
}

#[test]
fn needs_exactly_one_proof() {
    let token = for_key(5);
    let one = proof(&token, "1", 0);
    for (proofs, expected) in [
        (vec![], "dpop.missing"),
        (vec![one.clone()], "allow"),
        (vec![one.clone(), one.clone()], "dpop.multiple"),
        (vec![format!("{one},{one}")], "dpop.multiple"),
        (vec![String::new()], "dpop.proof"),
        (vec![format!("{one} ")], "dpop.proof"),
        (vec!["a".repeat(8_193)], "dpop.proof"),
        (vec![token.clone()], "dpop.proof"),
    ] {
        let sent = Sent { proofs, ..Sent::dpop(&token, "") };
        check(&mut both(), &sent, 0, expected);
    }
}

#[test]
fn a_proof_is_for_one_request_one_token_and_a_short_time() {
    let token = for_key(5);
    let other = bound(&json!({ "jkt": thumbprint(5), "kid": "x" }));
    let ath = |token: &str| encode(&Sha256::digest(token));
    for (member, value, expected) in [
        ("htm", json!("GET"), "allow"),
        ("htm", json!("POST"), "dpop.proof"),
        ("htm", json!("get"), "dpop.proof"),
        ("htm", json!(null), "dpop.proof"),
        ("htu", json!("HTTPS://API.test/read?x=1"), "allow"),
        ("htu", json!("http://api.test/read"), "dpop.proof"),
        ("htu", json!("https://api.test/write"), "dpop.proof"),
        ("htu", json!("https://other.test/read"), "dpop.proof"),
        ("htu", json!(["https://api.test/read"]), "dpop.proof"),
        ("ath", json!(ath(&token)), "allow"),
        ("ath", json!(ath(&other)), "dpop.proof"),
        ("ath", json!(format!("{}=", ath(&token))), "dpop.proof"),
        ("ath", json!(null), "dpop.proof"),
        ("iat", json!(NOW - 70), "allow"),
        ("iat", json!(NOW - 71), "dpop.proof"),
        ("iat", json!(NOW + 10), "allow"),
        ("iat", json!(NOW + 11), "dpop.proof"),
        ("iat", json!("1900000000"), "dpop.proof"),
        ("iat", json!(null), "dpop.proof"),
        ("jti", json!("x".repeat(256)), "allow"),
        ("jti", json!("x".repeat(257)), "dpop.proof"),
        ("jti", json!(""), "dpop.proof"),
        ("jti", json!(7), "dpop.proof"),
        ("jti", json!("a\n"), "dpop.proof"),
        ("jti", json!(null), "dpop.proof"),
    ] {
        let (header, mut claims) = proof_parts(&token, "1", 0);
        claims[member] = value.clone();
        let decision = answer(&mut both(), &Sent::dpop(&token, &sign(5, &header, &claims)), at(0));
        assert_eq!(code(&decision), expected, "{member} {value}");
        claims.as_object_mut().unwrap().remove(member);
        let without = Sent::dpop(&token, &sign(5, &header, &claims));
        check(&mut both(), &without, 0, "dpop.proof");
    }
}

#[test]
fn a_proof_says_what_it_is_and_brings_one_sound_public_key() {
    let token = for_key(5);
    let with = |member: &str, value: Value| {
        let mut key = public(5);
        key[member] = value;
        key
    };
    for (member, value, expected) in [
        ("typ", json!("DPOP+JWT"), "allow"),
        ("typ", json!("at+jwt"), "dpop.proof"),
        ("typ", json!("JWT"), "dpop.proof"),
        ("typ", json!(null), "dpop.proof"),
        ("alg", json!("EdDSA"), "allow"),
        ("alg", json!("none"), "dpop.proof"),
        ("alg", json!("HS256"), "dpop.proof"),
        ("alg", json!("ES256"), "dpop.proof"),
        ("alg", json!("RS512"), "dpop.proof"),
        ("jwk", with("use", json!("sig")), "allow"),
        ("jwk", with("kid", json!("any")), "allow"),
        ("jwk", with("use", json!("enc")), "dpop.proof"),
        ("jwk", with("alg", json!("ES256")), "dpop.proof"),
        ("jwk", with("d", json!("AAAA")), "dpop.proof"),
        ("jwk", with("d", json!(1)), "dpop.proof"),
        ("jwk", with("d", json!(null)), "dpop.proof"),
        ("jwk", with("kid", json!(1)), "dpop.proof"),
        ("jwk", with("alg", json!(1)), "dpop.proof"),
        ("jwk", with("use", json!(true)), "dpop.proof"),
        ("jwk", with("key_ops", json!([1])), "dpop.proof"),
        ("jwk", with("key_ops", json!(["verify"])), "allow"),
        ("jwk", with("x", json!("AAAA")), "dpop.proof"),
        ("jwk", with("x", json!(encode(&[0; 32]))), "dpop.proof"),
        ("jwk", json!({ "kty": "oct", "k": "AAAA" }), "dpop.proof"),
        ("jwk", public(6), "clm.bound"),
        ("jwk", json!("x"), "dpop.proof"),
        ("crit", json!(["exp"]), "dpop.proof"),
        ("b64", json!(true), "dpop.proof"),
        ("jku", json!("https://evil.test"), "dpop.proof"),
        ("x5c", json!([]), "dpop.proof"),
        ("kid", json!("any"), "allow"),
    ] {
        let (mut header, claims) = proof_parts(&token, "1", 0);
        header[member] = value.clone();
        let sent = Sent::dpop(&token, &sign(5, &header, &claims));
        let decision = answer(&mut both(), &sent, at(0));
        assert_eq!(code(&decision), expected, "{member} {value}");
    }
}

#[test]
fn a_proof_may_be_8_kib_long_and_no_longer() {
    let token = for_key(5);
    let padded = |length: usize| {
        // Four bytes of text are three of claims, so that some lengths take a longer header.
        (0..3).flat_map(|more| (5_000..7_000).map(move |fill| (more, fill))).find_map(
            |(more, fill)| {
                let (mut header, mut claims) = proof_parts(&token, "1", 0);
                let bytes = |value: &Value| (value.to_string().len() * 4).div_ceil(3);
                header["x"] = "x".repeat(more).into();
                claims["x"] = "x".repeat(fill).into();
                (bytes(&header) + bytes(&claims) + 88 == length).then(|| sign(5, &header, &claims))
            },
        )
    };
    for (length, expected) in [(8_192, "allow"), (8_193, "dpop.proof")] {
        let proof = padded(length).unwrap();
        assert_eq!(proof.len(), length);
        check(&mut both(), &Sent::dpop(&token, &proof), 0, expected);
    }
}

#[test]
fn a_proof_is_signed_by_the_key_it_brings() {
    let token = for_key(5);
    let (header, claims) = proof_parts(&token, "1", 0);
    check(&mut both(), &Sent::dpop(&token, &sign(6, &header, &claims)), 0, "dpop.proof");
    let mut engine = both();
    let sound = proof(&token, "1", 0);
    let (message, _) = sound.rsplit_once('.').unwrap();
    let zeroed = format!("{message}.{}", encode(&[0; 64]));
    check(&mut engine, &Sent::dpop(&token, &zeroed), 0, "dpop.proof");
    // What was not signed is not remembered: nobody uses up another one's proof.
    check(&mut engine, &Sent::dpop(&token, &sound), 0, "allow");
}

#[test]
fn refuses_duplicate_members_of_a_proof() {
    let token = for_key(5);
    let (header, claims) = proof_parts(&token, "1", 0);
    let header_twice = header.to_string().replacen('{', r#"{"typ":"dpop+jwt","#, 1);
    let claims_twice = claims.to_string().replacen('{', r#"{"htm":"GET","#, 1);
    let key_twice = header.to_string().replacen(r#""jwk":{"#, r#""jwk":{"kty":"OKP","#, 1);
    for (header, claims) in [
        (header_twice, claims.to_string()),
        (header.to_string(), claims_twice),
        (key_twice, claims.to_string()),
    ] {
        let message = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
        let signature = encode(&signer(5).sign(message.as_bytes()).to_bytes());
        let sent = Sent::dpop(&token, &format!("{message}.{signature}"));
        check(&mut both(), &sent, 0, "dpop.proof");
    }
}

#[test]
fn takes_each_proof_once() {
    let mut engine = both();
    let token = for_key(5);
    let first = Sent::dpop(&token, &proof(&token, "1", 0));
    check(&mut engine, &first, 0, "allow");
    check(&mut engine, &first, 0, "dpop.replay");
    check(&mut engine, &Sent::dpop(&token, &proof(&token, "1", 30)), 30, "dpop.replay");
    check(&mut engine, &Sent::dpop(&token, &proof(&token, "2", 30)), 30, "allow");
    check(&mut engine, &first, 71, "dpop.proof");
}

#[test]
fn a_refused_request_does_not_use_up_its_proof() {
    let mut engine = both();
    let claims = json!({
        "iss": "https://a.test", "sub": "c", "client_id": "c", "aud": "api", "iat": NOW,
        "exp": NOW + 300, "jti": "t", "scope": "other", "cnf": { "jkt": thumbprint(5) },
    });
    let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "k" });
    let token = sign(1, &header, &claims);
    let sent = Sent::dpop(&token, &proof(&token, "1", 0));
    check(&mut engine, &sent, 0, "pol.scope");
    check(&mut engine, &sent, 0, "pol.scope");
    assert_eq!(engine.replays.len(), 0);
}

#[test]
fn a_full_window_refuses_new_proofs_and_old_ones_alike() {
    let mut engine = both();
    let token = for_key(5);
    for number in 0..16 {
        let sent = Sent::dpop(&token, &proof(&token, &number.to_string(), 0));
        check(&mut engine, &sent, 0, "allow");
    }
    check(&mut engine, &Sent::dpop(&token, &proof(&token, "more", 0)), 0, "dpop.full");
    check(&mut engine, &Sent::dpop(&token, &proof(&token, "0", 0)), 0, "dpop.replay");
    check(&mut engine, &Sent::dpop(&token, &proof(&token, "later", 71)), 71, "allow");
}

#[test]
fn only_proofs_for_authentic_tokens_are_remembered() {
    let mut engine = both();
    // An attacker with a key of his own and a token that nobody issued.
    let (token, _) =
        for_key(5).rsplit_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let forged = format!("{token}.{}", encode(&[1; 64]));
    for number in 0..100 {
        let sent = Sent::dpop(&forged, &proof(&forged, &number.to_string(), 0));
        check(&mut engine, &sent, 0, "sig.bad");
    }
    assert_eq!(engine.replays.len(), 0);
}

mod routes;
