//! A published key set in, usable keys out: nothing private, nothing twice, nothing under an algorithm that was not
//! asked for, and every number exactly as published.

use base64ct::{Base64UrlUnpadded, Encoding};
use edgelatch_core::{
    Algorithm, KeyMaterial, KeySet, SignatureCheck, SignatureOutcome, VerifyingKey, software,
};
use serde_json::Value;

use crate::{Verdict, issued};

pub(crate) fn run(input: &[u8]) -> Verdict {
    let Ok(loaded) = KeySet::load(input, &Algorithm::ALL) else {
        // Fewer algorithms make no set better.
        assert!(KeySet::load(input, &[Algorithm::Es256]).is_err());
        return Verdict::Refused;
    };
    let document: Value = serde_json::from_slice(input).unwrap_or_default();
    let published = document.get("keys").and_then(Value::as_array).cloned().unwrap_or_default();
    let names: Vec<&str> = loaded.keys.iter().map(VerifyingKey::key_id).collect();
    assert_eq!(names.len() + loaded.skipped.len(), published.len());
    assert!(!names.is_empty() && published.len() <= 64 && input.len() <= KeySet::MAXIMUM_BYTES);
    for key in loaded.keys.iter() {
        let mut same = published.iter().filter(|jwk| text(jwk, "kid") == Some(key.key_id()));
        let (jwk, other) = (same.next(), same.next());
        assert!(jwk.is_some_and(|jwk| is_sound(jwk, key)), "{key:?} from {jwk:?}");
        assert!(other.is_none() && !key.key_id().is_empty(), "{key:?}");
    }
    if let Some(key) = loaded.keys.iter().next() {
        verify(key);
    }
    if let Ok(fewer) = KeySet::load(input, &[Algorithm::Ps256, Algorithm::Es256]) {
        let may_be =
            |key: &VerifyingKey| matches!(key.algorithm(), Algorithm::Ps256 | Algorithm::Es256);
        assert!(fewer.keys.iter().all(may_be));
    }
    Verdict::Accepted
}

fn text<'a>(jwk: &'a Value, member: &str) -> Option<&'a str> {
    jwk.get(member)?.as_str()
}

fn number(jwk: &Value, member: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text(jwk, member).unwrap_or_default()).unwrap_or_default()
}

/// Whether the key may be used, and is the one that was published.
fn is_sound(jwk: &Value, key: &VerifyingKey) -> bool {
    let is_public = PRIVATE.iter().all(|member| jwk.get(member).is_none());
    let is_for_signatures = jwk.get("use").is_none_or(|usage| usage.is_null() || usage == "sig");
    let operations = jwk.get("key_ops").filter(|operations| !operations.is_null());
    let may_verify = operations
        .is_none_or(|list| list.as_array().is_some_and(|list| list.contains(&"verify".into())));
    let named = jwk.get("alg").filter(|name| !name.is_null());
    let is_of_algorithm = named.is_none_or(|name| {
        let fully_specified = if name == "EdDSA" { "Ed25519" } else { name.as_str().unwrap_or("") };
        fully_specified == key.algorithm().name()
    });
    let is_same = match key.material() {
        KeyMaterial::P256 { x, y } => {
            text(jwk, "kty") == Some("EC")
                && text(jwk, "crv") == Some("P-256")
                && number(jwk, "x") == x
                && number(jwk, "y") == y
                && key.algorithm() == Algorithm::Es256
        }
        KeyMaterial::Ed25519 { x } => {
            text(jwk, "kty") == Some("OKP")
                && text(jwk, "crv") == Some("Ed25519")
                && number(jwk, "x") == x
                && key.algorithm() == Algorithm::Ed25519
        }
        KeyMaterial::Rsa { modulus, exponent } => {
            text(jwk, "kty") == Some("RSA")
                && without_zeros(&number(jwk, "n")) == modulus
                && without_zeros(&number(jwk, "e")) == exponent
                && key.algorithm().is_rsa()
                && (256..=512).contains(&modulus.len())
        }
    };
    is_public && is_for_signatures && may_verify && is_of_algorithm && is_same
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// The key takes the signatures that it made, and no others.
fn verify(key: &VerifyingKey) {
    for token in issued::tokens() {
        let check = SignatureCheck {
            algorithm: key.algorithm(),
            key,
            message: token.message().as_bytes(),
            signature: &token.signature,
        };
        let is_own = issued::made(key, token);
        let expected = if is_own { SignatureOutcome::Valid } else { SignatureOutcome::Invalid };
        assert_eq!(software::verify(&check), expected, "{key:?} and {}", token.name);
    }
}

/// Members that no public key has.
const PRIVATE: [&str; 8] = ["d", "dp", "dq", "k", "oth", "p", "q", "qi"];
