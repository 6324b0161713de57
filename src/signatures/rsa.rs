//! RSA signatures (RFC 8017 s8.1.2, s8.2.2), only ever with public keys: raise the signature to the
//! public exponent, and look at what comes out.
//!
//! There is no private operation here and so none that could leak (RUSTSEC-2023-0071).

use crate::hash::Hash;

mod encoding;
mod montgomery;

use self::montgomery::Modulus;

/// A public key.
#[derive(Clone, Debug)]
pub struct Key {
    modulus: Modulus,
    exponent: u64,
}

impl Key {
    /// From numbers that were checked for strength: an odd modulus, an odd exponent of at least 3.
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        if exponent.len() > 8 {
            return None;
        }
        let exponent = exponent.iter().fold(0, |value, byte| (value << 8) | u64::from(*byte));
        Some(Self { modulus: Modulus::new(modulus)?, exponent })
    }

    /// Whether the signature is one of this key over the message.
    pub fn verify(&self, padding: Padding, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let Some(encoded) = self.modulus.power(signature, self.exponent) else { return false };
        let digest = hash.digest(&[message]);
        match padding {
            Padding::Pkcs1 => encoding::is_pkcs1(&encoded, hash, &digest),
            Padding::Pss => encoding::is_pss(&encoded, self.modulus.bits(), hash, &digest),
        }
    }
}

/// How a digest is laid out before it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// EMSA-PKCS1-v1_5 (RFC 8017 s9.2).
    Pkcs1,
    /// EMSA-PSS (RFC 8017 s9.1), with a salt as long as the digest.
    Pss,
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
