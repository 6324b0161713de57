//! A public key that may verify tokens. Its existence is the proof that it is strong enough, whole,
//! public, meant for signatures, and tied to one algorithm (RFC 8725 s3.1, s3.2).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use edgelatch_signatures::{ed25519, es256, rsa};

use crate::algorithm::Algorithm;
use crate::json::Value;

mod jwk;
mod material;
mod roca;

use self::jwk::Jwk;

/// A verification key with the one algorithm it is for.
#[derive(Clone, Debug)]
pub struct VerifyingKey {
    key_id: String,
    algorithm: Algorithm,
    material: KeyMaterial,
    prepared: Prepared,
}

/// The numbers of a public key, for hosts that verify with crypto of their own. Integers are big-endian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMaterial {
    /// A point on P-256.
    P256 {
        /// First coordinate.
        x: [u8; 32],
        /// Second coordinate.
        y: [u8; 32],
    },
    /// A compressed point on Curve25519 (RFC 8032 s5.1.2).
    Ed25519 {
        /// The compressed point.
        x: [u8; 32],
    },
    /// An RSA key; no leading zero bytes.
    Rsa {
        /// Modulus, 256 to 512 bytes.
        modulus: Vec<u8>,
        /// Public exponent.
        exponent: Vec<u8>,
    },
}

/// The key as the Rust implementations want it, made once when the key is loaded.
#[derive(Clone, Debug)]
pub(crate) enum Prepared {
    Es256(es256::Key),
    Ed25519(ed25519::Key),
    Rsa(rsa::Key),
}

/// Why a published key is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// A type, curve, algorithm or use that this issuer's tokens are not verified with.
    NotEligible,
    /// Members are missing, contradict each other, or are no point on the curve.
    Invalid,
    /// No `kid`: no token could choose it.
    NoKeyId,
    /// Members that only the signer may have.
    Private,
    /// A shared secret in a public place.
    Symmetric,
    /// Too short, of small order, a bad exponent, or from the broken generator of CVE-2017-15361.
    Weak,
}

impl VerifyingKey {
    /// Loads a published key if tokens can be verified with it under one of the allowed algorithms.
    /// A key without name is for places where there is nothing to choose; its name is empty.
    pub(crate) fn load(value: &Value<'_>, allowed: &[Algorithm]) -> Result<Self, KeyError> {
        let jwk = Jwk::read(value.object().ok_or(KeyError::Invalid)?)?;
        let algorithm = jwk.eligible_for(allowed)?;
        let key_id = jwk.key_id.unwrap_or_default().into();
        let (material, prepared) = material::load(&jwk, algorithm)?;
        Ok(Self { key_id, algorithm, material, prepared })
    }

    /// The name by which a token's header chooses this key (`kid`); empty if it has none.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The only algorithm this key verifies.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public numbers.
    pub fn material(&self) -> &KeyMaterial {
        &self.material
    }

    /// Whether another key has the same name, algorithm and numbers.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.key_id == other.key_id
            && self.algorithm == other.algorithm
            && self.material == other.material
    }

    pub(crate) fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// Bytes of every signature by this key.
    pub(crate) fn signature_length(&self) -> usize {
        match &self.material {
            KeyMaterial::P256 { .. } | KeyMaterial::Ed25519 { .. } => 64,
            KeyMaterial::Rsa { modulus, .. } => modulus.len(),
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotEligible => {
                "not a signature key of an algorithm in `algorithms`; remove the key or add its algorithm"
            }
            Self::Invalid => "not a valid public key; publish it again from the issuer",
            Self::NoKeyId => "the key has no `kid`, so that no token could choose it; give it one",
            Self::Private => {
                "private key members are published; remove them and replace the key, it is compromised"
            }
            Self::Symmetric => "a shared secret (`oct`) is in a public key set; remove it",
            Self::Weak => {
                "the key is weak (RSA outside 2048 to 4096 bits, bad exponent, small order, or \
                 CVE-2017-15361); generate a new one"
            }
        })
    }
}

impl core::error::Error for KeyError {}

#[cfg(test)]
pub(crate) mod tests;
