//! Where Ed25519 libraries disagree, and the project has no vectors: points of small order. The verdicts are pinned to
//! those of ed25519-dalek's `verify`, and are the same as WebAssembly.
//!
//! RFC 8032 s5.1.7 lets a verifier multiply the equation by the cofactor 8 or not. Here it is not: then R is what S and
//! the key say it is, byte for byte, and a signature that passes one edge passes all of them.

use curve25519_dalek::Scalar;
use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use ed25519_dalek::{Signature, Verifier as _, VerifyingKey};
use edgelatch_core::Algorithm;
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use super::file::base64;
use super::verifier::{InWasm, Native, Verifier};

#[test]
fn signatures_with_points_of_small_order_have_one_verdict() {
    let (mut native, mut wasm) = (Native::default(), InWasm::start());
    let (mut accepted, mut refused) = (0, 0);
    for Probe { key, message, signature, expected } in probes() {
        for verifier in [&mut native as &mut dyn Verifier, &mut wasm] {
            verifier.load(&json!({ "keys": [key] }), &[Algorithm::Ed25519]).unwrap();
            assert_eq!(verifier.verify(&message, &signature), expected);
        }
        *(if expected { &mut accepted } else { &mut refused }) += 1;
    }
    println!("wycheproof: native and wasm, small order: {accepted} accepted, {refused} refused");
    assert_eq!(accepted + refused, 512);
    assert!(accepted > 50 && refused > 350, "{accepted} and {refused}");
}

/// A signature about which libraries disagree.
pub(crate) struct Probe {
    pub(crate) key: Value,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    /// What ed25519-dalek says.
    pub(crate) expected: bool,
}

/// Under the secret 77 and a point of small order beside it: R with each point of small order beside it. With the
/// cofactor all of them would be valid.
pub(crate) fn probes() -> Vec<Probe> {
    let keys = EIGHT_TORSION.map(|beside| ED25519_BASEPOINT_POINT * Scalar::from(77_u8) + beside);
    let nonce = Scalar::from(1_234_567_u64);
    let mut probes = Vec::new();
    for key in keys.map(|key| key.compress()) {
        let oracle = VerifyingKey::from_bytes(key.as_bytes()).unwrap();
        for beside_r in EIGHT_TORSION {
            let r = (ED25519_BASEPOINT_POINT * nonce + beside_r).compress();
            for message in (0..8_u8).map(|byte| vec![byte]) {
                let digest = Sha512::new().chain_update(r.as_bytes()).chain_update(key.as_bytes());
                let digest = digest.chain_update(&message).finalize();
                let factor = Scalar::from_bytes_mod_order_wide(&digest.into());
                let s = nonce + factor * Scalar::from(77_u8);
                let signature = [r.to_bytes(), s.to_bytes()].concat();
                let expected = Signature::from_slice(&signature).unwrap();
                let expected = oracle.verify(&message, &expected).is_ok();
                probes.push(Probe { key: jwk(key.as_bytes()), message, signature, expected });
            }
        }
    }
    probes
}

/// A key of small order would take one signature for every message; a point has one text and no second.
#[test]
fn keys_of_small_order_and_second_texts_of_points_are_refused() {
    let small = EIGHT_TORSION.map(|point| point.compress().to_bytes());
    for verifier in [&mut Native::default() as &mut dyn Verifier, &mut InWasm::start()] {
        for text in small.iter().chain(&SECOND_TEXTS) {
            let refused = verifier.load(&key_set(text), &[Algorithm::Ed25519]).unwrap_err();
            assert!(["jwks.weak", "jwks.invalid"].contains(&refused.as_str()), "{text:02x?}");
        }
    }
}

fn key_set(point: &[u8]) -> Value {
    json!({ "keys": [jwk(point)] })
}

fn jwk(point: &[u8]) -> Value {
    json!({ "kid": "k", "kty": "OKP", "crv": "Ed25519", "x": base64(point) })
}

/// y = p and y = p + 1, each with and without a sign; and y = 1 with the sign of x = 0.
const SECOND_TEXTS: [[u8; 32]; 5] = [
    with_ends(0xed, 0xff, 0x7f),
    with_ends(0xed, 0xff, 0xff),
    with_ends(0xee, 0xff, 0x7f),
    with_ends(0xee, 0xff, 0xff),
    with_ends(0x01, 0x00, 0x80),
];

const fn with_ends(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let mut bytes = [middle; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}
