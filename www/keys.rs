//! Numbers for public keys, so that JavaScript imports each only once. Proofs bring keys of their own, as many as
//! callers like: the oldest give way.

use std::collections::VecDeque;

use edgelatch_core::{Algorithm, KeyMaterial, VerifyingKey};
use serde_json::{Value, json};

/// The keys that have a number.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    entries: VecDeque<Entry>,
    /// The number of the first.
    first: u32,
}

#[derive(Debug)]
struct Entry {
    algorithm: Algorithm,
    material: KeyMaterial,
}

impl Keys {
    /// The number of a key; a new one if it has none.
    pub(crate) fn number(&mut self, key: &VerifyingKey) -> u32 {
        let is_it =
            |entry: &Entry| entry.algorithm == key.algorithm() && entry.material == *key.material();
        if let Some(place) = self.entries.iter().position(is_it) {
            return self.first.wrapping_add(u32::try_from(place).unwrap_or_default());
        }
        if self.entries.len() >= CAPACITY {
            self.entries.pop_front();
            self.first = self.first.wrapping_add(1);
        }
        let material = key.material().clone();
        self.entries.push_back(Entry { algorithm: key.algorithm(), material });
        let last = u32::try_from(self.entries.len().saturating_sub(1)).unwrap_or_default();
        self.first.wrapping_add(last)
    }

    /// The key as a JWK (RFC 7517), with the algorithm it is for.
    pub(crate) fn jwk(&self, number: u32) -> Option<Value> {
        let place = usize::try_from(number.wrapping_sub(self.first)).ok()?;
        let Entry { algorithm, material } = self.entries.get(place)?;
        // What WebCrypto's import checks against its parameters; `EdDSA` has two names there, so none is given.
        Some(match material {
            KeyMaterial::P256 { x, y } => json!({
                "kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y), "alg": algorithm.name(),
            }),
            KeyMaterial::Ed25519 { x } => json!({
                "kty": "OKP", "crv": "Ed25519", "x": base64url(x), "alg": algorithm.name(),
            }),
            KeyMaterial::Rsa { modulus, exponent } => json!({
                "kty": "RSA", "n": base64url(modulus), "e": base64url(exponent), "alg": algorithm.name(),
            }),
        })
    }
}

fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let digit =
        |bits: u32| ALPHABET.get((bits & 63) as usize).map_or('A', |digit| char::from(*digit));
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| chunk.get(place).map_or(0, |byte| u32::from(*byte));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for place in 0..=chunk.len() {
            text.push(digit(bits >> (18_usize.saturating_sub(place.saturating_mul(6)))));
        }
    }
    text
}

/// Keys of a few issuers and of many callers' proofs.
const CAPACITY: usize = 256;
