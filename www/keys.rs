//! Numbers for public keys, so that JavaScript imports each only once. Proofs bring keys of their own, as many as
//! callers like: the oldest give way.

use std::collections::VecDeque;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use edgelatch_core::{Algorithm, KeyMaterial, VerifyingKey};

use crate::json;

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
    pub(crate) fn jwk(&self, number: u32) -> Option<String> {
        let place = usize::try_from(number.wrapping_sub(self.first)).ok()?;
        let Entry { algorithm, material } = self.entries.get(place)?;
        let encode = |number: &[u8]| Base64UrlUnpadded::encode_string(number);
        let (kind, curve, numbers) = match material {
            KeyMaterial::P256 { x, y } => ("EC", "P-256", [("x", encode(x)), ("y", encode(y))]),
            KeyMaterial::Ed25519 { x } => {
                ("OKP", "Ed25519", [("x", encode(x)), ("", String::new())])
            }
            KeyMaterial::Rsa { modulus, exponent } => {
                ("RSA", "", [("n", encode(modulus)), ("e", encode(exponent))])
            }
        };
        let [(first, first_number), (second, second_number)] = &numbers;
        let members = [
            ("kty", kind),
            ("crv", curve),
            (first, first_number),
            (second, second_number),
            ("alg", algorithm.name()),
        ];
        // RSA has no curve, and Ed25519 one number.
        let there = members.into_iter().filter(|(_, value)| !value.is_empty());
        let members: Vec<_> = there.map(|(name, value)| (name, value.into())).collect();
        Some(json::object(&members))
    }
}

/// Keys of a few issuers and of many callers' proofs.
const CAPACITY: usize = 256;
