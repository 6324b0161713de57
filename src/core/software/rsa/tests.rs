use std::prelude::v1::*;

use super::vectors::{
    MESSAGE, MODULUS, ODD_MODULUS, ODD_PS256, PS256, PS256_SHORT_SALT, PS384, PS512, RS256, RS384,
    RS512,
};
use super::*;
use crate::base64;

const SIGNATURES: [(Algorithm, &str); 6] = [
    (Algorithm::Rs256, RS256),
    (Algorithm::Rs384, RS384),
    (Algorithm::Rs512, RS512),
    (Algorithm::Ps256, PS256),
    (Algorithm::Ps384, PS384),
    (Algorithm::Ps512, PS512),
];

fn bytes(text: &str) -> Vec<u8> {
    base64::decode(text).unwrap()
}

fn key(modulus: &str) -> Key {
    Key::new(&bytes(modulus), &[1, 0, 1]).unwrap()
}

#[test]
fn takes_the_signatures_of_openssl_and_none_of_their_neighbours() {
    let key = key(MODULUS);
    for (algorithm, signature) in SIGNATURES {
        let signature = bytes(signature);
        assert!(key.verify(algorithm, MESSAGE, &signature), "{algorithm}");
        assert!(!key.verify(algorithm, &MESSAGE[1..], &signature), "{algorithm}");
        assert!(!key.verify(algorithm, MESSAGE, &signature[1..]), "{algorithm}");
        for bit in [1, 8, 1_024, 2_047] {
            let mut changed = signature.clone();
            changed[bit / 8] ^= 0x80 >> (bit % 8);
            assert!(!key.verify(algorithm, MESSAGE, &changed), "{algorithm} {bit}");
        }
        for (other, _) in SIGNATURES.iter().filter(|(other, _)| *other != algorithm) {
            assert!(!key.verify(*other, MESSAGE, &signature), "{algorithm} as {other}");
        }
        for other in [Algorithm::Es256, Algorithm::Ed25519] {
            assert!(!key.verify(other, MESSAGE, &signature), "{algorithm} as {other}");
        }
    }
}

#[test]
fn a_salt_is_as_long_as_the_digest() {
    assert!(!key(MODULUS).verify(Algorithm::Ps256, MESSAGE, &bytes(PS256_SHORT_SALT)));
}

#[test]
fn what_is_signed_may_be_a_byte_shorter_than_the_number() {
    let (key, signature) = (key(ODD_MODULUS), bytes(ODD_PS256));
    assert!(key.verify(Algorithm::Ps256, MESSAGE, &signature));
    assert!(!key.verify(Algorithm::Ps384, MESSAGE, &signature));
}

#[test]
fn an_exponent_has_at_most_eight_bytes() {
    let modulus = bytes(MODULUS);
    assert!(Key::new(&modulus, &[1; 8]).is_some());
    assert!(Key::new(&modulus, &[1; 9]).is_none());
}
