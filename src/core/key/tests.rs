use std::prelude::v1::*;

use ed25519_dalek::SigningKey;
use p256::AffinePoint;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use serde_json::{Value, json};

use super::*;
use crate::base64;
use crate::json;

pub(crate) fn p256() -> Value {
    let point = AffinePoint::GENERATOR.to_encoded_point(false);
    let (x, y) = (base64::encode(point.x().unwrap()), base64::encode(point.y().unwrap()));
    json!({ "kty": "EC", "crv": "P-256", "kid": "k", "x": x, "y": y })
}

pub(crate) fn ed25519() -> Value {
    let x = SigningKey::from_bytes(&[1; 32]).verifying_key();
    json!({ "kty": "OKP", "crv": "Ed25519", "kid": "k", "x": base64::encode(x.as_bytes()) })
}

/// Nobody knows the factors, and nobody needs them here.
pub(crate) fn rsa(modulus: &[u8], exponent: &[u8]) -> Value {
    let (n, e) = (base64::encode(modulus), base64::encode(exponent));
    json!({ "kty": "RSA", "kid": "k", "n": n, "e": e })
}

fn rsa_2048() -> Value {
    rsa(&[0xff; 256], &[1, 0, 1])
}

fn with(mut jwk: Value, name: &str, value: Value) -> Value {
    jwk[name] = value;
    jwk
}

/// Loads a key as it stands in a set.
pub(crate) fn load_for(jwk: &Value, allowed: &[Algorithm]) -> Result<VerifyingKey, KeyError> {
    let document = json!({ "jwk": jwk }).to_string();
    let document = json::parse(document.as_bytes()).unwrap();
    VerifyingKey::load(document.get("jwk").unwrap(), allowed)
}

fn load(jwk: &Value) -> Result<VerifyingKey, KeyError> {
    load_for(jwk, &Algorithm::ALL)
}

fn check(jwk: &Value, expected: KeyError) {
    assert_eq!(load(jwk).unwrap_err(), expected, "{jwk}");
}

#[test]
fn a_key_has_the_name_algorithm_and_numbers_that_were_published() {
    for (jwk, algorithm, length) in [
        (p256(), Algorithm::Es256, 64),
        (ed25519(), Algorithm::Ed25519, 64),
        (rsa_2048(), Algorithm::Rs256, 256),
        (rsa(&[0xff; 512], &[3]), Algorithm::Rs256, 512),
    ] {
        let key = load(&jwk).unwrap();
        assert_eq!((key.key_id(), key.algorithm()), ("k", algorithm));
        assert_eq!(key.signature_length(), length, "{jwk}");
        let number = |member: &str| base64::decode(jwk[member].as_str().unwrap()).unwrap();
        match key.material() {
            KeyMaterial::P256 { x, y } => {
                assert_eq!((&x[..], &y[..]), (&*number("x"), &*number("y")));
            }
            KeyMaterial::Ed25519 { x } => assert_eq!(x[..], number("x")),
            KeyMaterial::Rsa { modulus, exponent } => {
                assert_eq!((modulus, exponent), (&number("n"), &number("e")));
            }
        }
    }
    assert_eq!(load(&with(p256(), "kid", Value::Null)).unwrap().key_id(), "");
}

#[test]
fn two_keys_are_the_same_if_name_algorithm_and_numbers_are() {
    let key = load(&rsa_2048()).unwrap();
    assert!(key.is_same(&load(&rsa_2048()).unwrap()));
    for other in [
        with(rsa_2048(), "kid", json!("l")),
        with(rsa_2048(), "alg", json!("PS256")),
        rsa(&[0xfd; 256], &[1, 0, 1]),
        p256(),
    ] {
        assert!(!key.is_same(&load(&other).unwrap()), "{other}");
    }
}

#[test]
fn a_key_is_for_the_algorithm_that_it_names_or_the_first_of_its_type() {
    let rsa_only = [Algorithm::Es256, Algorithm::Ps384, Algorithm::Rs512];
    for (alg, expected) in [
        (Value::Null, Ok(Algorithm::Ps384)),
        (json!("RS512"), Ok(Algorithm::Rs512)),
        (json!("RS256"), Err(KeyError::NotEligible)),
        (json!("ES256"), Err(KeyError::NotEligible)),
        (json!("RSA-OAEP"), Err(KeyError::NotEligible)),
        (json!(""), Err(KeyError::NotEligible)),
        (json!(7), Err(KeyError::Invalid)),
    ] {
        let found = load_for(&with(rsa_2048(), "alg", alg.clone()), &rsa_only);
        assert_eq!(found.map(|key| key.algorithm()), expected, "{alg}");
    }
    for name in ["EdDSA", "Ed25519"] {
        let key = load(&with(ed25519(), "alg", json!(name))).unwrap();
        assert_eq!(key.algorithm(), Algorithm::Ed25519);
    }
    assert!(load_for(&p256(), &[]).is_err());
}

#[test]
fn other_types_and_curves_are_not_eligible() {
    for jwk in [
        with(p256(), "crv", json!("P-384")),
        with(p256(), "crv", json!("Ed25519")),
        with(p256(), "crv", Value::Null),
        with(ed25519(), "crv", json!("X25519")),
        with(ed25519(), "crv", json!("P-256")),
        with(ed25519(), "kty", json!("EC")),
        with(rsa_2048(), "kty", json!("rsa")),
    ] {
        check(&jwk, KeyError::NotEligible);
    }
}

#[test]
fn a_key_for_something_else_than_signatures_is_not_eligible() {
    for (name, value, is_eligible) in [
        ("use", json!("sig"), true),
        ("use", json!("enc"), false),
        ("use", json!(""), false),
        ("key_ops", json!(["verify"]), true),
        ("key_ops", json!(["sign", "verify"]), true),
        ("key_ops", json!(["sign"]), false),
        ("key_ops", json!([]), false),
    ] {
        let jwk = with(p256(), name, value);
        let found = load(&jwk).map(drop);
        assert_eq!(found, if is_eligible { Ok(()) } else { Err(KeyError::NotEligible) }, "{jwk}");
    }
    let both = with(with(p256(), "use", json!("enc")), "key_ops", json!(["verify"]));
    check(&both, KeyError::NotEligible);
}

#[test]
fn secrets_are_noticed_before_anything_else() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth"] {
        check(&with(p256(), member, json!("AQ")), KeyError::Private);
        check(&json!({ member: null }), KeyError::Private);
    }
    check(&with(p256(), "k", json!("AQ")), KeyError::Symmetric);
    check(&json!({ "kty": "oct" }), KeyError::Symmetric);
    check(&json!({ "kty": "oct", "d": "AQ", "k": "AQ" }), KeyError::Symmetric);
}

#[test]
fn broken_members_make_a_key_invalid() {
    let x = p256()["x"].clone();
    for jwk in [
        json!({}),
        json!([]),
        json!(["EC", "k", null, null, null, "P-256", p256()["x"], p256()["y"], null, null]),
        json!(null),
        with(p256(), "kid", json!(7)),
        with(p256(), "kty", json!(7)),
        with(p256(), "x", Value::Null),
        with(p256(), "y", Value::Null),
        with(p256(), "y", json!("AQ")),
        with(p256(), "y", json!(base64::encode(&[1; 33]))),
        with(p256(), "y", json!("no base64")),
        // A point that is not on the curve.
        with(p256(), "y", x),
        with(ed25519(), "x", Value::Null),
        with(ed25519(), "x", json!(base64::encode(&[2; 31]))),
        // No point has this y.
        with(ed25519(), "x", json!(base64::encode(&[[2; 1].as_slice(), &[0; 31]].concat()))),
        with(rsa_2048(), "n", Value::Null),
        with(rsa_2048(), "e", Value::Null),
        with(rsa_2048(), "n", json!("")),
        with(rsa_2048(), "n", json!("AA")),
        with(rsa_2048(), "n", json!("no base64")),
    ] {
        check(&jwk, KeyError::Invalid);
    }
}

#[test]
fn ed25519_keys_of_small_order_are_weak() {
    let mut identity = [0; 32];
    identity[0] = 1;
    check(&with(ed25519(), "x", json!(base64::encode(&identity))), KeyError::Weak);
    check(&with(ed25519(), "x", json!(base64::encode(&[0; 32]))), KeyError::Weak);
}

#[test]
fn an_ed25519_key_has_one_text_only() {
    // y = 3 + p instead of 3: the same point under another name.
    let mut other = [0xff; 32];
    (other[0], other[31]) = (0xf0, 0x7f);
    check(&with(ed25519(), "x", json!(base64::encode(&other))), KeyError::Invalid);
}

#[test]
fn rsa_keys_have_2048_to_4096_bits() {
    let modulus = |bits: usize| {
        let mut modulus = vec![0xff; bits.div_ceil(8)];
        modulus[0] = 0xff >> ((8 - bits % 8) % 8);
        modulus
    };
    for bits in [2048, 2049, 3072, 4096] {
        assert!(load(&rsa(&modulus(bits), &[3])).is_ok(), "{bits}");
    }
    for bits in [8, 1024, 2047, 4097, 8192] {
        check(&rsa(&modulus(bits), &[3]), KeyError::Weak);
    }
    // Some issuers send leading zeros.
    let padded = [&[0, 0][..], &[0xff; 256]].concat();
    let key = load(&rsa(&padded, &[0, 1, 0, 1])).unwrap();
    assert_eq!(key.signature_length(), 256);
    assert!(key.is_same(&load(&rsa_2048()).unwrap()));
}

#[test]
fn an_even_modulus_and_one_of_the_broken_generator_are_weak() {
    let mut even = [0xff; 256];
    even[255] = 0xfe;
    check(&rsa(&even, &[3]), KeyError::Weak);
    let product = roca::tests::one_modulo_every_prime(257);
    check(&rsa(&product, &[3]), KeyError::Weak);
}

#[test]
fn rsa_exponents_are_odd_and_from_3_to_32_bits() {
    for exponent in [&[3][..], &[17], &[1, 0, 1], &[0xff, 0xff, 0xff, 0xff]] {
        assert!(load(&rsa(&[0xff; 256], exponent)).is_ok(), "{exponent:?}");
    }
    for exponent in [
        &[][..],
        &[0],
        &[1],
        &[2],
        &[4],
        &[1, 0, 0],
        &[1, 0, 0, 0, 0],
        &[1, 0, 0, 0, 1],
        &[1, 0, 0, 0, 0, 3],
        // A sum in 64 bits would be 3.
        &[1, 0, 0, 0, 0, 0, 0, 0, 3],
    ] {
        check(&rsa(&[0xff; 256], exponent), KeyError::Weak);
    }
}

#[test]
fn every_error_says_what_to_do() {
    for (error, expected) in [
        (KeyError::NotEligible, "`algorithms`"),
        (KeyError::Invalid, "not a valid public key"),
        (KeyError::NoKeyId, "no `kid`"),
        (KeyError::Private, "compromised"),
        (KeyError::Symmetric, "shared secret"),
        (KeyError::Weak, "weak"),
    ] {
        assert!(error.to_string().contains(expected), "{error}");
    }
}
