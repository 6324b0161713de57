use std::prelude::v1::*;

use base64ct::{Base64UrlUnpadded, Encoding};

use super::vectors::{
    MESSAGE, MODULUS, ODD_MODULUS, ODD_PS256, PS256, PS256_SHORT_SALT, PS384, PS512, RS256, RS384,
    RS512,
};
use super::*;

const SIGNATURES: [((Padding, Hash), &str); 6] = [
    ((Padding::Pkcs1, Hash::Sha256), RS256),
    ((Padding::Pkcs1, Hash::Sha384), RS384),
    ((Padding::Pkcs1, Hash::Sha512), RS512),
    ((Padding::Pss, Hash::Sha256), PS256),
    ((Padding::Pss, Hash::Sha384), PS384),
    ((Padding::Pss, Hash::Sha512), PS512),
];

fn bytes(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}

fn key(modulus: &str) -> Key {
    Key::new(&bytes(modulus), &[1, 0, 1]).unwrap()
}

#[test]
fn takes_the_signatures_of_openssl_and_none_of_their_neighbours() {
    let key = key(MODULUS);
    for ((padding, hash), signature) in SIGNATURES {
        let signature = bytes(signature);
        let takes = |message, signature: &[u8]| key.verify(padding, hash, message, signature);
        assert!(takes(MESSAGE, &signature), "{padding:?} {hash:?}");
        assert!(!takes(&MESSAGE[1..], &signature), "{padding:?} {hash:?}");
        assert!(!takes(MESSAGE, &signature[1..]), "{padding:?} {hash:?}");
        for bit in [1, 8, 1_024, 2_047] {
            let mut changed = signature.clone();
            changed[bit / 8] ^= 0x80 >> (bit % 8);
            assert!(!takes(MESSAGE, &changed), "{padding:?} {hash:?} {bit}");
        }
        for (other, _) in SIGNATURES.iter().filter(|(other, _)| *other != (padding, hash)) {
            assert!(!key.verify(other.0, other.1, MESSAGE, &signature), "{hash:?} as {other:?}");
        }
    }
}

#[test]
fn a_salt_is_as_long_as_the_digest() {
    assert!(!key(MODULUS).verify(Padding::Pss, Hash::Sha256, MESSAGE, &bytes(PS256_SHORT_SALT)));
}

#[test]
fn what_is_signed_may_be_a_byte_shorter_than_the_number() {
    let (key, signature) = (key(ODD_MODULUS), bytes(ODD_PS256));
    assert!(key.verify(Padding::Pss, Hash::Sha256, MESSAGE, &signature));
    assert!(!key.verify(Padding::Pss, Hash::Sha384, MESSAGE, &signature));
}

#[test]
fn an_exponent_has_at_most_eight_bytes() {
    let modulus = bytes(MODULUS);
    assert!(Key::new(&modulus, &[1; 8]).is_some());
    assert!(Key::new(&modulus, &[1; 9]).is_none());
}
