//! Requests that wait for keys, and keys that come and go.

use super::*;

#[test]
fn waits_for_the_first_key_set() {
    let mut engine = remote();
    let good = token(1, "k", "https://a.test");
    let waiting = step(&mut engine, "/read", Some(&format!("Bearer {good}")), at(0));
    let Step::Refresh { otherwise, .. } = waiting else { unreachable!("{waiting:?}") };
    assert_eq!(code(&otherwise), "jwks.none");
    let outcome = accept(&mut engine, &key_set(&[jwk(1, "k")]), at(0));
    assert_eq!(outcome, FetchOutcome::Accepted(FeedContent::KeySet { keys: 1, skipped: 0 }));
    assert_eq!(code(&decide(&mut engine, "/read", Some(&good), at(0))), "allow");
}

#[test]
fn fetches_once_for_many_unknown_keys() {
    let mut engine = remote();
    accept(&mut engine, &key_set(&[jwk(1, "k")]), at(0));
    let mut fetches = 0;
    for second in 0..30 {
        for key in 0..10 {
            let unknown = token(9, &format!("{second}-{key}"), "https://a.test");
            let decision = decide(&mut engine, "/read", Some(&unknown), at(second));
            assert_eq!(code(&decision), "key.unknown");
            if engine.poll(at(second)).is_some() {
                fetches += 1;
                engine.accept(KEYS, FetchResponse::Failed, at(second));
            }
        }
    }
    assert!(fetches <= 6, "{fetches}: the cool-down of 10 s, and retries after failures");
}

#[test]
fn follows_a_rotation_and_forgets_the_old_key() {
    let mut engine = remote();
    accept(&mut engine, &key_set(&[jwk(1, "old")]), at(0));
    let new = token(2, "new", "https://a.test");
    let waiting = step(&mut engine, "/read", Some(&format!("Bearer {new}")), at(20));
    assert!(matches!(waiting, Step::Refresh { .. }));
    accept(&mut engine, &key_set(&[jwk(2, "new")]), at(20));
    assert_eq!(code(&decide(&mut engine, "/read", Some(&new), at(20))), "allow");
    let old = token(1, "old", "https://a.test");
    assert_eq!(code(&decide(&mut engine, "/read", Some(&old), at(20))), "key.unknown");
}

#[test]
fn keeps_the_last_good_keys_through_every_kind_of_failure() {
    let mut engine = remote();
    accept(&mut engine, &key_set(&[jwk(1, "k")]), at(0));
    let bodies = [
        String::new(),
        "<html>".into(),
        key_set(&[]),
        key_set(&[jwk(1, "k"), jwk(2, "k")]),
        key_set(&[json!({ "kty": "oct", "k": "AAAA", "kid": "s" })]),
        " ".repeat(70_000),
    ];
    let mut now = 301;
    for body in &bodies {
        let outcome = accept(&mut engine, body, at(now));
        assert!(matches!(outcome, FetchOutcome::Kept(_)), "{outcome:?}");
        now += 40;
    }
    let good = token(1, "k", "https://a.test");
    assert_eq!(code(&decide(&mut engine, "/read", Some(&good), at(299))), "allow");
    let late = decide(&mut engine, "/read", Some(&good), at(601));
    assert_eq!(code(&late), "jwks.none");
}

#[test]
fn never_asks_an_issuer_that_the_policy_does_not_know() {
    let mut engine = remote();
    accept(&mut engine, &key_set(&[jwk(1, "k")]), at(0));
    let foreign = token(9, "x", "https://evil.test");
    let decided = step(&mut engine, "/read", Some(&format!("Bearer {foreign}")), at(20));
    let Step::Decided(decision) = decided else { unreachable!("{decided:?}") };
    let Decision::Deny(deny) = decision else { unreachable!() };
    assert_eq!(deny.rejection, Rejection::Key(KeySelectionError::UnknownIssuer));
    assert!(engine.poll(at(20)).is_none());
}

#[test]
fn a_key_name_of_one_issuer_does_not_hide_that_another_has_no_keys_yet() {
    let mut engine = engine(&json!([
        { "issuer": "https://a.test", "audiences": ["api"], "jwks": { "keys": [jwk(1, "k")] } },
        { "issuer": "https://b.test", "audiences": ["api"], "jwks_uri": "https://b.test/jwks" },
    ]));
    let token = token(2, "k", "https://b.test");
    let waiting = step(&mut engine, "/read", Some(&format!("Bearer {token}")), at(0));
    let Step::Refresh { otherwise, .. } = waiting else { unreachable!("{waiting:?}") };
    assert_eq!(code(&otherwise), "jwks.none");
}

#[test]
fn uses_the_sound_keys_of_a_set_with_a_broken_one() {
    let mut engine = remote();
    let set = key_set(&[json!({ "kid": 7 }), json!({ "kty": "EC", "kid": 8 }), jwk(1, "k")]);
    let outcome = accept(&mut engine, &set, at(0));
    assert_eq!(outcome, FetchOutcome::Accepted(FeedContent::KeySet { keys: 1, skipped: 2 }));
    let exposed = key_set(&[json!({ "kid": 7, "d": "AA" }), jwk(1, "k")]);
    assert!(matches!(accept(&mut engine, &exposed, at(301)), FetchOutcome::Kept(_)));
}

#[test]
fn an_observed_route_does_not_wait_for_keys() {
    let good = token(1, "k", "https://a.test");
    let decided = step(&mut remote(), "/observed", Some(&format!("Bearer {good}")), at(0));
    let Step::Decided(decision) = decided else { unreachable!("{decided:?}") };
    assert_eq!(code(&decision), "jwks.none");
}

#[test]
fn refuses_a_key_under_another_algorithm_and_a_signature_of_another_length() {
    let other = token_under(&json!({ "alg": "ES256", "typ": "at+jwt", "kid": "k" }));
    assert_eq!(code(&decide(&mut inline(), "/read", Some(&other), at(0))), "key.alg");
    let good = token(1, "k", "https://a.test");
    let (message, _) = good.rsplit_once('.').unwrap();
    let short = format!("{message}.{}", Base64UrlUnpadded::encode_string(&[1; 63]));
    assert_eq!(code(&decide(&mut inline(), "/read", Some(&short), at(0))), "sig.len");
}
