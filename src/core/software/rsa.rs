//! RSA signatures (RFC 8017 s8.1.2, s8.2.2), only ever with public keys: raise the signature to the
//! public exponent, and look at what comes out.
//!
//! There is no private operation here and so none that could leak (RUSTSEC-2023-0071).

use super::hash::Hash;
use crate::algorithm::Algorithm;

mod encoding;
mod montgomery;

use self::montgomery::Modulus;

/// A public key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    modulus: Modulus,
    exponent: u64,
}

impl Key {
    /// From numbers that were checked for strength: an odd modulus, an odd exponent of at least 3.
    pub(crate) fn new(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        if exponent.len() > 8 {
            return None;
        }
        let exponent = exponent.iter().fold(0, |value, byte| (value << 8) | u64::from(*byte));
        Some(Self { modulus: Modulus::new(modulus)?, exponent })
    }

    /// Whether the signature is one of this key over the message.
    pub(super) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let Some((scheme, hash)) = scheme(algorithm) else { return false };
        let Some(encoded) = self.modulus.power(signature, self.exponent) else { return false };
        let digest = hash.digest(&[message]);
        match scheme {
            Scheme::Pkcs1 => encoding::is_pkcs1(&encoded, hash, &digest),
            Scheme::Pss => encoding::is_pss(&encoded, self.modulus.bits(), hash, &digest),
        }
    }
}

/// How a digest is laid out before it is signed.
#[derive(Clone, Copy, Debug)]
enum Scheme {
    Pkcs1,
    Pss,
}

fn scheme(algorithm: Algorithm) -> Option<(Scheme, Hash)> {
    Some(match algorithm {
        Algorithm::Rs256 => (Scheme::Pkcs1, Hash::Sha256),
        Algorithm::Rs384 => (Scheme::Pkcs1, Hash::Sha384),
        Algorithm::Rs512 => (Scheme::Pkcs1, Hash::Sha512),
        Algorithm::Ps256 => (Scheme::Pss, Hash::Sha256),
        Algorithm::Ps384 => (Scheme::Pss, Hash::Sha384),
        Algorithm::Ps512 => (Scheme::Pss, Hash::Sha512),
        Algorithm::Es256 | Algorithm::Ed25519 => return None,
    })
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
