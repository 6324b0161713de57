//! The answer to a signature check in Rust.

use edgelatch_signatures::Hash;
use edgelatch_signatures::rsa::Padding;

use crate::algorithm::Algorithm;
use crate::key::{Prepared, VerifyingKey};
use crate::signature::{SignatureCheck, SignatureOutcome};

/// Verifies a signature, and gets faster at it from one valid signature of a key to the next.
pub fn verify(check: &SignatureCheck<'_>) -> SignatureOutcome {
    let valid = match check.key.prepared() {
        Prepared::Es256(key) => key.verify(check.message, check.signature),
        Prepared::Ed25519(key) => key.verify(check.message, check.signature),
        Prepared::Rsa(key) => scheme(check.algorithm).is_some_and(|(padding, hash)| {
            key.verify(padding, hash, check.message, check.signature)
        }),
    };
    if !valid {
        return SignatureOutcome::Invalid;
    }
    prepare(check.key);
    SignatureOutcome::Valid
}

/// Whether checks of this key in Rust are faster than those of most hosts: ES256 and Ed25519, once [`prepare`] has
/// made what that takes.
pub fn is_prepared(key: &VerifyingKey) -> bool {
    match key.prepared() {
        Prepared::Es256(key) => key.is_prepared(),
        Prepared::Ed25519(key) => key.is_prepared(),
        Prepared::Rsa(_) => false,
    }
}

/// A step towards faster checks: to be taken after each valid signature of a key that stays.
pub fn prepare(key: &VerifyingKey) {
    match key.prepared() {
        Prepared::Es256(key) => key.prepare(),
        Prepared::Ed25519(key) => key.prepare(),
        Prepared::Rsa(_) => {}
    }
}

fn scheme(algorithm: Algorithm) -> Option<(Padding, Hash)> {
    Some(match algorithm {
        Algorithm::Rs256 => (Padding::Pkcs1, Hash::Sha256),
        Algorithm::Rs384 => (Padding::Pkcs1, Hash::Sha384),
        Algorithm::Rs512 => (Padding::Pkcs1, Hash::Sha512),
        Algorithm::Ps256 => (Padding::Pss, Hash::Sha256),
        Algorithm::Ps384 => (Padding::Pss, Hash::Sha384),
        Algorithm::Ps512 => (Padding::Pss, Hash::Sha512),
        Algorithm::Es256 | Algorithm::Ed25519 => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use p256::ecdsa::signature::Signer;
    use p256::ecdsa::{Signature, SigningKey};

    use super::*;
    use crate::key::tests::{ed25519, load_for, p256, rsa};

    /// The private key of [`p256`] is 1.
    fn sign(message: &[u8]) -> Vec<u8> {
        let key = SigningKey::from_slice(&[&[0; 31][..], &[1]].concat()).unwrap();
        let signature: Signature = key.sign(message);
        signature.to_vec()
    }

    fn ask(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> SignatureOutcome {
        verify(&SignatureCheck { algorithm: key.algorithm(), key, message, signature })
    }

    #[test]
    fn valid_signatures_make_the_checks_of_an_es256_key_fast_and_others_do_not() {
        let key = load_for(&p256(), &[Algorithm::Es256]).unwrap();
        let signature = sign(b"message");
        for _ in 0..200 {
            assert_eq!(ask(&key, b"another", &signature), SignatureOutcome::Invalid);
        }
        let mut valid = 0;
        while !is_prepared(&key) {
            assert_eq!(ask(&key, b"message", &signature), SignatureOutcome::Valid);
            valid += 1;
        }
        assert!((2..=81).contains(&valid), "{valid}");
        assert_eq!(ask(&key, b"message", &signature), SignatureOutcome::Valid);
        assert_eq!(ask(&key, b"another", &signature), SignatureOutcome::Invalid);
    }

    #[test]
    fn an_rsa_key_has_nothing_to_prepare() {
        let jwk = rsa(&[0xff; 256], &[1, 0, 1]);
        for algorithm in [Algorithm::Rs256, Algorithm::Ps512] {
            let key = load_for(&jwk, &[algorithm]).unwrap();
            let length = key.signature_length();
            for _ in 0..200 {
                prepare(&key);
            }
            assert!(!is_prepared(&key), "{algorithm}");
            assert_eq!(ask(&key, b"message", &vec![1; length]), SignatureOutcome::Invalid);
        }
    }

    #[test]
    fn steps_make_the_checks_of_an_ed25519_key_fast() {
        let key = load_for(&ed25519(), &[Algorithm::Ed25519]).unwrap();
        let mut steps = 0;
        while !is_prepared(&key) {
            assert_eq!(ask(&key, b"message", &[1; 64]), SignatureOutcome::Invalid);
            prepare(&key);
            steps += 1;
        }
        assert!((52..=94).contains(&steps), "{steps}");
        assert_eq!(ask(&key, b"message", &[1; 64]), SignatureOutcome::Invalid);
    }

    #[test]
    fn an_rsa_algorithm_has_one_padding_and_one_hash() {
        let schemes: Vec<_> = Algorithm::ALL.into_iter().filter_map(scheme).collect();
        assert_eq!(schemes.len(), 6);
        for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| algorithm.is_rsa()) {
            let (padding, hash) = scheme(algorithm).unwrap();
            let name = match padding {
                Padding::Pkcs1 => "RS",
                Padding::Pss => "PS",
            };
            let hash = format!("{hash:?}");
            assert_eq!(hash.replace("Sha", name), algorithm.name());
        }
    }
}
