use std::prelude::v1::*;

use serde_json::{Value, json};

use super::*;
use crate::key::tests::{ed25519, p256, rsa};

fn named(mut jwk: Value, name: &str) -> Value {
    jwk["kid"] = json!(name);
    jwk
}

fn unnamed(mut jwk: Value) -> Value {
    jwk.as_object_mut().unwrap().remove("kid");
    jwk
}

fn private(mut jwk: Value) -> Value {
    jwk["d"] = json!("AQ");
    jwk
}

fn weak() -> Value {
    rsa(&[0xff; 128], &[3])
}

fn text(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

fn load(keys: &[Value]) -> Result<LoadedKeySet, KeySetError> {
    KeySet::load(text(keys).as_bytes(), &Algorithm::ALL)
}

fn names(loaded: &LoadedKeySet) -> Vec<&str> {
    loaded.keys.iter().map(VerifyingKey::key_id).collect()
}

fn check(keys: &[Value], expected: KeySetError) {
    assert_eq!(load(keys).unwrap_err(), expected, "{keys:?}");
}

#[test]
fn passes_over_what_it_cannot_use_and_says_why() {
    let keys = [
        named(p256(), "a"),
        weak(),
        json!("no key"),
        unnamed(ed25519()),
        named(ed25519(), "b"),
        json!({ "kty": "EC", "crv": "P-384", "kid": "c" }),
    ];
    let loaded = load(&keys).unwrap();
    assert_eq!(names(&loaded), ["a", "b"]);
    assert_eq!(
        loaded.skipped,
        [
            (1, KeyError::Weak),
            (2, KeyError::Invalid),
            (3, KeyError::NoKeyId),
            (5, KeyError::NotEligible)
        ]
    );
}

#[test]
fn uses_the_keys_of_allowed_algorithms_only() {
    let bytes = text(&[named(p256(), "a"), named(ed25519(), "b")]);
    let loaded = KeySet::load(bytes.as_bytes(), &[Algorithm::Ed25519]).unwrap();
    assert_eq!(names(&loaded), ["b"]);
    let error = KeySet::load(bytes.as_bytes(), &[Algorithm::Rs256]).unwrap_err();
    assert_eq!(error, KeySetError::Empty);
}

#[test]
fn refuses_a_set_of_which_nothing_is_left() {
    check(&[], KeySetError::Empty);
    check(&[json!({ "kty": "EC", "crv": "P-384" })], KeySetError::Empty);
    let broken = [json!({ "kty": "EC", "crv": "P-384" }), weak(), json!({})];
    check(&broken, KeySetError::Unusable { index: 1, error: KeyError::Weak });
    check(&[unnamed(p256())], KeySetError::Unusable { index: 0, error: KeyError::NoKeyId });
}

#[test]
fn refuses_a_set_with_a_secret_whatever_else_is_in_it() {
    let exposed = |index, error| KeySetError::Exposed { index, error };
    check(&[named(p256(), "a"), private(ed25519())], exposed(1, KeyError::Private));
    check(&[json!({ "kty": "oct", "kid": "a" })], exposed(0, KeyError::Symmetric));
}

#[test]
fn refuses_two_keys_of_one_name() {
    let keys = [named(p256(), "a"), named(ed25519(), "b"), named(weak(), "a")];
    check(&keys, KeySetError::DuplicateKeyId { index: 2 });
    let other = [named(p256(), "a"), named(ed25519(), "A"), unnamed(p256()), unnamed(ed25519())];
    assert_eq!(names(&load(&other).unwrap()), ["a", "A"]);
}

#[test]
fn a_pinned_key_needs_no_name_while_it_is_alone() {
    let load = |keys: &[Value]| {
        let document = json!({ "jwks": { "keys": keys } }).to_string();
        let document = json::parse(document.as_bytes()).unwrap();
        KeySet::load_pinned(document.get("jwks").unwrap(), &Algorithm::ALL)
    };
    assert_eq!(names(&load(&[unnamed(p256())]).unwrap()), [""]);
    let two = load(&[unnamed(p256()), named(ed25519(), "b")]).unwrap();
    assert_eq!(names(&two), ["b"]);
    assert_eq!(two.skipped, [(0, KeyError::NoKeyId)]);
}

#[test]
fn refuses_what_is_no_key_set() {
    let load = |text: &str| KeySet::load(text.as_bytes(), &Algorithm::ALL).unwrap_err();
    for text in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[]"#, r#"{"keys":[]}{}"#, "null"] {
        assert_eq!(load(text), KeySetError::NotAKeySet, "{text}");
    }
    for text in [r#"{"keys":[],"keys":[]}"#, r#"{"keys":[{"kty":"EC","kty":"RSA"}]}"#] {
        assert_eq!(load(text), KeySetError::DuplicateMember, "{text}");
    }
}

#[test]
fn measures_a_set_before_it_reads_it() {
    let padded = |length: usize| {
        let text = text(&[p256()]);
        let spaces = " ".repeat(length - text.len());
        KeySet::load([text, spaces].concat().as_bytes(), &Algorithm::ALL)
    };
    assert!(padded(65_536).is_ok());
    assert_eq!(padded(65_537).unwrap_err(), KeySetError::TooLarge);
    let many = |count: usize| -> Vec<Value> {
        (0..count).map(|index| named(ed25519(), &index.to_string())).collect()
    };
    assert_eq!(load(&many(64)).unwrap().keys.iter().count(), 64);
    check(&many(65), KeySetError::TooLarge);
}

#[test]
fn finds_a_key_by_its_whole_name() {
    let keys = load(&[named(p256(), "a"), named(ed25519(), "ab")]).unwrap().keys;
    assert_eq!(keys.find("ab").unwrap().algorithm(), Algorithm::Ed25519);
    for name in ["", "A", "b", "abc"] {
        assert!(keys.find(name).is_none(), "{name}");
    }
    assert!(keys.single().is_none(), "two keys");
    let one = load(&[named(p256(), "a")]).unwrap().keys;
    assert_eq!(one.single().unwrap().key_id(), "a");
    assert!(KeySet::default().single().is_none());
}

#[test]
fn keeps_the_very_keys_that_are_in_both_sets() {
    let earlier = load(&[named(p256(), "a"), named(ed25519(), "b")]).unwrap().keys;
    let later = load(&[named(p256(), "a"), named(p256(), "b")]).unwrap().keys;
    let (a, b) = (earlier.find("a").unwrap(), earlier.find("b").unwrap());
    assert!(!later.holds(a), "equal, but another");
    let kept = later.keeping(&earlier);
    assert!(kept.holds(a) && !kept.holds(b) && earlier.holds(b));
}

#[test]
fn every_error_has_a_code_a_place_and_a_reason() {
    let exposed = KeySetError::Exposed { index: 3, error: KeyError::Private };
    let unusable = |error| KeySetError::Unusable { index: 0, error };
    for (error, code, text) in [
        (KeySetError::DuplicateKeyId { index: 1 }, "jwks.duplicate", "keys[1]: another key has"),
        (KeySetError::DuplicateMember, "jwks.invalid", "a member occurs twice"),
        (KeySetError::Empty, "jwks.empty", "no usable key"),
        (exposed, "jwks.private", "keys[3]: private key members"),
        (KeySetError::NotAKeySet, "jwks.invalid", "not a key set"),
        (KeySetError::TooLarge, "jwks.size", "more than 65536 bytes or 64 keys"),
        (unusable(KeyError::Weak), "jwks.weak", "keys[0]: the key is weak"),
        (unusable(KeyError::Symmetric), "jwks.symmetric", "keys[0]: a shared secret"),
        (unusable(KeyError::Invalid), "jwks.invalid", "keys[0]: not a valid public key"),
        (unusable(KeyError::NoKeyId), "jwks.invalid", "keys[0]: the key has no `kid`"),
        (unusable(KeyError::NotEligible), "jwks.invalid", "keys[0]: not a signature key"),
    ] {
        assert_eq!(error.code(), code);
        assert!(error.to_string().starts_with(text), "{error}");
    }
}
