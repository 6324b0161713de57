//! Whether a host knows good signatures from bad ones. A host that says yes to everything would let
//! everybody in, one that says no to everything nobody; both are found before a request depends on it.

mod vectors;

use super::question::Question;
use edgelatch_core::{Algorithm, KeyMaterial};

/// A valid signature, and another key of the same kind.
#[derive(Debug)]
pub(super) struct Sample {
    key: KeyMaterial,
    other_key: KeyMaterial,
    /// As Envoy names it.
    hash: &'static str,
    signature: Vec<u8>,
}

/// Whether `ask` gives the right answer to every question about an algorithm. `None` from it is no
/// answer, and so a wrong one.
pub(super) fn knows(
    algorithm: Algorithm,
    mut ask: impl FnMut(&Question<'_>) -> Option<bool>,
) -> bool {
    let Some(sample) = vectors::sample(algorithm) else { return false };
    let good = Question {
        hash: sample.hash,
        key: &sample.key,
        message: vectors::MESSAGE,
        signature: &sample.signature,
    };
    let message = flip(good.message);
    let signature = flip(good.signature);
    let shortened = good.signature.get(1..).unwrap_or_default();
    let bad = [
        Question { message: &message, ..good },
        Question { message: b"", ..good },
        Question { signature: &signature, ..good },
        Question { signature: shortened, ..good },
        Question { signature: b"", ..good },
        Question { key: &sample.other_key, ..good },
        // The hash must be the one that is asked for, not the one that the signature has.
        Question { hash: other_hash(good.hash), ..good },
    ];
    ask(&good) == Some(true) && bad.iter().all(|question| ask(question) == Some(false))
}

/// The same with one bit in its middle changed.
fn flip(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
    bytes
}

fn other_hash(hash: &str) -> &'static str {
    if hash == "sha512" { "sha256" } else { "sha512" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgelatch_core::{KeySet, SignatureCheck, SignatureOutcome, software};

    const HOST_ALGORITHMS: [Algorithm; 4] =
        [Algorithm::Es256, Algorithm::Rs256, Algorithm::Rs384, Algorithm::Rs512];

    #[test]
    fn a_host_that_checks_signatures_is_believed_where_it_can_be_asked() {
        for algorithm in Algorithm::ALL {
            let expected = HOST_ALGORITHMS.contains(&algorithm);
            assert_eq!(
                knows(algorithm, |question| Some(honest(question))),
                expected,
                "{algorithm}"
            );
        }
    }

    #[test]
    fn a_host_that_always_gives_the_same_answer_is_not_believed() {
        for algorithm in HOST_ALGORITHMS {
            for answer in [Some(true), Some(false), None] {
                assert!(!knows(algorithm, |_| answer), "{algorithm} {answer:?}");
            }
        }
    }

    #[test]
    fn a_host_that_is_wrong_once_is_not_believed() {
        for algorithm in HOST_ALGORITHMS {
            let mut count = 0;
            assert!(knows(algorithm, |question| {
                count += 1;
                Some(honest(question))
            }));
            for wrong in 0..count {
                let mut number = 0;
                let lie = |question: &Question<'_>| {
                    number += 1;
                    Some(honest(question) != (number - 1 == wrong))
                };
                assert!(!knows(algorithm, lie), "{algorithm} question {wrong}");
            }
        }
    }

    /// What a host with working crypto answers.
    fn honest(question: &Question<'_>) -> bool {
        let algorithm = match (question.key, question.hash) {
            (KeyMaterial::P256 { .. }, "sha256") => Algorithm::Es256,
            (KeyMaterial::Rsa { .. }, "sha256") => Algorithm::Rs256,
            (KeyMaterial::Rsa { .. }, "sha384") => Algorithm::Rs384,
            (KeyMaterial::Rsa { .. }, "sha512") => Algorithm::Rs512,
            _ => return false,
        };
        let jwk = jwk(question.key, algorithm);
        let set = KeySet::load(jwk.to_string().as_bytes(), &[algorithm]).unwrap().keys;
        let key = set.iter().next().unwrap();
        let (message, signature) = (question.message, question.signature);
        let outcome = software::verify(&SignatureCheck { algorithm, key, message, signature });
        outcome == SignatureOutcome::Valid
    }

    fn jwk(key: &KeyMaterial, algorithm: Algorithm) -> serde_json::Value {
        let key = match key {
            KeyMaterial::P256 { x, y } => serde_json::json!({
                "kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y),
            }),
            KeyMaterial::Rsa { modulus, exponent } => serde_json::json!({
                "kty": "RSA", "n": base64url(modulus), "e": base64url(exponent),
            }),
            KeyMaterial::Ed25519 { .. } => unreachable!("Envoy is never asked"),
        };
        let mut key = key;
        key["kid"] = "sample".into();
        key["alg"] = algorithm.name().into();
        serde_json::json!({ "keys": [key] })
    }

    fn base64url(bytes: &[u8]) -> String {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut text = String::new();
        for chunk in bytes.chunks(3) {
            let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
            let bits = bits << (8 * (3 - chunk.len()));
            for digit in 0..=chunk.len() {
                let index = bits >> (18 - 6 * digit) & 63;
                text.push(char::from(DIGITS[usize::try_from(index).unwrap()]));
            }
        }
        text
    }
}
