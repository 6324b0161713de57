//! Signing keys: aws-lc-rs does the arithmetic, jwt-compact the token format and the JWK form.
//!
//! The crate `rsa` signs in variable time (RUSTSEC-2023-0071), so it must not be in this tree; the
//! types here implement [`jwt_compact::Algorithm`] over a constant-time library instead.

mod ed25519;
mod es256;
mod rs256;
mod seal;

use core::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::KeyPair;
use base64ct::{Base64UrlUnpadded, Encoding};
use jwt_compact::jwk::JsonWebKey;
use jwt_compact::{Algorithm, AlgorithmExt, AlgorithmSignature, Claims, Header};
use serde::Serialize;
use zeroize::Zeroizing;

use self::ed25519::Ed25519;
use self::es256::Es256;
use self::rs256::Rs256;
pub(crate) use self::seal::Sealer;

/// How an issuer signs. Names are those of the wire (RFC 7518 s3.1, RFC 9864 s2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum SigningAlgorithm {
    /// ECDSA on P-256: small, and known to every validator.
    #[serde(rename = "ES256")]
    Es256,
    /// `EdDSA` on Curve25519: the fastest. Named `Ed25519`, since `EdDSA` is deprecated by RFC 9864.
    #[serde(rename = "Ed25519")]
    Ed25519,
    /// RSA with PKCS#1 v1.5: for validators that know nothing else (RFC 9068 s4 obliges them to).
    #[serde(rename = "RS256")]
    Rs256,
}

impl SigningAlgorithm {
    /// All of them, in the order of recommendation.
    pub const ALL: [Self; 3] = [Self::Es256, Self::Ed25519, Self::Rs256];

    /// The `alg` value.
    pub fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Ed25519 => "Ed25519",
            Self::Rs256 => "RS256",
        }
    }

    /// The algorithm of an exact `alg` value.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

/// A private key could not be made, read or used. Opaque on purpose: the reason is no one's help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SigningError;

impl fmt::Display for SigningError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the signing key cannot be used")
    }
}

impl core::error::Error for SigningError {}

/// A private key, able to sign tokens.
pub(crate) enum SigningKey {
    Ed25519(ed25519::PrivateKey),
    Es256(es256::PrivateKey),
    Rs256(rs256::PrivateKey),
}

impl SigningKey {
    /// A new key and its PKCS#8 form, which is to be sealed at once.
    pub(crate) fn generate(
        algorithm: SigningAlgorithm,
    ) -> Result<(Self, Zeroizing<Vec<u8>>), SigningError> {
        let pkcs8 = match algorithm {
            SigningAlgorithm::Ed25519 => ed25519::generate(),
            SigningAlgorithm::Es256 => es256::generate(),
            SigningAlgorithm::Rs256 => rs256::generate(),
        }?;
        Ok((Self::parse(algorithm, &pkcs8)?, pkcs8))
    }

    /// A key from its PKCS#8 form.
    pub(crate) fn parse(algorithm: SigningAlgorithm, pkcs8: &[u8]) -> Result<Self, SigningError> {
        match algorithm {
            SigningAlgorithm::Ed25519 => ed25519::parse(pkcs8).map(Self::Ed25519),
            SigningAlgorithm::Es256 => es256::parse(pkcs8).map(Self::Es256),
            SigningAlgorithm::Rs256 => rs256::parse(pkcs8).map(Self::Rs256),
        }
    }

    /// The public half, and only that.
    pub(crate) fn public_key(&self) -> Result<JsonWebKey<'static>, SigningError> {
        match self {
            Self::Ed25519(key) => Ok(ed25519::public_key(key)),
            Self::Es256(key) => es256::public_key(key),
            Self::Rs256(key) => Ok(rs256::public_key(key)),
        }
    }

    /// A compact token. Fails rather than return one without a signature.
    pub(crate) fn sign<H: Serialize, C: Serialize>(
        &self,
        header: &Header<H>,
        claims: &Claims<C>,
    ) -> Result<String, SigningError> {
        let token = match self {
            Self::Ed25519(key) => Ed25519.token(header, claims, key),
            Self::Es256(key) => Es256.token(header, claims, key),
            Self::Rs256(key) => Rs256.token(header, claims, key),
        }
        .map_err(|_| SigningError)?;
        // `Algorithm::sign` cannot report a failure, so ours answer with an empty signature.
        if token.ends_with('.') { Err(SigningError) } else { Ok(token) }
    }

    /// Whether a signature was made with this key. Only for what callers bring back to us.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let signature = Signature(signature.to_vec());
        match self {
            Self::Ed25519(key) => {
                Ed25519.verify_signature(&signature, &key.public_key().as_ref().to_vec(), message)
            }
            Self::Es256(key) => {
                Es256.verify_signature(&signature, &key.public_key().as_ref().to_vec(), message)
            }
            Self::Rs256(key) => {
                Rs256.verify_signature(&signature, &key.public_key().as_ref().to_vec(), message)
            }
        }
    }

    /// How it signs.
    pub(crate) fn algorithm(&self) -> SigningAlgorithm {
        match self {
            Self::Ed25519(_) => SigningAlgorithm::Ed25519,
            Self::Es256(_) => SigningAlgorithm::Es256,
            Self::Rs256(_) => SigningAlgorithm::Rs256,
        }
    }
}

/// The name of a public key: its SHA-256 thumbprint (RFC 7638), so that the same key always has
/// the same `kid` and two keys never share one.
pub(crate) fn key_id(public_key: &JsonWebKey<'_>) -> String {
    // `Display` of a JWK is the canonical JSON of RFC 7638 s3.
    let thumbprint = digest(&SHA256, public_key.to_string().as_bytes());
    Base64UrlUnpadded::encode_string(thumbprint.as_ref())
}

/// Bytes of a signature; empty when signing failed.
pub(crate) struct Signature(Vec<u8>);

impl AlgorithmSignature for Signature {
    fn try_from_slice(slice: &[u8]) -> anyhow::Result<Self> {
        Ok(Self(slice.to_vec()))
    }

    fn as_bytes(&self) -> std::borrow::Cow<'_, [u8]> {
        self.0.as_slice().into()
    }
}

#[cfg(test)]
mod tests;
