//! Numbers for public keys, so that JavaScript imports each only once. Proofs bring keys of their own, as many as
//! callers like: the oldest give way.

use std::collections::VecDeque;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use edgelatch_core::{Algorithm, KeyMaterial, VerifyingKey};

use serde::Serialize;

use crate::json::json;

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

/// RFC 7517 s4, RFC 7518 s6, RFC 8037 s2.
#[derive(Default, Serialize)]
struct Jwk {
    kty: &'static str,
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
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
        let encode = |number: &[u8]| Some(Base64UrlUnpadded::encode_string(number));
        let jwk = match material {
            KeyMaterial::P256 { x, y } => {
                Jwk { kty: "EC", crv: Some("P-256"), x: encode(x), y: encode(y), ..Jwk::default() }
            }
            KeyMaterial::Ed25519 { x } => {
                Jwk { kty: "OKP", crv: Some("Ed25519"), x: encode(x), ..Jwk::default() }
            }
            KeyMaterial::Rsa { modulus, exponent } => {
                Jwk { kty: "RSA", n: encode(modulus), e: encode(exponent), ..Jwk::default() }
            }
        };
        Some(json(&Jwk { alg: algorithm.name(), ..jwk }))
    }
}

/// Keys of a few issuers and of many callers' proofs.
const CAPACITY: usize = 256;
